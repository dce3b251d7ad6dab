import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import { jsonFormats } from './json-formats.ts'
import type { ClaimPath } from './ports.ts'

// JSON Schema 2020-12 for schemas of one's own configuration, so that nothing is bounded here. A credential that came
// from outside is held to its schema by @ekkasan/vcdm, which bounds the work.

/** Where a value does not fit its schema, and by which keyword. */
export interface SchemaFault {
  readonly keyword: string
  readonly path: ClaimPath
}

export type SchemaEvaluation = { readonly fault: SchemaFault } | { readonly evaluated: ReadonlySet<string> }

/** A member or item of a value, as `SchemaEvaluation.evaluated` names it. */
export const pointerOf = (path: ClaimPath): string => JSON.stringify(path)

/** What `evaluated` holds for a place below which the schema allows everything. */
export const openBelow = (path: ClaimPath): string => `${pointerOf(path)}…`

/**
 * Holds a value to a schema. `evaluated` has every member that a keyword which passed has described.
 * @throws TypeError when the schema is none: a reference that leads nowhere, a pattern that is no pattern
 */
export function evaluateSchema(schema: JsonObject, value: JsonValue): SchemaEvaluation {
  const evaluated = new Set<string>()
  const fault = evaluate(schema, value, [], { root: schema, depth: 0 }, evaluated)
  return fault ? { fault } : { evaluated }
}

interface Scope {
  readonly root: JsonObject
  readonly depth: number
}

type Evaluated = Set<string>

/** Adds to `evaluated` also where it fails: a caller for whom a failure is no end hands in a set of its own. */
function evaluate(
  schema: JsonValue,
  value: JsonValue,
  path: ClaimPath,
  { root, depth }: Scope,
  evaluated: Evaluated,
): SchemaFault | undefined {
  if (schema === true) {
    evaluated.add(openBelow(path))
    return undefined
  }
  const fail = (keyword: string): SchemaFault => ({ keyword, path })
  if (!isJsonObject(schema)) return fail('false')
  if (depth > 200) throw new TypeError('the schema refers to itself without end')
  const scope = { root, depth: depth + 1 }
  const keyword = failedAssertion(schema, value)
  if (keyword !== undefined) return fail(keyword)
  return (
    evaluateInPlace(schema, value, path, scope, evaluated) ??
    (isJsonObject(value) ? evaluateMembers(schema, value, path, scope, evaluated) : undefined) ??
    (Array.isArray(value) ? evaluateItems(schema, value, path, scope, evaluated) : undefined)
  )
}

/** A member or item: described by the schema that it fits. */
function descend(
  schema: JsonValue,
  value: JsonValue,
  path: ClaimPath,
  scope: Scope,
  evaluated: Evaluated,
): SchemaFault | undefined {
  const own: Evaluated = new Set()
  const fault = evaluate(schema, value, path, scope, own)
  if (fault) return fault
  for (const pointer of own) evaluated.add(pointer)
  evaluated.add(pointerOf(path))
  return undefined
}

/** Keywords that hold further schemas against the same value. */
function evaluateInPlace(
  schema: JsonObject,
  value: JsonValue,
  path: ClaimPath,
  scope: Scope,
  evaluated: Evaluated,
): SchemaFault | undefined {
  /** What fails leaves no trace; what passes has described what it has. */
  const attempt = (part: JsonValue): SchemaFault | undefined => {
    const own: Evaluated = new Set()
    const fault = evaluate(part, value, path, scope, own)
    if (!fault) for (const pointer of own) evaluated.add(pointer)
    return fault
  }
  if (typeof schema.$ref === 'string') {
    const fault = attempt(referredSchema(scope.root, schema.$ref))
    if (fault) return fault
  }
  for (const part of listAt(schema, 'allOf')) {
    const fault = attempt(part)
    if (fault) return fault
  }
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    if (schema[keyword] === undefined) continue
    const passed = listAt(schema, keyword).filter((part) => !attempt(part)).length
    if (passed === 0 || (keyword === 'oneOf' && passed > 1)) return { keyword, path }
  }
  if (schema.not !== undefined && !evaluate(schema.not, value, path, scope, new Set())) {
    return { keyword: 'not', path }
  }
  if (schema.if !== undefined) {
    const branch = attempt(schema.if) ? schema.else : schema.then
    const fault = branch === undefined ? undefined : attempt(branch)
    if (fault) return fault
  }
  if (isJsonObject(value) && isJsonObject(schema.dependentSchemas)) {
    for (const [name, part] of Object.entries(schema.dependentSchemas)) {
      const fault = Object.hasOwn(value, name) ? attempt(part) : undefined
      if (fault) return fault
    }
  }
  return undefined
}

function evaluateMembers(
  schema: JsonObject,
  value: JsonObject,
  path: ClaimPath,
  scope: Scope,
  evaluated: Evaluated,
): SchemaFault | undefined {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const patterns = isJsonObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : []
  for (const [name, member] of Object.entries(value)) {
    const at = [...path, name]
    const parts = patterns.filter(([pattern]) => patternOf(pattern).test(name)).map(([, part]) => part)
    if (Object.hasOwn(properties, name)) parts.push(properties[name] as JsonValue)
    const isAdditional = parts.length === 0 && schema.additionalProperties !== undefined
    if (isAdditional) parts.push(schema.additionalProperties as JsonValue)
    if (isAdditional && schema.additionalProperties === false) {
      return { keyword: 'additionalProperties', path: at }
    }
    for (const part of parts) {
      const fault = descend(part, member, at, scope, evaluated)
      if (fault) return fault
    }
    if (schema.propertyNames !== undefined) {
      const fault = evaluate(schema.propertyNames, name, at, scope, new Set())
      if (fault) return { keyword: 'propertyNames', path: at }
    }
  }
  if (schema.unevaluatedProperties === undefined) return undefined
  for (const [name, member] of Object.entries(value)) {
    const at = [...path, name]
    if (evaluated.has(pointerOf(at))) continue
    if (schema.unevaluatedProperties === false) return { keyword: 'unevaluatedProperties', path: at }
    const fault = descend(schema.unevaluatedProperties, member, at, scope, evaluated)
    if (fault) return fault
  }
  return undefined
}

function evaluateItems(
  schema: JsonObject,
  value: readonly JsonValue[],
  path: ClaimPath,
  scope: Scope,
  evaluated: Evaluated,
): SchemaFault | undefined {
  const prefix = listAt(schema, 'prefixItems')
  let matching = 0
  for (const [index, item] of value.entries()) {
    const at = [...path, index]
    const part = index < prefix.length ? prefix[index] : schema.items
    const fault = part === undefined ? undefined : descend(part, item, at, scope, evaluated)
    if (fault) return fault
    if (schema.contains !== undefined && !descend(schema.contains, item, at, scope, evaluated)) matching += 1
  }
  if (schema.contains !== undefined) {
    const { minContains = 1, maxContains = Infinity } = schema as {
      minContains?: number
      maxContains?: number
    }
    if (matching < minContains || matching > maxContains) return { keyword: 'contains', path }
  }
  if (schema.unevaluatedItems === undefined) return undefined
  for (const [index, item] of value.entries()) {
    const at = [...path, index]
    if (evaluated.has(pointerOf(at))) continue
    if (descend(schema.unevaluatedItems, item, at, scope, evaluated)) {
      return { keyword: 'unevaluatedItems', path: at }
    }
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
  const id = typeof root.$id === 'string' ? root.$id.replace(/#$/, '') : ''
  const fragment = id !== '' && reference.startsWith(`${id}#`) ? reference.slice(id.length) : reference
  const found = fragment === '#' || reference === id ? root : findFragment(root, fragment)
  if (found === undefined) throw new TypeError(`the schema refers to ${reference}, which is not in it`)
  return found
}

function findFragment(root: JsonObject, fragment: string): JsonValue | undefined {
  if (!fragment.startsWith('#/'))
    return fragment.startsWith('#') ? anchored(root, fragment.slice(1)) : undefined
  let at: JsonValue | undefined = root
  for (const part of fragment.slice(2).split('/')) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    const inner: JsonValue | undefined = at
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined
    at = (inner as JsonObject)[name]
  }
  return at
}

function anchored(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (isJsonObject(value) && value.$anchor === name) return value
  for (const member of Object.values(value) as readonly JsonValue[]) {
    const found = anchored(member, name)
    if (found !== undefined) return found
  }
  return undefined
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
