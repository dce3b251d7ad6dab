export type Environment = Readonly<Record<string, string | undefined>>

/** Reads a program's settings; every method throws an Error that names the variable and says what it must be. */
export interface EnvironmentReader {
  /** Without the blanks around it; what is empty counts as not set. */
  text(name: string, otherwise: string): string
  /** A whole number from `least` to `most`. */
  number(name: string, otherwise: number, least: number, most: number): number
  /** One of the words; the first where it is not set. */
  one<Word extends string>(name: string, words: readonly Word[]): Word
  /** Items between blanks or commas. */
  list(name: string): readonly string[]
  /** `STORE`: `sqlite`, or a `postgres://` URL. */
  store(): string
}

export function createEnvironmentReader(environment: Environment): EnvironmentReader {
  const text = (name: string, otherwise: string) => environment[name]?.trim() || otherwise
  return {
    text,
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
    list: (name) =>
      text(name, '')
        .split(/[\s,]+/)
        .filter((item) => item !== ''),
    store() {
      const store = text('STORE', 'sqlite')
      if (store !== 'sqlite' && !/^postgres(ql)?:\/\//.test(store)) {
        throw new Error('STORE must be sqlite or a postgres:// URL')
      }
      return store
    },
  }
}
