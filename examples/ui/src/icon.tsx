const paths = {
  check: 'M8 12.5l2.7 2.7L16 9.5',
  cross: 'M9 9l6 6M15 9l-6 6',
  question: 'M9.8 9.6a2.3 2.3 0 1 1 3.2 2.3c-.7.3-1 .8-1 1.5M12 16.4v.1',
  dash: 'M8.5 12h7',
  info: 'M12 11.2v5M12 8v.1',
  alert: 'M12 7.5v5.5M12 16.2v.1',
} as const

export type IconName = keyof typeof paths

/** Decoration beside a text that says the same. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" aria-hidden="true">
      <circle cx="12" cy="12" r="9.5" />
      <path d={paths[name]} stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}
