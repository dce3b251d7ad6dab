import { dereference, format as formats, type SchemaDraft, validate } from '@cfworker/json-schema'
import { ResolveError } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { patternCost, patternWork } from './pattern-cost.ts'
import { isApplicator, isKeyword } from './schema-keywords.ts'

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
const maxWork = 5_000_000
const maxNodes = 10_000
/** The library keeps each part of a schema by its whole URL, and goes through it again for each identifier around it. */
const maxUrls = 2_000_000
const maxIdentifiers = 3
/** For looking through all patterns of a schema. */
const maxPatternWork = 8_000_000
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
  const meter = {
    longestText: 0,
    longestList: 0,
    mostMembers: 0,
    longestNames: 0,
    size: 0,
    nodes: 0,
    urls: 0,
    patterns: 0,
    errors: 0,
    left: maxWork,
  }
  const root = prepare(schema, meter, below(nowhere, url, schema))
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
  /** Of the members of one object together. */
  longestNames: number
  /** Of the whole instance: its values, and its texts by what comparing them takes. */
  size: number
  /** Of the schema. */
  nodes: number
  urls: number
  patterns: number
  /** That there may be by now. */
  errors: number
  left: number
}

function measure(meter: Meter, instance: JsonValue): void {
  let [longestText, longestList, mostMembers, longestNames, size] = [0, 0, 0, 0, 0]
  const walk = (value: JsonValue) => {
    size += 1
    if (typeof value === 'string') {
      longestText = Math.max(longestText, value.length)
      size += value.length / 50
    } else if (Array.isArray(value)) {
      longestList = Math.max(longestList, value.length)
      for (const item of value) walk(item)
    } else if (isJsonObject(value)) {
      const names = Object.keys(value)
      let length = 0
      for (const name of names) {
        length += name.length
        longestText = Math.max(longestText, name.length)
        walk(value[name] as JsonValue)
      }
      mostMembers = Math.max(mostMembers, names.length)
      longestNames = Math.max(longestNames, length)
    }
  }
  walk(instance)
  Object.assign(meter, {
    longestText,
    longestList,
    mostMembers,
    longestNames,
    size,
    errors: 0,
    left: maxWork,
  })
}

/** Members whose value is data, not a schema. */
const data = ['enum', 'const', 'type', 'required', 'dependentRequired']
/** Members that ask for nothing. */
const notes = ['default', 'examples']
/** Members whose value is schemas by name. */
const maps = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']
/** Not of JSON Schema, though the library knows it; its expression is exponential. */
const ownFormat = 'url'
const isFormat = (name: JsonValue | undefined) =>
  typeof name === 'string' && name !== ownFormat && Object.hasOwn(formats, name)

/** Where a part of a schema stands: the length of its URL, and how many identifiers are around it. */
interface Place {
  readonly length: number
  readonly identifiers: number
}

const nowhere: Place = { length: 0, identifiers: 0 }

function below({ length, identifiers }: Place, name: string, value: JsonValue): Place {
  const id = isJsonObject(value) ? (value.$id ?? value.id) : undefined
  return {
    length: length + 1 + name.length + (typeof id === 'string' ? id.length : 0),
    identifiers: identifiers + (id === undefined ? 0 : 1),
  }
}

/**
 * `dependencies`, of draft-07, as what later drafts say in its place: the library takes it for a schema too, to which
 * one may refer.
 */
function withoutDependencies(schema: JsonObject): JsonObject {
  const { dependencies, ...others } = schema
  if (dependencies === undefined) return schema
  if (!isKeyword('dependencies', dependencies)) throw new TypeError('dependencies are of another kind')
  if (others.dependentRequired !== undefined || others.dependentSchemas !== undefined) {
    throw new Refused('unsupported', 'dependencies of two drafts')
  }
  const entries = Object.entries(dependencies as JsonObject)
  const dependentRequired = Object.fromEntries(entries.filter(([, names]) => Array.isArray(names)))
  const dependentSchemas = Object.fromEntries(entries.filter(([, part]) => !Array.isArray(part)))
  return { ...others, dependentRequired, dependentSchemas }
}

function prepare(part: JsonValue, meter: Meter, place: Place): Prepared {
  meter.nodes += 1
  meter.urls += place.length
  const isTooLarge = meter.nodes > maxNodes || meter.urls > maxUrls || place.identifiers > maxIdentifiers
  if (isTooLarge) throw new Refused('bounds', 'the schema is too large')
  if (Array.isArray(part)) {
    return part.map((item) => prepare(item, meter, below(place, '', item))) as unknown as Prepared
  }
  if (!isJsonObject(part)) return part as unknown as Prepared
  const schema = withoutDependencies(part)
  if (typeof schema.$dynamicRef === 'string') throw new Refused('unsupported', '$dynamicRef')
  if (schema.format === 'regex')
    throw new Refused('unsupported', 'texts are not compiled to see if they can be')
  const copy: Prepared = {}
  for (const name of Object.keys(schema)) {
    const value = schema[name] as JsonValue
    if (!isKeyword(name, value)) throw new TypeError('a member of the schema is of another kind')
    if (notes.includes(name) || (name === 'format' && !isFormat(value))) continue
    if (data.includes(name)) copy[name] = value
    else if (maps.includes(name) && isJsonObject(value)) {
      const around = below(place, name, null)
      copy[name] = Object.fromEntries(
        Object.entries(value).map(([of, one]) => [of, prepare(one, meter, below(around, of, one))]),
      )
    } else copy[name] = prepare(value, meter, below(place, name, value))
  }
  const cost = costOf(schema, meter)
  const { type } = copy
  // Every evaluation reads `type`, and reads it once.
  Object.defineProperty(copy, 'type', {
    enumerable: Object.hasOwn(copy, 'type'),
    get() {
      meter.left -= cost(meter)
      // Also when it is not a number any more.
      if (!(meter.left >= 0)) throw new Refused('bounds', 'the schema asks for too much work')
      return type
    },
  })
  return copy
}

/** What one evaluation of a schema costs, without those of its parts. */
function costOf(schema: JsonObject, spent: Meter): (meter: Meter) => number {
  const { pattern, patternProperties, uniqueItems } = schema
  const given = (...names: readonly string[]) => names.filter((name) => schema[name] !== undefined).length
  const boolean = (...names: readonly string[]) =>
    names.filter((name) => typeof schema[name] === 'boolean').length
  const counted = ['enum', 'const', 'type', 'required', 'dependentRequired']
  const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'].map((name) => schema[name])
  const names = ['properties', 'dependentSchemas'].flatMap((name) => Object.keys(schema[name] ?? {}))
  const steps =
    50 +
    // Of numbers with hundreds of digits.
    3000 * given('multipleOf') +
    sum(counted.map((name) => sizeOf(schema[name]))) +
    sum(names.map((name) => 40 + name.length)) +
    20 * sum(lists.map((list) => (Array.isArray(list) ? list.length : 0)))
  // What it does with each member or item by itself; schemas that are booleans are not counted as evaluations.
  const combined = 50 * given('allOf', 'anyOf', 'oneOf', 'if')
  const onMember =
    3 +
    combined +
    countObjects(schema.enum) +
    countObjects(schema.const) +
    100 * boolean('additionalProperties', 'propertyNames') +
    100 * given('unevaluatedProperties', 'patternProperties')
  const onItem =
    combined + 100 * (boolean('items', 'additionalItems', 'contains') + given('unevaluatedItems'))
  const onText = given('format') + (given('minLength', 'maxLength') > 0 ? 1 : 0)
  const onNames = given('additionalProperties', 'unevaluatedProperties', 'patternProperties', 'propertyNames')
  const ofText = typeof pattern === 'string' ? workOf(pattern, spent) : undefined
  const ofNames = isJsonObject(patternProperties)
    ? Object.keys(patternProperties).map((name) => workOf(name, spent))
    : []
  const errors = 2 + sum(['required', 'dependentRequired'].map((name) => sizeOf(schema[name])))
  const isPassedOn = Object.keys(schema).some(isApplicator)
  return (meter) => {
    const { longestText, longestList, mostMembers, longestNames, size } = meter
    let cost = steps + onMember * mostMembers + onItem * longestList
    // It hands up the errors of its parts, one by one.
    if (isPassedOn) cost += meter.errors / 8
    meter.errors += errors
    cost += onText * longestText + onNames * longestNames
    if (uniqueItems === true) cost += 4 * longestList * (longestList + size)
    if (ofText) cost += ofText(longestText)
    for (const ofName of ofNames) cost += mostMembers * ofName(longestNames)
    return cost
  }
}

function workOf(pattern: string, counted: Meter): (length: number) => number {
  const { length: size } = pattern
  // An engine writes out hundreds of ranges for each, whenever it reads the pattern.
  const properties = pattern.match(/\\p/gi)?.length ?? 0
  counted.patterns += size * (size + 150) + 20_000 * properties
  if (counted.patterns > maxPatternWork)
    throw new Refused('bounds', 'the patterns of the schema are too long')
  const cost = patternCost(pattern)
  if (!cost) throw new Refused('unsupported', 'a pattern that could take too long')
  const reading = 100 + size + 1500 * properties
  return (length) => reading + (1 + size / 100) * patternWork(cost, length)
}

/** Of data in a schema, its texts with it: they stand in what the library says of a mismatch. */
function sizeOf(value: JsonValue | undefined): number {
  if (typeof value === 'string') return 1 + value.length
  if (Array.isArray(value)) return 1 + sum(value.map(sizeOf))
  if (!isJsonObject(value)) return 1
  return 1 + sum(Object.entries(value).map(([name, member]) => name.length + sizeOf(member)))
}

function countObjects(value: JsonValue | undefined): number {
  if (Array.isArray(value)) return sum(value.map(countObjects))
  return isJsonObject(value) ? 1 + sum(Object.values(value).map(countObjects)) : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0)
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
    const prepared = prepare(more, meter, below(nowhere, url, more))
    dereference(prepared, lookup, new URL(url))
    // It may name itself otherwise.
    lookup[url] ??= prepared
  }
}

function withoutFragment(url: string): string {
  const at = url.indexOf('#')
  return at < 0 ? url : url.slice(0, at)
}
