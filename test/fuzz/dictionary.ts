import type { Seed } from './target.ts'

const maxEntries = 400

/**
 * The words of the seeds, quoted texts of JSON and names in forms and headers, as libFuzzer's dictionary: so that it tries
 * a member where another stood, and not only other letters.
 */
export function dictionaryOf(seeds: readonly Seed[]): string {
  const words = new Set(['{}', '[]', 'null', '""', '-1', '1e400', '"__proto__"', '"constructor"'])
  for (const seed of seeds) {
    const text = typeof seed === 'string' ? seed : Buffer.from(seed).toString('latin1')
    for (const [word] of text.matchAll(/"[\w:/.#$@+-]{1,40}"|[a-z_]{3,40}(?==)|[A-Za-z_-]{4,40}/g))
      words.add(word)
  }
  const escaped = [...words].slice(0, maxEntries).map((word) => word.replaceAll(/["\\]/g, '\\$&'))
  return escaped.map((word) => `"${word}"\n`).join('')
}
