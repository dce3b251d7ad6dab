import type { BindingMethod, JsonObject, JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { withoutNulls } from '../shape.ts'
import { type ClaimDescription, readClaims } from './claims-description.ts'
import { type Display, readDisplay } from './display.ts'
import { IssuanceMessageError } from './errors.ts'
import { createMetadataDiagnosis, type MetadataDiagnosis, type MetadataPath } from './metadata-diagnosis.ts'

/** What a proof type asks for, OpenID4VCI section 12.2.4. */
export interface ProofTypeMetadata {
  readonly proof_signing_alg_values_supported: readonly string[]
  /** The issuer wants an attestation of the key's storage (Appendix D). */
  readonly key_attestations_required?: JsonObject
}

/** One entry of `credential_configurations_supported`, OpenID4VCI section 12.2.4. Members of the format stay. */
export interface CredentialConfigurationMetadata {
  readonly format: string
  readonly scope?: string
  readonly cryptographic_binding_methods_supported?: readonly (BindingMethod | string)[]
  readonly credential_signing_alg_values_supported?: readonly (string | number)[]
  readonly proof_types_supported?: Readonly<Record<string, ProofTypeMetadata>>
  readonly credential_metadata?: {
    readonly display?: readonly Display[]
    readonly claims?: readonly ClaimDescription[]
  }
}

/**
 * Reads one credential configuration; what only a format knows stays as it is.
 * @throws IssuanceMessageError `openid4vc.issuer-metadata.malformed` where it cannot be used
 */
export function parseCredentialConfiguration(value: unknown): CredentialConfigurationMetadata {
  const diagnosis = createMetadataDiagnosis()
  const object = isJsonObject(value) ? withoutNulls(value) : null
  const configuration = readCredentialConfiguration(object, [], diagnosis)
  if (configuration) return configuration
  const { path = [] } = diagnosis.faults.find(({ code }) => code.endsWith('.configuration')) ?? {}
  throw new IssuanceMessageError(
    'openid4vc.issuer-metadata.malformed',
    `not an acceptable credential configuration: ${path.join('.') || 'not an object'}`,
  )
}

/** Undefined where it cannot be used: what a format, a key or a proof depends on is never guessed. */
export function readCredentialConfiguration(
  value: JsonValue,
  path: MetadataPath,
  diagnosis: MetadataDiagnosis,
): CredentialConfigurationMetadata | undefined {
  const configuration = isJsonObject(value) ? value : undefined
  const wrong = configuration ? unusableMember(configuration) : []
  if (!configuration || wrong) {
    diagnosis.note('configuration', [...path, ...(wrong ?? [])])
    return undefined
  }
  const {
    credential_metadata: metadata,
    credential_signing_alg_values_supported: algorithms,
    scope,
    ...rest
  } = configuration
  const hasAlgorithms = isListOf(algorithms, isAlgorithmIdentifier)
  if (algorithms !== undefined && !hasAlgorithms) {
    diagnosis.note('member', [...path, 'credential_signing_alg_values_supported'])
  }
  if (scope !== undefined && !isShortText(scope)) diagnosis.note('member', [...path, 'scope'])
  const shown =
    metadata === undefined ? undefined : readMetadata(metadata, [...path, 'credential_metadata'], diagnosis)
  return {
    ...rest,
    ...(hasAlgorithms && { credential_signing_alg_values_supported: algorithms }),
    ...(isShortText(scope) && { scope }),
    ...(shown && { credential_metadata: shown }),
  } as CredentialConfigurationMetadata
}

/** Where the first member stands without which a credential cannot be asked for safely; undefined where all are well. */
function unusableMember(configuration: JsonObject): MetadataPath | undefined {
  const { format, vct, doctype, credential_definition: definition } = configuration
  if (!isShortText(format) || format.length > 128) return ['format']
  if (vct !== undefined && !isShortText(vct)) return ['vct']
  if (doctype !== undefined && !isShortText(doctype)) return ['doctype']
  if (definition !== undefined) {
    if (!isJsonObject(definition)) return ['credential_definition']
    const { type } = definition
    if (type !== undefined && !isListOf(type, isShortText)) return ['credential_definition', 'type']
  }
  const { cryptographic_binding_methods_supported: methods, proof_types_supported: types } = configuration
  if (methods !== undefined && !isListOf(methods, isShortText)) {
    return ['cryptographic_binding_methods_supported']
  }
  if (types === undefined) return undefined
  if (!isJsonObject(types)) return ['proof_types_supported']
  for (const [name, type] of Object.entries(types)) {
    const at = ['proof_types_supported', name]
    if (!isJsonObject(type)) return at
    const { proof_signing_alg_values_supported: algorithms, key_attestations_required: attestations } = type
    if (!isListOf(algorithms, isAlgorithmIdentifier)) return [...at, 'proof_signing_alg_values_supported']
    if (attestations !== undefined && !isJsonObject(attestations)) return [...at, 'key_attestations_required']
  }
  return undefined
}

function readMetadata(
  value: JsonValue,
  path: MetadataPath,
  diagnosis: MetadataDiagnosis,
): CredentialConfigurationMetadata['credential_metadata'] {
  if (!isJsonObject(value)) {
    diagnosis.note('member', path)
    return undefined
  }
  const { display, claims, ...rest } = value
  const shown = display === undefined ? undefined : readDisplay(display, [...path, 'display'], diagnosis)
  const described = claims === undefined ? undefined : readClaims(claims, [...path, 'claims'], diagnosis)
  return { ...rest, ...(shown && { display: shown }), ...(described && { claims: described }) }
}

function isListOf(value: JsonValue | undefined, isItem: (item: JsonValue) => boolean): boolean {
  return Array.isArray(value) && value.length <= 64 && value.every(isItem)
}

function isAlgorithmIdentifier(value: JsonValue): boolean {
  return isShortText(value) || Number.isSafeInteger(value)
}

function isShortText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 2048
}
