/** One text in both languages of the screens. */
export interface Bilingual {
  readonly th: string
  readonly en: string
}

/** Thai first, English beside it in smaller type. `inline` keeps both on one line. */
export function Text({ th, en, inline }: Bilingual & { readonly inline?: boolean }) {
  return (
    <span class={inline ? 'text inline' : 'text'}>
      {th}
      <span class="en" lang="en">
        {inline ? ` ${en}` : en}
      </span>
    </span>
  )
}
