import type { LanguageMap } from './ports.ts'

/**
 * The text in a language: of the tag itself, else of the first that begins with it (`en` takes `en-GB`). Language tags
 * are compared without case (RFC 5646 section 2.1.1); of two that differ in nothing else the first wins.
 *
 * @example textIn({ TH: 'บัตร', EN: 'Card' }, 'en') // 'Card'
 */
export function textIn(texts: LanguageMap, language: string): string | undefined {
  const wanted = language.toLowerCase()
  const tagged = distinctLanguages(texts)
  const exact = tagged.find(([tag]) => tag.toLowerCase() === wanted)
  return (exact ?? tagged.find(([tag]) => tag.toLowerCase().startsWith(`${wanted}-`)))?.[1]
}

/** Texts with their tags as they are written, without those whose tag another has but for case: the first wins. */
export function distinctLanguages(texts: LanguageMap): readonly (readonly [tag: string, text: string])[] {
  const taken = new Set<string>()
  return Object.entries(texts).filter(([tag]) => {
    const isFirst = !taken.has(tag.toLowerCase())
    taken.add(tag.toLowerCase())
    return isFirst
  })
}
