import { base64url, concatBytes, fromBase64url } from '@ekkasan/core/bytes'
import type { CryptosuiteName } from '../cryptosuites.ts'
import { DataIntegrityError } from '../errors.ts'
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts'

// Proof values of the selective cryptosuites: base64url (u) of three bytes that say what follows, and a list in CBOR.

const maxLength = 400_000

export function writeProofValue(kind: number, components: Cbor): string {
  const value = `u${base64url(concatBytes(Uint8Array.of(0xd9, 0x5d, kind), encodeCbor(components)))}`
  // Nobody here would read it.
  if (value.length > maxLength) {
    throw new DataIntegrityError('data-integrity.proof.value', 'more statements than a proof has place for')
  }
  return value
}

/** @throws DataIntegrityError `data-integrity.proof.value` */
export function readProofValue(
  cryptosuite: CryptosuiteName,
  text: unknown,
): { readonly kind: number; readonly components: readonly Cbor[] } {
  if (typeof text !== 'string' || !text.startsWith('u') || text.length > maxLength) {
    throw malformedValue(cryptosuite)
  }
  try {
    const bytes = fromBase64url(text.slice(1))
    const components = decodeCbor(bytes.subarray(3))
    if (bytes[0] === 0xd9 && bytes[1] === 0x5d && Array.isArray(components)) {
      return { kind: bytes[2] as number, components: components as readonly Cbor[] }
    }
  } catch (cause) {
    throw malformedValue(cryptosuite, cause)
  }
  throw malformedValue(cryptosuite)
}

export function isListOf(value: Cbor | undefined, type: 'string' | 'number'): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type)
}

export function isBytes(value: Cbor | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}

export function malformedValue(cryptosuite: CryptosuiteName, cause?: unknown): DataIntegrityError {
  return new DataIntegrityError(
    'data-integrity.proof.value',
    `not an acceptable proofValue of ${cryptosuite}`,
    { cause },
  )
}
