import { findReferred } from '@ekkasan/core'
import { isJsonObject, type JsonValue, listOf } from '@ekkasan/core/json'

const maxDepth = 64

/**
 * A value with lists of one where a JSON Schema says that something is an array and a single value stands. Compacted
 * JSON-LD writes both alike, and its statements do not tell them apart.
 */
export function withSchemaLists(value: JsonValue, root: JsonValue): JsonValue {
  const walk = (inner: JsonValue, schema: JsonValue | undefined, depth: number): JsonValue => {
    if (!isJsonObject(schema) || depth > maxDepth) return inner
    const { $ref, allOf, type, items, properties } = schema
    let read = inner
    if (typeof $ref === 'string' && isJsonObject(root)) read = walk(read, findReferred(root, $ref), depth + 1)
    for (const one of listOf(allOf)) read = walk(read, one, depth + 1)
    if (type === 'array' && !Array.isArray(read)) read = [read]
    if (Array.isArray(read)) {
      const list: readonly JsonValue[] = read
      return list.map((item) => walk(item, items, depth + 1))
    }
    if (!isJsonObject(read) || !isJsonObject(properties)) return read
    return Object.fromEntries(
      Object.entries(read).map(([name, member]) => [
        name,
        Object.hasOwn(properties, name) ? walk(member, properties[name], depth + 1) : member,
      ]),
    )
  }
  return walk(value, root, 0)
}
