import { base64url, concatBytes, hash, utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
import { DataIntegrityError } from '../errors.ts'
import type { CanonicalForms } from './canonical-forms.ts'
import { canonicalizeRdf } from './canonicalize-rdf.ts'
import { distinctQuads, isBlank, lineOf, orderOf, type Quad, relabelQuads } from './quad.ts'
import { selectJsonLd } from './select.ts'
import { readCompacted } from './to-rdf.ts'
import { type BlankLabels, createBlankLabels } from './walk.ts'

// What ecdsa-sd-2023 and bbs-2023 share: statements under labels that tell nothing, and the groups that JSON pointers
// make of them (vc-di-ecdsa section 3.4).

/** A document's statements under labels that only the holder of the key can make. */
export interface Labelled {
  readonly document: JsonObject
  readonly labels: BlankLabels
  /** Blank node -> its label. */
  readonly labelOf: ReadonlyMap<string, string>
  readonly lines: readonly string[]
}

export function labelled(
  original: JsonObject,
  labelsOf: (canonical: ReadonlyMap<string, string>) => ReadonlyMap<string, string>,
  contexts: ContextRegistry,
): Labelled {
  // No object may stand in two places: labels belong to objects.
  const document = JSON.parse(JSON.stringify(original)) as JsonObject
  const labels = createBlankLabels()
  const { quads } = readCompacted(document, contexts, labels)
  const labelOf = labelsOf(canonicalizeRdf(quads).labels)
  return { document, labels, labelOf, lines: relabelled(quads, labelOf) }
}

export function relabelled(quads: readonly Quad[], labelOf: ReadonlyMap<string, string>): readonly string[] {
  const named = relabelQuads(quads, (blank) => {
    const label = labelOf.get(blank)
    if (label === undefined) throw new TypeError('a blank node without a label')
    return label
  })
  return distinctQuads(named, orderOf(named)).map(lineOf)
}

/** The indexes of the statements that pointers select (section 3.4.16), and the statements themselves. */
export function selected(
  { document, labels, labelOf, lines }: Labelled,
  pointers: readonly string[],
  contexts: ContextRegistry,
): { readonly indexes: ReadonlySet<number>; readonly quads: readonly Quad[] } {
  const selection = selectJsonLd(document, pointers, labels)
  const quads = selection ? readCompacted(selection, contexts, labels).quads : []
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

export function hashLines(lines: readonly string[]): Uint8Array {
  return hash('sha-256', lines.join(''))
}

export interface Disclosure {
  /** The part of the document that is shown. */
  readonly document: JsonObject
  /** Places of the mandatory statements among those shown. */
  readonly mandatoryIndexes: readonly number[]
  /** Places of the others that are shown among all that are not mandatory. */
  readonly selectiveIndexes: readonly number[]
  /** Number of the canonical label that a verifier gives -> the label that was signed. */
  readonly labelMap: ReadonlyMap<number, string>
  /** All statements that are not mandatory. */
  readonly others: readonly string[]
}

/** What a holder shows: the part pointed to, and where its statements stood (vc-di-ecdsa 3.5.4, vc-di-bbs 3.3.3). */
export function disclose(
  original: JsonObject,
  options: {
    readonly labels: (canonical: ReadonlyMap<string, string>) => ReadonlyMap<string, string>
    readonly mandatoryPointers: readonly string[]
    readonly pointers: readonly string[]
    readonly contexts: ContextRegistry
  },
): Disclosure {
  const { labels, mandatoryPointers, pointers, contexts } = options
  const whole = labelled(original, labels, contexts)
  const all = [...mandatoryPointers, ...pointers]
  const mandatory = selected(whole, mandatoryPointers, contexts).indexes
  const combined = selected(whole, all, contexts)
  const document = selectJsonLd(whole.document, all)
  if (!document) throw new DataIntegrityError('data-integrity.pointer.not-found', 'nothing is to be shown')
  const places = whole.lines.map((_line, index) => index)
  const shown = places.filter((index) => combined.indexes.has(index))
  const others = places.filter((index) => !mandatory.has(index))
  return {
    document,
    mandatoryIndexes: shown.flatMap((index, at) => (mandatory.has(index) ? [at] : [])),
    selectiveIndexes: others.flatMap((index, at) => (combined.indexes.has(index) ? [at] : [])),
    labelMap: new Map(
      [...canonicalizeRdf(combined.quads).labels].map(([blank, canonical]) => [
        Number(canonical.slice('_:c14n'.length)),
        whole.labelOf.get(blank) as string,
      ]),
    ),
    others: others.map((index) => whole.lines[index] as string),
  }
}

/** The statements of what was shown under the labels that were signed; undefined when they do not fit together. */
export function readLabelled(
  forms: CanonicalForms,
  {
    labelMap,
    mandatoryIndexes,
  }: {
    readonly labelMap: ReadonlyMap<number, string>
    readonly mandatoryIndexes: readonly number[]
  },
): { readonly mandatory: readonly string[]; readonly others: readonly string[] } | undefined {
  const { quads } = forms.read()
  const labelOf = new Map<string, string>()
  for (const [blank, canonical] of forms.rdf('sha-256').labels) {
    const label = labelMap.get(Number(canonical.slice('_:c14n'.length)))
    if (label === undefined) return undefined
    labelOf.set(blank, label)
  }
  if (labelOf.size !== labelMap.size || new Set(labelOf.values()).size !== labelOf.size) return undefined
  const lines = relabelled(quads, labelOf)
  // Ascending, each once: there is one way to write a derived proof.
  const isRight = (index: number, at: number) =>
    index > (mandatoryIndexes[at - 1] ?? -1) && index < lines.length
  if (!mandatoryIndexes.every(isRight)) return undefined
  const indexes = new Set(mandatoryIndexes)
  const mandatory = lines.filter((_line, index) => indexes.has(index))
  return { mandatory, others: lines.filter((_line, index) => !indexes.has(index)) }
}

/** The hash of the proof's options, section 3.6.4. */
export function hashOptions(proof: JsonObject, document: JsonObject, contexts: ContextRegistry): Uint8Array {
  const { proofValue, ...options } = proof
  const config = { ...options, '@context': document['@context'] ?? [] }
  return hash('sha-256', canonicalizeRdf(readCompacted(config, contexts).quads).text)
}

/** Canonical label of each blank node (`_:c14n0`) -> the digest that hides its place, `u` and base64url. */
export function hmacLabels(
  hmacKey: Uint8Array,
  canonical: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map(
    [...canonical].map(([blank, label]) => [
      blank,
      `u${base64url(hmacSha256(hmacKey, utf8(label.slice(2))))}`,
    ]),
  )
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
