import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { faultText } from './start-fault.ts'
import { type UnknownSetting, unknownSettings } from './unknown-settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads a program's settings; every method throws an Error that names the variable and says what it must be. */
export interface EnvironmentReader {
  /** Without the blanks around it; what is empty counts as not set. */
  text(name: string, otherwise: string): string
  /** A whole number from `least` to `most`. */
  number(name: string, otherwise: number, least: number, most: number): number
  /** One of the words; the first where it is not set. */
  one<Word extends string>(name: string, words: readonly Word[]): Word
  /** Items between blanks or commas, each of a shape where one is given. */
  list(name: string, shape?: Shape): readonly string[]
  /** Paths between blanks or commas, of files that are there. */
  files(name: string): readonly string[]
  /** `STORE`: `sqlite`, or a `postgres://` URL. */
  store(): string
}

export interface Shape {
  readonly pattern: RegExp
  /** What its items are, for the message. */
  readonly what: string
}

/** Those who are trusted are named exactly; what could name nobody is a mistake. */
export const issuerIds: Shape = {
  pattern: /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)|did:[a-z0-9]+:)/,
  what: 'https URLs (http only on this machine) or DIDs',
}
export const clientIds: Shape = {
  pattern: /^(?!https?:)[a-z0-9_]+:./,
  what: 'client identifiers with their prefix, such as x509_hash:…',
}

export interface ReadSettings<Settings> {
  readonly settings: Settings
  /** Variables that look as if they were meant for the program, which does not know them. */
  readonly unknown: readonly UnknownSetting[]
}

/** Reads a program's settings out of its environment; a wrong one ends it with the message alone. */
export function readSettings<Settings>(
  program: string,
  read: (environment: Environment) => Settings,
): ReadSettings<Settings> {
  // What is asked for is what is known.
  const known = new Set<string>()
  const environment = new Proxy<Environment>(process.env, {
    get(variables, name) {
      if (typeof name === 'string') known.add(name)
      return Reflect.get(variables, name) as string | undefined
    },
  })
  try {
    const settings = read(environment)
    const prefix = `${program.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_`
    return { settings, unknown: unknownSettings(Object.keys(process.env), known, prefix) }
  } catch (error) {
    endWith(error)
  }
}

/** Ends the program at a fault of its start, with the message alone. */
export function endWith(error: unknown): never {
  process.stderr.write(`${faultText(error)}\n`)
  process.exit(1)
}

export function createEnvironmentReader(environment: Environment): EnvironmentReader {
  const text = (name: string, otherwise: string) => environment[name]?.trim() || otherwise
  const list = (name: string, shape?: Shape) => {
    const items = text(name, '')
      .split(/[\s,]+/)
      .filter((item) => item !== '')
    const odd = items.find((item) => shape && !shape.pattern.test(item))
    if (odd !== undefined) throw new Error(`${name} must list ${shape?.what}; this is none: ${odd}`)
    return items
  }
  return {
    text,
    list,
    files: (name) =>
      list(name).map((path) => {
        if (!existsSync(path)) throw new Error(`${name} must list files that are there; this is not: ${path}`)
        return resolve(path)
      }),
    number(name, otherwise, least, most) {
      const value = Number(text(name, String(otherwise)))
      if (!Number.isInteger(value) || value < least || value > most) {
        throw new Error(`${name} must be a whole number from ${least} to ${most}`)
      }
      return value
    },
    one(name, words) {
      const value = text(name, words[0] as string)
      const word = words.find((known) => known === value)
      if (word === undefined) throw new Error(`${name} must be one of: ${words.join(', ')}`)
      return word
    },
    store() {
      const store = text('STORE', 'sqlite')
      if (store !== 'sqlite' && !/^postgres(ql)?:\/\//.test(store)) {
        throw new Error('STORE must be sqlite or a postgres:// URL')
      }
      return store
    },
  }
}
