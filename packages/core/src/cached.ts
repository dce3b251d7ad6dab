import type { Clock } from './ports.ts'

export interface CachedOptions<Question> {
  /** How long an answer is given again, in milliseconds. */
  readonly lifetime: number
  /** 1000 unless told; beyond it the answer asked for longest ago is dropped. */
  readonly maxEntries?: number
  /** Two questions with the same key have the same answer; JSON of the question unless told. */
  readonly key?: (question: Question) => string
  readonly clock?: Clock
}

/**
 * Wraps a `resolve…` port so that an answer is remembered for a while: the same object each time. Questions asked
 * while the first is still on its way share its answer. A failure is never remembered.
 */
export function cached<Question, Answer>(
  resolve: (question: Question) => Promise<Answer>,
  options: CachedOptions<Question>,
): (question: Question) => Promise<Answer> {
  const { lifetime, maxEntries = 1000, key = JSON.stringify, clock = () => new Date() } = options
  if (!(lifetime > 0 && maxEntries >= 1))
    throw new TypeError('a cache needs a lifetime and room for an entry')
  // In the order of their last use.
  const entries = new Map<string, { readonly answer: Promise<Answer>; expiresAt: number }>()
  return (question) => {
    const name = key(question)
    const known = entries.get(name)
    if (known) entries.delete(name)
    if (known && known.expiresAt > clock().getTime()) {
      entries.set(name, known)
      return known.answer
    }
    const answer = resolve(question)
    const entry = { answer, expiresAt: Infinity }
    entries.set(name, entry)
    answer.then(
      () => {
        entry.expiresAt = clock().getTime() + lifetime
      },
      () => {
        if (entries.get(name) === entry) entries.delete(name)
      },
    )
    if (entries.size > maxEntries) entries.delete(entries.keys().next().value as string)
    return answer
  }
}
