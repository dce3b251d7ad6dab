import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { describeValue, unknownMember } from '@ekkasan/core/options'
import { type DcqlQuery, malformedQuery, parseDcqlQuery } from './dcql.ts'

export interface ParseOwnDcqlQueryOptions {
  /** Members that an extension of DCQL defines, at any level of the query and in `meta`. */
  readonly extensions?: readonly string[]
}

/**
 * Takes the DCQL query that a verifier means to send. A wallet ignores members that it does not know (OpenID4VP
 * section 6), so that a misspelt one weakens the question without a word: here each of them is refused. So is a member
 * that is `undefined`, which would not be sent (`values` read from a misspelt setting), and a `meta`
 * that does not name the type, of the formats of OpenID4VP Appendix B.
 * @throws PresentationRequestError `openid4vc.request.query`: where, what was expected, what came
 */
export function parseOwnDcqlQuery(
  value: unknown,
  { extensions = [] }: ParseOwnDcqlQueryOptions = {},
): DcqlQuery {
  const check: CheckMembers = (object, at, known) => {
    const own = Object.entries(object).filter(([name]) => !extensions.includes(name))
    const unknown = unknownMember(Object.fromEntries(own), known)
    if (unknown !== undefined) throw malformedQuery(at, unknown)
    // A `meta` is always required, and is refused below with the member that it needs.
    const missing = own.find(([name, member]) => name !== 'meta' && (member as unknown) === undefined)?.[0]
    if (missing !== undefined) {
      throw malformedQuery(
        at ? `${at}.${missing}` : missing,
        'expected a value, or no such member; got undefined',
      )
    }
  }
  if (isJsonObject(value)) checkQuery(value, check)
  return parseDcqlQuery(value)
}

type CheckMembers = (object: JsonObject, at: string, known: readonly string[]) => void

// What has another shape is the parser's to refuse.
function eachObject(
  value: JsonValue | undefined,
  at: string,
  check: (entry: JsonObject, at: string) => void,
) {
  if (!Array.isArray(value)) return
  value.forEach((entry, index) => {
    if (isJsonObject(entry)) check(entry, `${at}[${index}]`)
  })
}

function checkQuery(query: JsonObject, check: CheckMembers): void {
  check(query, '', ['credentials', 'credential_sets'])
  eachObject(query.credentials, 'credentials', (credential, at) => checkCredential(credential, at, check))
  eachObject(query.credential_sets, 'credential_sets', (set, at) => check(set, at, ['options', 'required']))
}

const credentialMembers = [
  'id',
  'format',
  'multiple',
  'meta',
  'trusted_authorities',
  'require_cryptographic_holder_binding',
  'claims',
  'claim_sets',
]

/** The member of `meta` that names the type: OpenID4VP Appendices B.1.1, B.2.3, B.3.5. */
const typeMembers: Readonly<Record<string, string>> = {
  'dc+sd-jwt': 'vct_values',
  jwt_vc_json: 'type_values',
  ldp_vc: 'type_values',
  mso_mdoc: 'doctype_value',
}

function checkCredential(credential: JsonObject, at: string, check: CheckMembers): void {
  check(credential, at, credentialMembers)
  const { format, meta } = credential
  const typeMember = typeof format === 'string' && Object.hasOwn(typeMembers, format) && typeMembers[format]
  if (isJsonObject(meta)) check(meta, `${at}.meta`, typeMember ? [typeMember] : [])
  if (typeMember && (!isJsonObject(meta) || meta[typeMember] === undefined)) {
    throw malformedQuery(`${at}.meta`, `expected ${typeMember} for ${format}; got ${describeValue(meta)}`)
  }
  const claimMembers = ['id', 'path', 'values', ...(format === 'mso_mdoc' ? ['intent_to_retain'] : [])]
  eachObject(credential.claims, `${at}.claims`, (claim, claimAt) => check(claim, claimAt, claimMembers))
  eachObject(credential.trusted_authorities, `${at}.trusted_authorities`, (authority, authorityAt) =>
    check(authority, authorityAt, ['type', 'values']),
  )
}
