import { dereference, type SchemaDraft, validate } from '@cfworker/json-schema'
import { ResolveError } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { patternCost } from './pattern-cost.ts'

export type SchemaResult =
  | { readonly outcome: 'valid' }
  /** `path` is a JSON pointer into the instance. */
  | { readonly outcome: 'invalid'; readonly keyword: string; readonly path: string }
  | { readonly outcome: 'malformed' | 'unsupported' | 'bounds'; readonly detail: string }

export interface ValidateJsonOptions {
  /** Where the schema was found. */
  readonly url: string
  /** Finds a further schema that it refers to; undefined when there is none to be had. */
  readonly find?: (url: string) => Promise<JsonValue | undefined>
}

const drafts: Readonly<Record<string, SchemaDraft>> = {
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'https://json-schema.org/draft/2019-09/schema': '2019-09',
  'http://json-schema.org/draft-07/schema': '7',
}

/** What is done for one schema, in steps of about ten nanoseconds. */
const maxWork = 20_000_000
const maxNodes = 20_000
const maxReferred = 8

/**
 * Holds a JSON value to a JSON Schema 2020-12, 2019-09 or draft-07; `format` counts (vc-json-schema section 4.2). The
 * schema may be hostile: the work is bounded, and of patterns none is run that could take exponential time.
 */
export async function validateJson(
  instance: JsonValue,
  schema: JsonValue | undefined,
  { url, find }: ValidateJsonOptions,
): Promise<SchemaResult> {
  if (!isJsonObject(schema) || typeof schema.$schema !== 'string') {
    return { outcome: 'malformed', detail: 'no schema that says of which version it is' }
  }
  try {
    const { root, lookup, draft, meter } = await compiled(schema, schema.$schema, url, find)
    measure(meter, instance)
    const { valid, errors } = validate(instance, root, draft, lookup, true)
    if (valid) return { outcome: 'valid' }
    const { keyword, instanceLocation } = errors.at(-1) ?? { keyword: 'schema', instanceLocation: '#' }
    return { outcome: 'invalid', keyword, path: instanceLocation.slice(1) }
  } catch (error) {
    if (error instanceof ResolveError) throw error
    if (error instanceof Refused) return { outcome: error.outcome, detail: error.message }
    if (error instanceof RangeError) return { outcome: 'bounds', detail: 'it refers to itself without end' }
    return { outcome: 'malformed', detail: 'not a JSON Schema' }
  }
}

interface CompiledSchema {
  readonly root: Prepared
  readonly lookup: Lookup
  readonly draft: SchemaDraft
  readonly meter: Meter
}

// By the schema as it was parsed, and so for as long as whoever found it keeps it.
const known = new WeakMap<JsonObject, CompiledSchema>()

async function compiled(
  schema: JsonObject,
  $schema: string,
  url: string,
  find: ValidateJsonOptions['find'],
): Promise<CompiledSchema> {
  const before = known.get(schema)
  if (before) return before
  const draft = drafts[$schema.replace(/#$/, '')]
  if (!draft) throw new Refused('unsupported', 'a version of JSON Schema')
  const meter = { longestText: 0, longestList: 0, mostMembers: 0, nodes: 0, left: maxWork }
  const root = prepare(schema, meter)
  const lookup: Lookup = dereference(root, Object.create(null) as Lookup, new URL(url))
  await refer(lookup, meter, url, find)
  const made = { root, lookup, draft, meter }
  known.set(schema, made)
  return made
}

class Refused extends Error {
  readonly outcome: 'unsupported' | 'bounds'

  constructor(outcome: 'unsupported' | 'bounds', message: string) {
    super(message)
    this.outcome = outcome
  }
}

/** A schema as it is walked: a copy, of which each evaluation is counted. */
type Prepared = Record<string, unknown>
type Lookup = Record<string, Prepared | boolean>

/** What is left to do of the work for one instance, and what makes a step of it long. */
interface Meter {
  longestText: number
  longestList: number
  mostMembers: number
  /** Of the schema. */
  nodes: number
  left: number
}

function measure(meter: Meter, instance: JsonValue): void {
  let [longestText, longestList, mostMembers] = [0, 0, 0]
  const walk = (value: JsonValue) => {
    if (typeof value === 'string') longestText = Math.max(longestText, value.length)
    else if (Array.isArray(value)) {
      longestList = Math.max(longestList, value.length)
      for (const item of value) walk(item)
    } else if (isJsonObject(value)) {
      const names = Object.keys(value)
      mostMembers = Math.max(mostMembers, names.length)
      for (const name of names) {
        longestText = Math.max(longestText, name.length)
        walk(value[name] as JsonValue)
      }
    }
  }
  walk(instance)
  Object.assign(meter, { longestText, longestList, mostMembers, left: maxWork })
}

/** Members whose value is data, not a schema. */
const data = new Set(['const', 'enum', 'default', 'examples', 'required', 'type'])
/** Not of JSON Schema, though the library knows it; its expression is exponential. */
const ownFormat = 'url'

function prepare(schema: JsonValue, meter: Meter): Prepared {
  meter.nodes += 1
  if (meter.nodes > maxNodes) throw new Refused('bounds', 'the schema is too large')
  if (Array.isArray(schema)) return schema.map((item) => prepare(item, meter)) as unknown as Prepared
  if (!isJsonObject(schema)) return schema as unknown as Prepared
  if (typeof schema.$dynamicRef === 'string') throw new Refused('unsupported', '$dynamicRef')
  const copy: Prepared = {}
  for (const name of Object.keys(schema)) {
    const value = schema[name] as JsonValue
    if (name === 'format' && value === ownFormat) continue
    copy[name] = data.has(name) && !isJsonObject(value) ? value : prepare(value, meter)
  }
  const cost = costOf(schema)
  const { type } = copy
  // Every evaluation reads `type`, and reads it once.
  Object.defineProperty(copy, 'type', {
    enumerable: Object.hasOwn(copy, 'type'),
    get() {
      meter.left -= cost(meter)
      if (meter.left < 0) throw new Refused('bounds', 'the schema asks for too much work')
      return type
    },
  })
  return copy
}

/** What one evaluation of a schema costs, without those of its parts. */
function costOf(schema: JsonObject): (meter: Meter) => number {
  const { pattern, patternProperties, uniqueItems, format } = schema
  const steps = 50 + sizeOf(schema.enum) + sizeOf(schema.const) + sizeOf(schema.required)
  const ofText = typeof pattern === 'string' ? patternWork(pattern) : undefined
  const ofNames = isJsonObject(patternProperties) ? Object.keys(patternProperties).map(patternWork) : []
  return (meter) => {
    const { longestText, longestList, mostMembers } = meter
    let cost = steps + mostMembers
    if (uniqueItems === true) cost += 4 * longestList ** 2
    if (format !== undefined) cost += longestText
    if (ofText) cost += ofText(meter)
    for (const ofName of ofNames) cost += mostMembers * ofName(meter)
    return cost
  }
}

function patternWork(pattern: string): (meter: Meter) => number {
  const cost = patternCost(pattern)
  if (!cost) throw new Refused('unsupported', 'a pattern that could take too long')
  const { factor, degree } = cost
  return ({ longestText }) => factor * (longestText + 1) ** degree
}

function sizeOf(value: JsonValue | undefined): number {
  if (Array.isArray(value)) return value.reduce<number>((size, item) => size + sizeOf(item), 1)
  if (isJsonObject(value)) return Object.values(value).reduce<number>((size, item) => size + sizeOf(item), 1)
  return 1
}

/** Fetches what the schema refers to, and what that refers to. */
async function refer(
  lookup: Lookup,
  meter: Meter,
  own: string,
  find: ValidateJsonOptions['find'],
): Promise<void> {
  const asked = new Set([withoutFragment(own)])
  for (;;) {
    const missing = Object.values(lookup)
      .map((schema) => (typeof schema === 'object' ? schema.__absolute_ref__ : undefined))
      .find((reference) => typeof reference === 'string' && lookup[reference] === undefined)
    if (typeof missing !== 'string') return
    const url = withoutFragment(missing)
    if (asked.has(url)) throw new TypeError('a reference to nothing')
    if (asked.size > maxReferred) throw new Refused('bounds', 'the schema refers to too many others')
    asked.add(url)
    const more = await find?.(url)
    if (more === undefined) throw new Refused('unsupported', 'it refers to a schema that is not to be had')
    dereference(prepare(more, meter), lookup, new URL(url))
  }
}

function withoutFragment(url: string): string {
  const at = url.indexOf('#')
  return at < 0 ? url : url.slice(0, at)
}
