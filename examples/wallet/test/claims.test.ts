import type { StoredCredential } from '@ekkasan/wallet'
import { expect, it } from 'vitest'
import { bilingual, leavesOf } from '../src/browser/claims.ts'
import { readConfig } from '../src/config.ts'

const stored = (claims: object, metadata: object = {}, view: object = {}): StoredCredential =>
  ({ view: { format: 'dc+sd-jwt', ...view, claims }, metadata }) as unknown as StoredCredential

it('takes what a document says apart, in the order of the issuer, without what is around it', () => {
  const display = (name: string) => [
    { name: `${name} th`, locale: 'th-TH' },
    { name: `${name} en`, locale: 'en' },
  ]
  const leaves = leavesOf(
    stored(
      {
        '@context': [],
        iss: 'x',
        status: {},
        credentialSubject: {
          id: 'did:jwk:x',
          address: { province: 'P', road: 'R' },
          name: 'N',
          nationalities: ['TH'],
        },
      },
      {
        claims: [
          { path: ['credentialSubject', 'name'], display: display('Name') },
          { path: ['credentialSubject', 'address', 'province'], display: display('Province') },
        ],
      },
    ),
  )
  expect(leaves.map(({ path, label, value }) => [path.slice(1).join('.'), label.th, value])).toEqual([
    ['name', 'Name th', 'N'],
    ['address.province', 'Province th', 'P'],
    ['address.road', 'address › road', 'R'],
    ['nationalities', 'nationalities', ['TH']],
  ])
})

it('takes claims at the top too, and survives metadata that is not what it should be', () => {
  const leaves = leavesOf(
    stored({ vct: 'x', exp: 1, given_name: 'A' }, { claims: 'none', display: [1, null] }),
  )
  expect(leaves.map(({ label, value }) => [label.th, value])).toEqual([['given_name', 'A']])
})

it('drops no claim of the issuer by its name [A3]', () => {
  const claims = {
    iss: 'i',
    vct: 'x',
    type: 'Master',
    id: 7,
    issuer: 'university',
    status: 'single',
    sub: 's',
  }
  const alwaysDisclosed = { iss: 'i', vct: 'x', id: 7, issuer: 'university' }
  const paths = (document: StoredCredential) => leavesOf(document).map(({ path }) => path.join('.'))
  expect(paths(stored(claims, {}, { alwaysDisclosed }))).toEqual(['type', 'id', 'issuer', 'status', 'sub'])
  const body = {
    '@context': [],
    id: 'urn:x',
    type: [],
    issuer: 'i',
    status: 'single',
    credentialSubject: { id: 'd', type: 'T' },
  }
  expect(paths(stored(body, {}, { format: 'ldp_vc' }))).toEqual(['status', 'credentialSubject.type'])
  expect(paths(stored({ status: { type: 'Master', id: 'x' } }, {}, { format: 'mso_mdoc' }))).toHaveLength(2)
})

it('shows the bytes of an mdoc as a picture where they are one', () => {
  const [portrait, usual] = leavesOf(
    stored({ n: { portrait: '_9j_4AAQ', signature: 'AAAA' } }, {}, { format: 'mso_mdoc' }),
  )
  expect(portrait?.value).toBe('data:image/jpeg;base64,/9j/4AAQ')
  expect(usual?.value).toBe('AAAA')
})

it('speaks Thai first, and any language rather than none', () => {
  expect(bilingual({ en: 'Card', 'th-TH': 'บัตร' })).toEqual({ th: 'บัตร', en: 'Card' })
  expect(bilingual({ de: 'Karte' })).toEqual({ th: 'Karte', en: '' })
  expect(bilingual({}, 'https://a.example').th).toBe('https://a.example')
})

it('trusts nobody and asks nobody by http unless the environment says so', () => {
  expect(readConfig({}).wallet).toEqual({
    trustedIssuers: [],
    trustedCertificates: [],
    trustedVerifiers: [],
    allowHttp: false,
  })
  expect(readConfig({ TRUSTED_ISSUERS: 'https://a.example, did:web:b' }).wallet.trustedIssuers).toEqual([
    'https://a.example',
    'did:web:b',
  ])
  expect(() => readConfig({ WALLET_URL: 'http://wallet.example' })).toThrow('WALLET_URL must be')
  expect(() => readConfig({ WALLET_URL: 'https://wallet.example/path' })).toThrow('WALLET_URL must be')
  expect(() => readConfig({ ALLOW_HTTP: 'yes' })).toThrow('ALLOW_HTTP must be')
  expect(() => readConfig({ PORT: '99999' })).toThrow('PORT must be')
})
