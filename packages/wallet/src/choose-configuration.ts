import type { HolderFormat } from '@ekkasan/core'
import {
  type CredentialConfigurationMetadata,
  type ReadCredentialIssuerMetadata,
  unusableConfiguration,
} from '@ekkasan/openid4vc'
import type { ReceivingContext } from './context.ts'
import { WalletError } from './errors.ts'

/** How the issuer wants a credential bound, chosen from what it offers and this wallet has. */
export interface Binding {
  readonly method: 'jwk' | 'did:jwk' | 'did:key'
  readonly alg: 'ES256' | 'EdDSA'
}

/** A credential configuration that this wallet supports. */
export interface Wanted {
  readonly configurationId: string
  readonly configuration: CredentialConfigurationMetadata
  readonly format: HolderFormat
  readonly binding: Binding
}

/** @throws WalletError `wallet.offer.unsupported`, naming what is missing; `wallet.offer.inconsistent` */
export function chooseConfiguration(
  { formats }: ReceivingContext,
  metadata: ReadCredentialIssuerMetadata,
  configurationId: string,
): Wanted {
  const configuration = configurationOf(metadata, configurationId)
  if (!configuration) {
    const fault = unusableConfiguration(metadata, configurationId)
    throw unsupported(`the issuer's metadata is not acceptable at ${fault?.path.map(String).join('/')}`)
  }
  for (const name of ['credential_request_encryption', 'credential_response_encryption'] as const) {
    if (metadata[name]?.encryption_required === true) {
      throw unsupported(`${name}.encryption_required is true, and this wallet does not encrypt on top of TLS`)
    }
  }
  const format = formats.find((candidate) => candidate.format === configuration.format)
  if (!format) throw unsupported(`no format ${configuration.format} here`)
  const binding = chooseBinding(configuration)
  return { configurationId, configuration, format, binding }
}

/**
 * Of the configurations offered those that are taken unless a person or a program says otherwise. OpenID4VCI has no
 * word for "the same document in another format": configurations that look the same to the person, name, description,
 * colours and all (`display`), are one document here, and of them that is taken whose format stands first in the
 * wallet. What says nothing of its looks stands for itself.
 */
export function chooseConfigurations(
  context: ReceivingContext,
  metadata: ReadCredentialIssuerMetadata,
  offered: readonly string[],
): { readonly chosen: readonly Wanted[]; readonly supported: readonly Wanted[] } {
  const supported = offered.flatMap((id) => {
    try {
      return [chooseConfiguration(context, metadata, id)]
    } catch (error) {
      if (error instanceof WalletError && error.code === 'wallet.offer.unsupported') return []
      throw error
    }
  })
  const rank = ({ format }: Wanted) => context.formats.indexOf(format)
  const chosen = new Map<string, Wanted>()
  for (const wanted of supported) {
    const { display = [] } = wanted.configuration.credential_metadata ?? {}
    const document = display.length > 0 ? JSON.stringify(display) : wanted.configurationId
    const other = chosen.get(document)
    if (!other || rank(wanted) < rank(other)) chosen.set(document, wanted)
  }
  return { chosen: [...chosen.values()], supported }
}

/**
 * The configuration of an id; undefined where the issuer has it, but it cannot be used.
 * @throws WalletError `wallet.offer.inconsistent` where the issuer does not have it
 */
export function configurationOf(
  metadata: ReadCredentialIssuerMetadata,
  id: string,
): CredentialConfigurationMetadata | undefined {
  const configurations = metadata.credential_configurations_supported
  const configuration = Object.hasOwn(configurations, id) ? configurations[id] : undefined
  if (!configuration && !unusableConfiguration(metadata, id)) {
    throw new WalletError('wallet.offer.inconsistent', 'the offer names a configuration the issuer does not')
  }
  return configuration
}

function chooseBinding(configuration: CredentialConfigurationMetadata): Binding {
  const { cryptographic_binding_methods_supported: methods = [] } = configuration
  // A key for an mdoc is proven as a JWK, and bound as a COSE_Key.
  const method = methods.includes('cose_key')
    ? 'jwk'
    : (['jwk', 'did:jwk', 'did:key'] as const).find((name) => methods.includes(name))
  if (!method) {
    throw unsupported(
      'cryptographic_binding_methods_supported has none of cose_key, jwk, did:jwk, did:key: no key binding in common',
    )
  }
  return { method, alg: proofAlgorithm(configuration) }
}

/** With which algorithm a key is proven: the proof type `jwt`, without an attestation, is the one that this wallet makes. */
function proofAlgorithm({
  proof_types_supported: types = {},
}: CredentialConfigurationMetadata): Binding['alg'] {
  const { jwt } = types
  if (!jwt) throw unsupported('proof_types_supported has no jwt: no proof type in common')
  if (jwt.key_attestations_required !== undefined) {
    throw unsupported(
      'proof_types_supported.jwt.key_attestations_required is there, and this wallet has no key attestation',
    )
  }
  const algorithms = jwt.proof_signing_alg_values_supported
  const alg = (['ES256', 'EdDSA'] as const).find((name) => algorithms.includes(name))
  if (!alg) throw unsupported('proof_signing_alg_values_supported has neither ES256 nor EdDSA')
  return alg
}

function unsupported(what: string): WalletError {
  return new WalletError('wallet.offer.unsupported', `the offer cannot be fulfilled: ${what}`)
}
