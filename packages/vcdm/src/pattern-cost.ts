// How much work a regular expression can ask of an engine that backtracks. A repetition is harmless where the
// character that follows it cannot be one of its own; it is found out by trying each atom on sample characters.

export interface PatternCost {
  /** The work grows with the length of the text to this power. */
  readonly degree: number
  /** And by this factor. */
  readonly factor: number
}

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
  return isAnchored ? cost : { degree: cost.degree + 1, factor: cost.factor }
}

function readPattern(source: string): Item[][] | undefined {
  const samples = samplesOf(source)
  const taken = new Map<string, bigint>()
  const take = (atom: string): bigint => {
    let bits = taken.get(atom)
    if (bits === undefined) {
      const test = new RegExp(`^(?:${atom})$`, 'u')
      bits = 0n
      for (const [at, sample] of samples.entries()) if (test.test(sample)) bits |= 1n << BigInt(at)
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

function timesOf(found: RegExpExecArray | null): { readonly min: number; readonly max: number } {
  if (!found) return { min: 1, max: 1 }
  const [, sign, least, comma, most] = found
  if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity }
  const min = Number(least)
  return { min, max: comma === undefined ? min : most ? Number(most) : Infinity }
}

// ASCII, characters of other scripts, and the pattern's own with their neighbours.
function samplesOf(source: string): readonly string[] {
  const codes = new Set([0xa0, 0xe9, 0x3a9, 0xe01, 0xe50, 0x2028, 0x4e2d, 0xfeff, 0x1f600])
  for (let code = 0; code < 128; code++) codes.add(code)
  for (const character of source) {
    const code = character.codePointAt(0) as number
    for (const near of [code - 1, code, code + 1]) if (near > 127 && near < 0xd800) codes.add(near)
  }
  return [...codes].map((code) => String.fromCodePoint(code))
}

function firstOf({ node }: Item): bigint {
  if (node.kind === 'character') return node.samples
  return node.kind === 'group'
    ? node.alternatives.reduce((all, items) => all | firstOfSequence(items), 0n)
    : 0n
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

function costOfSequence(items: readonly Item[], follow: bigint): PatternCost | undefined {
  let degree = 0
  let factor = 1
  let after = follow
  for (const item of items.toReversed()) {
    const cost = costOfItem(item, after)
    if (!cost) return undefined
    degree += cost.degree
    factor *= cost.factor
    after = mayBeEmpty(item) ? after | firstOf(item) : firstOf(item)
  }
  return { degree, factor }
}

function costOfItem(item: Item, after: bigint): PatternCost | undefined {
  const { node, min, max } = item
  const isMany = max > manyTimes && max > min
  const isAmbiguous = max > min && (firstOf(item) & after) !== 0n
  const own: PatternCost = isAmbiguous
    ? isMany
      ? { degree: 1, factor: 1 }
      : { degree: 0, factor: max - min + 1 }
    : { degree: 0, factor: 1 }
  if (node.kind === 'edge' || node.kind === 'character') return own
  if (node.kind === 'lookahead') return costOfAlternatives(node.alternatives, 0n)
  const inner = costOfAlternatives(node.alternatives, max > 1 ? after | firstOf(item) : after)
  if (!inner) return undefined
  if (max === 1) return { degree: inner.degree + own.degree, factor: inner.factor * own.factor }
  const isEmpty = node.alternatives.some((items) => items.every(mayBeEmpty))
  if (isMany) return inner.degree === 0 && inner.factor === 1 && !isEmpty ? own : undefined
  return { degree: inner.degree * max + own.degree, factor: inner.factor ** max * own.factor }
}

function costOfAlternatives(
  alternatives: readonly (readonly Item[])[],
  follow: bigint,
): PatternCost | undefined {
  let degree = 0
  let sum = 0
  let most = 1
  let seen = 0n
  let isAmbiguous = false
  for (const items of alternatives) {
    const cost = costOfSequence(items, follow)
    if (!cost) return undefined
    degree = Math.max(degree, cost.degree)
    sum += cost.factor
    most = Math.max(most, cost.factor)
    const first = firstOfSequence(items) | (items.every(mayBeEmpty) ? follow : 0n)
    if ((seen & first) !== 0n) isAmbiguous = true
    seen |= first
  }
  return { degree, factor: isAmbiguous ? sum : most }
}
