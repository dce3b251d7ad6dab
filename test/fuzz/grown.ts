import { isJsonObject, type JsonValue } from '@ekkasan/core/json'
import { type CborInput, CborTag, type CborValue, decodeCbor, EmbeddedCbor, encodeCbor } from '@ekkasan/cose'
import type { Seed } from './target.ts'

// Inputs of up to a megabyte, which a fuzzer does not make: each seed with one of its texts, lists, objects or byte strings
// grown. What takes time or stack by the square of a size shows on them.

export interface GrownInput {
  /** Where in the seed, and how. */
  readonly what: string
  readonly bytes: Uint8Array
}

const longest = 1_000_000
const most = 100_000
const tails = ['a', '~', '.', '&a=', '%41', ':a', '/a', '#', '-', ' ', '0', '=']

/** Each text of JSON in the seed is grown from within, each other line at its end; a seed in CBOR is grown as that too. */
export function* grown(seed: Seed): Generator<GrownInput> {
  const lines = (typeof seed === 'string' ? seed : Buffer.from(seed).toString()).split('\n')
  for (const [at, line] of lines.entries()) {
    const input = (what: string, text: string): GrownInput => ({
      what: `line ${at + 1}: ${what}`,
      bytes: Buffer.from(lines.with(at, text).join('\n')),
    })
    const json = ifRead(() => JSON.parse(line) as JsonValue)
    if (json === undefined) {
      for (const tail of tails) yield input(`many ${tail}`, line + tail.repeat(most))
    } else {
      for (const [what, value] of grownJson(json, '')) yield input(what, JSON.stringify(value))
    }
  }
  const cbor = typeof seed === 'string' ? undefined : ifRead(() => decodeCbor(Uint8Array.from(seed)))
  if (cbor === undefined) return
  for (const [what, value] of grownCbor(cbor, '')) yield { what, bytes: encodeCbor(value) }
}

type Grown<Value> = Generator<readonly [what: string, value: Value]>

function* grownJson(value: JsonValue, path: string): Grown<JsonValue> {
  if (typeof value === 'string') {
    for (const tail of ['a', '/a', ' ']) yield [`${path} many ${tail}`, value + tail.repeat(most * 2)]
  } else if (Array.isArray(value)) {
    const items = value as readonly JsonValue[]
    const [first = 0] = items
    const count = countOf(first)
    yield [`${path} repeated`, new Array<JsonValue>(count).fill(first)]
    yield [`${path} of different items`, Array.from({ length: count }, (_, index) => different(first, index))]
    yield [`${path} of numbers`, Array.from({ length: most }, (_, index) => index)]
    for (const [index, item] of items.entries())
      for (const [what, inner] of grownJson(item, `${path}/${index}`)) yield [what, items.with(index, inner)]
  } else if (isJsonObject(value)) {
    for (const like of [0, Object.values(value)[0] ?? 0]) {
      const more = Array.from({ length: countOf(like) / 2 }, (_, index) => [`m${index}`, like] as const)
      yield [`${path} with members`, { ...value, ...Object.fromEntries(more) }]
    }
    for (const [name, member] of Object.entries(value))
      for (const [what, inner] of grownJson(member, `${path}/${name}`))
        yield [what, { ...value, [name]: inner }]
  }
}

function countOf(item: JsonValue): number {
  return Math.min(most, Math.ceil((longest * 0.9) / (JSON.stringify(item).length + 8)))
}

/** As the item, with its first text another. */
function different(item: JsonValue, index: number): JsonValue {
  if (typeof item === 'string') return `${item}${index}`
  if (!isJsonObject(item)) return item
  const name = Object.keys(item).find((member) => typeof item[member] === 'string')
  return name === undefined ? { ...item, [`m${index}`]: index } : { ...item, [name]: `${item[name]}${index}` }
}

function* grownCbor(value: CborValue, path: string): Grown<CborInput> {
  if (value instanceof Uint8Array) {
    yield [`${path} a megabyte`, new Uint8Array(longest)]
    const inner = ifRead(() => decodeCbor(value))
    if (inner === undefined || typeof inner !== 'object') return
    for (const [what, changed] of grownCbor(inner, `${path}<>`)) yield [what, encodeCbor(changed)]
  } else if (value instanceof EmbeddedCbor) {
    for (const [what, inner] of grownCbor(decodeCbor(value.content), `${path}#`))
      yield [what, new CborTag(24, encodeCbor(inner))]
  } else if (value instanceof CborTag) {
    for (const [what, inner] of grownCbor(value.value, path)) yield [what, new CborTag(value.tag, inner)]
  } else if (typeof value === 'string') {
    yield [`${path} a megabyte`, 'a'.repeat(longest)]
  } else if (Array.isArray(value)) {
    const items = value as readonly CborValue[]
    yield [`${path} repeated`, new Array<CborInput>(5000).fill((items[0] ?? 0) as CborInput)]
    for (const [index, item] of items.entries())
      for (const [what, inner] of grownCbor(item, `${path}/${index}`))
        yield [what, (items as readonly CborInput[]).with(index, inner)]
  } else if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string | number, CborInput>)]
    const like = entries[0]?.[1] ?? 0
    for (const name of [(index: number) => index + 100, (index: number) => `m${index}`])
      yield [
        `${path} with members`,
        new Map([...entries, ...Array.from({ length: 10_000 }, (_, i) => [name(i), like] as const)]),
      ]
    for (const [key, member] of value as ReadonlyMap<string | number, CborValue>)
      for (const [what, inner] of grownCbor(member, `${path}/${key}`))
        yield [what, new Map([...entries, [key, inner]])]
  }
}

function ifRead<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
