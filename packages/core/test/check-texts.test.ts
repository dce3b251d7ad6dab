import type { Check, CheckName } from '@ekkasan/core'
import { checkTexts, describeCheck } from '@ekkasan/core/check-texts'
import { describe, expect, it } from 'vitest'

const names = Object.keys(checkTexts) as CheckName[]
const outcomes: readonly Check['outcome'][] = ['passed', 'failed', 'unknown', 'skipped']

describe('describeCheck', () => {
  it.each(names)('says %s in Thai and in English for every outcome, each differently', (name) => {
    const texts = outcomes.map((outcome) => describeCheck({ name, outcome }))
    for (const { th, en } of texts) {
      expect(th).toMatch(/[\u0e00-\u0e7f]/)
      expect(en).toMatch(/^[A-Z][^\u0e00-\u0e7f]*$/)
    }
    expect(new Set(texts.map(({ en }) => en)).size).toBe(outcomes.length)
  })

  it('says how old a status is', () => {
    const at = new Date('2026-11-21T05:00:00Z').toISOString()
    const { th, en } = describeCheck({ name: 'status', outcome: 'passed', detail: `as of ${at}` })
    expect(th).toMatch(/ข้อมูล ณ 21 พ.ย. 2569 12:00:00 น\.\)$/)
    expect(en).toMatch(/\(as of 21 Nov 2026, 12:00:00\)$/)
    expect(describeCheck({ name: 'status', outcome: 'passed', detail: 'as of garbage' }).en).not.toContain(
      'as of',
    )
  })

  it('tells revoked from suspended, and unknown from bad', () => {
    const failed = (code: string) => describeCheck({ name: 'status', outcome: 'failed', code }).en
    expect(failed('core.status.revoked')).toMatch(/revoked/)
    expect(failed('core.status.suspended')).toMatch(/suspended/)
    expect(describeCheck({ name: 'status', outcome: 'unknown' }).en).toMatch(
      /does not mean that the document is bad/,
    )
  })
})
