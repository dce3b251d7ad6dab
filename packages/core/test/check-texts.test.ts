import type { Check, CheckName } from '@ekkasan/core'
import { checkTexts, describeCheck, momentText } from '@ekkasan/core/check-texts'
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
    expect(th).toMatch(/\(สถานะ ณ วันที่ 21 พฤศจิกายน 2569 เวลา 12:00 น\.\)$/)
    expect(en).toMatch(/\(status as of 21 November 2026, 12:00\)$/)
    expect(describeCheck({ name: 'status', outcome: 'passed', detail: 'as of garbage' }).en).not.toContain(
      'as of',
    )
  })

  it('tells revoked from suspended, and unknown from bad', () => {
    const failed = (code: string) => describeCheck({ name: 'status', outcome: 'failed', code }).en
    expect(failed('core.status.revoked')).toMatch(/revoked/)
    expect(failed('core.status.suspended')).toMatch(/suspended/)
    expect(describeCheck({ name: 'status', outcome: 'unknown' }).en).toMatch(
      /does not show that the document is bad/,
    )
  })

  it('does not say that a revocation means nothing where the list cannot be reached [J9]', () => {
    const { th, en } = describeCheck({ name: 'status', outcome: 'unknown', code: 'core.resolve.unavailable' })
    expect(th).toBe(
      'ยังตรวจสอบสถานะเอกสารไม่ได้ เพราะติดต่อระบบของผู้ออกเอกสารไม่ได้ ผลนี้ไม่ได้แสดงว่าเอกสารผิด แต่ยังใช้เป็นหลักฐานไม่ได้ กรุณาลองใหม่ หรือขอดูบัตรตัวจริง',
    )
    expect(th).not.toMatch(/เพิกถอนหรือระงับ|ระงับหรือเพิกถอน/)
    expect(en).toContain('cannot be relied on yet')
    const other = describeCheck({ name: 'status', outcome: 'unknown', code: 'core.status.not-configured' })
    expect(other.th).not.toContain('ติดต่อระบบของผู้ออกเอกสารไม่ได้')
    for (const name of names) {
      const text = describeCheck({ name, outcome: 'unknown' })
      expect(text.th, name).toMatch(/^ยังตรวจสอบ[^:]+ไม่ได้ [^:]*ผลนี้ไม่ได้แสดงว่าเอกสารผิด/)
    }
  })

  it('claims the wallet, never the person, of a proof by the key alone [J9]', () => {
    const passed = describeCheck({ name: 'holder-signature', outcome: 'passed' })
    expect(passed.th).toBe('ส่งจากกระเป๋าเอกสารที่ได้รับเอกสารนี้จริง (ยังไม่ใช่การยืนยันใบหน้า)')
    expect(passed.en).toContain('the face has not been compared')
    for (const name of names)
      for (const outcome of outcomes) {
        const { th, en } = describeCheck({ name, outcome })
        // Rule 0 of the words: the full name of each party, and no accusation of the person.
        expect(th, name).not.toMatch(/ผู้ถือ(?!เอกสาร)|ผู้ออก(?!เอกสาร)|ผู้ตรวจสอบ(?!เอกสาร)|ผู้แสดง|ผู้ขอ|: /)
        expect(en, name).not.toMatch(/genuine|shown by its holder/)
      }
  })
})

describe('momentText', () => {
  it('says a moment in the time and the era of Thailand, with no seconds [J10]', () => {
    expect(momentText(new Date('2026-11-30T22:22:01Z'))).toEqual({
      th: '1 ธันวาคม 2569 เวลา 05:22 น.',
      en: '1 December 2026, 05:22',
    })
  })
})
