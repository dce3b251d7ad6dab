import { type ClaimPath, isClaimPath } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { describeValue } from '@ekkasan/core/options'
import { PresentationRequestError } from './errors.ts'

/** Digital Credentials Query Language, OpenID4VP section 6. */
export interface DcqlQuery {
  readonly credentials: readonly CredentialQuery[]
  readonly credential_sets?: readonly CredentialSetQuery[]
}

export interface CredentialQuery {
  readonly id: string
  readonly format: string
  readonly multiple?: boolean
  readonly meta: JsonObject
  readonly trusted_authorities?: readonly TrustedAuthoritiesQuery[]
  readonly require_cryptographic_holder_binding?: boolean
  readonly claims?: readonly ClaimsQuery[]
  readonly claim_sets?: readonly (readonly string[])[]
}

/** OpenID4VP section 6.1.1. */
export interface TrustedAuthoritiesQuery {
  /** `aki`, `etsi_tl`, `openid_federation`, or a profile's own. */
  readonly type: string
  readonly values: readonly string[]
}

export interface ClaimsQuery {
  readonly id?: string
  readonly path: ClaimPath
  readonly values?: readonly (string | number | boolean)[]
  /** `mso_mdoc`: whether the verifier means to keep the element (Appendix B.2.4). */
  readonly intent_to_retain?: boolean
}

export interface CredentialSetQuery {
  readonly options: readonly (readonly string[])[]
  readonly required?: boolean
}

/** Most entries in one list of a query, and longest text in one. A standard has no bounds; a wallet needs them. */
const maxItems = 100
const maxText = 512
const maxPath = 16

/**
 * Takes a DCQL query from outside. Members that are not known are dropped.
 * @throws PresentationRequestError `openid4vc.request.query`
 */
export function parseDcqlQuery(value: unknown): DcqlQuery {
  const query = object(value, 'dcql_query')
  const credentials = list(query.credentials, 'credentials').map((entry, index) =>
    parseCredentialQuery(entry, `credentials[${index}]`),
  )
  const ids = credentials.map(({ id }) => id)
  unique(ids, 'credentials')
  if (query.credential_sets === undefined) return { credentials }
  const credential_sets = list(query.credential_sets, 'credential_sets').map((entry, index) => {
    const at = `credential_sets[${index}]`
    const set = object(entry, at)
    return {
      options: idLists(set.options, `${at}.options`, ids),
      ...flag(set, 'required', at),
    }
  })
  return { credentials, credential_sets }
}

function parseCredentialQuery(value: JsonValue, at: string): CredentialQuery {
  const query = object(value, at)
  const format = text(query.format, `${at}.format`)
  const meta = parseMeta(query.meta, format, `${at}.meta`)
  const claims =
    query.claims === undefined
      ? undefined
      : list(query.claims, `${at}.claims`).map((entry, index) =>
          parseClaimsQuery(entry, format, `${at}.claims[${index}]`),
        )
  const claimIds = (claims ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]))
  unique(claimIds, `${at}.claims`)
  if (query.claim_sets !== undefined && claims?.length !== claimIds.length) {
    throw malformedQuery(`${at}.claim_sets`, 'needs claims, each with an id')
  }
  return {
    id: identifier(query.id, `${at}.id`),
    format,
    meta,
    ...flag(query, 'multiple', at),
    ...flag(query, 'require_cryptographic_holder_binding', at),
    ...(query.trusted_authorities !== undefined && {
      trusted_authorities: parseAuthorities(query.trusted_authorities, `${at}.trusted_authorities`),
    }),
    ...(claims && { claims }),
    ...(query.claim_sets !== undefined && {
      claim_sets: idLists(query.claim_sets, `${at}.claim_sets`, claimIds),
    }),
  }
}

function parseMeta(value: JsonValue | undefined, format: string, at: string): JsonObject {
  const meta = object(value, at)
  requireTexts(meta.vct_values, `${at}.vct_values`)
  if (meta.type_values !== undefined) {
    list(meta.type_values, `${at}.type_values`).forEach((types, index) => {
      requireTexts(types, `${at}.type_values[${index}]`, true)
    })
  }
  // Appendix B.2.3.
  if (meta.doctype_value !== undefined || format === 'mso_mdoc')
    text(meta.doctype_value, `${at}.doctype_value`)
  return meta
}

function parseAuthorities(value: JsonValue, at: string): readonly TrustedAuthoritiesQuery[] {
  return list(value, at).map((entry, index) => {
    const { type, values } = object(entry, `${at}[${index}]`)
    requireTexts(values, `${at}[${index}].values`, true)
    return { type: text(type, `${at}[${index}].type`), values: values as readonly string[] }
  })
}

function parseClaimsQuery(value: JsonValue, format: string, at: string): ClaimsQuery {
  const query = object(value, at)
  const { values } = query
  if (values !== undefined) {
    list(values, `${at}.values`).forEach((item, index) => {
      const isValue = typeof item === 'boolean' || Number.isInteger(item) || typeof item === 'string'
      if (!isValue) throw unexpectedValue(`${at}.values[${index}]`, 'a text, an integer or a boolean', item)
    })
  }
  return {
    ...(query.id !== undefined && { id: identifier(query.id, `${at}.id`) }),
    path: parsePath(query.path, format, `${at}.path`),
    ...(values !== undefined && { values: values as readonly (string | number | boolean)[] }),
    ...flag(query, 'intent_to_retain', at),
  }
}

function parsePath(value: JsonValue | undefined, format: string, at: string): ClaimPath {
  const path = list(value, at)
  if (path.length > maxPath)
    throw malformedQuery(at, `expected at most ${maxPath} components; got ${path.length}`)
  if (!isClaimPath(path))
    throw malformedQuery(at, 'expected a claims path pointer of texts, indices and null')
  for (const component of path) if (typeof component === 'string') text(component, at)
  // Section 7.2.
  if (
    format === 'mso_mdoc' &&
    (path.length !== 2 || !path.every((component) => typeof component === 'string'))
  ) {
    throw malformedQuery(at, 'expected a namespace and an element, as a path into an mdoc has')
  }
  return path
}

/** @param at where in the query; empty: the query itself */
export function malformedQuery(at: string, what: string): PresentationRequestError {
  const where = at === '' ? '' : `${at}: `
  return new PresentationRequestError(
    'openid4vc.request.query',
    `not an acceptable DCQL query: ${where}${what}`,
  )
}

function unexpectedValue(at: string, expected: string, value: unknown): PresentationRequestError {
  return malformedQuery(at, `expected ${expected}; got ${describeValue(value)}`)
}

function object(value: unknown, at: string): JsonObject {
  if (!isJsonObject(value)) throw unexpectedValue(at, 'an object', value)
  return value
}

function list(value: unknown, at: string): readonly JsonValue[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxItems) {
    throw unexpectedValue(at, `a list of 1 to ${maxItems} entries`, value)
  }
  return value
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string' || value === '' || value.length > maxText) {
    throw unexpectedValue(at, `a text of 1 to ${maxText} characters`, value)
  }
  return value
}

function requireTexts(value: JsonValue | undefined, at: string, isRequired = false): void {
  if (value === undefined && !isRequired) return
  list(value, at).forEach((item, index) => {
    text(item, `${at}[${index}]`)
  })
}

function identifier(value: JsonValue | undefined, at: string): string {
  // No object of a VP Token can have a member __proto__.
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]{1,128}$/.test(value) || value === '__proto__') {
    throw unexpectedValue(at, 'an id of letters, digits, underscore and hyphen', value)
  }
  return value
}

function idLists(
  value: JsonValue | undefined,
  at: string,
  known: readonly string[],
): readonly (readonly string[])[] {
  return list(value, at).map((entry, index) => {
    const ids = list(entry, `${at}[${index}]`).map((id, nth) => identifier(id, `${at}[${index}][${nth}]`))
    unique(ids, `${at}[${index}]`)
    for (const id of ids) {
      if (known.includes(id)) continue
      const advice = `expected one of ${known.join(', ')}`
      throw malformedQuery(
        `${at}[${index}]`,
        `names the id ${JSON.stringify(id)}, which is not there; ${advice}`,
      )
    }
    return ids
  })
}

function unique(ids: readonly string[], at: string): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw malformedQuery(at, `the id ${JSON.stringify(twice)} stands twice`)
}

function flag<Name extends string>(query: JsonObject, name: Name, at: string): { [N in Name]?: boolean } {
  const value = query[name]
  if (value === undefined) return {}
  if (typeof value !== 'boolean') throw unexpectedValue(`${at}.${name}`, 'true or false', value)
  return { [name]: value } as { [N in Name]?: boolean }
}
