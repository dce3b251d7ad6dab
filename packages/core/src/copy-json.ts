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

function copy(value: unknown, path: ClaimPath, maxDepth: number): JsonValue {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new NotJsonError(path, 'is not well-formed Unicode text')
    return value
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotJsonError(path, 'is not a finite number')
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw new NotJsonError(path, 'is an integer beyond 2^53-1: write it as a text')
    }
    return value
  }
  if (typeof value !== 'object') throw new NotJsonError(path, `is ${kindOf(value)}: leave it out`)
  if (path.length >= maxDepth) throw new NotJsonError(path, `is nested deeper than ${maxDepth} levels`)
  if (Array.isArray(value)) {
    return Array.from(value as readonly unknown[], (item, index) => copy(item, [...path, index], maxDepth))
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && !isPlainPrototype(prototype)) {
    throw new NotJsonError(path, `is ${kindOf(value)}: write it as a text or as a plain object`)
  }
  const object: Record<string, JsonValue> = {}
  for (const name of Object.keys(value)) {
    if (name === '__proto__')
      throw new NotJsonError([...path, name], 'has a name that readers of JSON refuse')
    if (!name.isWellFormed()) throw new NotJsonError(path, 'has a name that is not well-formed Unicode text')
    object[name] = copy((value as Readonly<Record<string, unknown>>)[name], [...path, name], maxDepth)
  }
  return object
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
