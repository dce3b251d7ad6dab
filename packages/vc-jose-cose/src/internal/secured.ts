import { fromUtf8 } from '@ekkasan/core/bytes'
import { type JsonObject, parseJsonObject } from '@ekkasan/core/json'
import {
  algorithmOf,
  type CoseMessage,
  coseLabel,
  decodeCoseSign1,
  verifyCoseSignature,
  x5cOf,
} from '@ekkasan/cose'
import {
  isCoseType,
  isJoseType,
  KeysError,
  parseJws,
  parseNumericDate,
  type SignedClaims,
} from '@ekkasan/keys'
import { discloseClaims, type ParsedSdJwt, parseSdJwt } from '@ekkasan/sd-jwt'
import { VcJoseCoseError } from '../errors.ts'
import type { MediaType } from '../types.ts'
import { claimsOfCwt, textOf } from './cwt-claims.ts'

/** A credential or presentation in whichever of the three securings, its signature not yet looked at. */
export interface Secured {
  readonly mediaType: MediaType
  /** What is secured: of an SD-JWT with what was disclosed. */
  readonly document: JsonObject
  /** Header and claims of the envelope, by their JOSE names. */
  readonly signed: SignedClaims
  readonly sdJwt?: ParsedSdJwt
  /** Claims were concealed. */
  readonly partial?: boolean
}

/** UTF-16 units or bytes of what holds other credentials in it. */
const maxLength = 4_194_304

/** @throws VcJoseCoseError, KeysError, SdJwtError, CoseError */
export function openSecured(mediaType: MediaType, input: unknown): Secured {
  const [kind, securing] = mediaType.split('+') as ['vc' | 'vp', string]
  const secured =
    securing === 'jwt' ? openJwt(input) : securing === 'sd-jwt' ? openSdJwt(input) : openCose(input)
  const { header, payload } = secured.signed
  requireType(header, mediaType, kind)
  for (const name of ['iat', 'nbf', 'exp']) parseNumericDate(payload, name)
  return { mediaType, ...secured }
}

type Opened = Omit<Secured, 'mediaType'>

function openJwt(input: unknown): Opened {
  if (typeof input !== 'string') throw malformed('not a string')
  try {
    const signed = parseJws(input, { maxLength })
    return { document: signed.payload, signed }
  } catch (cause) {
    if (!(cause instanceof KeysError)) throw cause
    throw malformed(cause.message, cause)
  }
}

/** Registered claims that count where they were signed, and in nothing that a holder may leave out. */
const envelopeClaims: ReadonlySet<string> = new Set([
  'iss',
  'iat',
  'nbf',
  'exp',
  'cnf',
  'status',
  'aud',
  'nonce',
])

function openSdJwt(input: unknown): Opened {
  if (typeof input !== 'string') throw malformed('not a string')
  const sdJwt = parseSdJwt(input)
  const { claims, disclosures, partial } = discloseClaims(sdJwt)
  if (disclosures.some(({ path, name = '' }) => path.length === 1 && envelopeClaims.has(name))) {
    throw new VcJoseCoseError('vc-jose-cose.structure.selective', 'a claim of the envelope was concealed')
  }
  return { document: claims, signed: sdJwt.jws, sdJwt, partial }
}

function openCose(input: unknown): Opened {
  if (!(input instanceof Uint8Array)) throw malformed('not bytes')
  const message = decodeCoseSign1(input)
  const { payload } = message
  if (payload === null) throw malformed('the payload is detached')
  let document: JsonObject
  try {
    document = parseJsonObject(fromUtf8(payload), { maxLength })
  } catch (cause) {
    throw malformed(cause instanceof SyntaxError ? cause.message : 'the payload is not UTF-8', cause)
  }
  return {
    document,
    signed: {
      header: headerOf(message),
      payload: claimsOfCwt(message.header.get(coseLabel.cwtClaims)),
      verify: (jwk) => verifyCoseSignature(message, jwk, payload),
    },
  }
}

/** Hints to the key count in either header, and everything else in the protected one alone. */
function headerOf({ header, unprotected, alg }: CoseMessage): SignedClaims['header'] {
  const kid = textOf(header.get(coseLabel.kid) ?? unprotected.get(coseLabel.kid))
  const chain = [header, unprotected].find((place) => place.has(coseLabel.x5chain))
  const typ = header.get(coseLabel.typ)
  const cty = header.get(coseLabel.contentType)
  return {
    alg: algorithmOf(alg),
    ...(kid !== undefined && { kid }),
    ...(chain && { x5c: x5cOf(chain) }),
    ...(typ !== undefined && { typ: typeof typ === 'string' || typeof typ === 'number' ? typ : null }),
    ...(cty !== undefined && { cty: typeof cty === 'string' ? cty : null }),
  }
}

// Section 3: `typ` SHOULD be there. Any other kind of JWT or COSE message is told apart by it.
function requireType({ typ, cty }: JsonObject, mediaType: MediaType, kind: 'vc' | 'vp'): void {
  const isTyped = mediaType.endsWith('+cose')
    ? isCoseType(typ, `application/${mediaType}`)
    : isJoseType(typ, mediaType)
  if (typ !== undefined && !isTyped) {
    throw new VcJoseCoseError('vc-jose-cose.structure.typ', `typ is not ${mediaType}`)
  }
  if (cty !== undefined && (typeof cty !== 'string' || isJoseType(cty, kind === 'vc' ? 'vp' : 'vc'))) {
    throw new VcJoseCoseError('vc-jose-cose.structure.typ', `the content type is not ${kind}`)
  }
}

function malformed(what: string, cause?: unknown): VcJoseCoseError {
  return new VcJoseCoseError('vc-jose-cose.structure.malformed', what, { cause })
}
