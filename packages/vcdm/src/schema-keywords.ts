import { isJsonObject, type JsonValue } from '@ekkasan/core/json'

const isText = (value: JsonValue) => typeof value === 'string'
const isNumber = (value: JsonValue) => typeof value === 'number'
const isFlag = (value: JsonValue) => typeof value === 'boolean'
const isTexts = (value: JsonValue) => Array.isArray(value) && value.every(isText)
const isSchema = (value: JsonValue) => isJsonObject(value) || isFlag(value)
const isSchemas = (value: JsonValue) => Array.isArray(value) && value.every(isSchema)
const isMapOf = (isMember: (value: JsonValue) => boolean) => (value: JsonValue) =>
  isJsonObject(value) && Object.values(value).every(isMember)

const kinds: readonly [(value: JsonValue) => boolean, readonly string[]][] = [
  [isText, ['$schema', '$id', '$ref', '$anchor', '$recursiveRef', 'pattern', 'format']],
  [isNumber, ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
  [isNumber, ['minLength', 'maxLength', 'minItems', 'maxItems', 'minContains', 'maxContains']],
  [isNumber, ['minProperties', 'maxProperties']],
  [isFlag, ['uniqueItems', '$recursiveAnchor']],
  [isTexts, ['required']],
  [(value) => isText(value) || isTexts(value), ['type']],
  [Array.isArray, ['enum']],
  [isSchema, ['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'additionalProperties']],
  [isSchema, ['unevaluatedProperties', 'additionalItems', 'unevaluatedItems']],
  [(value) => isSchema(value) || isSchemas(value), ['items']],
  [isSchemas, ['allOf', 'anyOf', 'oneOf', 'prefixItems']],
  [isMapOf(isSchema), ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']],
  [isMapOf(isTexts), ['dependentRequired']],
  [isMapOf((value) => isSchema(value) || isTexts(value)), ['dependencies']],
]

/** Whether a member holds a schema that is held against the instance, or refers to one. */
export function isApplicator(name: string): boolean {
  return applicators.has(name)
}

const applicators: ReadonlySet<string> = new Set([
  ...['$ref', '$recursiveRef', 'allOf', 'anyOf', 'oneOf', 'if', 'items', 'prefixItems', 'contains'],
  ...['additionalItems', 'unevaluatedItems', 'properties', 'patternProperties', 'additionalProperties'],
  ...['unevaluatedProperties', 'propertyNames', 'dependentSchemas'],
])

const isOfKind = new Map(kinds.flatMap(([isIt, names]) => names.map((name) => [name, isIt] as const)))

/**
 * Whether a member of a schema is what JSON Schema says that it is; those that it does not know are. The library would
 * take a list for a pattern, a text for a map, and do what was not counted.
 */
export function isKeyword(name: string, value: JsonValue): boolean {
  return isOfKind.get(name)?.(value) ?? true
}
