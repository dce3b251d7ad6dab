import type { Bilingual } from './text.tsx'

/** In which language a person reads the screens. */
export type ScreenLanguage = 'th' | 'en' | 'both'

export const screenLanguages: readonly ScreenLanguage[] = ['th', 'en', 'both']

export const isScreenLanguage = (value: unknown): value is ScreenLanguage =>
  screenLanguages.some((language) => language === value)

// In a browser the document says it; a server sets the source (language.ts).
let source = (): unknown => globalThis.document?.documentElement.dataset.language

/** Where the language of the screens is read from; a server has one for each request. */
export function setLanguageSource(next: () => ScreenLanguage | undefined): void {
  source = next
}

export function screenLanguage(): ScreenLanguage {
  const language = source()
  return isScreenLanguage(language) ? language : 'both'
}

/** The one text for what has no room for two: an attribute, the title of a page. */
export function inOneLanguage({ th, en }: Bilingual): string {
  return screenLanguage() === 'en' && en !== '' ? en : th
}

/** `aria-label` in one language, with what islands.js needs to say it in the other. */
export function labelled(text: Bilingual) {
  return { 'aria-label': inOneLanguage(text), 'data-label-th': text.th, 'data-label-en': text.en || text.th }
}
