import type { EkkasanError } from '@ekkasan/core'

/** One parser, or several of one kind, as the fuzzer drives it: `test/fuzz/parsers/NAME.ts` exports it as `target`. */
export interface FuzzTarget {
  /** What is read, for `npm run fuzz -- --list`. */
  readonly reads: string
  /** Inputs that are accepted, made by our own issuers when the run starts: what the fuzzer changes first. */
  seeds(): readonly Seed[] | Promise<readonly Seed[]>
  /**
   * Hands the input to the parser and holds the result to what must always be true. What it throws is a finding: the
   * refusals of the package are caught inside, by `tryParse` and `tryVerify`.
   */
  read(input: Uint8Array<ArrayBuffer>): void | Promise<void>
}

export type Seed = string | Uint8Array

/** A class of errors by which a package refuses. */
export type Refusal = abstract new (...parameters: never[]) => EkkasanError | SyntaxError | TypeError

/** What the parser gives; undefined where it refuses by one of these errors. Every other error is a finding. */
export function tryParse<T>(parse: () => T, ...refusals: readonly Refusal[]): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (isRefusal(error, refusals)) return undefined
    throw error
  }
}

/** As `tryParse`, for what answers later. */
export async function tryVerify<T>(
  verify: () => Promise<T>,
  ...refusals: readonly Refusal[]
): Promise<T | undefined> {
  try {
    return await verify()
  } catch (error) {
    if (isRefusal(error, refusals)) return undefined
    throw error
  }
}

/** Throws where something that must always be true is not. */
export function insist(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`broken promise: ${what}`)
}

/** Throws where the two differ as JSON. */
export function insistSame(first: unknown, second: unknown, what: string): void {
  insist(JSON.stringify(first) === JSON.stringify(second), what)
}

/** The input as text; bytes that are not UTF-8 become U+FFFD. */
export function textOf(input: Uint8Array): string {
  return decoder.decode(input)
}

/** The parts of an input that stands for several texts, one a line: what is signed or encoded before it is read. */
export function linesOf(input: Uint8Array): readonly string[] {
  return textOf(input).split('\n')
}

/** Of processor time, for one input: far above what the slowest honest input takes, instrumented. */
const maxMilliseconds = 2_000

/** Reads one input, and holds it to what goes for every parser: no hang, and nothing left behind in the prototypes. */
export async function readGuarded(target: FuzzTarget, input: Uint8Array): Promise<void> {
  const before = performance.now()
  const cpu = process.cpuUsage()
  await target.read(Uint8Array.from(input))
  if (performance.now() - before > maxMilliseconds) {
    const { user, system } = process.cpuUsage(cpu)
    const milliseconds = Math.round((user + system) / 1000)
    insist(milliseconds <= maxMilliseconds, `an input is read in bounded time; this took ${milliseconds} ms`)
  }
  insist(namesOfPrototypes() === untouched, 'no input changes a prototype of the language')
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const prototypes = [Object, Array, Map, Set, String, Number, Function, Uint8Array].map(
  ({ prototype }) => prototype,
)

function namesOfPrototypes(): number {
  let names = 0
  for (const prototype of prototypes) names += Reflect.ownKeys(prototype).length
  return names
}

const untouched = namesOfPrototypes()

function isRefusal(error: unknown, refusals: readonly Refusal[]): boolean {
  return refusals.some((refusal) => error instanceof refusal) && !isEngineFault(error)
}

/** A TypeError that the engine threw at a value that is not there is no refusal. */
function isEngineFault(error: unknown): boolean {
  return (
    error instanceof TypeError && /^Cannot |is not (a function|iterable|a constructor)/.test(error.message)
  )
}
