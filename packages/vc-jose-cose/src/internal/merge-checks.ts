import type { Check, Checks } from '@ekkasan/core'

const weight = { passed: 0, skipped: 1, unknown: 2, failed: 3 } as const

/** Records each check that several parties went through once: as the worst of them fared. */
export function mergeChecks(
  checks: Checks,
  parts: readonly (readonly Check[])[],
  party = 'credential',
): void {
  const worst = new Map<Check['name'], Check>()
  for (const [index, part] of parts.entries()) {
    for (const check of part) {
      const known = worst.get(check.name)
      if (known && weight[known.outcome] >= weight[check.outcome]) continue
      const which = parts.length > 1 ? `${party} ${index + 1}` : undefined
      const detail = [which, check.detail].filter((text) => text !== undefined).join(': ')
      worst.set(check.name, { ...check, ...(detail !== '' && { detail }) })
    }
  }
  for (const check of worst.values()) checks.record(check)
}
