import { commonPeriod, type Period, type StatusReference } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import {
  isJoseType,
  type Jws,
  KeysError,
  type NamedHolder,
  namedHolder,
  parseJws,
  parseNumericDate,
  parseStatusClaim,
} from '@ekkasan/keys'
import { parseCredentialStatus, parseDateTime, subjectDid, typesOf } from '@ekkasan/vcdm'
import { JwtVcError } from '../errors.ts'

/** A JWT of this format, its shape alone. */
export interface ParsedCredential {
  readonly jws: Jws
  readonly iss: string
  /** The credential of the data model 1.1 that the JWT stands for. */
  readonly credential: JsonObject
  readonly types: readonly string[]
  readonly validity: Period
  readonly status: StatusReference | 'unsupported' | undefined
  /** The holder as the credential names him: by a key, or by a DID. */
  readonly holder: NamedHolder | undefined
}

/** @throws JwtVcError `jwt-vc.structure.*`, KeysError `keys.jwt.claims` */
export function parseCredential(compact: unknown): ParsedCredential {
  const jws = parseJwt(compact)
  const { iss, vc } = jws.payload
  if (!isJsonObject(vc))
    throw new JwtVcError('jwt-vc.structure.presentation', 'not a credential: no vc claim')
  if (typeof iss !== 'string' || iss === '') throw claims('iss')
  const credential = credentialOf(jws.payload, iss, vc)
  const did = subjectDid(credential)
  return {
    jws,
    iss,
    credential,
    types: typesOf(credential),
    validity: commonPeriod({
      from: parseDateTime(credential.issuanceDate),
      until: parseDateTime(credential.expirationDate),
    }),
    status: parseCredentialStatus(credential, parseStatusClaim(jws.payload)),
    holder: namedHolder(jws.payload, did),
  }
}

/** @throws JwtVcError `jwt-vc.structure.*`, KeysError `keys.jwt.claims` */
export function parsePresentation(compact: unknown): { readonly jws: Jws; readonly credential: string } {
  const jws = parseJwt(compact)
  const { vp } = jws.payload
  if (!isJsonObject(vp))
    throw new JwtVcError('jwt-vc.structure.presentation', 'not a presentation: no vp claim')
  for (const name of ['iat', 'nbf', 'exp']) parseNumericDate(jws.payload, name)
  const { verifiableCredential: held, holder } = vp
  requireSame('holder', isJsonObject(holder) ? holder.id : holder, text(jws.payload, 'iss'))
  const [credential, ...others] = listOf(held)
  if (typeof credential !== 'string' || others.length > 0) {
    throw new JwtVcError('jwt-vc.structure.credentials', 'not exactly one credential as a JWT')
  }
  return { jws, credential }
}

function parseJwt(compact: unknown): Jws {
  if (typeof compact !== 'string') throw new JwtVcError('jwt-vc.structure.malformed', 'not a string')
  let jws: Jws
  try {
    jws = parseJws(compact)
  } catch (cause) {
    if (!(cause instanceof KeysError)) throw cause
    throw new JwtVcError('jwt-vc.structure.malformed', cause.message, { cause })
  }
  const { typ } = jws.header
  if (typ !== undefined && !isJoseType(typ, 'JWT')) {
    throw new JwtVcError('jwt-vc.structure.typ', 'typ is not JWT')
  }
  return jws
}

// VCDM 1.1 section 6.3.1, "JWT Decoding": the JWT's claims take their members' places. An issuer, a subject or an id
// that the member names too must be the same: two readers must not see two credentials.
function credentialOf(payload: JsonObject, iss: string, vc: JsonObject): JsonObject {
  const id = text(payload, 'jti')
  const sub = text(payload, 'sub')
  const { issuer, credentialSubject: subject } = vc
  requireSame('issuer', isJsonObject(issuer) ? issuer.id : issuer, iss)
  requireSame('id', vc.id, id)
  const subjects = listOf(subject)
  if (sub !== undefined && subjects.length > 1) {
    throw new JwtVcError('jwt-vc.structure.conflict', 'sub with several subjects')
  }
  for (const one of subjects) if (isJsonObject(one)) requireSame('credentialSubject.id', one.id, sub)
  return {
    ...vc,
    ...(id !== undefined && { id }),
    issuer: isJsonObject(issuer) ? { ...issuer, id: iss } : iss,
    ...dateMember('issuanceDate', vc, parseNumericDate(payload, 'nbf') ?? issuedAt(payload, vc)),
    ...dateMember('expirationDate', vc, parseNumericDate(payload, 'exp')),
    ...(sub !== undefined && subject !== undefined && { credentialSubject: named(subject, sub) }),
  }
}

/** The subject with the id that `sub` gives it, a list of one as such: queries go by the body as it was signed. */
function named(subject: JsonValue, sub: string): JsonValue {
  const withId = (one: JsonValue) => (isJsonObject(one) ? { ...one, id: sub } : one)
  return Array.isArray(subject) ? (subject as readonly JsonValue[]).map(withId) : withId(subject)
}

function issuedAt(payload: JsonObject, vc: JsonObject): Date | undefined {
  const iat = parseNumericDate(payload, 'iat')
  return vc.issuanceDate === undefined ? iat : undefined
}

/**
 * A date of the JWT in the place of its member: `nbf` is the issuance date, whatever the member says; of two ends the
 * earlier counts. A member that is no date is refused all the same.
 */
function dateMember(
  name: 'issuanceDate' | 'expirationDate',
  vc: JsonObject,
  date: Date | undefined,
): JsonObject {
  if (!date) return {}
  const member = vc[name]
  const written = member === undefined ? undefined : parseDateTime(member)
  if (member !== undefined && !written) throw conflict(name)
  if (name === 'expirationDate' && written && written < date) return {}
  return { [name]: date.toISOString().replace('.000Z', 'Z') }
}

function requireSame(name: string, member: JsonValue | undefined, claim: string | undefined): void {
  if (member !== undefined && claim !== undefined && member !== claim) throw conflict(name)
}

function text(payload: JsonObject, name: string): string | undefined {
  const value = payload[name]
  if (value !== undefined && (typeof value !== 'string' || value === '')) throw claims(name)
  return value
}

function claims(name: string): JwtVcError {
  return new JwtVcError('jwt-vc.structure.claims', `${name} is missing or not what it must be`)
}

function conflict(name: string): JwtVcError {
  return new JwtVcError('jwt-vc.structure.conflict', `${name} and the claim that stands for it differ`)
}
