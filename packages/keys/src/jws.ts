import type { KeyReference, PublicJwk, Signer } from '@ekkasan/core'
import { base64url, fromBase64url, textFromBase64url, utf8 } from '@ekkasan/core/bytes'
import { type JsonObject, type ParseJsonLimits, parseJsonObject } from '@ekkasan/core/json'
import { KeysError } from './errors.ts'
import { signBytes, verifySignature } from './signer.ts'

export interface Jws {
  readonly header: JsonObject & { readonly alg: string }
  readonly payload: JsonObject
  readonly signature: Uint8Array
  /** The two first parts with their dot: what the signature covers. */
  readonly signingInput: string
}

export interface SignJwsOptions {
  readonly signer: Signer
  /** Members beside `alg`; `kid` and `x5c` come from the caller too, who knows which his profile wants. */
  readonly header: JsonObject
  readonly payload: JsonObject
}

/** The header members by which a signature names its key, `kid` and `x5c`, where the signer has them. */
export function keyHeader({ kid, x5c }: KeyReference): JsonObject {
  return { ...(kid !== undefined && { kid }), ...(x5c !== undefined && { x5c }) }
}

/**
 * The key of an issuer's signer that verifiers look for at `/.well-known/jwt-vc-issuer` of `url`: for formats and statuses
 * that say so by `publishedKey`. None where a certificate stands in the header, or the credential names its issuer
 * otherwise than by that URL.
 */
export function publishedKeyOf(key: KeyReference, issuer: string, url: string): KeyReference | undefined {
  return key.x5c !== undefined || issuer !== url ? undefined : key
}

/** Signs a JSON object as a compact JWS, RFC 7515 section 7.1. */
export async function signJws({ signer, header, payload }: SignJwsOptions): Promise<string> {
  const protectedHeader = base64url(JSON.stringify({ alg: signer.alg, ...header }))
  const signingInput = `${protectedHeader}.${base64url(JSON.stringify(payload))}`
  return `${signingInput}.${base64url(await signBytes(signer, utf8(signingInput)))}`
}

/**
 * Shape only: a compact JWS whose header and payload are strict JSON objects, with an `alg` and no `crit`, `b64`.
 * @throws KeysError `keys.jws.malformed`, `keys.jws.critical`
 */
export function parseJws(compact: string, limits?: ParseJsonLimits): Jws {
  const first = compact.indexOf('.')
  const last = compact.lastIndexOf('.')
  if (first <= 0 || compact.indexOf('.', first + 1) !== last) throw malformed('not three parts')
  let header: JsonObject
  let payload: JsonObject
  let signature: Uint8Array
  try {
    header = parseJsonObject(textFromBase64url(compact.slice(0, first)), {
      ...limits,
      maxLength: 65_536,
    })
    payload = parseJsonObject(textFromBase64url(compact.slice(first + 1, last)), limits)
    signature = fromBase64url(compact.slice(last + 1))
  } catch (cause) {
    throw malformed(cause instanceof SyntaxError ? cause.message : 'a part is not base64url of UTF-8')
  }
  const { alg } = header
  if (typeof alg !== 'string') throw malformed('no alg')
  if (header.crit !== undefined || header.b64 !== undefined) {
    throw new KeysError('keys.jws.critical', 'the header has an extension that is not understood')
  }
  return { header: header as Jws['header'], payload, signature, signingInput: compact.slice(0, last) }
}

/**
 * Whether the signature is the key's. Says nothing of who the key belongs to.
 * @throws KeysError `keys.alg.unsupported`, `keys.alg.mismatch`, `keys.jwk.malformed`
 */
export function verifyJws(jws: Jws, jwk: PublicJwk): Promise<boolean> {
  return verifySignature(jws.header.alg, jwk, utf8(jws.signingInput), jws.signature)
}

function malformed(what: string): KeysError {
  return new KeysError('keys.jws.malformed', `not an acceptable JWS: ${what}`)
}
