import type { StatusReference } from '@ekkasan/core'
import { isJsonObject, type JsonValue } from '@ekkasan/core/json'
import {
  type Jws,
  KeysError,
  type NamedHolder,
  parseConfirmationKey,
  parseJws,
  parseNumericDate,
  parseStatusClaim,
} from '@ekkasan/keys'
import { parseDateTimeStamp } from '@ekkasan/vcdm'
import { VcJoseCoseError } from '../errors.ts'

export interface ParsedCredential {
  readonly jws: Jws
  readonly issuer: string
  readonly types: readonly string[]
  readonly validity: { readonly from?: Date; readonly until?: Date }
  /** Life of the signature: `nbf`, `exp`. */
  readonly signature: { readonly from?: Date; readonly until?: Date }
  readonly status: StatusReference | 'unsupported' | undefined
  readonly holder: NamedHolder | undefined
}

/** @throws VcJoseCoseError `vc-jose-cose.structure.*`, KeysError `keys.jwt.claims` */
export function parseCredential(compact: unknown): ParsedCredential {
  const jws = parseJwt(compact, 'vc')
  const { payload, header } = jws
  const issuer = identifierOf(payload.issuer)
  if (issuer === undefined) throw new VcJoseCoseError('vc-jose-cose.structure.iss', 'no issuer')
  requireKeyHint(jws, issuer)
  for (const place of [payload, header]) {
    if (place.iss !== undefined && place.iss !== issuer) {
      throw new VcJoseCoseError('vc-jose-cose.structure.iss', 'iss differs from issuer')
    }
  }
  const { type, credentialSubject: subject } = payload
  const did = isJsonObject(subject) && typeof subject.id === 'string' ? subject.id : undefined
  const jwk = parseConfirmationKey(payload)
  return {
    jws,
    issuer,
    types: (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string'),
    validity: period(parseDateTimeStamp(payload.validFrom), parseDateTimeStamp(payload.validUntil)),
    signature: period(parseNumericDate(payload, 'nbf'), parseNumericDate(payload, 'exp')),
    status: parseStatusClaim(payload) ?? (payload.credentialStatus === undefined ? undefined : 'unsupported'),
    holder: jwk ? { jwk } : did?.startsWith('did:') ? { did } : undefined,
  }
}

export interface ParsedPresentation {
  readonly jws: Jws
  /** Who says that he made it: `holder`, `iss`, or the DID of `kid`. */
  readonly presenter: string | undefined
  /** The credential in its envelope. */
  readonly credential: string
}

/** @throws VcJoseCoseError `vc-jose-cose.structure.*`, KeysError `keys.jwt.claims` */
export function parsePresentation(compact: unknown): ParsedPresentation {
  const jws = parseJwt(compact, 'vp')
  const { payload, header } = jws
  const holder = identifierOf(payload.holder)
  for (const place of [payload, header]) {
    if (place.iss !== undefined && holder !== undefined && place.iss !== holder) {
      throw new VcJoseCoseError('vc-jose-cose.structure.iss', 'iss differs from holder')
    }
  }
  const { verifiableCredential: held, type } = payload
  const envelopes = Array.isArray(held) ? held : [held]
  const credential = envelopes.length === 1 ? envelopedIn(envelopes[0]) : undefined
  // An envelope in place of the presentation would show another reader another presentation.
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  if (credential === undefined || types.includes('EnvelopedVerifiablePresentation')) {
    throw new VcJoseCoseError(
      'vc-jose-cose.structure.credentials',
      'not exactly one EnvelopedVerifiableCredential of application/vc+jwt',
    )
  }
  return { jws, presenter: holder ?? presenterOf(jws), credential }
}

function presenterOf({ header, payload }: Jws): string | undefined {
  const iss = payload.iss ?? header.iss
  if (typeof iss === 'string') return iss
  return typeof header.kid === 'string' ? header.kid.split('#')[0] : undefined
}

export const envelopePrefix = 'data:application/vc+jwt,'

function envelopedIn(envelope: JsonValue | undefined): string | undefined {
  if (!isJsonObject(envelope)) return undefined
  const { type, id } = envelope
  const name = Array.isArray(type) && type.length === 1 ? type[0] : type
  const isEnvelope = name === 'EnvelopedVerifiableCredential' && typeof id === 'string'
  return isEnvelope && id.startsWith(envelopePrefix) ? id.slice(envelopePrefix.length) : undefined
}

function parseJwt(compact: unknown, kind: 'vc' | 'vp'): Jws {
  if (typeof compact !== 'string')
    throw new VcJoseCoseError('vc-jose-cose.structure.malformed', 'not a string')
  let jws: Jws
  try {
    jws = parseJws(compact)
  } catch (cause) {
    if (!(cause instanceof KeysError)) throw cause
    throw new VcJoseCoseError('vc-jose-cose.structure.malformed', cause.message, { cause })
  }
  const { typ, cty } = jws.header
  // Section 3.1: typ SHOULD be there. Any other kind of JWT is told apart by it.
  if (typ !== undefined && mediaType(typ) !== `${kind}+jwt`) {
    throw new VcJoseCoseError('vc-jose-cose.structure.typ', `typ is not ${kind}+jwt`)
  }
  if (cty !== undefined && typeof cty !== 'string') {
    throw new VcJoseCoseError('vc-jose-cose.structure.typ', 'cty is not a string')
  }
  for (const name of ['iat', 'nbf', 'exp']) parseNumericDate(jws.payload, name)
  return jws
}

function mediaType(typ: JsonValue): string | undefined {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined
}

// Sections 4.1.1 and 4.3: a key of a DID is named by a DID URL of that DID.
function requireKeyHint({ header, payload }: Jws, issuer: string): void {
  const { kid } = header
  if (kid !== undefined && typeof kid !== 'string') {
    throw new VcJoseCoseError('vc-jose-cose.structure.kid', 'kid is not a string')
  }
  if (issuer.startsWith('did:') && !(kid?.startsWith(`${issuer}#`) || kid?.startsWith('#'))) {
    throw new VcJoseCoseError('vc-jose-cose.structure.kid', "kid is not a DID URL of the issuer's")
  }
  if (
    header.x5c === undefined &&
    kid === undefined &&
    payload.iss === undefined &&
    header.iss === undefined
  ) {
    throw new VcJoseCoseError('vc-jose-cose.structure.kid', 'nothing says which key signed')
  }
}

/** A URL, or the `id` of an object. */
function identifierOf(value: JsonValue | undefined): string | undefined {
  const id = isJsonObject(value) ? value.id : value
  return typeof id === 'string' && id !== '' ? id : undefined
}

function period(from: Date | undefined, until: Date | undefined): { from?: Date; until?: Date } {
  return { ...(from && { from }), ...(until && { until }) }
}
