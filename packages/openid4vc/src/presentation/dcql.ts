import { type ClaimPath, isClaimPath, type JsonObject, type JsonValue } from '@ekkasan/core'
import { requireList, requireObject, requireText } from '../shape.ts'
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
  const credentials = list(query.credentials, 'credentials').map(parseCredentialQuery)
  const ids = credentials.map(({ id }) => id)
  unique(ids, 'credentials')
  if (query.credential_sets === undefined) return { credentials }
  const credential_sets = list(query.credential_sets, 'credential_sets').map((entry) => {
    const set = object(entry, 'a credential set')
    return {
      options: idLists(set.options, 'options', ids),
      ...flag(set, 'required'),
    }
  })
  return { credentials, credential_sets }
}

function parseCredentialQuery(value: JsonValue): CredentialQuery {
  const query = object(value, 'a credential query')
  const format = text(query.format, 'format')
  const meta = object(query.meta, 'meta')
  requireTexts(meta.vct_values, 'vct_values')
  if (meta.type_values !== undefined) {
    for (const types of list(meta.type_values, 'type_values')) requireTexts(types, 'type_values', true)
  }
  if (meta.doctype_value !== undefined) text(meta.doctype_value, 'doctype_value')
  const claims = query.claims === undefined ? undefined : list(query.claims, 'claims').map(parseClaimsQuery)
  if (format === 'mso_mdoc') requireMdocQuery(meta, claims ?? [])
  const claimIds = (claims ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]))
  unique(claimIds, 'claims')
  if (query.claim_sets !== undefined && claims?.length !== claimIds.length) {
    throw malformed('claim_sets needs claims, each with an id')
  }
  return {
    id: identifier(query.id),
    format,
    meta,
    ...flag(query, 'multiple'),
    ...flag(query, 'require_cryptographic_holder_binding'),
    ...(query.trusted_authorities !== undefined && {
      trusted_authorities: list(query.trusted_authorities, 'trusted_authorities').map((entry) => {
        const { type, values } = object(entry, 'a trusted authority')
        requireTexts(values, 'values', true)
        return { type: text(type, 'type'), values: values as readonly string[] }
      }),
    }),
    ...(claims && { claims }),
    ...(query.claim_sets !== undefined && {
      claim_sets: idLists(query.claim_sets, 'claim_sets', claimIds),
    }),
  }
}

function parseClaimsQuery(value: JsonValue): ClaimsQuery {
  const query = object(value, 'a claims query')
  const path = list(query.path, 'path')
  if (path.length > maxPath) throw malformed('a path is too long')
  if (!isClaimPath(path)) throw malformed('a path is no claims path pointer')
  for (const component of path) if (typeof component === 'string') text(component, 'path')
  const { values } = query
  if (values !== undefined) {
    for (const item of list(values, 'values')) {
      const isValue = typeof item === 'boolean' || Number.isInteger(item) || typeof item === 'string'
      if (!isValue) throw malformed('values are texts, integers or booleans')
    }
  }
  return {
    ...(query.id !== undefined && { id: identifier(query.id) }),
    path,
    ...(values !== undefined && { values: values as readonly (string | number | boolean)[] }),
    ...flag(query, 'intent_to_retain'),
  }
}

/** Appendix B.2.3 and section 7.2: a document type, and paths of a namespace and an element. */
function requireMdocQuery(meta: JsonObject, claims: readonly ClaimsQuery[]): void {
  text(meta.doctype_value, 'doctype_value')
  for (const { path } of claims) {
    if (path.length !== 2 || !path.every((component) => typeof component === 'string')) {
      throw malformed('a path into an mdoc is a namespace and an element')
    }
  }
}

const object = (value: unknown, name: string) => requireObject(value, name, malformed)
const list = (value: unknown, name: string) => requireList(value, name, malformed, maxItems)
const text = (value: unknown, name: string) => requireText(value, name, malformed, maxText)

function requireTexts(value: JsonValue | undefined, what: string, isRequired = false): void {
  if (value === undefined && !isRequired) return
  for (const item of list(value, what)) text(item, what)
}

function identifier(value: JsonValue | undefined): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]{1,128}$/.test(value)) {
    throw malformed('an id is not of letters, digits, underscore and hyphen')
  }
  // No object of a VP Token can have such a member.
  if (value === '__proto__') throw malformed('an id is __proto__')
  return value
}

function idLists(
  value: JsonValue | undefined,
  what: string,
  known: readonly string[],
): readonly (readonly string[])[] {
  return list(value, what).map((entry) => {
    const ids = list(entry, what).map(identifier)
    unique(ids, what)
    if (!ids.every((id) => known.includes(id))) throw malformed(`${what} names an id that is not there`)
    return ids
  })
}

function unique(ids: readonly string[], what: string): void {
  if (new Set(ids).size !== ids.length) throw malformed(`${what} names an id twice`)
}

function flag<Name extends string>(query: JsonObject, name: Name): { [N in Name]?: boolean } {
  const value = query[name]
  if (value === undefined) return {}
  if (typeof value !== 'boolean') throw malformed(`${name} is not a boolean`)
  return { [name]: value } as { [N in Name]?: boolean }
}

function malformed(what: string): PresentationRequestError {
  return new PresentationRequestError('openid4vc.request.query', `not an acceptable DCQL query: ${what}`)
}
