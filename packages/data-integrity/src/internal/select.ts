import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { DataIntegrityError } from '../errors.ts'
import type { BlankLabels } from './walk.ts'

type Draft = Record<string, unknown> | unknown[]

/**
 * The part of a document that JSON pointers (RFC 6901) point to, with the ids and types on the way (vc-di-ecdsa section
 * 3.4.13); undefined for no pointers. What is copied keeps its blank nodes' labels.
 * @throws DataIntegrityError `data-integrity.pointer.not-found`
 */
export function selectJsonLd(
  document: JsonObject,
  pointers: readonly string[],
  labels?: BlankLabels,
): JsonObject | undefined {
  if (pointers.length === 0) return undefined
  const copyOf = <T extends Draft>(copy: T, original: object): T => {
    labels?.originals.set(copy, labels.originals.get(original) ?? original)
    return copy
  }
  const deep = (value: JsonValue): unknown => {
    if (Array.isArray(value)) return copyOf(value.map(deep), value)
    if (!isJsonObject(value)) return value
    return copyOf(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, deep(item)])), value)
  }
  const initial = (source: JsonObject): Draft => {
    const selection: Record<string, unknown> = {}
    for (const name of ['@context', 'id', '@id', 'type', '@type']) {
      const value = source[name]
      const isBlank = typeof value === 'string' && value.startsWith('_:')
      if (value !== undefined && !isBlank) selection[name] = deep(value)
    }
    return copyOf(selection, source)
  }
  const sparse: unknown[][] = []
  const selection = initial(document) as Record<string, unknown>
  for (const pointer of new Set(pointers)) {
    const path = pathOf(pointer)
    let value: JsonValue = document
    let selected: Draft = selection
    for (const [index, name] of path.entries()) {
      const parent: JsonValue = value
      if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, name)) throw notFound()
      // Of what a list has, only its items are JSON.
      if (Array.isArray(parent) && name === 'length') throw notFound()
      value = (parent as JsonObject)[name] as JsonValue
      const isLast = index === path.length - 1
      const known: unknown = (selected as Record<string, unknown>)[name]
      let next: unknown = known
      if (isLast) next = deep(value)
      else if (known === undefined) {
        if (Array.isArray(value)) {
          next = copyOf([], value)
          sparse.push(next as unknown[])
        } else if (isJsonObject(value)) next = initial(value)
        else throw notFound()
      }
      ;(selected as Record<string, unknown>)[name] = next
      selected = next as Draft
    }
    if (path.length === 0) Object.assign(selection, deep(document))
  }
  for (const items of sparse) {
    const dense = items.filter(() => true)
    items.length = 0
    items.push(...dense)
  }
  return selection as JsonObject
}

/** The JSON pointer to the member that names lead to. */
export function pointerOf(names: readonly string[]): string {
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function pathOf(pointer: string): readonly string[] {
  if (pointer !== '' && !pointer.startsWith('/')) throw notFound()
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function notFound(): DataIntegrityError {
  return new DataIntegrityError(
    'data-integrity.pointer.not-found',
    'a JSON pointer points to nothing in the document',
  )
}
