import type { PublicJwk, Signer } from '@ekkasan/core'
import { equalBytes, utf8 } from '@ekkasan/core/bytes'
import { signBytes, verifySignature } from '@ekkasan/keys'
import { algorithmOf, type CoseAlgorithm, coseAlgorithmOf } from './algorithms.ts'
import { decodeCbor } from './cbor-decode.ts'
import { encodeCbor } from './cbor-encode.ts'
import { type CborInput, type CborMap, CborTag, type CborValue } from './cbor-value.ts'
import { CoseError } from './errors.ts'

/** COSE_Sign1 and COSE_Mac0 have one shape: headers, payload, and what authenticates them (RFC 9052). */
export interface CoseMessage {
  /** Encoded, as signed. */
  readonly protectedHeader: Uint8Array
  /** What the protected header says. */
  readonly header: CborMap
  /** COSE's number of the algorithm; only the protected header counts. */
  readonly alg: CborValue
  readonly unprotected: CborMap
  /** Null where it is detached. */
  readonly payload: Uint8Array | null
  /** The signature, or the tag of a MAC. */
  readonly proof: Uint8Array
}

/** Labels of headers: RFC 9052 section 3.1, `CWT Claims` RFC 9597, `typ` RFC 9596, `x5chain` RFC 9360. */
export const coseLabel = {
  alg: 1,
  crit: 2,
  contentType: 3,
  kid: 4,
  cwtClaims: 15,
  typ: 16,
  x5chain: 33,
} as const

const none = new Uint8Array()
const noHeader: CborMap = new Map()
const hmac256 = 5
const sign1Tag = 18

/**
 * A COSE_Sign1 as bytes, with tag 18 or without (RFC 9052 section 4.2).
 * @throws CoseError `cose.message.…`, `cose.cbor.…`
 */
export function decodeCoseSign1(bytes: Uint8Array): CoseMessage {
  const value = decodeCbor(bytes)
  return parseCose(value instanceof CborTag && value.tag === sign1Tag ? value.value : value)
}

/**
 * A message without a tag, decoded.
 * @throws CoseError `cose.message.malformed`, `cose.message.critical`, `cose.cbor.…`
 */
export function parseCose(value: CborValue | undefined): CoseMessage {
  if (!Array.isArray(value) || value.length !== 4) throw malformed('not an array of four')
  const [protectedHeader, unprotected, payload, proof] = value as readonly CborValue[]
  if (!(protectedHeader instanceof Uint8Array) || !(proof instanceof Uint8Array)) throw malformed('a part')
  if (!(unprotected instanceof Map)) throw malformed('the unprotected header')
  if (payload !== null && !(payload instanceof Uint8Array)) throw malformed('the payload')
  const header = protectedHeader.length === 0 ? noHeader : decodeCbor(protectedHeader)
  if (!(header instanceof Map)) throw malformed('the protected header')
  for (const key of header.keys()) if (unprotected.has(key)) throw malformed('a header stands twice')
  if (header.has(coseLabel.crit) || unprotected.has(coseLabel.crit)) {
    throw new CoseError('cose.message.critical', 'the header has an extension that is not understood')
  }
  if (unprotected.has(coseLabel.alg)) throw malformed('the algorithm is not protected')
  return { protectedHeader, header, alg: header.get(coseLabel.alg) ?? null, unprotected, payload, proof }
}

export interface SignCoseOptions {
  readonly signer: Signer
  readonly payload: Uint8Array
  /** Members of the protected header beside `alg`. */
  readonly header?: ReadonlyMap<string | number, CborInput>
  readonly unprotected?: ReadonlyMap<string | number, CborInput>
  /** The payload is signed and left out. */
  readonly detached?: boolean
}

/**
 * A COSE_Sign1 (RFC 9052 section 4.2) without a tag, for a structure to hold it.
 * @throws TypeError when COSE has no algorithm for the signer's, or `header` holds an `alg`
 */
export async function signCose(options: SignCoseOptions): Promise<readonly CborInput[]> {
  const { signer, payload, header = noHeader, unprotected = noHeader, detached = false } = options
  if (header.has(coseLabel.alg)) throw new TypeError("the algorithm is the signer's")
  const encoded = encodeCbor(new Map([[coseLabel.alg, coseAlgorithmOf(signer.alg)], ...header]))
  const signature = await signBytes(signer, toBeSigned(encoded, payload))
  return [encoded, unprotected, detached ? null : payload, signature]
}

/** A COSE_Sign1 by itself: with tag 18, encoded. */
export async function signCoseSign1(options: SignCoseOptions): Promise<Uint8Array<ArrayBuffer>> {
  return encodeCbor(new CborTag(sign1Tag, await signCose(options)))
}

/**
 * Whether the key signed the message.
 * @throws KeysError as `verifySignature`; CoseError `cose.algorithm`
 */
export async function verifyCoseSignature(
  { protectedHeader, alg, proof }: CoseMessage,
  jwk: PublicJwk,
  payload: Uint8Array,
): Promise<boolean> {
  return verifySignature(joseNameFor(algorithmOf(alg), jwk), jwk, toBeSigned(protectedHeader, payload), proof)
}

/** `Ed25519` and `EdDSA` are one algorithm under two names; a key may insist on either. */
function joseNameFor(alg: CoseAlgorithm, jwk: PublicJwk): string {
  return alg === 'EdDSA' && jwk.alg === 'Ed25519' ? 'Ed25519' : alg
}

/** Sig_structure, RFC 9052 section 4.4. */
function toBeSigned(header: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(['Signature1', header, none, payload])
}

/** COSE_Mac0 with a detached payload and HMAC 256/256 (RFC 9052 section 6.2). */
export async function macCose(key: CryptoKey, payload: Uint8Array): Promise<readonly CborInput[]> {
  const header = encodeCbor(new Map([[coseLabel.alg, hmac256]]))
  return [header, new Map(), null, await macOf(key, header, payload)]
}

/** @throws CoseError `cose.algorithm` */
export async function verifyCoseMac(
  { protectedHeader, alg, proof }: CoseMessage,
  key: CryptoKey,
  payload: Uint8Array,
): Promise<boolean> {
  if (alg !== hmac256) throw new CoseError('cose.algorithm', 'not HMAC 256/256')
  return equalBytes(await macOf(key, protectedHeader, payload), proof)
}

async function macOf(key: CryptoKey, header: Uint8Array, payload: Uint8Array): Promise<Uint8Array> {
  const input = encodeCbor(['MAC0', header, none, payload])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, input))
}

/** HKDF with SHA-256 to a key of HMAC 256/256. */
export async function deriveMacKey(secret: Uint8Array, salt: Uint8Array, info: string): Promise<CryptoKey> {
  const input = await crypto.subtle.importKey('raw', copyOf(secret), 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: copyOf(salt), info: utf8(info) },
    input,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
}

function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}

function malformed(what: string): CoseError {
  return new CoseError('cose.message.malformed', `not an acceptable COSE message: ${what}`)
}
