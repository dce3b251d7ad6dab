import { keepClaims, selectClaims } from '@ekkasan/openid4vc'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const claims = {
  id: 'did:example:1',
  credentialSubject: {
    name: 'สมชาย',
    address: { house_no: '1', province: 'กรุงเทพ' },
    langs: ['th', 'en', 'lo'],
  },
}

it('keeps what the paths point to and nothing else', () => {
  expect(keepClaims(claims, [['credentialSubject', 'name']])).toEqual({
    credentialSubject: { name: 'สมชาย' },
  })
  expect(
    keepClaims(claims, [
      ['credentialSubject', 'address', 'province'],
      ['credentialSubject', 'langs', 1],
    ]),
  ).toEqual({ credentialSubject: { address: { province: 'กรุงเทพ' }, langs: ['en'] } })
  expect(keepClaims(claims, [['credentialSubject', 'langs', null]])).toEqual({
    credentialSubject: { langs: ['th', 'en', 'lo'] },
  })
  expect(keepClaims(claims, [['missing']])).toEqual({})
  expect(keepClaims(claims, [])).toEqual({})
})

it('of items that lack a member nothing is left, and of a path that leads nowhere in one of them (7.1.1)', () => {
  const list = {
    degrees: [{ type: 'a' }, { name: 'x' }, { type: 'b', name: 'y' }],
    mixed: [{ type: 'a' }, 1],
  }
  expect(keepClaims(list, [['degrees', null, 'type']])).toEqual({ degrees: [{ type: 'a' }, { type: 'b' }] })
  expect(
    keepClaims(list, [
      ['degrees', null, 'type'],
      ['degrees', 2, 'name'],
    ]),
  ).toEqual({ degrees: [{ type: 'a' }, { type: 'b', name: 'y' }] })
  expect(keepClaims(list, [['mixed', null, 'type']])).toEqual({})
})

it('never invents, and keeps every claim that a path of names points to', () => {
  const tree = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.integer())))
  fc.assert(
    fc.property(tree, (value) => {
      const paths = Object.keys(value).map((name) => [name])
      expect(keepClaims(value, paths)).toEqual(value)
      const [first] = paths
      if (first) expect(selectClaims(keepClaims(value, [first]), first)).toEqual(selectClaims(value, first))
    }),
  )
})

it('takes of a long list all items, without looking for each of them among all (minutes, and the test times out)', () => {
  const list = { credentialSubject: { langs: Array.from({ length: 30_000 }, (_, at) => at) } }
  expect(keepClaims(list, [['credentialSubject', 'langs', null]])).toEqual(list)
})
