// What a programmer hands in is checked when a thing is built: the closed list of its options, and the shape of each.
// An error says where, what was expected and what came; of what came it names the kind and the members, never a value.

/** Checks one option. @throws TypeError */
export type OptionRule = (value: unknown, path: string) => void

/** A rule for every option there is: one without a rule does not compile. */
export type OptionRules<Options> = { readonly [Name in keyof Required<Options>]: OptionRule }

/**
 * Checks the options of a function. Names that are no option are refused, with the option that was probably meant.
 * @param what the function, as a message names it: `createIssuer`
 * @throws TypeError
 */
export function checkOptions<Options>(options: Options, what: string, rules: OptionRules<Options>): void {
  checkMembers(options, what, rules as Readonly<Record<string, OptionRule>>)
}

function checkMembers(value: unknown, path: string, rules: Readonly<Record<string, OptionRule>>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unexpected(path, 'an object of options', value)
  }
  const names = Object.keys(rules)
  const unknown = unknownMember(value, names)
  if (unknown !== undefined) throw new TypeError(`${path}: ${unknown}`)
  const members = value as Readonly<Record<string, unknown>>
  for (const name of names) rules[name]?.(members[name], `${path}: ${name}`)
}

/** What is wrong with an object that has another member than the known ones: names it, and what was probably meant. */
export function unknownMember(value: object, known: readonly string[]): string | undefined {
  const name = Object.keys(value).find((one) => !known.includes(one))
  if (name === undefined) return undefined
  const meant = nearestName(name, known)
  const advice = meant === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${meant}?`
  return `unknown member ${JSON.stringify(name.slice(0, 64))}; ${advice}`
}

/** A rule from a condition. `hint` says what to do about a value that is often handed in by mistake. */
export function expecting(
  expected: string,
  accepts: (value: unknown) => boolean,
  hint: (value: unknown) => string | undefined = () => undefined,
): OptionRule {
  return (value, path) => {
    if (accepts(value)) return
    const advice = hint(value)
    throw unexpected(path, expected, value, advice)
  }
}

/** May be left out. `null` does not stand for that. */
export const optional =
  (rule: OptionRule): OptionRule =>
  (value, path) => {
    if (value !== undefined) rule(value, path)
  }

/** A list of such values, not empty where `least` is 1. */
export const listRule =
  (rule: OptionRule, { least = 0 }: { readonly least?: 0 | 1 } = {}): OptionRule =>
  (value, path) => {
    if (!Array.isArray(value) || value.length < least) {
      throw unexpected(path, least === 1 ? 'a list with at least one entry' : 'a list', value)
    }
    // Not `forEach`, which passes over a hole.
    for (const [at, item] of value.entries()) rule(item, `${path}[${at}]`)
  }

/** An object of options within the options. */
export const optionsRule =
  <Options>(rules: OptionRules<Options>): OptionRule =>
  (value, path) => {
    checkMembers(value, path, rules as Readonly<Record<string, OptionRule>>)
  }

/** An object with these methods: a port. */
export function portRule(expected: string, methods: readonly string[]): OptionRule {
  return expecting(expected, (value) => methods.every((name) => typeof memberOf(value, name) === 'function'))
}

export const anyRule: OptionRule = () => undefined
export const functionRule = expecting('a function', (value) => typeof value === 'function')
export const booleanRule = expecting('true or false', (value) => typeof value === 'boolean')
export const textRule = expecting('a text', (value) => typeof value === 'string' && value !== '')
export const objectRule = expecting('an object', isObject)

/** A number within bounds, both included. */
export function numberRule(least: number, most = Number.MAX_SAFE_INTEGER, unit = ''): OptionRule {
  return (value, path) => {
    if (typeof value === 'number' && value >= least && value <= most) return
    throw unexpected(path, `a number ${rangeOf(least, most, value)}${unit && ` ${unit}`}`, value)
  }
}

/** A whole number within bounds, both included. */
export function integerRule(least: number, most = Number.MAX_SAFE_INTEGER): OptionRule {
  return (value, path) => {
    const isCount = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
    if (!isCount) throw unexpected(path, `a whole number ${rangeOf(least, most, value)}`, value)
  }
}

/** The end of a range that has none of its own is worth a word where a number is beyond it. */
function rangeOf(least: number, most: number, value: unknown): string {
  const isBeyond = typeof value === 'number' && value > most
  return most === Number.MAX_SAFE_INTEGER && !isBeyond ? `of ${least} or more` : `of ${least} to ${most}`
}

export function oneOfRule(values: readonly string[]): OptionRule {
  return expecting(`one of ${values.join(', ')}`, (value) => values.includes(value as string))
}

export function unexpected(path: string, expected: string, value: unknown, advice?: string): TypeError {
  const isPromise = typeof memberOf(value, 'then') === 'function'
  const hint = isPromise ? '; await it' : advice === undefined ? '' : `; ${advice}`
  return new TypeError(`${path}: expected ${expected}; got ${describeValue(value)}${hint}`)
}

/** What came, in words: its kind and the names of its members, never a value. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text'
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`
  if (typeof value !== 'object') return `a ${typeof value}`
  if (typeof memberOf(value, 'then') === 'function') return 'a Promise'
  const kind = (value.constructor as { readonly name?: string } | undefined)?.name
  if (kind !== undefined && kind !== 'Object') return `an object of ${kind}`
  const names = Object.keys(value)
  if (names.length === 0) return 'an object without members'
  return `an object with ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`
}

/** The one of the known names that a misspelt name is nearest to, if it is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const simple = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const scored = known
    .map((one) => ({ one, distance: editDistance(simple(name.slice(0, 64)), simple(one)) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = scored
  return best && best.distance <= Math.max(1, Math.floor(best.one.length / 3)) ? best.one : undefined
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}
