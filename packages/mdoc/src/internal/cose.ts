import type { PublicJwk, Signer } from '@ekkasan/core'
import { equalBytes, utf8 } from '@ekkasan/core/bytes'
import { verifySignature } from '@ekkasan/keys'
import { MdocError } from '../errors.ts'
import { decodeCbor } from './cbor-decode.ts'
import { encodeCbor } from './cbor-encode.ts'
import type { CborInput, CborMap, CborValue } from './cbor-value.ts'
import { algorithmOf, type CoseAlgorithm, coseAlgorithmOf } from './cose-algorithms.ts'

/** COSE_Sign1 and COSE_Mac0 have one shape: headers, payload, and what authenticates them (RFC 9052). */
export interface CoseMessage {
  /** Encoded, as signed. */
  readonly protectedHeader: Uint8Array
  /** COSE's number of the algorithm; only the protected header counts. */
  readonly alg: CborValue
  readonly unprotected: CborMap
  /** Null where it is detached. */
  readonly payload: Uint8Array | null
  /** The signature, or the tag of a MAC. */
  readonly proof: Uint8Array
}

const none = new Uint8Array()
const hmac256 = 5
const label = { alg: 1, crit: 2 } as const

/** @throws MdocError `mdoc.cose.malformed`, `mdoc.cose.critical`, `mdoc.cbor.…` */
export function parseCose(value: CborValue | undefined): CoseMessage {
  if (!Array.isArray(value) || value.length !== 4) throw malformed('not an array of four')
  const [protectedHeader, unprotected, payload, proof] = value as readonly CborValue[]
  if (!(protectedHeader instanceof Uint8Array) || !(proof instanceof Uint8Array)) throw malformed('a part')
  if (!(unprotected instanceof Map)) throw malformed('the unprotected header')
  if (payload !== null && !(payload instanceof Uint8Array)) throw malformed('the payload')
  const header = protectedHeader.length === 0 ? new Map() : decodeCbor(protectedHeader)
  if (!(header instanceof Map)) throw malformed('the protected header')
  for (const key of header.keys()) if (unprotected.has(key)) throw malformed('a header stands twice')
  if (header.has(label.crit) || unprotected.has(label.crit)) {
    throw new MdocError('mdoc.cose.critical', 'the header has an extension that is not understood')
  }
  if (unprotected.has(label.alg)) throw malformed('the algorithm is not protected')
  return { protectedHeader, alg: header.get(label.alg) ?? null, unprotected, payload, proof }
}

export interface SignCoseOptions {
  readonly signer: Signer
  readonly payload: Uint8Array
  readonly unprotected?: ReadonlyMap<number, CborInput>
  /** The payload is signed and left out. */
  readonly detached?: boolean
}

/** COSE_Sign1 without a tag, as ISO/IEC 18013-5 has it (RFC 9052 section 4.2). */
export async function signCose(options: SignCoseOptions): Promise<readonly CborInput[]> {
  const { signer, payload, unprotected = new Map(), detached = false } = options
  const header = encodeCbor(new Map([[label.alg, coseAlgorithmOf(signer.alg)]]))
  const signature = await signer.sign(toBeSigned(header, payload))
  return [header, unprotected, detached ? null : payload, signature]
}

/**
 * Whether the key signed the message.
 * @throws KeysError as `verifySignature`; MdocError `mdoc.cose.algorithm`
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
  const header = encodeCbor(new Map([[label.alg, hmac256]]))
  return [header, new Map(), null, await macOf(key, header, payload)]
}

/** @throws MdocError `mdoc.cose.algorithm` */
export async function verifyCoseMac(
  { protectedHeader, alg, proof }: CoseMessage,
  key: CryptoKey,
  payload: Uint8Array,
): Promise<boolean> {
  if (alg !== hmac256) throw new MdocError('mdoc.cose.algorithm', 'not HMAC 256/256')
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

function malformed(what: string): MdocError {
  return new MdocError('mdoc.cose.malformed', `not an acceptable COSE message: ${what}`)
}
