import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, it, TestRunner } from 'vitest'

/**
 * The standards' own examples. They are not ours to publish and stand in a folder beside the project; a clone has none.
 * What reads them skips there and says where they come from. With `CI` set, their absence is a failure.
 */
export const vectors = new URL('../../shared/vectors/', import.meta.url)

/** Each folder's repository and commit, as the summary of a run names them. */
const sources = {
  'di-bbs': 'w3c/vc-di-bbs, TestVectors, e33bf8b',
  'di-ecdsa': 'w3c/vc-di-ecdsa, TestVectors, 00781de',
  'di-eddsa': 'w3c/vc-di-eddsa, TestVectors, abb673e',
  openid4vci: 'openid/OpenID4VCI, 1.0/examples, 2d9fd4a',
  openid4vp: 'openid/OpenID4VP, 1.0/examples, 46f6965',
  'sd-jwt': 'oauth-wg/oauth-selective-disclosure-jwt, examples, 836b87c',
  'sd-jwt-vc': 'oauth-wg/oauth-sd-jwt-vc, examples, f50f0a4',
  'token-status-list': 'oauth-wg/draft-ietf-oauth-status-list, examples, 2fb61cd',
} as const

/** What a skipped test says; the summary gathers those that begin so. */
export const missingVectors = 'the standards’ examples are not here: '

const areRead = existsSync(vectors) || Boolean(process.env.CI)

/** The text of a vector, by its path below the folder. Skips the running test where there are none. */
export function readVector(path: string): string {
  if (!areRead) TestRunner.getCurrentTest()?.context.skip(noteOf(path))
  return readFileSync(new URL(path, vectors), 'utf8')
}

/** Paths of the vectors in a folder; where there are none, one path that `readVector` skips on. */
export function listVectors(folder: string): readonly string[] {
  if (!areRead) return [`${folder}/`]
  return readdirSync(new URL(`${folder}/`, vectors), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('//', '/'))
    .map((path) => path.slice(new URL(folder, vectors).pathname.length - folder.length))
}

/** A `describe` whose body reads vectors; one skipped test where there are none. */
export function describeVectors(folder: string, name: string, body: () => void): void {
  if (areRead) describe(name, body)
  else it(name, ({ skip }) => skip(noteOf(folder)))
}

function noteOf(path: string): string {
  const source = Object.entries(sources).find(([folder]) => path.startsWith(`${folder}/`))?.[1]
  if (source === undefined) throw new TypeError(`no vectors are known at ${path}`)
  return `${missingVectors}${source}`
}
