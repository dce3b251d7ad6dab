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
    ...(mandatory && { mandatory }),
  }
}

export const required: ClaimRules = { mandatory: true }
