import type { JsonObject } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { isEndpointUrl } from '../endpoint-url.ts'
import { parseObject, requireObject, requireUrl, withoutNulls } from '../shape.ts'
import {
  type CredentialConfigurationMetadata,
  readCredentialConfiguration,
} from './credential-configuration.ts'
import { type Display, readDisplay } from './display.ts'
import { IssuanceMessageError } from './errors.ts'
import { createMetadataDiagnosis, type MetadataDiagnosis, type MetadataFault } from './metadata-diagnosis.ts'

/** OpenID4VCI section 12.2.4. */
export interface CredentialIssuerMetadata {
  readonly credential_issuer: string
  readonly authorization_servers?: readonly string[]
  readonly credential_endpoint: string
  readonly nonce_endpoint?: string
  readonly deferred_credential_endpoint?: string
  readonly notification_endpoint?: string
  readonly credential_request_encryption?: JsonObject
  readonly credential_response_encryption?: JsonObject
  readonly batch_credential_issuance?: { readonly batch_size: number }
  readonly display?: readonly Display[]
  readonly credential_configurations_supported: Readonly<Record<string, CredentialConfigurationMetadata>>
}

/** Metadata as they were read, with what was left out of them. */
export interface ReadCredentialIssuerMetadata extends CredentialIssuerMetadata {
  readonly diagnosis: readonly MetadataFault[]
}

const malformed = (what: string) =>
  new IssuanceMessageError(
    'openid4vc.issuer-metadata.malformed',
    `not acceptable credential issuer metadata: ${what}`,
  )

/**
 * Reads what a credential issuer published; `issuer` is the identifier it was asked under, compared exactly. An explicit
 * null is an absent member. One odd part does not cost the rest: it is left out and named in `diagnosis`. What is for
 * the eyes only is left out by itself; a credential configuration that a format, a key, a proof or encryption depends on
 * is left out whole, never read more loosely. A wrong endpoint, or only wrong authorization servers, refuse the issuer.
 * @throws IssuanceMessageError `openid4vc.issuer-metadata.malformed`, `openid4vc.issuer-metadata.mismatch`
 */
export function parseCredentialIssuerMetadata(json: string, issuer: string): ReadCredentialIssuerMetadata {
  // Extensions of others may hold what this reader has no use for.
  const limits = { maxDepth: 32, numbers: 'any' } as const
  const object = withoutNulls(parseObject(json, 'the document', malformed, 1_048_576, limits))
  if (object.credential_issuer !== issuer) {
    throw new IssuanceMessageError(
      'openid4vc.issuer-metadata.mismatch',
      'credential_issuer is not the identifier under which the metadata was asked',
    )
  }
  const diagnosis = createMetadataDiagnosis()
  const endpoints = {
    credential_endpoint: requireUrl(object.credential_endpoint, 'credential_endpoint', malformed),
    ...optionalUrl(object, 'nonce_endpoint'),
    ...optionalUrl(object, 'deferred_credential_endpoint'),
    ...optionalUrl(object, 'notification_endpoint'),
  }
  const servers = readServers(object, diagnosis)
  const encryption = readEncryption(object, diagnosis)
  const batchSize = readBatchSize(object, diagnosis)
  const display =
    object.display === undefined ? undefined : readDisplay(object.display, ['display'], diagnosis)
  const configurations = readConfigurations(object, diagnosis)
  return {
    credential_issuer: issuer,
    ...(servers && { authorization_servers: servers }),
    ...endpoints,
    ...encryption,
    ...(batchSize !== undefined && { batch_credential_issuance: { batch_size: batchSize } }),
    ...(display && { display }),
    credential_configurations_supported: encryption ? configurations : {},
    diagnosis: diagnosis.faults,
  }
}

/** An empty list is an absent one; where odd entries were all there is, the issuer is not taken as its own server. */
function readServers(object: JsonObject, diagnosis: MetadataDiagnosis): readonly string[] | undefined {
  const { authorization_servers: value } = object
  if (value === undefined) return undefined
  if (!Array.isArray(value) || value.length > 64) {
    throw malformed('authorization_servers is not a list of at most 64 servers')
  }
  if (value.length === 0) return undefined
  const servers = value.filter((server, index): server is string => {
    const isServer =
      typeof server === 'string' &&
      server.length <= 2048 &&
      isEndpointUrl(server) &&
      !server.includes('?') &&
      value.indexOf(server) === index
    if (!isServer) diagnosis.note('authorization-server', ['authorization_servers', index])
    return isServer
  })
  if (servers.length === 0) throw malformed('authorization_servers names no server by an https URL')
  return servers
}

/**
 * Whether requests and responses have to be encrypted (sections 8.2, 8.3). Undefined where that cannot be known: then
 * no credential can be asked for, for it might go in clear.
 */
function readEncryption(object: JsonObject, diagnosis: MetadataDiagnosis) {
  const names = ['credential_request_encryption', 'credential_response_encryption'] as const
  const wrong = names.filter((name) => {
    const value = object[name]
    return value !== undefined && !(isJsonObject(value) && typeof value.encryption_required === 'boolean')
  })
  for (const name of wrong) diagnosis.note('encryption', [name])
  if (wrong.length > 0) return undefined
  const present = names.filter((name) => object[name] !== undefined)
  return Object.fromEntries(present.map((name) => [name, object[name] as JsonObject])) as Pick<
    CredentialIssuerMetadata,
    (typeof names)[number]
  >
}

function readBatchSize(object: JsonObject, diagnosis: MetadataDiagnosis): number | undefined {
  const { batch_credential_issuance: batch } = object
  if (batch === undefined) return undefined
  const size = isJsonObject(batch) ? batch.batch_size : undefined
  if (Number.isSafeInteger(size) && Number(size) >= 2) return Number(size)
  diagnosis.note('member', ['batch_credential_issuance'])
  return undefined
}

function readConfigurations(
  object: JsonObject,
  diagnosis: MetadataDiagnosis,
): CredentialIssuerMetadata['credential_configurations_supported'] {
  const name = 'credential_configurations_supported'
  const entries = Object.entries(requireObject(object[name], name, malformed))
  if (entries.length > 1000) throw malformed('more than 1000 credential configurations')
  return Object.fromEntries(
    entries.flatMap(([id, entry]) => {
      const configuration = readCredentialConfiguration(entry, [name, id], diagnosis)
      return configuration ? [[id, configuration]] : []
    }),
  )
}

function optionalUrl<Name extends string>(object: JsonObject, name: Name): { readonly [N in Name]?: string } {
  return object[name] === undefined
    ? {}
    : ({ [name]: requireUrl(object[name], name, malformed) } as { readonly [N in Name]: string })
}

/** Why an offered configuration is not among those that were read although the issuer has it; undefined where it has not. */
export function unusableConfiguration(
  { diagnosis }: ReadCredentialIssuerMetadata,
  configurationId: string,
): MetadataFault | undefined {
  return diagnosis.find(
    ({ code, path }) =>
      code === 'openid4vc.issuer-metadata.encryption' ||
      (code === 'openid4vc.issuer-metadata.configuration' && path[1] === configurationId),
  )
}
