import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { generateJwk, jwkThumbprint, type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import {
  makePrivateFolder,
  readOrCreatePrivateFile,
  readPrivateJson,
  writePrivateFile,
} from '@ekkasan-examples/ui'
import type { KeyInfo, KeyRing } from './key-ring.ts'

interface KeyFile {
  readonly createdAt: string
  readonly retiredAt?: string
  /** Published, and not yet to sign with: until `sign`. */
  readonly waiting?: true
  readonly jwk: PrivateJwk
}

/** The newest first; those that wait to sign last. */
function order(a: KeyFile, b: KeyFile): number {
  if (a.waiting !== b.waiting) return a.waiting ? 1 : -1
  return a.createdAt < b.createdAt ? 1 : -1
}

/** ES256 keys in files of one folder, one a key, mode 0600. */
export function createFileKeys(folder: string): KeyRing {
  makePrivateFolder(folder)
  const create = async (): Promise<KeyFile> => {
    const jwk = await generateJwk('ES256')
    const kid = jwkThumbprint(publicJwkOf(jwk))
    return { createdAt: new Date().toISOString(), jwk: { ...jwk, kid, alg: 'ES256', use: 'sig' } }
  }
  const read = async () => {
    const first = JSON.stringify(await create())
    readOrCreatePrivateFile(join(folder, 'first.json'), () => first)
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ name, file: readPrivateJson<KeyFile>(join(folder, name)) }))
      .sort((a, b) => order(a.file, b.file))
  }
  const infoOf = ({ createdAt, retiredAt, waiting, jwk }: KeyFile): KeyInfo => ({
    kid: jwk.kid ?? '',
    createdAt: new Date(createdAt),
    retired: retiredAt !== undefined,
    waiting: waiting === true,
  })
  return {
    async keys() {
      return (await read())
        .filter(({ file }) => file.retiredAt === undefined)
        .map(({ file: { jwk } }) => ({
          kid: jwk.kid ?? '',
          publicJwk: publicJwkOf(jwk),
          signer: (header) => signerFromJwk(jwk, { alg: 'ES256', kid: header }),
        }))
    },
    async list() {
      return (await read()).map(({ file }) => infoOf(file))
    },
    async rotate({ waiting } = {}) {
      await read()
      const file = { ...(await create()), ...(waiting && { waiting }) }
      writePrivateFile(join(folder, `${file.jwk.kid}.json`), JSON.stringify(file))
      return infoOf(file)
    },
    async sign(kid) {
      const found = (await read()).find(({ file }) => file.jwk.kid === kid && file.waiting)
      if (!found) throw new Error(`no key ${kid} waits to sign: keys publish makes one`)
      const { waiting: _waiting, ...file } = found.file
      // From now on it is the newest.
      writePrivateFile(
        join(folder, found.name),
        JSON.stringify({ ...file, createdAt: new Date().toISOString() }),
      )
    },
    async retire(kid) {
      const all = await read()
      const found = all.find(({ file }) => file.jwk.kid === kid && file.retiredAt === undefined)
      if (!found) throw new Error(`no key ${kid} is in use`)
      if (
        all.filter(({ file }) => file.retiredAt === undefined && !file.waiting).length === 1 &&
        !found.file.waiting
      ) {
        throw new Error('this is the only key: rotate first')
      }
      const retired = { ...found.file, retiredAt: new Date().toISOString() }
      writePrivateFile(join(folder, found.name), JSON.stringify(retired))
    },
  }
}
