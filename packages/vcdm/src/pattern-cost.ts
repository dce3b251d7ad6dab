// How much work a regular expression can ask of an engine that backtracks. A repetition is harmless where the
// character that follows it cannot be one of its own; it is found out by trying each atom on sample characters.

export interface PatternCost {
  /** How often the text is gone through anew: the ways to read it grow with its length to this power. */
  readonly degree: number
  /** And by this factor. */
  readonly factor: number
  /** Characters that are looked at in one go through the text; beside them, how often it is gone through to its end. */
  readonly fixed: number
  readonly scans: number
}

/** Of a part of a pattern. */
interface PartCost {
  readonly degree: number
  readonly factor: number
  /** Characters that it takes at most, where it does not go on without end. */
  readonly fixed: number
  readonly isEndless: boolean
  readonly lookaheads: number
}

const nothing: PartCost = { degree: 0, factor: 1, fixed: 0, isEndless: false, lookaheads: 0 }

interface Item {
  readonly node: Node
  readonly min: number
  readonly max: number
}

type Node =
  /** One character; each bit stands for a sample that it takes. */
  | { readonly kind: 'character'; readonly samples: bigint }
  | { readonly kind: 'group'; readonly alternatives: readonly (readonly Item[])[] }
  | { readonly kind: 'lookahead'; readonly alternatives: readonly (readonly Item[])[] }
  | { readonly kind: 'edge' }

const maxLength = 1000
const maxDepth = 16

/** The cost of a pattern of JSON Schema (ECMA-262, Unicode); undefined when it is exponential or not understood. */
export function patternCost(source: string): PatternCost | undefined {
  if (source.length > maxLength) return undefined
  try {
    new RegExp(source, 'u')
  } catch {
    return undefined
  }
  const alternatives = readPattern(source)
  const cost = alternatives && costOfAlternatives(alternatives, 0n)
  if (!cost) return undefined
  const isAnchored = /^\^/.test(source) && alternatives.length === 1
  return {
    degree: isAnchored ? cost.degree : cost.degree + 1,
    factor: cost.factor,
    fixed: cost.fixed + 1,
    scans: (cost.isEndless ? 1 : 0) + cost.lookaheads,
  }
}

/** Steps that it takes at most on a text of this length. */
export function patternWork({ degree, factor, fixed, scans }: PatternCost, length: number): number {
  const end = length + 1
  return factor * end ** degree * (Math.min(fixed, end) + scans * end)
}

function readPattern(source: string): Item[][] | undefined {
  const samples = samplesOf(source)
  let beyondAscii = 0n
  for (const [at, sample] of samples.entries()) if (sample > '\x7f') beyondAscii |= 1n << BigInt(at)
  const taken = new Map<string, bigint>()
  const take = (atom: string): bigint => {
    let bits = taken.get(atom)
    if (bits === undefined) {
      const test = new RegExp(`^(?:${atom})$`, 'u')
      bits = 0n
      for (const [at, sample] of samples.entries()) if (test.test(sample)) bits |= 1n << BigInt(at)
      // A property has ranges that no sample stands for.
      if (/\\p/i.test(atom)) bits |= beyondAscii
      taken.set(atom, bits)
    }
    return bits
  }
  const token =
    /\((?:\?(?::|=|!|<=|<!|<[^>]*>))?|\)|\||[\^$]|\\[bB]|\\[1-9k]|\[(?:\\.|[^\]\\])*\]|\\u\{[^}]*\}|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\x..|\\[pP]\{[^}]*\}|\\c.|\\.|[\s\S]/uy
  const quantifier = /(?:([*+?])|\{(\d+)(,)?(\d*)\})\??/y
  const read = (depth: number): Item[][] | undefined => {
    const alternatives: Item[][] = [[]]
    while (token.lastIndex < source.length) {
      const [text = ''] = token.exec(source) ?? []
      if (text === ')') return alternatives
      if (text === '|') {
        alternatives.push([])
        continue
      }
      let node: Node
      if (text.startsWith('(')) {
        if (depth === maxDepth || text === '(?<=' || text === '(?<!') return undefined
        const inner = read(depth + 1)
        if (!inner) return undefined
        node = { kind: text === '(?=' || text === '(?!' ? 'lookahead' : 'group', alternatives: inner }
      } else if (text === '^' || text === '$' || text === '\\b' || text === '\\B') {
        node = { kind: 'edge' }
      } else if (/^\\[1-9k]/.test(text)) {
        return undefined
      } else {
        node = { kind: 'character', samples: take(text) }
      }
      quantifier.lastIndex = token.lastIndex
      const found = quantifier.exec(source)
      if (found) token.lastIndex = quantifier.lastIndex
      alternatives.at(-1)?.push({ node, ...timesOf(found) })
    }
    return alternatives
  }
  return read(0)
}

/** A number that stands in a pattern: never Infinity, which stands for no bound. */
function countOf(digits: string | undefined): number {
  return Math.min(Number(digits), 2 ** 31)
}

function timesOf(found: RegExpExecArray | null): { readonly min: number; readonly max: number } {
  if (!found) return { min: 1, max: 1 }
  const [, sign, least, comma, most] = found
  if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity }
  const min = countOf(least)
  return { min, max: comma === undefined ? min : most ? countOf(most) : Infinity }
}

const escaped = /\\u\{([0-9a-f]+)\}|\\u(d[89ab]..)\\u(d[c-f]..)|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi

// ASCII, spaces, and the pattern's own characters with their neighbours: two ranges that have a character in common
// have the end of one in common.
function samplesOf(source: string): readonly string[] {
  const codes = new Set([0xa0, 0xe9, 0x2028, 0xfeff, 0x1f600])
  for (let code = 0; code < 128; code++) codes.add(code)
  const add = (code: number) => {
    for (const near of [code - 1, code, code + 1]) if (near > 127 && near <= 0x10ffff) codes.add(near)
  }
  for (const character of source) add(character.codePointAt(0) as number)
  for (const [, point, high, low, unit, byte] of source.matchAll(escaped)) {
    const code = Number.parseInt(point ?? high ?? unit ?? byte ?? '', 16)
    add(low === undefined ? code : 0x10000 + ((code - 0xd800) << 10) + Number.parseInt(low, 16) - 0xdc00)
  }
  return [...codes].map((code) => String.fromCodePoint(code))
}

const anything = -1n

function firstOf({ node }: Item): bigint {
  if (node.kind === 'character') return node.samples
  if (node.kind === 'edge') return 0n
  // It looks at the text from wherever what stands before it may end.
  if (node.kind === 'lookahead') return anything
  return node.alternatives.reduce((all, items) => all | firstOfSequence(items), 0n)
}

function firstOfSequence(items: readonly Item[]): bigint {
  let first = 0n
  for (const item of items) {
    first |= firstOf(item)
    if (!mayBeEmpty(item)) break
  }
  return first
}

function mayBeEmpty({ node, min }: Item): boolean {
  if (min === 0 || node.kind === 'edge' || node.kind === 'lookahead') return true
  return node.kind === 'group' && node.alternatives.some((items) => items.every(mayBeEmpty))
}

/** What is beyond it counts as repeated without end. */
const manyTimes = 64

function costOfSequence(items: readonly Item[], follow: bigint): PartCost | undefined {
  let whole = nothing
  let after = follow
  for (const item of items.toReversed()) {
    const cost = costOfItem(item, after)
    if (!cost) return undefined
    whole = {
      degree: whole.degree + cost.degree,
      factor: whole.factor * cost.factor,
      fixed: whole.fixed + cost.fixed,
      isEndless: whole.isEndless || cost.isEndless,
      lookaheads: whole.lookaheads + cost.lookaheads,
    }
    after = mayBeEmpty(item) ? after | firstOf(item) : firstOf(item)
  }
  return whole
}

function costOfItem(item: Item, after: bigint): PartCost | undefined {
  const { node, min, max } = item
  const isMany = max > manyTimes && max > min
  const isAmbiguous = max > min && (firstOf(item) & after) !== 0n
  const [degree, factor] = isAmbiguous ? (isMany ? [1, 1] : [0, max - min + 1]) : [0, 1]
  if (node.kind === 'edge') return { ...nothing, degree, factor }
  const isEndless = max > manyTimes
  if (node.kind === 'character') return { ...nothing, degree, factor, isEndless, fixed: isEndless ? 0 : max }
  if (node.kind === 'lookahead') {
    const inner = costOfAlternatives(node.alternatives, 0n)
    return inner && { ...inner, isEndless: false, lookaheads: inner.lookaheads + 1 }
  }
  const inner = costOfAlternatives(node.alternatives, max > 1 ? after | firstOf(item) : after)
  if (!inner) return undefined
  if (max === 1) return { ...inner, degree: inner.degree + degree, factor: inner.factor * factor }
  if (inner.lookaheads > 0) return undefined
  const isEmpty = node.alternatives.some((items) => items.every(mayBeEmpty))
  if (isMany) {
    const isSimple = inner.degree === 0 && inner.factor === 1 && !isEmpty
    return isSimple ? { ...inner, degree, factor, isEndless } : undefined
  }
  return {
    degree: inner.degree * max + degree,
    factor: inner.factor ** max * factor,
    fixed: isEndless ? inner.fixed : inner.fixed * max,
    isEndless: isEndless || inner.isEndless,
    lookaheads: 0,
  }
}

function costOfAlternatives(
  alternatives: readonly (readonly Item[])[],
  follow: bigint,
): PartCost | undefined {
  let whole = nothing
  let sum = 0
  let seen = 0n
  let isAmbiguous = false
  for (const items of alternatives) {
    const cost = costOfSequence(items, follow)
    if (!cost) return undefined
    whole = {
      degree: Math.max(whole.degree, cost.degree),
      factor: Math.max(whole.factor, cost.factor),
      fixed: Math.max(whole.fixed, cost.fixed),
      isEndless: whole.isEndless || cost.isEndless,
      lookaheads: whole.lookaheads + cost.lookaheads,
    }
    sum += cost.factor
    const first = firstOfSequence(items) | (items.every(mayBeEmpty) ? follow : 0n)
    if ((seen & first) !== 0n) isAmbiguous = true
    seen |= first
  }
  return isAmbiguous ? { ...whole, factor: sum } : whole
}
