// Terms of RDF stand as they do in N-Quads: `<iri>`, `_:b0`, `"text"^^<type>`; the graph is empty for the default one.

export interface Quad {
  readonly subject: string
  readonly predicate: string
  readonly object: string
  readonly graph: string
}

export const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
export const xsd = 'http://www.w3.org/2001/XMLSchema#'

/** Puts statements in the order of their lines. */
export type Order = (a: Quad, b: Quad) => number

export function isBlank(term: string): boolean {
  return term.charCodeAt(0) === 0x5f
}

/** One line of canonical N-Quads, RDF Dataset Canonicalization section 5. */
export function lineOf({ subject, predicate, object, graph }: Quad): string {
  return graph === ''
    ? `${subject} ${predicate} ${object} .\n`
    : `${subject} ${predicate} ${object} ${graph} .\n`
}

export function textOf(quads: readonly Quad[]): string {
  let text = ''
  for (const { subject, predicate, object, graph } of quads) {
    text += `${subject} ${predicate} ${object}${graph === '' ? ' .\n' : ` ${graph} .\n`}`
  }
  return text
}

export function relabelQuads(quads: readonly Quad[], labelOf: (blank: string) => string): Quad[] {
  const named = (term: string) => (isBlank(term) ? labelOf(term) : term)
  return quads.map((quad) => {
    const { subject, predicate, object, graph } = quad
    if (!isBlank(subject) && !isBlank(object) && !isBlank(graph)) return quad
    return { subject: named(subject), predicate, object: named(object), graph: named(graph) }
  })
}

/** A dataset is a set: what is said twice counts once. */
export function distinctQuads(quads: readonly Quad[], order: Order): Quad[] {
  const sorted = [...quads].sort(order)
  return sorted.filter((quad, index) => index === 0 || order(sorted[index - 1] as Quad, quad) !== 0)
}

/** Lines sort by code points; UTF-16 code units, which are cheaper, differ only where there are surrogates. */
export function orderOf(quads: readonly Quad[]): Order {
  let before = ''
  for (const { subject, predicate, object, graph } of quads) {
    if (surrogate.test(object) || surrogate.test(predicate)) return inCodePoints
    // Statements about one subject mostly stand together.
    if (subject !== before && surrogate.test(subject)) return inCodePoints
    if (graph !== '' && surrogate.test(graph)) return inCodePoints
    before = subject
  }
  return inUnits
}

const surrogate = /[\ud800-\udfff]/

const inUnits = orderWith(compareUnits)
const inCodePoints = orderWith(compareCodePoints)

// Term by term is the order of the lines: where a term is the beginning of another, its line goes on with a character
// that sorts before all that may follow in the other. No line has to be made, and what lines share is not read again.
function orderWith(compare: (a: string, b: string) => number): Order {
  return (a, b) =>
    compare(a.subject, b.subject) ||
    compare(a.predicate, b.predicate) ||
    compare(a.object, b.object) ||
    compare(a.graph, b.graph)
}

export function compareUnits(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function compareCodePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  for (let at = 0; at < end; at++) {
    const x = a.charCodeAt(at)
    const y = b.charCodeAt(at)
    if (x !== y) {
      const isHighX = x >= 0xd800 && x <= 0xdfff
      const isHighY = y >= 0xd800 && y <= 0xdfff
      return isHighX === isHighY ? x - y : isHighX ? 1 : -1
    }
  }
  return a.length - b.length
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const escaped = /["\\\u0000-\u001f\u007f]/
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

function escapeIn(text: string): string {
  return text.replace(
    new RegExp(escaped, 'g'),
    (unit) => escapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
}

export function literal(text: string, type: string, language?: string): string {
  const quoted = `"${escaped.test(text) ? escapeIn(text) : text}"`
  if (language !== undefined) return `${quoted}@${language}`
  return type === `${xsd}string` ? quoted : `${quoted}^^<${type}>`
}
