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
  readonly jwk: PrivateJwk
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
      .sort((a, b) => (a.file.createdAt < b.file.createdAt ? 1 : -1))
  }
  const infoOf = ({ createdAt, retiredAt, jwk }: KeyFile): KeyInfo => ({
    kid: jwk.kid ?? '',
    createdAt: new Date(createdAt),
    retired: retiredAt !== undefined,
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
    async rotate() {
      await read()
      const file = await create()
      writePrivateFile(join(folder, `${file.jwk.kid}.json`), JSON.stringify(file))
      return infoOf(file)
    },
    async retire(kid) {
      const all = await read()
      const found = all.find(({ file }) => file.jwk.kid === kid && file.retiredAt === undefined)
      if (!found) throw new Error(`no key ${kid} is in use`)
      if (all.filter(({ file }) => file.retiredAt === undefined).length === 1) {
        throw new Error('this is the only key: rotate first')
      }
      const retired = { ...found.file, retiredAt: new Date().toISOString() }
      writePrivateFile(join(folder, found.name), JSON.stringify(retired))
    },
  }
}
