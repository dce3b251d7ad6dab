import { didKeyOf } from '@ekkasan/did'
import type { IAgentContext, IIdentifier, IKeyManager } from '@veramo/core-types'
import { AbstractIdentifierProvider } from '@veramo/did-manager'
import { VeramoError } from './errors.ts'
import { publicJwkOfKey } from './public-key.ts'

type Context = IAgentContext<IKeyManager>

/**
 * Creates did:key identifiers on P-256 for a `DIDManager`, which Veramo's own provider cannot: it silently makes an
 * Ed25519 one. Register it under a name of its own, `providers: { 'did:key:p256': new P256KeyDidProvider(…) }`.
 * A did:key is its key: what would change one is refused.
 */
export class P256KeyDidProvider extends AbstractIdentifierProvider {
  readonly #defaultKms: string

  constructor(options: { readonly defaultKms: string }) {
    super()
    this.#defaultKms = options.defaultKms
  }

  /**
   * @param args `options.keyRef` takes a P-256 key that the agent manages already; otherwise one is created. Other
   *   options, an imported private key among them, are refused: import it with `keyManagerImport` first.
   * @throws VeramoError `veramo.key.unsupported`, `veramo.did-key.unsupported`
   */
  override async createIdentifier(
    args: { kms?: string; alias?: string; options?: Readonly<Record<string, unknown>> },
    { agent }: Context,
  ): Promise<Omit<IIdentifier, 'provider'>> {
    // DIDManager adds providerName to what its caller gave.
    const { keyRef, providerName, ...others } = args.options ?? {}
    const [unknown] = Object.keys(others)
    if (unknown !== undefined) throw unsupported(`the option ${unknown} when creating`)
    const key =
      typeof keyRef === 'string'
        ? await agent.keyManagerGet({ kid: keyRef })
        : await agent.keyManagerCreate({ kms: args.kms ?? this.#defaultKms, type: 'Secp256r1' })
    if (key.type !== 'Secp256r1') {
      throw new VeramoError('veramo.key.unsupported', `a P-256 did:key is not made of a ${key.type} key`)
    }
    return { did: didKeyOf(publicJwkOfKey(key)), controllerKeyId: key.kid, keys: [key], services: [] }
  }

  override async deleteIdentifier({ keys }: IIdentifier, { agent }: Context): Promise<boolean> {
    for (const { kid } of keys) await agent.keyManagerDelete({ kid })
    return true
  }

  override async updateIdentifier(): Promise<never> {
    throw unsupported('updating')
  }

  override async addKey(): Promise<never> {
    throw unsupported('adding a key: make another did:key')
  }

  override async removeKey(): Promise<never> {
    throw unsupported('removing a key: delete the identifier')
  }

  override async addService(): Promise<never> {
    throw unsupported('adding a service')
  }

  override async removeService(): Promise<never> {
    throw unsupported('removing a service')
  }

  /** Prefixes of P-256 keys only, so that both providers of did:key can stand side by side. */
  override matchPrefix(prefix: string): boolean {
    return prefix.startsWith('did:key:zDn')
  }
}

function unsupported(what: string): VeramoError {
  return new VeramoError('veramo.did-key.unsupported', `a did:key does not support ${what}`)
}
