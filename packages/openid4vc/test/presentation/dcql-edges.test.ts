import { type ClaimPath, type CredentialView, type JsonObject, ResolveError } from '@ekkasan/core'
import {
  answerableSets,
  type CredentialQuery,
  isOfTrustedAuthority,
  matchCredential,
  missingCredentials,
  parseDcqlQuery,
} from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'

// The exact edges of a credential against its query (OpenID4VP sections 6.1.1, 6.4 and 7.1).

const view = (claims: JsonObject, more: Partial<CredentialView> = {}): CredentialView => ({
  format: 'dc+sd-jwt',
  types: ['person'],
  claims,
  holderBound: true,
  ...more,
})
const asked = (more: object = {}): CredentialQuery =>
  parseDcqlQuery({ credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: {}, ...more }] })
    .credentials[0] as CredentialQuery
const no = (why: string) => ({ matches: false, code: `openid4vc.query.${why}` })
const disclosing = (...disclose: ClaimPath[]) => ({ matches: true, disclose })

describe('the types of a credential (Appendix B)', () => {
  it('are one of the vct_values', () => {
    const query = asked({ meta: { vct_values: ['x', 'person'] } })
    expect(matchCredential(query, view({}))).toEqual(disclosing())
    expect(matchCredential(query, view({}, { types: ['other'] }))).toEqual(no('type'))
    expect(matchCredential(query, view({}, { types: [] }))).toEqual(no('type'))
  })

  it('hold the doctype_value', () => {
    const query = asked({ format: 'mso_mdoc', meta: { doctype_value: 'mDL' } })
    const mdoc = (...types: string[]) => matchCredential(query, view({}, { format: 'mso_mdoc', types }))
    expect(mdoc('mDL')).toEqual(disclosing())
    expect(mdoc('mDL2')).toEqual(no('type'))
    expect(mdoc()).toEqual(no('type'))
  })

  it('hold all of one list of type_values, where the base type is meant by its full name too', () => {
    const expanded = 'https://www.w3.org/2018/credentials#VerifiableCredential'
    const has = (values: string[][], ...types: string[]) =>
      matchCredential(
        asked({ format: 'ldp_vc', meta: { type_values: values } }),
        view({}, { format: 'ldp_vc', types }),
      ).matches
    expect(has([[expanded]], 'VerifiableCredential')).toBe(true)
    expect(has([[expanded]], 'Other')).toBe(false)
    expect(has([['A', 'B'], ['C']], 'A')).toBe(false)
    expect(has([['A', 'B'], ['C']], 'A', 'B')).toBe(true)
    expect(has([['A', 'B'], ['C']], 'C')).toBe(true)
    expect(has([['VerifiableCredential']], 'VerifiableCredential')).toBe(true)
  })

  it('are any where the query names none', () => {
    expect(matchCredential(asked(), view({}, { types: [] }))).toEqual(disclosing())
  })
})

describe('holder binding', () => {
  it('is needed, save where the query says that it is not', () => {
    const unbound = view({}, { holderBound: false })
    expect(matchCredential(asked(), unbound)).toEqual(no('holder-binding'))
    expect(matchCredential(asked({ require_cryptographic_holder_binding: true }), unbound)).toEqual(
      no('holder-binding'),
    )
    const free = asked({ require_cryptographic_holder_binding: false })
    expect(matchCredential(free, unbound)).toEqual(disclosing())
    expect(matchCredential(free, view({}))).toEqual(disclosing())
  })
})

describe('what is disclosed (section 6.4.1)', () => {
  it('is each path once, in the order of the query', () => {
    const query = asked({
      claims: [{ path: ['b'] }, { path: ['a'] }, { path: ['b'] }, { path: ['list', null], values: [1, 2] }],
    })
    expect(matchCredential(query, view({ a: 1, b: 2, list: [2, 3, 1, 2] }))).toEqual(
      disclosing(['b'], ['a'], ['list', 0], ['list', 2], ['list', 3]),
    )
  })

  it('is nothing where one of several claims is missing, whichever', () => {
    const claims = [{ path: ['a'] }, { path: ['b'] }]
    expect(matchCredential(asked({ claims }), view({ a: 1 }))).toEqual(no('claim-missing'))
    expect(matchCredential(asked({ claims }), view({ b: 1 }))).toEqual(no('claim-missing'))
    expect(matchCredential(asked({ claims }), view({ a: 1, b: 1 }))).toEqual(disclosing(['a'], ['b']))
  })

  it('is of the first claim set that is there whole; claims in none of them are not asked for', () => {
    const claims = [
      { id: 'a', path: ['a'] },
      { id: 'b', path: ['b'], values: ['x'] },
      { id: 'c', path: ['c'] },
    ]
    const query = asked({ claims, claim_sets: [['a', 'b'], ['b'], ['a']] })
    expect(matchCredential(query, view({ a: 1, b: 'x' }))).toEqual(disclosing(['a'], ['b']))
    expect(matchCredential(query, view({ b: 'x' }))).toEqual(disclosing(['b']))
    expect(matchCredential(query, view({ a: 1, b: 'y' }))).toEqual(disclosing(['a']))
    expect(matchCredential(query, view({ c: 1 }))).toEqual(no('claim-missing'))
    expect(matchCredential(query, view({ b: 'y' }))).toEqual(no('claim-missing'))
    const last = asked({ claims, claim_sets: [['a'], ['b']] })
    expect(matchCredential(last, view({ b: 'y' }))).toEqual(no('claim-value'))
  })

  it('of a holder is the path asked for, of a verifier each place where it stands', () => {
    const claims = { list: [{ a: 1 }, { a: 2 }] }
    const query = asked({ claims: [{ path: ['list', null, 'a'] }] })
    expect(matchCredential(query, view(claims))).toEqual(disclosing(['list', null, 'a']))
    expect(matchCredential(query, view(claims), true)).toEqual(disclosing(['list', 0, 'a'], ['list', 1, 'a']))
  })
})

describe('an index into a list of which not all was disclosed', () => {
  const at = (path: ClaimPath, claims: JsonObject, more: Partial<CredentialView> = {}) =>
    matchCredential(asked({ claims: [{ path }] }), view(claims, more), true)

  it('stands for any item where the view does not say which are there', () => {
    expect(at(['list', 7], { list: ['x', 'y'] })).toEqual(disclosing(['list', 0], ['list', 1]))
    expect(at(['list', 7, 'a'], { list: [{ b: 1 }, { a: 1 }] })).toEqual(disclosing(['list', 1, 'a']))
    expect(at(['list', 0], { list: [] })).toEqual(no('claim-missing'))
    expect(at(['list', 0], {})).toEqual(no('claim-missing'))
  })

  it('is that of the item as issued where the view says which are there', () => {
    const partialArrays = [
      { path: ['other'], positions: [9] },
      { path: ['list'], positions: [1, 4] },
    ]
    const claims = { list: ['x', 'y'], whole: ['z'] }
    expect(at(['list', 1], claims, { partialArrays })).toEqual(disclosing(['list', 0]))
    expect(at(['list', 4], claims, { partialArrays })).toEqual(disclosing(['list', 1]))
    // A holder counts without decoys: the next that is there is meant.
    expect(at(['list', 0], claims, { partialArrays })).toEqual(disclosing(['list', 0]))
    expect(at(['list', 2], claims, { partialArrays })).toEqual(disclosing(['list', 1]))
    expect(at(['list', 5], claims, { partialArrays })).toEqual(no('claim-missing'))
    expect(at(['whole', 0], claims, { partialArrays })).toEqual(disclosing(['whole', 0]))
    expect(at(['whole', 1], claims, { partialArrays })).toEqual(no('claim-missing'))
    expect(at(['whole', 0], claims, { partialArrays: [] })).toEqual(disclosing(['whole', 0]))
  })

  it('is looked for in each of the lists that a path leads to', () => {
    const partialArrays = [
      { path: ['rows', 0], positions: [3] },
      { path: ['rows', 1], positions: [0, 3] },
    ]
    expect(at(['rows', null, 3], { rows: [['a'], ['b', 'c']] }, { partialArrays })).toEqual(
      disclosing(['rows', 0, 0], ['rows', 1, 1]),
    )
  })
})

describe('trusted_authorities (section 6.1.1)', () => {
  const query = asked({
    trusted_authorities: [
      { type: 'aki', values: ['x'] },
      { type: 'own', values: ['y'] },
    ],
  })

  it('are asked of the view with their values, in turn, until one matches', async () => {
    const seen: unknown[] = []
    const answering = (name: string, answer: boolean) => (of: CredentialView, values: readonly string[]) => {
      seen.push([name, of, values])
      return answer
    }
    const credential = view({})
    const both = (aki: boolean, own: boolean) =>
      isOfTrustedAuthority(query, credential, { aki: answering('aki', aki), own: answering('own', own) })
    expect(await both(true, true)).toBe(true)
    expect(seen.splice(0)).toEqual([['aki', credential, ['x']]])
    expect(await both(false, true)).toBe(true)
    expect(seen.splice(0)).toEqual([
      ['aki', credential, ['x']],
      ['own', credential, ['y']],
    ])
    expect(await both(false, false)).toBe(false)
  })

  it('are not known where one could not be found out and no other matches', async () => {
    const away = new ResolveError('core.resolve.unavailable', 'no answer')
    const failing = () => Promise.reject(away)
    await expect(isOfTrustedAuthority(query, view({}), { own: failing })).rejects.toBe(away)
    await expect(
      isOfTrustedAuthority(query, view({}), { aki: failing, own: async () => false }),
    ).rejects.toBe(away)
    expect(await isOfTrustedAuthority(query, view({}), { aki: failing, own: async () => true })).toBe(true)
  })
})

it('a fault of the program is not passed over for another authority that matches', async () => {
  const broken = new TypeError('broken')
  const trusted_authorities = ['aki', 'own'].map((type) => ({ type, values: ['x'] }))
  const understood = { aki: () => Promise.reject(broken), own: () => true }
  await expect(isOfTrustedAuthority(asked({ trusted_authorities }), view({}), understood)).rejects.toBe(
    broken,
  )
})

describe('credential sets (section 6.4.2)', () => {
  const credentials = ['a', 'b', 'c', 'd'].map((id) => ({ id, format: 'f', meta: {} }))
  const sets = (...credential_sets: object[]) => parseDcqlQuery({ credentials, credential_sets })

  it('are required where they do not say otherwise', () => {
    for (const more of [{}, { required: true }]) {
      const query = sets({ options: [['a', 'b'], ['c']], ...more })
      expect(missingCredentials(query, [])).toEqual(['a', 'b'])
      expect(missingCredentials(query, ['a'])).toEqual(['b'])
      expect(missingCredentials(query, ['b', 'd'])).toEqual(['a'])
      expect(missingCredentials(query, ['a', 'b'])).toEqual([])
      expect(missingCredentials(query, ['c'])).toEqual([])
      expect(answerableSets(query, ['a', 'b'])).toEqual([{ required: true, options: [['a', 'b']] }])
      for (const part of ['a', 'b', 'd']) expect(answerableSets(query, [part]), part).toEqual([])
    }
    const free = sets({ options: [['a']], required: false })
    expect(missingCredentials(free, [])).toEqual([])
    expect(answerableSets(free, ['a'])).toEqual([{ required: false, options: [['a']] }])
    expect(answerableSets(free, ['b'])).toEqual([])
  })

  it('that need the same credential name it once', () => {
    const query = sets(
      { options: [['a', 'b']] },
      { options: [['b', 'c']] },
      { options: [['d']], required: false },
    )
    expect(missingCredentials(query, [])).toEqual(['a', 'b', 'c'])
    expect(missingCredentials(query, ['b'])).toEqual(['a', 'c'])
  })

  it('where there are none are each credential by itself', () => {
    const query = parseDcqlQuery({ credentials })
    expect(missingCredentials(query, ['a', 'c'])).toEqual(['b', 'd'])
    expect(missingCredentials(query, ['a', 'b', 'c', 'd'])).toEqual([])
  })
})

describe('a credential of very many items', () => {
  const items = 150_000

  it('answers a query for all items of a list', () => {
    const query = asked({ claims: [{ path: ['a', null] }] })
    const match = matchCredential(query, view({ a: new Array<number>(items).fill(1) }), true)
    expect(match.matches && match.disclose.length).toBe(items)
  })

  it('answers a query for an index in each of its partial arrays, in time that grows as they do', () => {
    const arrays = 20_000
    const partialArrays = Array.from({ length: arrays }, (_, index) => ({
      path: ['a', index],
      positions: [1],
    }))
    const query = asked({ claims: [{ path: ['a', null, 1] }] })
    const held = view({ a: partialArrays.map(() => ['x']) }, { partialArrays })
    const { user: before } = process.cpuUsage()
    const match = matchCredential(query, held, true)
    // It was 50 seconds, where each place looked through all arrays.
    expect(process.cpuUsage().user - before).toBeLessThan(10_000_000)
    expect(match.matches && match.disclose.length).toBe(arrays)
  })
})
