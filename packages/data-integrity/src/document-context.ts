import { type DocumentType, typeVersionOf } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { baseContextV2 } from '@ekkasan/vcdm'
import { type RegisteredContext, standardContexts } from './contexts.ts'

/**
 * The JSON-LD context that gives the claims of a document their meaning, under the URL below the issuer's where the
 * issuer serves it. Wallets and verifiers register it; nobody fetches it.
 *
 * Every claim named in the document's schema is a protected term; lists keep their order, and lists of lists are JSON.
 * @example
 * const contexts = createContextRegistry([documentContext(thaiNationalId, 'https://issuer.example')])
 */
export function documentContext(
  document: DocumentType,
  issuer: string,
): RegisteredContext & { readonly document: string } {
  const url = `${issuer.replace(/\/$/, '')}/contexts/${document.type}/${typeVersionOf(document)}.json`
  const terms: Record<string, JsonValue> = {}
  const add = (name: string, isList: boolean) => {
    if (reserved.has(name)) return
    terms[name] = isList ? { '@id': `${url}#${name}`, '@container': '@list' } : `${url}#${name}`
  }
  // Lists of lists have no statements that tell them apart (VCDM 2.0 section 6.1, "Lists and Arrays").
  const isMatrix = (schema: JsonObject) =>
    schema.type === 'array' && isJsonObject(schema.items) && schema.items.type === 'array'
  const walk = (schema: JsonValue | undefined) => {
    if (!isJsonObject(schema)) return
    if (isJsonObject(schema.properties)) {
      for (const [name, property] of Object.entries(schema.properties)) {
        if (isJsonObject(property) && isMatrix(property)) {
          terms[name] = { '@id': `${url}#${name}`, '@type': '@json' }
          continue
        }
        add(name, isJsonObject(property) && property.type === 'array')
        walk(property)
      }
    }
    walk(schema.items)
    for (const keyword of ['allOf', 'anyOf', 'oneOf', 'prefixItems'])
      for (const part of listOf(schema[keyword])) walk(part)
    if (isJsonObject(schema.$defs)) for (const part of Object.values(schema.$defs)) walk(part)
  }
  for (const { path } of document.claims) {
    for (const [index, name] of path.entries())
      if (typeof name === 'string') add(name, path[index + 1] === null)
  }
  walk(document.schema)
  const context = { '@context': { '@protected': true, [document.type]: `${url}#${document.type}`, ...terms } }
  return { url, document: JSON.stringify(context) }
}

// What the data model's context protects cannot be defined again, and means the same.
const reserved = new Set(Object.keys(standardContexts.find(baseContextV2) as JsonObject))
