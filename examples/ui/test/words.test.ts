import { describe, expect, it } from 'vitest'
import { commonNameOf, countryWords, formatName, formatWords, issuerWords } from '../src/index.ts'

describe('words for people', () => {
  it.each([
    ['CN=Government agency (demonstration),C=TH', 'Government agency (demonstration)'],
    ['C=TH,CN=Last', 'Last'],
    ['CN=A\\, B\\=C,O=D', 'A, B=C'],
    ['O=CN\\=x,C=TH', 'O=CN\\=x,C=TH'],
    ['127.0.0.1', '127.0.0.1'],
  ])('of the subject %s: %s', (subject, shown) => {
    expect(commonNameOf(subject)).toBe(shown)
  })

  it('an issuer who is no certificate is called as he is', () => {
    expect(issuerWords({ id: 'https://a.example/CN=x', method: 'jwt-vc-issuer' })).toBe(
      'https://a.example/CN=x',
    )
  })

  it('an issuer named by its certificate is called by its common name, without the anchor', () => {
    const id = 'x509:_Ppg6FJaxzi9XzIxmv2IUSbA71YhDtES4erWdlWxAyo:CN=Government agency,C=TH'
    expect(issuerWords({ id, method: 'x5c' })).toBe('Government agency')
  })

  it('a country by its code, and nothing for what is none', () => {
    expect(countryWords('TH')).toEqual({ th: 'ไทย', en: 'Thailand' })
    for (const other of ['th', 'THA', 'T', 1, undefined]) expect(countryWords(other)).toBeUndefined()
  })

  it('a format that is not known is called as it is', () => {
    expect(formatWords('vc+x')).toEqual({ th: 'vc+x', en: '' })
    expect(formatName('vc+x')).toBe('vc+x')
    expect(formatWords('mso_mdoc').th).toBe('เลือกเปิดเผยเฉพาะบางรายการได้ (ISO mdoc)')
    expect(formatWords('ldp_vc').en).toBe('Can only be shown whole (W3C Data Integrity)')
    expect(formatWords('ldp_vc', false).en).toBe('Can be shown in part (W3C Data Integrity)')
  })
})
