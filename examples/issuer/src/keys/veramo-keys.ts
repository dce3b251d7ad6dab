import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { jwkThumbprint } from '@ekkasan/keys'
import { P256KeyDidProvider, publicJwkOfKey, signerFromVeramo } from '@ekkasan/veramo'
import { makePrivateFolder, readPrivateJson, writePrivateFile } from '@ekkasan-examples/ui'
import { createAgent, type IDIDManager, type IIdentifier, type IKey, type IKeyManager } from '@veramo/core'
import { AbstractDIDStore, DIDManager } from '@veramo/did-manager'
import {
  AbstractKeyStore,
  AbstractPrivateKeyStore,
  KeyManager,
  type ManagedPrivateKey,
} from '@veramo/key-manager'
import { KeyManagementSystem } from '@veramo/kms-local'
import type { KeyRing, SigningKey } from './key-ring.ts'

const provider = 'did:key:p256'
const noWaiting = 'KEYS=veramo keeps no key waiting: rotate, and restart all replicas at once'

/**
 * The same key ring on a Veramo agent: each signing key is an identifier that the agent manages, and only the
 * agent's key management system touches private keys. Here it keeps them in files of one folder; put your own
 * agent (a KMS, a database) in its place.
 */
export function createVeramoKeys(folder: string): KeyRing {
  makePrivateFolder(folder)
  const agent = createAgent<IKeyManager & IDIDManager>({
    plugins: [
      new KeyManager({
        store: new KeyFile(join(folder, 'keys.json')),
        kms: { local: new KeyManagementSystem(new PrivateKeyFile(join(folder, 'private-keys.json'))) },
      }),
      new DIDManager({
        store: new IdentifierFile(join(folder, 'identifiers.json')),
        defaultProvider: provider,
        providers: { [provider]: new P256KeyDidProvider({ defaultKms: 'local' }) },
      }),
    ],
  })
  // The alias is the moment at which the key was made: unique, and in the order of time.
  const identifiers = async () => {
    const found = await agent.didManagerFind({ provider })
    return found.sort((a, b) => ((a.alias ?? '') < (b.alias ?? '') ? 1 : -1))
  }
  const create = () => agent.didManagerCreate({ provider, alias: new Date().toISOString() })
  const keyOf = (identifier: IIdentifier): { readonly key: IKey; readonly kid: string } => {
    const key = identifier.keys[0]
    if (!key) throw new Error('an identifier of the agent has no key')
    return { key, kid: jwkThumbprint(publicJwkOfKey(key)) }
  }
  const infoOf = (identifier: IIdentifier) => ({
    kid: keyOf(identifier).kid,
    createdAt: new Date(identifier.alias ?? 0),
    retired: false,
    waiting: false,
  })
  const signingKey = (identifier: IIdentifier): SigningKey => {
    const { key, kid } = keyOf(identifier)
    return {
      kid,
      publicJwk: { ...publicJwkOfKey(key), kid, alg: 'ES256', use: 'sig' },
      signer: (header) => signerFromVeramo(agent, { keyRef: key.kid, kid: header }),
    }
  }
  return {
    async keys() {
      const found = await identifiers()
      return (found.length === 0 ? [await create()] : found).map(signingKey)
    },
    async list() {
      return (await identifiers()).map(infoOf)
    },
    async rotate({ waiting } = {}) {
      if (waiting) throw new Error(noWaiting)
      if ((await identifiers()).length === 0) await create()
      return infoOf(await create())
    },
    sign: () => Promise.reject(new Error(noWaiting)),
    // The agent forgets a retired key for good.
    async retire(kid) {
      const all = await identifiers()
      const found = all.find((identifier) => keyOf(identifier).kid === kid)
      if (!found) throw new Error(`no key ${kid} is in use`)
      if (all.length === 1) throw new Error('this is the only key: rotate first')
      await agent.didManagerDelete({ did: found.did })
    },
  }
}

type Entries<T> = Record<string, T>

function readEntries<T>(file: string): Entries<T> {
  return existsSync(file) ? readPrivateJson<Entries<T>>(file) : {}
}

function change<T>(file: string, edit: (entries: Entries<T>) => void): void {
  const entries = readEntries<T>(file)
  edit(entries)
  writePrivateFile(file, JSON.stringify(entries))
}

function found<T>(entry: T | undefined): T {
  if (entry === undefined) throw new Error('not found')
  return entry
}

class KeyFile extends AbstractKeyStore {
  readonly #file: string
  constructor(file: string) {
    super()
    this.#file = file
  }
  override async importKey(key: Partial<IKey>): Promise<boolean> {
    change<Partial<IKey>>(this.#file, (entries) => {
      entries[key.kid ?? ''] = key
    })
    return true
  }
  override async getKey({ kid }: { kid: string }): Promise<IKey> {
    return found(readEntries<IKey>(this.#file)[kid])
  }
  override async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    change<IKey>(this.#file, (entries) => delete entries[kid])
    return true
  }
  override async listKeys(): Promise<IKey[]> {
    return Object.values(readEntries<IKey>(this.#file))
  }
}

class PrivateKeyFile extends AbstractPrivateKeyStore {
  readonly #file: string
  constructor(file: string) {
    super()
    this.#file = file
  }
  override async importKey(key: {
    alias: string
    type: string
    privateKeyHex: string
  }): Promise<ManagedPrivateKey> {
    const kept = key as ManagedPrivateKey
    change<ManagedPrivateKey>(this.#file, (entries) => {
      entries[kept.alias] = kept
    })
    return kept
  }
  override async getKey({ alias }: { alias: string }): Promise<ManagedPrivateKey> {
    return found(readEntries<ManagedPrivateKey>(this.#file)[alias])
  }
  override async deleteKey({ alias }: { alias: string }): Promise<boolean> {
    change<ManagedPrivateKey>(this.#file, (entries) => delete entries[alias])
    return true
  }
  override async listKeys(): Promise<ManagedPrivateKey[]> {
    return Object.values(readEntries<ManagedPrivateKey>(this.#file))
  }
}

class IdentifierFile extends AbstractDIDStore {
  readonly #file: string
  constructor(file: string) {
    super()
    this.#file = file
  }
  override async importDID(identifier: IIdentifier): Promise<boolean> {
    change<IIdentifier>(this.#file, (entries) => {
      entries[identifier.did] = identifier
    })
    return true
  }
  override async getDID(args: { did: string } | { alias: string }): Promise<IIdentifier> {
    const entries = readEntries<IIdentifier>(this.#file)
    if ('did' in args) return found(entries[args.did])
    return found(Object.values(entries).find(({ alias }) => alias === args.alias))
  }
  override async deleteDID({ did }: { did: string }): Promise<boolean> {
    change<IIdentifier>(this.#file, (entries) => delete entries[did])
    return true
  }
  override async listDIDs({ provider }: { alias?: string; provider?: string }): Promise<IIdentifier[]> {
    const all = Object.values(readEntries<IIdentifier>(this.#file))
    return all.filter((identifier) => provider === undefined || identifier.provider === provider)
  }
}
