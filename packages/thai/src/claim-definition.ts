import type { ClaimDefinition, ClaimPath } from '@ekkasan/core'

interface ClaimRules {
  readonly mandatory?: true
  readonly always?: true
}

export function claim(
  path: ClaimPath,
  th: string,
  en: string,
  { mandatory, always }: ClaimRules = {},
): ClaimDefinition {
  return {
    path,
    names: { th, en },
    disclosure: always ? 'always' : 'selective',
    // Every element of an mdoc is for the holder to choose; the use cases ask for these.
    ...(always && { selectiveIn: ['mso_mdoc'] }),
    ...(mandatory && { mandatory }),
  }
}

export const required: ClaimRules = { mandatory: true }
