import fc from 'fast-check'
import { expect, it } from 'vitest'
import { kindOfLink, linkOfPage } from '../src/browser/link.ts'

it('tells offers from requests by their parameters, whatever the scheme', () => {
  expect(kindOfLink('openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example')).toBe('offer')
  expect(kindOfLink(' haip-vci://?credential_offer=%7B%7D ')).toBe('offer')
  expect(kindOfLink('openid4vp://?client_id=x509_hash%3Aa&request_uri=https%3A%2F%2Fa.example')).toBe(
    'request',
  )
  expect(kindOfLink('https://wallet.example/?client_id=a&request_uri=b')).toBe('request')
  for (const other of [
    '',
    'hello',
    'https://a.example/',
    'mailto:a@b.example',
    'WIFI:S:a;P:b;;',
    '?offer=1',
  ]) {
    expect(kindOfLink(other)).toBeUndefined()
  }
})

it('never throws at what a QR may hold', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(['offer', 'request', undefined]).toContain(kindOfLink(text))
      expect(() => linkOfPage({ search: text, hash: `#${text}` })).not.toThrow()
    }),
  )
})

it('finds the link that the page was opened with, in the fragment or the query', () => {
  const offer = 'openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2F1'
  const request = 'openid4vp://?client_id=a&request_uri=b'
  const at = (search: string, hash: string) => linkOfPage({ search, hash })
  expect(at('', `#offer=${encodeURIComponent(offer)}`)).toBe(offer)
  expect(at('', `#request=${encodeURIComponent(request)}`)).toBe(request)
  expect(at(`?request=${encodeURIComponent(request)}`, '')).toBe(request)
  expect(at('?client_id=a&request_uri=b', '')).toBe('openid4vp://?client_id=a&request_uri=b')
  expect(at('', '#/present')).toBeUndefined()
  expect(at('?offer=javascript:alert(1)', '')).toBeUndefined()
})
