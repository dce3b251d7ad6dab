// The parts of a page that also run in a browser; the whole look is in index.ts.

export * from '@ekkasan/core/check-texts'
export * from './check-list.tsx'
export * from './claim-value.tsx'
export * from './credential-card.tsx'
export * from './dates.tsx'
export * from './facts.tsx'
export * from './form.tsx'
export * from './icon.tsx'
export * from './notice.tsx'
export * from './screen-language.ts'
export * from './text.tsx'
export * from './words.ts'
