import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'

/**
 * What a `$ref` within a JSON Schema leads to: a JSON pointer from its root, `#name` of an `$anchor`, or `#`. Undefined
 * when it leads nowhere, or out of the document.
 */
export function findReferred(root: JsonObject, reference: string): JsonValue | undefined {
  const id = typeof root.$id === 'string' ? root.$id.replace(/#$/, '') : ''
  const fragment = id !== '' && reference.startsWith(`${id}#`) ? reference.slice(id.length) : reference
  return fragment === '#' || reference === id ? root : findFragment(root, fragment)
}

function findFragment(root: JsonObject, fragment: string): JsonValue | undefined {
  if (!fragment.startsWith('#/'))
    return fragment.startsWith('#') ? anchored(root, fragment.slice(1)) : undefined
  let at: JsonValue | undefined = root
  for (const part of fragment.slice(2).split('/')) {
    const name = decoded(part)?.replaceAll('~1', '/').replaceAll('~0', '~')
    const inner: JsonValue | undefined = at
    if (name === undefined || typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) {
      return undefined
    }
    at = (inner as JsonObject)[name]
  }
  return at
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
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
