import type { PublicJwk } from '@ekkasan/core'
import { concatBytes, fromBase64url, utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
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

// bbs-2023, vc-di-bbs section 3.3 and 3.4: what is signed and shown, without the signature scheme itself, which is
// loaded when there is one of its proofs to make or to verify.

/** What the issuer gives to the holder, and to nobody else. */
export interface BbsBaseValue {
  readonly suite: 'bbs-2023'
  readonly kind: 'base'
  readonly signature: Uint8Array
  /** Hashes of the proof's options and of the mandatory statements. */
  readonly header: Uint8Array
  readonly publicKey: Uint8Array
  readonly hmacKey: Uint8Array
  readonly mandatoryPointers: readonly string[]
}

/** What the holder shows. */
export interface BbsDerivedValue {
  readonly suite: 'bbs-2023'
  readonly kind: 'derived'
  readonly bbsProof: Uint8Array
  /** Number of a canonical label -> number of the label that was signed. */
  readonly labelMap: ReadonlyMap<number, number>
  readonly mandatoryIndexes: readonly number[]
  readonly selectiveIndexes: readonly number[]
  readonly presentationHeader: Uint8Array
}

/** What a base signature is over. */
export interface BbsBaseData {
  readonly suite: 'bbs-2023'
  readonly kind: 'base'
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
  readonly header: Uint8Array
  readonly messages: readonly Uint8Array[]
}

/** What a derived proof proves. */
export interface BbsDerivedData {
  readonly suite: 'bbs-2023'
  readonly kind: 'derived'
  readonly bbsProof: Uint8Array
  readonly header: Uint8Array
  readonly shown: readonly Uint8Array[]
  readonly indexes: readonly number[]
  readonly presentationHeader: Uint8Array
}

const maxPresentationHeader = 4096
// Sections 3.3.1 and 3.3.6; the even and odd numbers above them belong to features that are not supported here.
const kinds = { base: 0x02, derived: 0x03 }

export function serializeBbsBase(value: Omit<BbsBaseValue, 'suite' | 'kind'>): string {
  const { signature, header, publicKey, hmacKey, mandatoryPointers } = value
  return writeProofValue(kinds.base, [signature, header, publicKey, hmacKey, mandatoryPointers])
}

/** @throws DataIntegrityError `data-integrity.proof.value` */
export function parseBbsProofValue(text: unknown): BbsBaseValue | BbsDerivedValue {
  const { kind, components } = readProofValue('bbs-2023', text)
  const [first, second, third, fourth, fifth] = components
  if (
    kind === kinds.base &&
    components.length === 5 &&
    isBytes(first, 80) &&
    isBytes(second, 64) &&
    isBytes(third, 96) &&
    isBytes(fourth, 32) &&
    isListOf(fifth, 'string')
  ) {
    return {
      suite: 'bbs-2023',
      kind: 'base',
      signature: first,
      header: second,
      publicKey: third,
      hmacKey: fourth,
      mandatoryPointers: fifth as readonly string[],
    }
  }
  if (
    kind === kinds.derived &&
    components.length === 5 &&
    first instanceof Uint8Array &&
    second instanceof Map &&
    [...second.values()].every((item) => typeof item === 'number') &&
    isListOf(third, 'number') &&
    isListOf(fourth, 'number') &&
    fifth instanceof Uint8Array &&
    fifth.length <= maxPresentationHeader
  ) {
    return {
      suite: 'bbs-2023',
      kind: 'derived',
      bbsProof: first,
      labelMap: second as ReadonlyMap<number, number>,
      mandatoryIndexes: third as readonly number[],
      selectiveIndexes: fourth as readonly number[],
      presentationHeader: fifth,
    }
  }
  throw malformed()
}

/** Section 3.2.1, createShuffledIdLabelMapFunction. */
const shuffledLabels = (hmacKey: Uint8Array) => (canonical: ReadonlyMap<string, string>) => {
  const digests = hmacLabels(hmacKey, canonical)
  const places = new Map([...digests.values()].sort().map((digest, index) => [digest, index]))
  return new Map([...digests].map(([blank, digest]) => [blank, `_:b${places.get(digest)}`]))
}

export interface BbsDocument {
  readonly document: JsonObject
  readonly proof: JsonObject
  readonly contexts: ContextRegistry
}

/** Header and messages of a base signature (sections 3.4.2 to 3.4.5). */
export function bbsBaseData(
  options: BbsDocument & { readonly hmacKey: Uint8Array; readonly mandatoryPointers: readonly string[] },
): { readonly header: Uint8Array; readonly messages: readonly Uint8Array[] } {
  const { document, proof, contexts, hmacKey, mandatoryPointers } = options
  const whole = labelled(document, shuffledLabels(hmacKey), contexts)
  const { indexes } = selected(whole, mandatoryPointers, contexts)
  const mandatory = whole.lines.filter((_line, index) => indexes.has(index))
  const others = whole.lines.filter((_line, index) => !indexes.has(index))
  return {
    header: concatBytes(hashOptions(proof, document, contexts), hashLines(mandatory)),
    messages: others.map((line) => utf8(line)),
  }
}

/** What the proof of a credential is over, as it is kept or shown (section 3.3.8). */
export function bbsData(
  options: BbsDocument & { readonly value: BbsBaseValue | BbsDerivedValue },
): BbsBaseData | BbsDerivedData {
  const { document, proof, contexts, value } = options
  if (value.kind === 'base') {
    const { signature, publicKey } = value
    return {
      suite: 'bbs-2023',
      kind: 'base',
      signature,
      publicKey,
      ...bbsBaseData({ ...options, ...value }),
    }
  }
  const { bbsProof, mandatoryIndexes, selectiveIndexes, presentationHeader } = value
  const labelMap = new Map([...value.labelMap].map(([number, place]) => [number, `_:b${place}`]))
  const shown = readLabelled(document, { labelMap, mandatoryIndexes, contexts })
  if (!shown || shown.others.length !== selectiveIndexes.length) throw malformed()
  return {
    suite: 'bbs-2023',
    kind: 'derived',
    bbsProof,
    header: concatBytes(hashOptions(proof, document, contexts), hashLines(shown.mandatory)),
    shown: shown.others.map((line) => utf8(line)),
    indexes: selectiveIndexes,
    presentationHeader,
  }
}

/** Derives the proof over what is to be shown, and that part of the document (sections 3.3.3 and 3.4.6). */
export async function deriveBbs(
  options: BbsDocument & {
    readonly value: BbsBaseValue
    readonly pointers: readonly string[]
    readonly presentationHeader: Uint8Array
    readonly randomBytes: (length: number) => Uint8Array
  },
): Promise<JsonObject> {
  const { document, proof, contexts, value, pointers, presentationHeader, randomBytes } = options
  const { signature, header, publicKey, hmacKey, mandatoryPointers } = value
  const labels = shuffledLabels(hmacKey)
  const shown = disclose(document, { labels, mandatoryPointers, pointers, contexts })
  const { createProof } = await import('./bbs/proof.ts')
  const bbsProof = createProof(signature, {
    publicKey,
    header,
    messages: shown.others.map((line) => utf8(line)),
    indexes: shown.selectiveIndexes,
    presentationHeader,
    randomBytes,
  })
  const labelMap: Cbor = new Map(
    [...shown.labelMap].map(([number, label]) => [number, Number(label.slice('_:b'.length))]),
  )
  const proofValue = writeProofValue(kinds.derived, [
    bbsProof,
    labelMap,
    shown.mandatoryIndexes,
    shown.selectiveIndexes,
    presentationHeader,
  ])
  return { ...shown.document, proof: { ...proof, proofValue } }
}

/** Whether a public key, 96 bytes, made the signature, or stands behind the proof. */
export async function isBbsSigned(
  data: BbsBaseData | BbsDerivedData,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (data.kind === 'derived') {
    const { verifyProof } = await import('./bbs/proof.ts')
    return verifyProof(data.bbsProof, { ...data, publicKey })
  }
  const { verify } = await import('./bbs/signature.ts')
  const isItsKey = data.publicKey.every((byte, at) => byte === publicKey[at])
  return isItsKey && verify(data.signature, { ...data, publicKey })
}

const malformed = () => malformedValue('bbs-2023')

/** The compressed point of a public key; a TypeError when it is of another curve. */
export function bbsPublicKey({ crv, x }: PublicJwk): Uint8Array {
  const bytes = crv === 'BLS12381G2' && x !== undefined ? fromBase64url(x) : undefined
  if (bytes?.length !== 96) throw new TypeError('not a key of BLS12-381 in the group G2')
  return bytes
}
