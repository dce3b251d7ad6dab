import type { JsonValue } from './json.ts'
import type { ClaimPath } from './ports.ts'

/** A value that JSON does not have, where JSON was to be. */
export class NotJsonError extends TypeError {
  /** Where it stands. */
  readonly path: ClaimPath

  constructor(path: ClaimPath, what: string) {
    super(`${path.length === 0 ? 'the value' : shownPath(path)} ${what}`)
    this.name = 'NotJsonError'
    this.path = path
  }
}

/** A path as a message shows it: `address.province`, `vessels.0.reg_no`. */
export function shownPath(path: ClaimPath): string {
  return path.map((part) => (part === null ? '*' : String(part))).join('.')
}

/** As deep as the readers of credentials go. */
const mostLevels = 32

/**
 * A copy of a value that is JSON through and through, so that nothing which a signature covers is another value when it is
 * read again. Refused is what `JSON.stringify` would drop or turn into something else: a `Date`, bytes,
 * a class's object, `undefined`, a hole in a list, a function, `NaN`, an integer beyond 2^53-1; and what readers of JSON
 * do not agree on: `__proto__`, half a surrogate pair, nesting beyond `maxDepth` levels.
 * @param maxDepth default: 32, as far as the readers of credentials go
 * @throws NotJsonError that names the place, never the value
 */
export function copyJson(value: unknown, maxDepth = mostLevels): JsonValue {
  return copy(value, [], maxDepth)
}

/** @param path where the value stands: one list for the whole walk, of which an error keeps a copy */
function copy(value: unknown, path: (string | number)[], maxDepth: number): JsonValue {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw notJson(path, 'is not well-formed Unicode text')
    return value
  }
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(path, 'is not a finite number')
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw notJson(path, 'is an integer beyond 2^53-1: write it as a text')
    }
    return value
  }
  if (typeof value !== 'object') throw notJson(path, `is ${kindOf(value)}: leave it out`)
  if (path.length >= maxDepth) throw notJson(path, `is nested deeper than ${maxDepth} levels`)
  return Array.isArray(value) ? copyList(value, path, maxDepth) : copyObject(value, path, maxDepth)
}

function copyList(list: readonly unknown[], path: (string | number)[], maxDepth: number): JsonValue {
  const items: JsonValue[] = []
  for (let index = 0; index < list.length; index++) {
    path.push(index)
    items.push(copy(list[index], path, maxDepth))
    path.pop()
  }
  return items
}

function copyObject(given: object, path: (string | number)[], maxDepth: number): JsonValue {
  const prototype: unknown = Object.getPrototypeOf(given)
  if (prototype !== Object.prototype && prototype !== null && !isPlainPrototype(prototype)) {
    throw notJson(path, `is ${kindOf(given)}: write it as a text or as a plain object`)
  }
  const object: Record<string, JsonValue> = {}
  for (const name of Object.keys(given)) {
    if (!name.isWellFormed()) throw notJson(path, 'has a name that is not well-formed Unicode text')
    path.push(name)
    if (name === '__proto__') throw notJson(path, 'has a name that readers of JSON refuse')
    object[name] = copy((given as Readonly<Record<string, unknown>>)[name], path, maxDepth)
    path.pop()
  }
  return object
}

function notJson(path: ClaimPath, what: string): NotJsonError {
  return new NotJsonError([...path], what)
}

/** Of this realm or another: an object whose own prototype is nothing. */
function isPlainPrototype(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype as object, 'hasOwnProperty')
  )
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value !== 'object') return `a ${typeof value}`
  const { name } = (value as { readonly constructor?: { readonly name?: unknown } }).constructor ?? {}
  return typeof name === 'string' && name !== '' ? `an object of the class ${name}` : 'an object of a class'
}
