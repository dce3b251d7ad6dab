import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '@ekkasan/core'
import { trustAnyone } from '@ekkasan/core'
import { verifyVpToken } from '@ekkasan/verifier'
import { describe, expect, it } from 'vitest'
import { query, world } from './world.ts'

const [slip] = query.credentials
const misspelt: readonly (readonly [JsonObject, string])[] = [
  [
    { credentials: [{ ...slip, claims: [{ path: ['given_name'], value: ['สมชาย'] }] }] } as JsonObject,
    'credentials[0].claims[0]: unknown member "value"; did you mean values?',
  ],
  [
    { credentials: [{ ...slip, claim: slip?.claims }] } as JsonObject,
    'credentials[0]: unknown member "claim"; did you mean claims?',
  ],
  [
    { credentials: [{ ...slip, meta: { vct_value: ['Slip'] } }] } as JsonObject,
    'credentials[0].meta: unknown member "vct_value"; did you mean vct_values?',
  ],
  [
    { credentials: [{ ...slip, meta: {} }] } as JsonObject,
    'credentials[0].meta: expected vct_values for dc+sd-jwt; got an object without members',
  ],
]

describe('a misspelt query is refused when it is handed in, before anything is asked [C1]', () => {
  it.each(misspelt)('%#: by start, by startDcApi and by verifyVpToken', async (wrong, message) => {
    const { verifier, store, formats } = await world()
    const expected = new TypeError(`not an acceptable DCQL query: ${message}`)
    await expect(verifier.start({ query: wrong })).rejects.toThrow(expected)
    await expect(verifier.startDcApi({ query: wrong })).rejects.toThrow(expected)
    const binding = { clientId: 'x509_hash:a', nonce: 'n' }
    const options = { query: wrong, formats, isTrusted: trustAnyone('a test'), binding }
    await expect(verifyVpToken({ slip: ['x'] }, options)).rejects.toThrow(expected)
    expect((await store.list('')).entries).toEqual([])
  })

  it('members of an extension are sent and answered, once they are named', async () => {
    const extended = { credentials: [{ ...slip, x_reason: 'counter' }] } as JsonObject
    const without = await world()
    await expect(without.verifier.start({ query: extended })).rejects.toThrow(/unknown member "x_reason"/)
    const on = await world({ queryExtensions: ['x_reason'] })
    const { id, requestUri } = await on.verifier.start({ query: extended, responseMode: 'direct_post' })
    const asked = await on.request(requestUri)
    expect(asked.dcql_query).toEqual(extended)
    expect((await on.answer(asked)).status).toBe(200)
    expect((await on.verifier.result(id)).state).toBe('verified')
  })
})

// The type of `query` is a JSON object today: a later change makes it DCQL.
it.fails('a misspelt member of a query does not compile [C1]', () => {
  const folder = mkdtempSync(join(import.meta.dirname, 'typed-'))
  try {
    writeFileSync(
      join(folder, 'misspelt.ts'),
      `import type { Verifier } from '@ekkasan/verifier'
declare const verifier: Verifier
export const started = verifier.start({
  query: { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['A'] }, claims: [{ path: ['a'], value: [true] }] }] },
})
`,
    )
    const root = fileURLToPath(new URL('../../..', import.meta.url))
    const settings = { extends: join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    const compiler = join(root, 'node_modules/typescript-native/bin/tsc')
    const compile = () => execFileSync(process.execPath, [compiler, '-p', folder], { stdio: 'pipe' })
    expect(compile).toThrow()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
