import type { JsonValue } from '@ekkasan/core/json'
import { canonicalizeJson } from './jcs.ts'

/** What a context says of a term, JSON-LD 1.1 Processing Algorithms section 4.2. */
export interface Term {
  readonly name: string
  /** null: the term is decoupled from any meaning. */
  readonly iri: string | null
  /** `<iri>`, written once for all statements. */
  readonly predicate?: string
  readonly type?: string
  readonly container: readonly string[]
  readonly language?: string | null
  readonly isDirected: boolean
  /** A context for the values of the property, or for nodes of the type. */
  readonly context?: JsonValue
  readonly isProtected: boolean
  readonly isPrefix: boolean
  /** A keyword of its definition that is not supported here: refused where the term is used. */
  readonly unsupported?: string
}

/** Whether two definitions say the same, protection apart. */
export function isSameTerm(a: Term, b: Term): boolean {
  return a === b || fingerprint(a) === fingerprint(b)
}

function fingerprint({ isProtected, ...rest }: Term): string {
  return canonicalizeJson(rest as unknown as JsonValue)
}

const keywords = new Set(
  (
    '@base @container @context @default @direction @embed @explicit @graph @id @included @index @json @language ' +
    '@list @nest @none @omitDefault @prefix @preserve @protected @requireAll @reverse @set @type @value @version ' +
    '@vocab @import @propagate'
  ).split(' '),
)

export function isKeyword(name: string): boolean {
  return name.charCodeAt(0) === 0x40 && keywords.has(name)
}

/** Looks like a keyword of another version of JSON-LD. */
export function isKeywordLike(name: string): boolean {
  return name.charCodeAt(0) === 0x40 && /^@[A-Za-z]+$/.test(name)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const absoluteIri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\u0000-\u0020<>"{}|\\^`\ud800-\udfff]*$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const wideIri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\u0000-\u0020<>"{}|\\^`]*$/

/** An absolute IRI that stands in N-Quads as it is: nothing in it can end it. */
export function isAbsoluteIri(text: string): boolean {
  return absoluteIri.test(text) || (wideIri.test(text) && text.isWellFormed())
}
