import {
  checkOptions,
  expecting,
  functionRule,
  numberRule,
  type OptionRules,
  optional,
} from './option-rules.ts'
import { createParts } from './parts.ts'
import type { Clock, IssuerIdentity, IssuerKey, IssuerKeyQuestion, ResolveIssuerKey } from './ports.ts'
import { sharedWait, withinTime } from './within-time.ts'

export interface CachedOptions<Question> {
  /** How long an answer is given again, in milliseconds. */
  readonly lifetime: number
  /** Default: 1000. Beyond it the answer asked for longest ago is dropped. */
  readonly maxEntries?: number
  /** Two questions with the same key have the same answer. Default: JSON of the question. */
  readonly key?: (question: Question) => string
  /** How long an answer is waited for at most, in milliseconds. Default: 30 seconds. */
  readonly maxWait?: number
  readonly clock?: Clock
}

const aboveZero = expecting(
  'a number of milliseconds above 0',
  (value) => typeof value === 'number' && value > 0,
)

const rules: OptionRules<CachedOptions<never>> = {
  lifetime: aboveZero,
  maxEntries: optional(numberRule(1)),
  key: optional(functionRule),
  maxWait: optional(aboveZero),
  clock: optional(functionRule),
}

/** One answer, and when it came; Infinity while it is on its way. */
interface Entry<Answer> {
  readonly answer: Promise<Answer>
  cameAt: number
  /** Of an issuer's key. */
  identity?: string
}

/**
 * Wraps a `resolve…` port so that an answer is remembered for a while: the same object each time. Questions asked
 * while the first is still on its way share its answer, for `maxWait` at most: then all of them fail with ResolveError
 * `core.resolve.unavailable`. A failure is never remembered. What came at a time that is still to come, by a clock that
 * was set back since, is asked for again. Keys of issuers that were not trusted yet take a quarter of the room.
 */
export function cached(resolve: ResolveIssuerKey, options: CachedOptions<IssuerKeyQuestion>): ResolveIssuerKey
export function cached<Question, Answer>(
  resolve: (question: Question) => Promise<Answer>,
  options: CachedOptions<Question>,
): (question: Question) => Promise<Answer>
export function cached<Question, Answer>(
  resolve: ((question: Question) => Promise<Answer>) & Pick<ResolveIssuerKey, 'identify' | 'keep'>,
  options: CachedOptions<Question>,
): (question: Question) => Promise<Answer> {
  checkOptions(options, 'cached', rules)
  const { lifetime, maxEntries = 1000, maxWait = sharedWait } = options
  const { key = JSON.stringify, clock = () => new Date() } = options
  const { identify } = resolve
  const entries = createParts<Entry<Answer>>(maxEntries)
  const isFresh = ({ cameAt }: Entry<Answer>) => {
    const age = clock().getTime() - cameAt
    return cameAt === Infinity || (age >= 0 && age < lifetime)
  }
  const find = (question: Question) => {
    const name = key(question)
    const known = entries.get(name)
    if (known && isFresh(known)) return known.answer
    const answer = withinTime(resolve(question), maxWait)
    const entry: Entry<Answer> = { answer, cameAt: Infinity }
    entries.set(name, entry, known === undefined && identify !== undefined)
    answer.then(
      (found) => {
        entry.cameAt = clock().getTime()
        if (identify) entry.identity = (found as IssuerKey).identity.id
      },
      () => entries.delete(name, entry),
    )
    return answer
  }
  if (!identify) return find
  return Object.assign(find, {
    identify,
    keep(identity: IssuerIdentity) {
      entries.keep((entry) => entry.identity === identity.id)
      resolve.keep?.(identity)
    },
  })
}
