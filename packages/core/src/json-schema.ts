import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import { jsonFormats } from './json-formats.ts'
import type { ClaimPath } from './ports.ts'
import { findReferred } from './referred-schema.ts'

// JSON Schema 2020-12 for schemas of one's own configuration, so that nothing is bounded here. A credential that came
// from outside is held to its schema by @ekkasan/vcdm, which bounds the work.

/** Where a value does not fit its schema, and by which keyword. */
export interface SchemaFault {
  readonly keyword: string
  readonly path: ClaimPath
}

export type SchemaEvaluation = { readonly fault: SchemaFault } | { readonly evaluated: ReadonlySet<string> }

/** A member or item of a value, as `SchemaEvaluation.evaluated` names it: after the place it stands in, '' at the top. */
export function placeOf(parent: string, name: string | number): string {
  return typeof name === 'number' ? `${parent}/${name}` : `${parent}/${name.length}:${name}`
}

/** What `evaluated` holds for a place below which the schema allows everything. */
export const openBelow = (place: string): string => `${place}/…`

/**
 * Holds a value to a schema. `evaluated` has every member that a keyword which passed has described.
 * @throws TypeError when the schema is invalid: a reference that leads nowhere, a pattern that is no pattern
 */
export function evaluateSchema(schema: JsonObject, value: JsonValue): SchemaEvaluation {
  const work: Work = { root: schema, depth: 0, path: [], attempted: [], evaluated: [] }
  const keyword = evaluate(schema, value, '', work)
  if (keyword === undefined) return { evaluated: new Set(work.evaluated) }
  return { fault: { keyword, path: work.path.slice() } }
}

interface Work {
  readonly root: JsonObject
  depth: number
  /** To where the value stands; at a fault, to there. */
  readonly path: (string | number)[]
  /** Where, below there, the last attempt failed. */
  attempted: readonly (string | number)[]
  /** What was described so far. What a schema that does not fit described is taken back. */
  readonly evaluated: string[]
}

/** The keyword that does not pass, with `path` left where it is; undefined when the value fits. */
function evaluate(schema: JsonValue, value: JsonValue, place: string, work: Work): string | undefined {
  if (schema === true) {
    work.evaluated.push(openBelow(place))
    return undefined
  }
  if (!isJsonObject(schema)) return 'false'
  if (work.depth > 200) throw new TypeError('the schema refers to itself without end')
  work.depth += 1
  const begin = work.evaluated.length
  const keyword =
    failedAssertion(schema, value) ??
    evaluateInPlace(schema, value, place, work) ??
    (isJsonObject(value) ? evaluateMembers(schema, value, place, work, begin) : undefined) ??
    (Array.isArray(value) ? evaluateItems(schema, value, place, work, begin) : undefined)
  work.depth -= 1
  return keyword
}

/** A further schema for the same value: what it described counts if it fits, and is not seen by those beside it. */
function attempt(schema: JsonValue, value: JsonValue, place: string, work: Work): string | undefined {
  const [described, depth, level] = [work.evaluated.length, work.path.length, work.depth]
  const keyword = evaluate(schema, value, place, work)
  if (keyword === undefined) return undefined
  work.evaluated.length = described
  work.depth = level
  work.attempted = work.path.splice(depth)
  return keyword
}

/** Keywords that hold further schemas against the same value. */
function evaluateInPlace(
  schema: JsonObject,
  value: JsonValue,
  place: string,
  work: Work,
): string | undefined {
  const require = (part: JsonValue): string | undefined => {
    const keyword = attempt(part, value, place, work)
    if (keyword !== undefined) work.path.push(...work.attempted)
    return keyword
  }
  let keyword: string | undefined
  if (typeof schema.$ref === 'string') keyword = require(referredSchema(work.root, schema.$ref))
  for (const part of listAt(schema, 'allOf')) keyword ??= require(part)
  if (keyword !== undefined) return keyword
  for (const choice of ['anyOf', 'oneOf'] as const) {
    if (schema[choice] === undefined) continue
    let passed = 0
    for (const part of listAt(schema, choice))
      if (attempt(part, value, place, work) === undefined) passed += 1
    if (passed === 0 || (choice === 'oneOf' && passed > 1)) return choice
  }
  if (schema.not !== undefined && attempt(schema.not, value, place, work) === undefined) return 'not'
  if (schema.if !== undefined) {
    const branch = attempt(schema.if, value, place, work) === undefined ? schema.then : schema.else
    if (branch !== undefined) keyword = require(branch)
  }
  if (isJsonObject(value) && isJsonObject(schema.dependentSchemas)) {
    for (const [name, part] of Object.entries(schema.dependentSchemas)) {
      if (Object.hasOwn(value, name)) keyword ??= require(part)
    }
  }
  return keyword
}

/** A member or item: described by the schema that it fits. */
function descend(
  schema: JsonValue,
  value: JsonValue,
  name: string | number,
  parent: string,
  work: Work,
): string | undefined {
  const place = placeOf(parent, name)
  work.path.push(name)
  const keyword = evaluate(schema, value, place, work)
  if (keyword !== undefined) return keyword
  work.path.pop()
  work.evaluated.push(place)
  return undefined
}

function evaluateMembers(
  schema: JsonObject,
  value: JsonObject,
  parent: string,
  work: Work,
  begin: number,
): string | undefined {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const patterns = isJsonObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : []
  const { additionalProperties, propertyNames, unevaluatedProperties } = schema
  for (const name of Object.keys(value)) {
    const member = value[name] as JsonValue
    let isNamed = Object.hasOwn(properties, name)
    let keyword = isNamed ? descend(properties[name] as JsonValue, member, name, parent, work) : undefined
    for (const [pattern, part] of patterns) {
      if (keyword !== undefined || !patternOf(pattern).test(name)) continue
      isNamed = true
      keyword = descend(part, member, name, parent, work)
    }
    if (!isNamed && additionalProperties === false) {
      work.path.push(name)
      return 'additionalProperties'
    }
    if (!isNamed && additionalProperties !== undefined) {
      keyword = descend(additionalProperties, member, name, parent, work)
    }
    if (keyword !== undefined) return keyword
    if (propertyNames !== undefined && attempt(propertyNames, name, parent, work) !== undefined) {
      work.path.push(name)
      return 'propertyNames'
    }
  }
  if (unevaluatedProperties === undefined) return undefined
  const described = new Set(work.evaluated.slice(begin))
  for (const name of Object.keys(value)) {
    if (described.has(placeOf(parent, name))) continue
    const keyword = descend(unevaluatedProperties, value[name] as JsonValue, name, parent, work)
    if (keyword !== undefined) return unevaluatedProperties === false ? 'unevaluatedProperties' : keyword
  }
  return undefined
}

function evaluateItems(
  schema: JsonObject,
  value: readonly JsonValue[],
  parent: string,
  work: Work,
  begin: number,
): string | undefined {
  const prefix = listAt(schema, 'prefixItems')
  const { items, contains, unevaluatedItems } = schema
  let matching = 0
  for (const [index, item] of value.entries()) {
    const part = index < prefix.length ? prefix[index] : items
    const keyword = part === undefined ? undefined : descend(part, item, index, parent, work)
    if (keyword !== undefined) return keyword
    if (contains === undefined || attempt(contains, item, placeOf(parent, index), work) !== undefined)
      continue
    work.evaluated.push(placeOf(parent, index))
    matching += 1
  }
  if (contains !== undefined) {
    const { minContains = 1, maxContains = Infinity } = schema as {
      minContains?: number
      maxContains?: number
    }
    if (matching < minContains || matching > maxContains) return 'contains'
  }
  if (unevaluatedItems === undefined) return undefined
  const described = new Set(work.evaluated.slice(begin))
  for (const [index, item] of value.entries()) {
    if (described.has(placeOf(parent, index))) continue
    if (descend(unevaluatedItems, item, index, parent, work) !== undefined) return 'unevaluatedItems'
  }
  return undefined
}

/** The first keyword that judges the value by itself and does not pass. */
function failedAssertion(schema: JsonObject, value: JsonValue): string | undefined {
  for (const [keyword, operand] of Object.entries(schema)) {
    const passes = Object.hasOwn(assertions, keyword) ? assertions[keyword] : undefined
    if (passes && !passes(operand as never, value)) return keyword
  }
  return undefined
}

type Assertion = (operand: never, value: JsonValue) => boolean

const ofNumber = (passes: (value: number, operand: number) => boolean) =>
  ((operand: number, value: JsonValue) => typeof value !== 'number' || passes(value, operand)) as Assertion
const ofText = (passes: (value: string, operand: never) => boolean) =>
  ((operand: never, value: JsonValue) => typeof value !== 'string' || passes(value, operand)) as Assertion
const ofList = (passes: (value: readonly JsonValue[], operand: never) => boolean) =>
  ((operand: never, value: JsonValue) => !Array.isArray(value) || passes(value, operand)) as Assertion
const ofObject = (passes: (value: JsonObject, operand: never) => boolean) =>
  ((operand: never, value: JsonValue) => !isJsonObject(value) || passes(value, operand)) as Assertion

const assertions: Readonly<Record<string, Assertion>> = {
  type: (operand: string | readonly string[], value) =>
    [operand].flat().some((type) => isOfType(type, value)),
  const: (operand: JsonValue, value) => isEqual(operand, value),
  enum: (operand: readonly JsonValue[], value) => operand.some((one) => isEqual(one, value)),
  minimum: ofNumber((value, least) => value >= least),
  maximum: ofNumber((value, most) => value <= most),
  exclusiveMinimum: ofNumber((value, least) => value > least),
  exclusiveMaximum: ofNumber((value, most) => value < most),
  multipleOf: ofNumber(
    (value, unit) =>
      Math.abs(value / unit - Math.round(value / unit)) < 1e-9 * Math.max(1, Math.abs(value / unit)),
  ),
  minLength: ofText((value, least) => lengthOf(value) >= least),
  maxLength: ofText((value, most) => lengthOf(value) <= most),
  pattern: ofText((value, pattern) => patternOf(pattern).test(value)),
  format: ofText(
    (value, name) => !Object.hasOwn(jsonFormats, name) || jsonFormats[name as string]?.(value) === true,
  ),
  minItems: ofList((value, least) => value.length >= least),
  maxItems: ofList((value, most) => value.length <= most),
  uniqueItems: ofList(
    (value, isAsked) =>
      isAsked !== true || value.every((item, at) => !value.slice(0, at).some((one) => isEqual(one, item))),
  ),
  minProperties: ofObject((value, least) => Object.keys(value).length >= least),
  maxProperties: ofObject((value, most) => Object.keys(value).length <= most),
  required: ofObject((value, names: never) => hasAll(value, names)),
  dependentRequired: ofObject((value, map: never) =>
    Object.entries(map as Record<string, readonly string[]>).every(
      ([name, names]) => !Object.hasOwn(value, name) || hasAll(value, names),
    ),
  ),
}

const hasAll = (value: JsonObject, names: readonly string[]) =>
  names.every((name) => Object.hasOwn(value, name))
/** In characters, of which a JavaScript text can have two units each. */
const lengthOf = (text: string) => [...text].length

function isOfType(type: string, value: JsonValue): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isJsonObject(value)
  if (type === 'integer') return Number.isInteger(value)
  return type === typeof value
}

function isEqual(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => isEqual(item, b[at] as JsonValue))
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isEqual(a[name] as JsonValue, b[name] as JsonValue))
  )
}

/**
 * The schema that a `$ref` within a document leads to: a JSON pointer from its root, `#name` of an `$anchor`, or `#`.
 * @throws TypeError when it leads nowhere, or out of the document
 */
export function referredSchema(root: JsonObject, reference: string): JsonValue {
  const found = findReferred(root, reference)
  if (found === undefined) throw new TypeError(`the schema refers to ${reference}, which is not in it`)
  return found
}

function listAt(schema: JsonObject, keyword: string): readonly JsonValue[] {
  const value = schema[keyword]
  return Array.isArray(value) ? value : []
}

const patterns = new Map<string, RegExp>()

/** @throws TypeError */
export function patternOf(source: string): RegExp {
  const known = patterns.get(source)
  if (known) return known
  try {
    const pattern = new RegExp(source, 'u')
    patterns.set(source, pattern)
    return pattern
  } catch (cause) {
    throw new TypeError('a pattern of the schema is no regular expression', { cause })
  }
}
