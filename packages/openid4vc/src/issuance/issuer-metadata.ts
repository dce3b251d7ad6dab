import { type BindingMethod, type ClaimPath, isClaimPath, type JsonObject } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { parseObject, requireObject, requireText, requireTexts, requireUrl } from '../shape.ts'
import { isShownText } from '../shown-text.ts'
import { IssuanceMessageError } from './errors.ts'

/** One language of a name; `locale` is a BCP 47 tag. */
export interface Display {
  readonly name?: string
  readonly locale?: string
  readonly [member: string]: JsonObject[string] | undefined
}

export interface ClaimDescription {
  readonly path: ClaimPath
  readonly mandatory?: boolean
  readonly display?: readonly Display[]
}

/** One entry of `credential_configurations_supported`, OpenID4VCI section 12.2.4. Members of the format stay. */
export interface CredentialConfigurationMetadata {
  readonly format: string
  readonly scope?: string
  readonly cryptographic_binding_methods_supported?: readonly (BindingMethod | string)[]
  readonly credential_signing_alg_values_supported?: readonly (string | number)[]
  readonly proof_types_supported?: Readonly<
    Record<string, { readonly proof_signing_alg_values_supported: readonly string[] }>
  >
  readonly credential_metadata?: {
    readonly display?: readonly Display[]
    readonly claims?: readonly ClaimDescription[]
  }
}

/** OpenID4VCI section 12.2.4. */
export interface CredentialIssuerMetadata {
  readonly credential_issuer: string
  readonly authorization_servers?: readonly string[]
  readonly credential_endpoint: string
  readonly nonce_endpoint?: string
  readonly notification_endpoint?: string
  readonly credential_request_encryption?: JsonObject
  readonly credential_response_encryption?: JsonObject
  readonly batch_credential_issuance?: { readonly batch_size: number }
  readonly display?: readonly Display[]
  readonly credential_configurations_supported: Readonly<Record<string, CredentialConfigurationMetadata>>
}

const malformed = (what: string) =>
  new IssuanceMessageError(
    'openid4vc.issuer-metadata.malformed',
    `not acceptable credential issuer metadata: ${what}`,
  )

/**
 * Reads what a credential issuer published; `issuer` is the identifier it was asked under, compared exactly.
 * @throws IssuanceMessageError `openid4vc.issuer-metadata.malformed`, `openid4vc.issuer-metadata.mismatch`
 */
export function parseCredentialIssuerMetadata(json: string, issuer: string): CredentialIssuerMetadata {
  const object = parseObject(json, 'the document', malformed, 1_048_576)
  if (object.credential_issuer !== issuer) {
    throw new IssuanceMessageError(
      'openid4vc.issuer-metadata.mismatch',
      'credential_issuer is not the identifier under which the metadata was asked',
    )
  }
  const { authorization_servers, batch_credential_issuance, display } = object
  return {
    credential_issuer: issuer,
    ...(authorization_servers !== undefined && {
      authorization_servers: requireTexts(authorization_servers, 'authorization_servers', malformed).map(
        (server) => requireUrl(server, 'an authorization server', malformed),
      ),
    }),
    credential_endpoint: requireUrl(object.credential_endpoint, 'credential_endpoint', malformed),
    ...optionalUrl(object, 'nonce_endpoint'),
    ...optionalUrl(object, 'notification_endpoint'),
    ...optionalObject(object, 'credential_request_encryption'),
    ...optionalObject(object, 'credential_response_encryption'),
    ...(batch_credential_issuance !== undefined && {
      batch_credential_issuance: { batch_size: parseBatchSize(batch_credential_issuance) },
    }),
    ...(display !== undefined && { display: parseDisplay(display) }),
    credential_configurations_supported: parseConfigurations(object.credential_configurations_supported),
  }
}

function parseConfigurations(
  value: unknown,
): CredentialIssuerMetadata['credential_configurations_supported'] {
  const configurations = requireObject(value, 'credential_configurations_supported', malformed)
  const entries = Object.entries(configurations)
  if (entries.length > 1000) throw malformed('more than 1000 credential configurations')
  return Object.fromEntries(entries.map(([id, entry]) => [id, parseCredentialConfiguration(entry)]))
}

/** Reads one credential configuration; what only a format knows stays as it is. */
export function parseCredentialConfiguration(value: unknown): CredentialConfigurationMetadata {
  const configuration = requireObject(value, 'a credential configuration', malformed)
  const format = requireText(configuration.format, 'format', malformed, 128)
  const { cryptographic_binding_methods_supported: methods, proof_types_supported: proofTypes } =
    configuration
  const { credential_metadata: metadata } = configuration
  if (methods !== undefined) requireTexts(methods, 'cryptographic_binding_methods_supported', malformed)
  if (proofTypes !== undefined) {
    const types = requireObject(proofTypes, 'proof_types_supported', malformed)
    for (const type of Object.values(types)) {
      const { proof_signing_alg_values_supported } = requireObject(type, 'a proof type', malformed)
      if (!Array.isArray(proof_signing_alg_values_supported)) {
        throw malformed('proof_signing_alg_values_supported is not a list')
      }
    }
  }
  if (metadata !== undefined) {
    const { display, claims } = requireObject(metadata, 'credential_metadata', malformed)
    if (display !== undefined) parseDisplay(display)
    if (claims !== undefined) parseClaims(claims)
  }
  return { ...configuration, format } as CredentialConfigurationMetadata
}

function parseClaims(value: unknown): void {
  if (!Array.isArray(value) || value.length > 1000) throw malformed('claims is not a list')
  for (const claim of value) {
    const { path, display } = requireObject(claim, 'a claim', malformed)
    if (!isClaimPath(path)) throw malformed('the path of a claim is not a claims path pointer')
    if (display !== undefined) parseDisplay(display)
  }
}

function parseDisplay(value: unknown): readonly Display[] {
  if (!Array.isArray(value) || value.length > 200) throw malformed('display is not a list')
  for (const entry of value) {
    const { name, locale } = requireObject(entry, 'an entry of display', malformed)
    if (![name, locale].every((text) => text === undefined || isShownText(text))) {
      throw malformed('an entry of display has a name or locale that is not a text of up to 500 characters')
    }
  }
  return value as readonly Display[]
}

function parseBatchSize(value: unknown): number {
  const { batch_size } = requireObject(value, 'batch_credential_issuance', malformed)
  if (!Number.isInteger(batch_size) || Number(batch_size) < 2) throw malformed('batch_size is below 2')
  return Number(batch_size)
}

function optionalUrl<Name extends string>(object: JsonObject, name: Name): { readonly [N in Name]?: string } {
  return object[name] === undefined
    ? {}
    : ({ [name]: requireUrl(object[name], name, malformed) } as { readonly [N in Name]: string })
}

function optionalObject<Name extends string>(
  object: JsonObject,
  name: Name,
): { readonly [N in Name]?: JsonObject } {
  const value = object[name]
  if (value === undefined) return {}
  if (!isJsonObject(value)) throw malformed(`${name} is not an object`)
  return { [name]: value } as { readonly [N in Name]: JsonObject }
}

/** The texts of `display` by language; an entry without `locale` stands under `und`. */
export function namesFromDisplay(display: readonly Display[] | undefined): Readonly<Record<string, string>> {
  const names: Record<string, string> = {}
  for (const { name, locale = 'und' } of display ?? []) {
    if (name !== undefined && !Object.hasOwn(names, locale) && locale !== '__proto__') names[locale] = name
  }
  return names
}

/** `display` from texts by language. */
export function displayFromNames(names: Readonly<Record<string, string>>): readonly Display[] {
  return Object.entries(names).map(([locale, name]) => ({ name, locale }))
}
