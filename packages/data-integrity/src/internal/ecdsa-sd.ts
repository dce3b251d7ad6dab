import type { PublicJwk } from '@ekkasan/core'
import { base58, base64url, concatBytes, fromBase58, fromBase64url, utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { multikeyOf, parseMultikey } from '@ekkasan/did'
import type { ContextRegistry } from '../contexts.ts'
import type { CanonicalForms } from './canonical-forms.ts'
import type { Cbor } from './cbor.ts'
import {
  disclose,
  hashLines,
  hashOptions,
  hmacLabels,
  labelled,
  readLabelled,
  selected,
} from './selective.ts'
import { isBytes, isListOf, malformedValue, readProofValue, writeProofValue } from './selective-value.ts'

// ecdsa-sd-2023, vc-di-ecdsa sections 3.4 to 3.6. Each statement that is not mandatory is signed alone by a key of this
// one proof; the issuer's key signs that key, the mandatory statements and the proof's options.

/** What the issuer gives to the holder, and to nobody else. */
export interface BaseProofValue {
  readonly suite: 'ecdsa-sd-2023'
  readonly kind: 'base'
  readonly baseSignature: Uint8Array
  /** Multikey bytes of the proof's own P-256 key. */
  readonly publicKey: Uint8Array
  readonly hmacKey: Uint8Array
  readonly signatures: readonly Uint8Array[]
  readonly mandatoryPointers: readonly string[]
}

/** What the holder shows. */
export interface DerivedProofValue {
  readonly suite: 'ecdsa-sd-2023'
  readonly kind: 'derived'
  readonly baseSignature: Uint8Array
  readonly publicKey: Uint8Array
  readonly signatures: readonly Uint8Array[]
  /** Number of a canonical label -> the digest that stands in its place in what was signed. */
  readonly labelMap: ReadonlyMap<number, Uint8Array>
  readonly mandatoryIndexes: readonly number[]
}

/** What the two kinds of signatures are over. */
export interface SdData {
  readonly suite: 'ecdsa-sd-2023'
  /** Signed by the issuer: proof options, the proof's own key, mandatory statements. */
  readonly data: Uint8Array
  readonly statementKey: PublicJwk
  /** Signed one by one with that key. */
  readonly statements: readonly Uint8Array[]
  readonly signatures: readonly Uint8Array[]
}

export function serializeBase(value: Omit<BaseProofValue, 'kind' | 'suite'>): string {
  const { baseSignature, publicKey, hmacKey, signatures, mandatoryPointers } = value
  return writeProofValue(0x00, [baseSignature, publicKey, hmacKey, signatures, mandatoryPointers])
}

function serializeDerived(value: Omit<DerivedProofValue, 'kind' | 'suite'>): string {
  const { baseSignature, publicKey, signatures, labelMap, mandatoryIndexes } = value
  return writeProofValue(0x01, [baseSignature, publicKey, signatures, labelMap, mandatoryIndexes])
}

/** @throws DataIntegrityError `data-integrity.proof.value` */
export function parseSdProofValue(text: unknown): BaseProofValue | DerivedProofValue {
  const { kind, components } = readProofValue('ecdsa-sd-2023', text)
  if (components.length !== 5) throw malformed()
  const [baseSignature, publicKey, third, fourth, fifth] = components
  const isSignatures = (value: Cbor | undefined): value is readonly Uint8Array[] =>
    Array.isArray(value) && value.every((item) => isBytes(item, 64))
  if (!isBytes(baseSignature, 64) || !isBytes(publicKey, 35)) throw malformed()
  if (kind === 0 && isBytes(third, 32) && isSignatures(fourth) && isListOf(fifth, 'string')) {
    return {
      suite: 'ecdsa-sd-2023',
      kind: 'base',
      baseSignature,
      publicKey,
      hmacKey: third,
      signatures: fourth,
      mandatoryPointers: fifth as readonly string[],
    }
  }
  if (
    kind === 1 &&
    isSignatures(third) &&
    fourth instanceof Map &&
    [...fourth.values()].every((item) => isBytes(item as Cbor, 32)) &&
    isListOf(fifth, 'number')
  ) {
    const labelMap = fourth as ReadonlyMap<number, Uint8Array>
    return {
      suite: 'ecdsa-sd-2023',
      kind: 'derived',
      baseSignature,
      publicKey,
      signatures: third,
      labelMap,
      mandatoryIndexes: fifth as readonly number[],
    }
  }
  throw malformed()
}

/** Section 3.4.4, createHmacIdLabelMapFunction. */
const ecdsaLabels = (hmacKey: Uint8Array) => (canonical: ReadonlyMap<string, string>) =>
  new Map([...hmacLabels(hmacKey, canonical)].map(([blank, label]) => [blank, `_:${label}`]))

export interface BaseData {
  readonly document: JsonObject
  readonly proof: JsonObject
  readonly hmacKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly mandatoryPointers: readonly string[]
  readonly contexts: ContextRegistry
}

/** What an issuer signs for a base proof (sections 3.6.2 and 3.6.3). */
export function baseData(options: BaseData): Omit<SdData, 'signatures'> {
  const { document, proof, hmacKey, publicKey, mandatoryPointers, contexts } = options
  const whole = labelled(document, ecdsaLabels(hmacKey), contexts)
  const { indexes } = selected(whole, mandatoryPointers, contexts)
  const mandatory = whole.lines.filter((_line, index) => indexes.has(index))
  return {
    suite: 'ecdsa-sd-2023',
    data: concatBytes(hashOptions(proof, document, contexts), publicKey, hashLines(mandatory)),
    statementKey: keyOf(publicKey),
    statements: whole.lines.filter((_line, index) => !indexes.has(index)).map((line) => utf8(line)),
  }
}

/** What the signatures of a proof shown, or of one kept, are over (section 3.5.9). */
export function sdData(options: {
  readonly document: JsonObject
  readonly forms: CanonicalForms
  readonly proof: JsonObject
  readonly value: BaseProofValue | DerivedProofValue
  readonly contexts: ContextRegistry
}): SdData {
  const { document, forms, proof, value, contexts } = options
  const { publicKey, signatures } = value
  if (value.kind === 'base') return { ...baseData({ ...value, document, proof, contexts }), signatures }
  const labelMap = new Map([...value.labelMap].map(([number, digest]) => [number, `_:u${base64url(digest)}`]))
  const shown = readLabelled(forms, { labelMap, mandatoryIndexes: value.mandatoryIndexes })
  if (!shown) throw malformed()
  return {
    suite: 'ecdsa-sd-2023',
    data: concatBytes(hashOptions(proof, document, contexts), publicKey, hashLines(shown.mandatory)),
    statementKey: keyOf(publicKey),
    statements: shown.others.map((line) => utf8(line)),
    signatures,
  }
}

/** Derives the proof over what is to be shown, and that part of the document (sections 3.5.4 and 3.6.6). */
export function deriveSd(options: {
  readonly document: JsonObject
  readonly proof: JsonObject
  readonly value: BaseProofValue
  readonly pointers: readonly string[]
  readonly contexts: ContextRegistry
}): JsonObject {
  const { document, proof, value, pointers, contexts } = options
  const { baseSignature, publicKey, hmacKey, signatures, mandatoryPointers } = value
  const labels = ecdsaLabels(hmacKey)
  const shown = disclose(document, { labels, mandatoryPointers, pointers, contexts })
  const proofValue = serializeDerived({
    baseSignature,
    publicKey,
    // Signatures stand in the order of the statements that are not mandatory.
    signatures: shown.selectiveIndexes.flatMap((index) => signatures[index] ?? []),
    labelMap: new Map(
      [...shown.labelMap].map(([number, label]) => [number, fromBase64url(label.slice('_:u'.length))]),
    ),
    mandatoryIndexes: shown.mandatoryIndexes,
  })
  return { ...shown.document, proof: { ...proof, proofValue } }
}

/** Multikey bytes of a public key, and back. */
export function multikeyBytes(jwk: PublicJwk): Uint8Array {
  return fromBase58(multikeyOf(jwk).slice(1))
}

function keyOf(bytes: Uint8Array): PublicJwk {
  if (bytes[0] !== 0x80 || bytes[1] !== 0x24) throw malformed()
  try {
    return parseMultikey(`z${base58(bytes)}`)
  } catch (cause) {
    throw malformed(cause)
  }
}

const malformed = (cause?: unknown) => malformedValue('ecdsa-sd-2023', cause)
