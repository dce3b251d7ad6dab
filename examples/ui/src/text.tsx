/** One text in both languages of the screens. */
export interface Bilingual {
  readonly th: string
  readonly en: string
}

/**
 * Thai first, English beside it in smaller type. `inline` keeps both on one line. Which of the two is seen, and read
 * aloud, is the page's choice (`data-language` of the document); a text without English is shown in either.
 */
export function Text({ th, en, inline }: Bilingual & { readonly inline?: boolean }) {
  const isOne = en === '' || en === th
  return (
    <span class={inline ? 'text inline' : 'text'} lang={isOne ? languageOf(th) : undefined}>
      {isOne ? (
        th
      ) : (
        <>
          <span class="th" lang="th">
            {th}
          </span>{' '}
          <span class="en" lang="en">
            {en}
          </span>
        </>
      )}
    </span>
  )
}

/** For the `lang` of a text that stands in one language only; undefined where its letters do not say. */
export function languageOf(text: string): 'th' | 'en' | undefined {
  if (/[\u0e00-\u0e7f]/.test(text)) return 'th'
  return /[A-Za-z]/.test(text) ? 'en' : undefined
}
