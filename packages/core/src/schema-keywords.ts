import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import { jsonFormats } from './json-formats.ts'
import {
  anyRule,
  booleanRule,
  expecting,
  integerRule,
  listRule,
  nearestName,
  type OptionRule,
  objectRule,
  oneOfRule,
  textRule,
} from './option-rules.ts'

// JSON Schema lets a reader pass over keywords that it does not know, so that a misspelt one checks nothing. In a schema of
// one's own that is a mistake, and is told when the document is made.

const types = oneOfRule(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'])
const numberOperand = expecting('a number', (value) => typeof value === 'number' && Number.isFinite(value))
const schemaRule = expecting(
  'a schema',
  (value) => typeof value === 'boolean' || isJsonObject(value as JsonValue),
)
const schemasRule = listRule(schemaRule, { least: 1 })

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const inner = {
  one: [
    ...[
      'items',
      'contains',
      'additionalProperties',
      'propertyNames',
      'unevaluatedProperties',
      'unevaluatedItems',
    ],
    ...['not', 'if', 'then', 'else', 'contentSchema'],
  ],
  list: ['allOf', 'anyOf', 'oneOf', 'prefixItems'],
  named: ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
} as const

const operands: Readonly<Record<string, OptionRule>> = {
  ...Object.fromEntries(inner.one.map((name) => [name, schemaRule])),
  ...Object.fromEntries(inner.list.map((name) => [name, schemasRule])),
  ...Object.fromEntries(inner.named.map((name) => [name, objectRule])),
  type: (value, path) => (Array.isArray(value) ? listRule(types, { least: 1 }) : types)(value, path),
  enum: listRule(anyRule),
  ...ofAll(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'], numberOperand),
  ...ofAll(['minLength', 'maxLength', 'minItems', 'maxItems', 'minContains', 'maxContains'], integerRule(0)),
  ...ofAll(['minProperties', 'maxProperties'], integerRule(0)),
  ...ofAll(['pattern', '$ref', '$anchor', '$id', '$schema'], textRule),
  format: (value, path) => {
    textRule(value, path)
    const name = value as string
    if (Object.hasOwn(jsonFormats, name) || otherFormats.has(name)) return
    const meant = nearestName(name, formats)
    if (meant === undefined) return
    throw new TypeError(`${path}: ${JSON.stringify(name)} is no format; did you mean ${meant}?`)
  },
  uniqueItems: booleanRule,
  required: listRule(textRule),
  dependentRequired: objectRule,
  $dynamicRef: expecting('a $ref: $dynamicRef is not understood', () => false),
  ...ofAll(
    ['const', '$comment', '$vocabulary', '$dynamicAnchor', 'title', 'description', 'default'],
    anyRule,
  ),
  ...ofAll(
    ['deprecated', 'readOnly', 'writeOnly', 'examples', 'contentEncoding', 'contentMediaType'],
    anyRule,
  ),
}

const formats = Object.keys(jsonFormats)
/** The standard's further formats, which say nothing here and are no misspelling of those that do. */
const otherFormats = new Set([
  ...['idn-email', 'idn-hostname', 'iri', 'iri-reference', 'uri-template', 'relative-json-pointer', 'regex'],
])
const keywords = Object.keys(operands)
/** Of a keyword as short as `not` and `if` too many words are a neighbour. */
const mistakable = keywords.filter((name) => name.length > 3)

/**
 * Holds the keywords of a schema to their spelling and their form, wherever a schema stands in it.
 * @throws TypeError that names the place
 */
export function requireKeywords(schema: JsonValue, path: string): void {
  if (!isJsonObject(schema)) return
  for (const [name, operand] of Object.entries(schema)) {
    const rule = Object.hasOwn(operands, name) ? operands[name] : undefined
    if (rule) rule(operand, `${path}: ${name}`)
    else {
      const meant = nearestName(name, mistakable)
      if (meant !== undefined)
        throw new TypeError(`${path}: unknown keyword ${JSON.stringify(name)}; did you mean ${meant}?`)
    }
  }
  for (const [name, part] of innerSchemas(schema)) requireKeywords(part, `${path}.${name}`)
}

function innerSchemas(schema: JsonObject): readonly (readonly [string, JsonValue])[] {
  const named = (name: string) =>
    Object.entries((schema[name] ?? {}) as JsonObject).map(([key, part]) => [`${name}.${key}`, part] as const)
  return [
    ...inner.one.flatMap((name) => (schema[name] === undefined ? [] : [[name, schema[name]] as const])),
    ...inner.list.flatMap((name) => named(name)),
    ...inner.named.flatMap((name) => named(name)),
  ]
}

function ofAll(names: readonly string[], rule: OptionRule): Readonly<Record<string, OptionRule>> {
  return Object.fromEntries(names.map((name) => [name, rule]))
}
