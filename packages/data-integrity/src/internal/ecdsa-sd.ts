import type { PublicJwk } from '@ekkasan/core'
import { base64url, concatBytes, fromBase64url, hash, utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { decodeBase58, encodeBase58, multikeyOf, parseMultikey } from '@ekkasan/did'
import type { ContextRegistry } from '../contexts.ts'
import { DataIntegrityError } from '../errors.ts'
import { canonicalizeRdf, sortLines } from './canonicalize-rdf.ts'
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts'
import { isBlank, lineOf, type Quad } from './quad.ts'
import { selectJsonLd } from './select.ts'
import { type BlankLabels, createBlankLabels, toRdf } from './to-rdf.ts'

// ecdsa-sd-2023, vc-di-ecdsa sections 3.4 to 3.6. Each statement that is not mandatory is signed alone by a key of this
// one proof; the issuer's key signs that key, the mandatory statements and the proof's options.

/** What the issuer gives to the holder, and to nobody else. */
export interface BaseProofValue {
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
  /** Signed by the issuer: proof options, the proof's own key, mandatory statements. */
  readonly data: Uint8Array
  readonly statementKey: PublicJwk
  /** Signed one by one with that key. */
  readonly statements: readonly Uint8Array[]
  readonly signatures: readonly Uint8Array[]
}

const baseHeader = Uint8Array.of(0xd9, 0x5d, 0x00)
const derivedHeader = Uint8Array.of(0xd9, 0x5d, 0x01)
const maxLength = 400_000

export function serializeBase(value: Omit<BaseProofValue, 'kind'>): string {
  const { baseSignature, publicKey, hmacKey, signatures, mandatoryPointers } = value
  return serialize(baseHeader, [baseSignature, publicKey, hmacKey, signatures, mandatoryPointers])
}

function serializeDerived(value: Omit<DerivedProofValue, 'kind'>): string {
  const { baseSignature, publicKey, signatures, labelMap, mandatoryIndexes } = value
  return serialize(derivedHeader, [baseSignature, publicKey, signatures, labelMap, mandatoryIndexes])
}

const serialize = (header: Uint8Array, components: Cbor) =>
  `u${base64url(concatBytes(header, encodeCbor(components)))}`

/** @throws DataIntegrityError `data-integrity.proof.value` */
export function parseSdProofValue(text: unknown): BaseProofValue | DerivedProofValue {
  if (typeof text !== 'string' || !text.startsWith('u') || text.length > maxLength) throw malformed()
  let bytes: Uint8Array
  let components: Cbor
  try {
    bytes = fromBase64url(text.slice(1))
    components = decodeCbor(bytes.subarray(3))
  } catch (cause) {
    throw malformed(cause)
  }
  if (!Array.isArray(components) || components.length !== 5) throw malformed()
  const [baseSignature, publicKey, third, fourth, fifth] = components as Cbor[]
  const isBytes = (value: Cbor | undefined, length: number): value is Uint8Array =>
    value instanceof Uint8Array && value.length === length
  const isSignatures = (value: Cbor | undefined): value is readonly Uint8Array[] =>
    Array.isArray(value) && value.every((item) => isBytes(item, 64))
  if (!isBytes(baseSignature, 64) || !isBytes(publicKey, 35)) throw malformed()
  const kind = bytes[0] === 0xd9 && bytes[1] === 0x5d ? bytes[2] : undefined
  if (kind === 0 && isBytes(third, 32) && isSignatures(fourth) && isListOf(fifth, 'string')) {
    return {
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

function isListOf(value: Cbor | undefined, type: 'string' | 'number'): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type)
}

/** A document's statements under labels that only the holder of the key can make. */
interface Labelled {
  readonly document: JsonObject
  readonly labels: BlankLabels
  /** Blank node -> its label. */
  readonly labelOf: ReadonlyMap<string, string>
  readonly lines: readonly string[]
}

function labelled(original: JsonObject, hmacKey: Uint8Array, contexts: ContextRegistry): Labelled {
  // No object may stand in two places: labels belong to objects.
  const document = JSON.parse(JSON.stringify(original)) as JsonObject
  const labels = createBlankLabels()
  const quads = toRdf(document, contexts, labels)
  const labelOf = new Map<string, string>()
  for (const [blank, canonical] of canonicalizeRdf(quads).labels) {
    labelOf.set(blank, `_:u${base64url(hmacSha256(hmacKey, utf8(canonical.slice(2))))}`)
  }
  return { document, labels, labelOf, lines: relabelled(quads, labelOf) }
}

function relabelled(quads: readonly Quad[], labelOf: ReadonlyMap<string, string>): readonly string[] {
  const named = (term: string) => {
    if (!isBlank(term)) return term
    const label = labelOf.get(term)
    if (label === undefined) throw malformed()
    return label
  }
  const lines = quads.map(({ subject, predicate, object, graph }) =>
    lineOf({ subject: named(subject), predicate, object: named(object), graph: named(graph) }),
  )
  return sortLines([...new Set(lines)])
}

/** The indexes of the statements that pointers select (section 3.4.16), and the statements themselves. */
function selected(
  { document, labels, labelOf, lines }: Labelled,
  pointers: readonly string[],
  contexts: ContextRegistry,
): { readonly indexes: ReadonlySet<number>; readonly quads: readonly Quad[] } {
  const selection = selectJsonLd(document, pointers, labels)
  const quads = selection ? toRdf(selection, contexts, labels) : []
  const places = new Map(lines.map((line, index) => [line, index]))
  const known = quads.every(({ subject, object, graph }) =>
    [subject, object, graph].every((term) => !isBlank(term) || labelOf.has(term)),
  )
  const indexes = known ? relabelled(quads, labelOf).map((line) => places.get(line)) : [undefined]
  if (indexes.includes(undefined)) {
    throw new DataIntegrityError(
      'data-integrity.pointer.not-found',
      'a list whose order is signed is disclosed whole',
    )
  }
  return { indexes: new Set(indexes as number[]), quads }
}

function hashLines(lines: readonly string[]): Uint8Array {
  return hash('sha-256', lines.join(''))
}

/** The hash of the proof's options, section 3.6.4. */
function hashOptions(proof: JsonObject, document: JsonObject, contexts: ContextRegistry): Uint8Array {
  const { proofValue, ...options } = proof
  const config = { ...options, '@context': document['@context'] ?? [] }
  return hashLines(canonicalizeRdf(toRdf(config, contexts)).lines)
}

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
  const whole = labelled(document, hmacKey, contexts)
  const { indexes } = selected(whole, mandatoryPointers, contexts)
  const mandatory = whole.lines.filter((_line, index) => indexes.has(index))
  return {
    data: concatBytes(hashOptions(proof, document, contexts), publicKey, hashLines(mandatory)),
    statementKey: keyOf(publicKey),
    statements: whole.lines.filter((_line, index) => !indexes.has(index)).map((line) => utf8(line)),
  }
}

/** What the signatures of a proof shown, or of one kept, are over (section 3.5.9). */
export function sdData(options: {
  readonly document: JsonObject
  readonly proof: JsonObject
  readonly value: BaseProofValue | DerivedProofValue
  readonly contexts: ContextRegistry
}): SdData {
  const { document, proof, value, contexts } = options
  const { publicKey, signatures } = value
  if (value.kind === 'base') return { ...baseData({ ...value, document, proof, contexts }), signatures }
  const quads = toRdf(document, contexts)
  const labelOf = new Map<string, string>()
  for (const [blank, canonical] of canonicalizeRdf(quads).labels) {
    const digest = value.labelMap.get(Number(canonical.slice('_:c14n'.length)))
    if (!digest) throw malformed()
    labelOf.set(blank, `_:u${base64url(digest)}`)
  }
  if (labelOf.size !== value.labelMap.size || new Set(labelOf.values()).size !== labelOf.size)
    throw malformed()
  const lines = relabelled(quads, labelOf)
  const indexes = new Set(value.mandatoryIndexes)
  const mandatory = lines.filter((_line, index) => indexes.has(index))
  if (indexes.size !== value.mandatoryIndexes.length || mandatory.length !== indexes.size) throw malformed()
  return {
    data: concatBytes(hashOptions(proof, document, contexts), publicKey, hashLines(mandatory)),
    statementKey: keyOf(publicKey),
    statements: lines.filter((_line, index) => !indexes.has(index)).map((line) => utf8(line)),
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
  const whole = labelled(document, hmacKey, contexts)
  const all = [...mandatoryPointers, ...pointers]
  const mandatory = selected(whole, mandatoryPointers, contexts).indexes
  const combined = selected(whole, all, contexts)
  const reveal = selectJsonLd(whole.document, all)
  if (!reveal) throw new DataIntegrityError('data-integrity.pointer.not-found', 'nothing is to be shown')
  const shown = whole.lines.flatMap((_line, index) => (combined.indexes.has(index) ? [index] : []))
  // Signatures stand in the order of the statements that are not mandatory.
  const signed = whole.lines.flatMap((_line, index) => (mandatory.has(index) ? [] : [index]))
  const labelMap = new Map<number, Uint8Array>()
  for (const [blank, canonical] of canonicalizeRdf(combined.quads).labels) {
    const label = whole.labelOf.get(blank) as string
    labelMap.set(Number(canonical.slice('_:c14n'.length)), fromBase64url(label.slice('_:u'.length)))
  }
  const proofValue = serializeDerived({
    baseSignature,
    publicKey,
    signatures: signed.flatMap((index, at) => {
      const signature = signatures[at]
      return combined.indexes.has(index) && signature ? [signature] : []
    }),
    labelMap,
    mandatoryIndexes: shown.flatMap((index, at) => (mandatory.has(index) ? [at] : [])),
  })
  return { ...reveal, proof: { ...proof, proofValue } }
}

/** Multikey bytes of a public key, and back. */
export function multikeyBytes(jwk: PublicJwk): Uint8Array {
  return decodeBase58(multikeyOf(jwk).slice(1))
}

function keyOf(bytes: Uint8Array): PublicJwk {
  if (bytes[0] !== 0x80 || bytes[1] !== 0x24) throw malformed()
  try {
    return parseMultikey(`z${encodeBase58(bytes)}`)
  } catch (cause) {
    throw malformed(cause)
  }
}

/** RFC 2104 with SHA-256, for keys of up to a block. */
function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  const pad = (byte: number) => {
    const block = new Uint8Array(64).fill(byte)
    for (const [index, value] of key.entries()) block[index] = value ^ byte
    return block
  }
  return hash('sha-256', concatBytes(pad(0x5c), hash('sha-256', concatBytes(pad(0x36), data))))
}

function malformed(cause?: unknown): DataIntegrityError {
  return new DataIntegrityError(
    'data-integrity.proof.value',
    'not an acceptable proofValue of ecdsa-sd-2023',
    { cause },
  )
}
