import type { Context } from 'hono'
import { type CookieOptions, createCookie } from './cookie.ts'

export interface Flash<Word extends string> {
  /** To be shown on the next page. */
  set(c: Context, word: Word): void
  /** What the last request left to show, once. */
  take(c: Context): Word | undefined
}

/** One word, carried to the next page, for "revoked" or "saved"; the page has the text for it. */
export function createFlash<Word extends string>(
  words: readonly Word[],
  options: CookieOptions,
): Flash<Word> {
  const cookie = createCookie('flash', options)
  return {
    set: (c, word) => cookie.write(c, word, 60),
    take(c) {
      const word = words.find((known) => known === cookie.read(c))
      if (word !== undefined) cookie.clear(c)
      return word
    },
  }
}
