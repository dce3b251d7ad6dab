import type { PublicJwk } from '@ekkasan/core'
import { fromUtf8, utf8 } from '@ekkasan/core/bytes'
import {
  type CborInput,
  type CborMap,
  CborTag,
  type CborValue,
  CoseError,
  type CoseMessage,
  coseLabel,
  decodeCbor,
  encodeCbor,
  parseCose,
  signCoseSign1,
  verifyCoseSignature,
  x5chainHeader,
  x5cOf,
} from '@ekkasan/cose'
import { isCoseType, numericDate } from '@ekkasan/keys'
import { StatusError } from './errors.ts'
import { encodeStatusListCbor } from './status-list.ts'
import {
  type IssueStatusListTokenOptions,
  malformed,
  type StatusListTokenClaims,
  tokenDates,
} from './token.ts'

/** Claims of a CWT: RFC 8392 section 4, Token Status List section 5.2. */
const claim = { iss: 1, sub: 2, exp: 4, nbf: 5, iat: 6, statusList: 65_533, ttl: 65_534 } as const
const typ = 'application/statuslist+cwt'
/** Its number in the registry of CoAP Content-Formats, which `typ` may hold in its place (RFC 9596 section 2). */
const contentFormat = 279

/** A Status List Token in CWT form. */
export interface StatusListCwt extends StatusListTokenClaims {
  readonly cose: CoseMessage
  /** Still encoded: decodeStatusListCbor reads it. */
  readonly statusList: CborValue
}

/**
 * Signs a Status List Token in CWT form (section 5.2), a tagged COSE_Sign1.
 * @throws TypeError when COSE has no algorithm for the signer's
 */
export async function issueStatusListCwt(
  options: IssueStatusListTokenOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signer, list, uri, issuer, issuedAt, expiresAt, ttl } = options
  if (!(ttl > 0)) throw new TypeError('ttl must be a positive number of seconds')
  const { kid, x5c } = signer.key
  const claims = new Map<number, CborInput>([
    ...(issuer === undefined ? [] : ([[claim.iss, issuer]] as const)),
    [claim.sub, uri],
    [claim.exp, numericDate(expiresAt)],
    [claim.iat, numericDate(issuedAt)],
    [claim.ttl, Math.ceil(ttl)],
    [claim.statusList, await encodeStatusListCbor(list)],
  ])
  const header = new Map<number, CborInput>([
    [coseLabel.typ, typ],
    ...(x5c || kid === undefined ? [] : ([[coseLabel.kid, utf8(kid)]] as const)),
  ])
  return signCoseSign1({
    signer,
    payload: encodeCbor(claims),
    header,
    ...(x5c && { unprotected: x5chainHeader(x5c) }),
  })
}

/**
 * Shape only: a COSE_Sign1 with tag 18 of type `application/statuslist+cwt` with the claims of section 5.2.
 * @throws StatusError `status.token.malformed`
 */
export function parseStatusListCwt(token: Uint8Array): StatusListCwt {
  const { cose, claims } = decode(token)
  const iss = claims.get(claim.iss)
  const sub = claims.get(claim.sub)
  const ttl = claims.get(claim.ttl)
  const statusList = claims.get(claim.statusList)
  if (!isCoseType(cose.header.get(coseLabel.typ), typ, contentFormat)) throw malformed(`typ must be ${typ}`)
  if (iss !== undefined && typeof iss !== 'string') throw malformed('iss')
  if (typeof sub !== 'string') throw malformed('sub')
  if (ttl !== undefined && !(Number.isSafeInteger(ttl) && (ttl as number) > 0)) throw malformed('ttl')
  if (statusList === undefined) throw malformed('status_list')
  const dates = { iat: claims.get(claim.iat), nbf: claims.get(claim.nbf), exp: claims.get(claim.exp) }
  const kid = headerOf(cose, coseLabel.kid)
  return {
    cose,
    sub,
    statusList,
    ...tokenDates(dates),
    ...(kid !== undefined && { kid: textOf(kid) }),
    ...chainOf(cose),
    ...(iss !== undefined && { iss }),
    ...(ttl !== undefined && { ttl: ttl as number }),
  }
}

/** Whether the key signed the token. @throws CoseError, KeysError */
export function verifyStatusListCwt({ cose }: StatusListCwt, jwk: PublicJwk): Promise<boolean> {
  return verifyCoseSignature(cose, jwk, cose.payload as Uint8Array)
}

function decode(token: Uint8Array): { readonly cose: CoseMessage; readonly claims: CborMap } {
  try {
    const value = decodeCbor(token)
    // Neither untagged, nor a MAC, nor with the tag of a CWT around it.
    if (!(value instanceof CborTag) || value.tag !== 18) throw malformed('not a COSE_Sign1 with its tag')
    const cose = parseCose(value.value)
    if (cose.payload === null) throw malformed('no payload')
    const claims = decodeCbor(cose.payload)
    if (!(claims instanceof Map)) throw malformed('the claims are not a map')
    return { cose, claims }
  } catch (cause) {
    if (!(cause instanceof CoseError)) throw cause
    throw new StatusError('status.token.malformed', cause.message, { cause })
  }
}

function chainOf({ header, unprotected }: CoseMessage): { readonly x5c?: readonly string[] } {
  const holding = [header, unprotected].find((map) => map.has(coseLabel.x5chain))
  if (!holding) return {}
  try {
    return { x5c: x5cOf(holding) }
  } catch (cause) {
    if (!(cause instanceof CoseError)) throw cause
    throw new StatusError('status.token.malformed', cause.message, { cause })
  }
}

function headerOf({ header, unprotected }: CoseMessage, label: number): CborValue | undefined {
  return header.get(label) ?? unprotected.get(label)
}

function textOf(kid: CborValue): string {
  if (!(kid instanceof Uint8Array)) throw malformed('kid')
  try {
    return fromUtf8(kid)
  } catch {
    throw malformed('kid')
  }
}
