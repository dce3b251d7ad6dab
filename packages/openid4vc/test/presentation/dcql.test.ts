import type { CredentialView, JsonObject } from '@ekkasan/core'
import {
  answerableSets,
  type CredentialQuery,
  type DcqlQuery,
  matchCredential,
  missingCredentials,
  PresentationRequestError,
  parseDcqlQuery,
  selectClaims,
} from '@ekkasan/openid4vc'
import { DcqlQuery as TheirQuery } from 'dcql'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listVectors, readVector } from '../../../../test/vectors.ts'

const examples = 'openid4vp/1.0/examples'
const read = (path: string) => JSON.parse(readVector(`${examples}/${path}`))

const person = {
  name: 'Arthur Dent',
  address: { street_address: '42 Market Street', locality: 'Milliways', postal_code: '12345' },
  degrees: [
    { type: 'Bachelor of Science', university: 'University of Betelgeuse' },
    { type: 'Master of Science', university: 'University of Betelgeuse' },
  ],
  nationalities: ['British', 'Betelgeusian'],
}

const view = (claims: JsonObject, more: Partial<CredentialView> = {}): CredentialView => ({
  format: 'dc+sd-jwt',
  types: ['https://credentials.example.com/identity_credential'],
  claims,
  holderBound: true,
  ...more,
})

const asked = (more: object = {}): CredentialQuery =>
  parseDcqlQuery({ credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: {}, ...more }] })
    .credentials[0] as CredentialQuery

describe('the claims path pointer (OpenID4VP 7.1)', () => {
  const values = (path: (string | number | null)[]) => selectClaims(person, path).map(({ value }) => value)

  it.each([
    [['name'], ['Arthur Dent']],
    [['address'], [person.address]],
    [['address', 'street_address'], ['42 Market Street']],
    [
      ['degrees', null, 'type'],
      ['Bachelor of Science', 'Master of Science'],
    ],
    [['nationalities', 1], ['Betelgeusian']],
  ])('selects what the example of section 7.3 says: %j', (path, expected) => {
    expect(values(path)).toEqual(expected)
  })

  it.each([
    [['name', 'first']],
    [['name', null]],
    [['address', 0]],
    [['address', null]],
    [['nationalities', 2]],
    [['nationalities', '0']],
    [['nationalities', 'length']],
    [['toString']],
    [['constructor', 'name']],
    [['missing']],
  ])('selects nothing where the standard aborts, or nothing is there: %j', (path) => {
    expect(values(path)).toEqual([])
  })
})

describe('a query from outside', () => {
  const files = ['query_lang', 'request'].flatMap((folder) =>
    listVectors(`${examples}/${folder}`).filter((path) => !/\/request\/(?!dcql)./.test(path)),
  )

  it('there are examples', () => {
    for (const path of files) readVector(path)
    expect(files.length).toBeGreaterThan(8)
  })

  it.each(files)('is read as the standard has it: %s', (path) => {
    const query = JSON.parse(readVector(path))
    expect(parseDcqlQuery(query)).toEqual(query)
  })

  const claim = { path: ['a'] }
  const base = { id: 'a', format: 'dc+sd-jwt', meta: {} }
  it.each<[string, unknown]>([
    ['no object', []],
    ['no credentials', { credentials: [] }],
    ['an id that no VP Token can have', { credentials: [{ ...base, id: '__proto__' }] }],
    ['an id of other characters', { credentials: [{ ...base, id: 'a b' }] }],
    ['an id twice', { credentials: [base, base] }],
    ['no format', { credentials: [{ ...base, format: '' }] }],
    ['no meta', { credentials: [{ id: 'a', format: 'dc+sd-jwt' }] }],
    ['vct_values without entries', { credentials: [{ ...base, meta: { vct_values: [] } }] }],
    ['type_values not of lists', { credentials: [{ ...base, meta: { type_values: ['A'] } }] }],
    ['claims without entries', { credentials: [{ ...base, claims: [] }] }],
    ['a path without entries', { credentials: [{ ...base, claims: [{ path: [] }] }] }],
    ['a negative index', { credentials: [{ ...base, claims: [{ path: [-1] }] }] }],
    ['a fraction as index', { credentials: [{ ...base, claims: [{ path: [0.5] }] }] }],
    ['an object in a path', { credentials: [{ ...base, claims: [{ path: [{}] }] }] }],
    ['values without entries', { credentials: [{ ...base, claims: [{ ...claim, values: [] }] }] }],
    ['a fraction as value', { credentials: [{ ...base, claims: [{ ...claim, values: [1.5] }] }] }],
    ['null as value', { credentials: [{ ...base, claims: [{ ...claim, values: [null] }] }] }],
    [
      'a claim id twice',
      { credentials: [{ ...base, claims: [claim, claim].map((c) => ({ ...c, id: 'x' })) }] },
    ],
    ['claim_sets without claims', { credentials: [{ ...base, claim_sets: [['x']] }] }],
    [
      'claim_sets with a claim without id',
      { credentials: [{ ...base, claims: [claim], claim_sets: [['x']] }] },
    ],
    [
      'a claim set with an unknown id',
      { credentials: [{ ...base, claims: [{ ...claim, id: 'x' }], claim_sets: [['y']] }] },
    ],
    ['a credential set with an unknown id', { credentials: [base], credential_sets: [{ options: [['b']] }] }],
    ['an empty option', { credentials: [base], credential_sets: [{ options: [[]] }] }],
    ['multiple that is a text', { credentials: [{ ...base, multiple: 'true' }] }],
    [
      'too many credentials',
      { credentials: Array.from({ length: 101 }, (_, i) => ({ ...base, id: `a${i}` })) },
    ],
    ['a path too long', { credentials: [{ ...base, claims: [{ path: Array(17).fill('a') }] }] }],
    ['a name too long', { credentials: [{ ...base, claims: [{ path: ['a'.repeat(513)] }] }] }],
    [
      'a trusted authority without values',
      { credentials: [{ ...base, trusted_authorities: [{ type: 'aki' }] }] },
    ],
  ])('is refused with %s', (_what, query) => {
    expect(() => parseDcqlQuery(query)).toThrow(PresentationRequestError)
  })

  it('never throws anything else, and what it gives it reads again the same', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('credentials', 'claims', 'meta', 'path'),
        (value, member) => {
          const tries = [value, { credentials: value }, { credentials: [{ ...base, [member]: value }] }]
          for (const query of tries) {
            try {
              const parsed = parseDcqlQuery(query)
              expect(parseDcqlQuery(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
            } catch (error) {
              expect(error).toBeInstanceOf(PresentationRequestError)
            }
          }
        },
      ),
    )
  })
})

describe('a query for an mdoc', () => {
  const path = ['org.iso.18013.5.1', 'age_over_20']
  const mdoc = (claim: object, meta: object = { doctype_value: 'org.iso.18013.5.1.mDL' }) =>
    asked({ format: 'mso_mdoc', meta, claims: [claim] })

  it('keeps intent_to_retain (OpenID4VP B.2.4)', () => {
    expect(mdoc({ path, intent_to_retain: true }).claims).toEqual([{ path, intent_to_retain: true }])
    expect(() => mdoc({ path, intent_to_retain: 'no' })).toThrow(PresentationRequestError)
  })

  it('names a document type (OpenID4VP B.2.3)', () => {
    expect(() => mdoc({ path }, {})).toThrow(PresentationRequestError)
  })

  it.each([[['age_over_20']], [[...path, 'more']], [[...path, null]], [['org.iso.18013.5.1', 0]]])(
    'has paths of a namespace and an element alone, not %j (OpenID4VP 7.2.1)',
    (other) => {
      expect(() => mdoc({ path: other })).toThrow(PresentationRequestError)
    },
  )
})

describe('one credential against its query (OpenID4VP 6.4.1)', () => {
  it('a credential discloses no more than is asked for', () => {
    const match = matchCredential(
      asked({ claims: [{ path: ['name'] }, { path: ['degrees', null, 'type'] }] }),
      view(person),
    )
    expect(match).toEqual({ matches: true, disclose: [['name'], ['degrees', null, 'type']] })
  })

  it('without claims nothing that is selectively disclosable is asked for', () => {
    expect(matchCredential(asked(), view(person))).toEqual({ matches: true, disclose: [] })
  })

  it('of an array only the item that has a value asked for is disclosed', () => {
    const query = asked({ claims: [{ path: ['nationalities', null], values: ['Betelgeusian'] }] })
    expect(matchCredential(query, view(person))).toEqual({ matches: true, disclose: [['nationalities', 1]] })
  })

  it('values are compared with their type', () => {
    const query = asked({ claims: [{ path: ['age'], values: [18, true] }] })
    expect(matchCredential(query, view({ age: 18 })).matches).toBe(true)
    expect(matchCredential(query, view({ age: true })).matches).toBe(true)
    for (const age of ['18', 'true', 1, null, [18]]) {
      expect(matchCredential(query, view({ age }))).toEqual({
        matches: false,
        code: 'openid4vc.query.claim-value',
      })
    }
  })

  it('of claim sets the first that can be satisfied is disclosed', () => {
    const query = read('query_lang/claims_alternatives.json')
    const one = parseDcqlQuery(query).credentials[0] as CredentialQuery
    const all = { family_name: 'a', postal_code: 'b', locality: 'c', region: 'd', date_of_birth: 'e' }
    const paths = (claims: JsonObject) => {
      const match = matchCredential(one, view(claims))
      return match.matches && match.disclose.map(([name]) => name)
    }
    expect(paths(all)).toEqual(['family_name', 'locality', 'region', 'date_of_birth'])
    const { region: _region, ...without } = all
    expect(paths(without)).toEqual(['family_name', 'postal_code', 'date_of_birth'])
    const { family_name: _name, ...neither } = all
    expect(paths(neither)).toBe(false)
  })

  it.each<[string, object, Partial<CredentialView>, string]>([
    ['format', {}, { format: 'jwt_vc_json' }, 'openid4vc.query.format'],
    ['vct', { meta: { vct_values: ['x'] } }, {}, 'openid4vc.query.type'],
    ['holder binding', {}, { holderBound: false }, 'openid4vc.query.holder-binding'],
    ['claim', { claims: [{ path: ['age'] }] }, {}, 'openid4vc.query.claim-missing'],
    ['value', { claims: [{ path: ['name'], values: ['x'] }] }, {}, 'openid4vc.query.claim-value'],
  ])('another %s does not match', (_what, query, credential, code) => {
    expect(matchCredential(asked(query), view(person, credential))).toEqual({ matches: false, code })
  })

  it('a claim that stands in all of many claim sets is looked for once', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ']
    const names = [...letters, ...letters.slice(0, 48).map((letter) => `a${letter}`)]
    const claims = names.map((id, at) => ({ id, path: at === 99 ? ['none'] : ['list', null] }))
    const query = asked({ claims, claim_sets: Array.from({ length: 100 }, () => names) })
    let reads = 0
    const held = new Proxy({ list: ['x'] } as JsonObject, {
      get: (target, name) => {
        reads += 1
        return Reflect.get(target, name)
      },
    })
    expect(matchCredential(query, view(held))).toEqual({
      matches: false,
      code: 'openid4vc.query.claim-missing',
    })
    expect(reads).toBeLessThan(200)
  })

  it('a type that extends one of those asked for matches (SD-JWT VC: vct and those it extends)', () => {
    const query = asked({ meta: { vct_values: ['base'] } })
    expect(matchCredential(query, view({}, { types: ['special', 'base'] })).matches).toBe(true)
  })

  it('holder binding is not asked of a credential where the query says so', () => {
    const query = asked({ require_cryptographic_holder_binding: false })
    expect(matchCredential(query, view({}, { holderBound: false })).matches).toBe(true)
  })

  it('type_values are alternatives of which each type must be there (OpenID4VP B.1.1)', () => {
    const expanded = 'https://www.w3.org/2018/credentials#VerifiableCredential'
    const query = asked({ format: 'jwt_vc_json', meta: { type_values: [[expanded, 'A', 'B'], ['C']] } })
    const has = (...types: string[]) =>
      matchCredential(query, view({}, { format: 'jwt_vc_json', types })).matches
    expect(has('VerifiableCredential', 'B', 'A', 'Z')).toBe(true)
    expect(has('VerifiableCredential', 'C')).toBe(true)
    expect(has('VerifiableCredential', 'A')).toBe(false)
    expect(has('A', 'B')).toBe(false)
  })

  it('a presented array has lost the items that were not disclosed: an index stands for any', () => {
    const query = asked({ claims: [{ path: ['nationalities', 1] }] })
    expect(matchCredential(query, view({ nationalities: ['Betelgeusian'] }))).toMatchObject({
      matches: false,
    })
    expect(matchCredential(query, view({ nationalities: ['Betelgeusian'] }), true)).toMatchObject({
      matches: true,
    })
    expect(matchCredential(query, view({ nationalities: [] }), true)).toMatchObject({ matches: false })
  })

  it('an index selects nothing in a list whose order is not signed; all items and values do [E]', () => {
    const claims = { a: { list: ['x', 'y'] }, other: ['x', 'y'], deep: [{ list: ['x'] }] }
    const unordered = [['a', 'list'], ['deep'], ['deep', 0, 'list']]
    const matches = (path: (string | number | null)[], values?: string[], lacks = false) =>
      matchCredential(
        asked({ claims: [{ path, ...(values && { values }) }] }),
        view(claims, { unordered }),
        lacks,
      ).matches
    for (const lacks of [false, true]) {
      expect(matches(['a', 'list'], undefined, lacks)).toBe(true)
      expect(matches(['a', 'list', null], ['y'], lacks)).toBe(true)
      expect(matches(['deep', null, 'list', null], ['x'], lacks)).toBe(true)
      expect(matches(['other', 1], ['y'], lacks)).toBe(true)
    }
    expect(matches(['a', 'list', 0])).toBe(false)
    expect(matches(['deep', 0, 'list'])).toBe(false)
    expect(matches(['deep', null, 'list', 0])).toBe(false)
  })
})

describe('all that is required (OpenID4VP 6.4.2)', () => {
  const example = () => parseDcqlQuery(read('query_lang/credentials_alternatives.json'))

  it.each([
    [['pid'], []],
    [['other_pid'], []],
    [['pid_reduced_cred_1', 'pid_reduced_cred_2'], []],
    [['pid_reduced_cred_1'], ['pid']],
    [['nice_to_have'], ['pid']],
    [[], ['pid']],
  ])('an answer with %j lacks %j', (answered, missing) => {
    expect(missingCredentials(example(), answered)).toEqual(missing)
  })

  it('without credential sets every credential is required', () => {
    const all = parseDcqlQuery({ credentials: ['a', 'b'].map((id) => ({ id, format: 'f', meta: {} })) })
    expect(missingCredentials(all, ['a'])).toEqual(['b'])
    expect(answerableSets(all, ['a', 'b'])).toEqual([
      { required: true, options: [['a']] },
      { required: true, options: [['b']] },
    ])
    expect(answerableSets(all, ['b'])).toEqual([{ required: true, options: [['b']] }])
  })

  it('of each set the options are left that can be answered whole, in their order', () => {
    const required = (...options: string[][]) => ({ required: true, options })
    const reduced = ['pid_reduced_cred_1', 'pid_reduced_cred_2']
    expect(answerableSets(example(), ['other_pid', 'pid'])).toEqual([required(['pid'], ['other_pid'])])
    expect(answerableSets(example(), ['pid_reduced_cred_1', 'other_pid'])).toEqual([required(['other_pid'])])
    expect(answerableSets(example(), reduced)).toEqual([required(reduced)])
    expect(answerableSets(example(), ['nice_to_have'])).toEqual([
      { required: false, options: [['nice_to_have']] },
    ])
    expect(answerableSets(example(), [])).toEqual([])
  })
})

describe('against the dcql library', () => {
  const theirs = (query: DcqlQuery, credentials: readonly CredentialView[]) =>
    TheirQuery.query(
      TheirQuery.parse(JSON.parse(JSON.stringify(query))),
      credentials.map(({ types, claims, holderBound }) => ({
        credential_format: 'dc+sd-jwt' as const,
        vct: types[0] as string,
        claims: claims as Record<string, never>,
        cryptographic_holder_binding: holderBound,
      })),
    )

  const names = fc.constantFrom('a', 'b', 'c')
  const scalar = fc.constantFrom<string | number | boolean>('x', 'y', 1, 2, true)
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      tie('object'),
      fc.array(tie('object'), { maxLength: 2 }),
      fc.array(scalar, { maxLength: 2 }),
    ),
    object: fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  }))
  // Only names: with indices and null the library does not abort on a value of another kind.
  const claim = fc.record(
    {
      path: fc.array(names, { minLength: 1, maxLength: 3 }),
      values: fc.array(scalar, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['path'] },
  )
  const credentialQuery = fc.record(
    {
      meta: fc.record({ vct_values: fc.array(fc.constantFrom('A', 'B'), { minLength: 1, maxLength: 2 }) }),
      claims: fc.array(claim, { minLength: 1, maxLength: 3 }),
      require_cryptographic_holder_binding: fc.boolean(),
    },
    { requiredKeys: ['meta'] },
  )
  const credential = fc.record({
    types: fc.tuple(fc.constantFrom('A', 'B')),
    claims: value.object as fc.Arbitrary<JsonObject>,
    holderBound: fc.boolean(),
  })
  const sets = fc.array(
    fc.record({
      options: fc.array(fc.uniqueArray(fc.constantFrom('q0', 'q1'), { minLength: 1 }), {
        minLength: 1,
        maxLength: 2,
      }),
      required: fc.boolean(),
    }),
    { minLength: 1, maxLength: 2 },
  )

  it('both find the same credentials for the same queries', () => {
    let matches = 0
    fc.assert(
      fc.property(
        fc.tuple(credentialQuery, credentialQuery),
        fc.array(credential, { maxLength: 3 }),
        fc.option(sets, { nil: undefined }),
        (queries, held, credential_sets) => {
          const query = parseDcqlQuery({
            credentials: queries.map((more, i) => ({ id: `q${i}`, format: 'dc+sd-jwt', ...more })),
            ...(credential_sets && { credential_sets }),
          })
          const views = held.map((one) => view({}, one))
          const their = theirs(query, views)
          const answerable = query.credentials.filter((one) => {
            const found = views.flatMap((credential, i) =>
              matchCredential(one, credential).matches ? [i] : [],
            )
            matches += found.length
            const same = their.credential_matches[one.id]?.valid_credentials?.map(
              (c) => c.input_credential_index,
            )
            expect(found).toEqual(same ?? [])
            return found.length > 0
          })
          const missing = missingCredentials(
            query,
            answerable.map(({ id }) => id),
          )
          expect(missing.length === 0).toBe(Boolean(their.can_be_satisfied))
        },
      ),
      { numRuns: 2000 },
    )
    expect(matches).toBeGreaterThan(50)
  })

  it.each<[string, object, JsonObject]>([
    ['inherited members count as claims', { claims: [{ path: ['toString'] }] }, {}],
    ['a text selects an item of an array', { claims: [{ path: ['list', '0'] }] }, { list: ['x'] }],
    ['`length` is a claim of an array', { claims: [{ path: ['list', 'length'] }] }, { list: ['x'] }],
    [
      'an item of another kind does not abort',
      { claims: [{ path: ['list', null, 'a'] }] },
      { list: [1, { a: 1 }] },
    ],
  ])('differs where the library does not follow the standard: %s', (_what, more, claims) => {
    const query = { credentials: [asked(more)] }
    expect(theirs(query, [view(claims)]).can_be_satisfied).toBe(true)
    expect(matchCredential(asked(more), view(claims))).toMatchObject({ matches: false })
  })

  it('differs where the library does not hold a query to its rules', () => {
    const one = {
      id: 'a',
      format: 'dc+sd-jwt',
      claims: [
        { id: 'x', path: ['a'] },
        { id: 'x', path: ['b'] },
      ],
    }
    const query = { credentials: [one], credential_sets: [{ options: [[]] }] }
    expect(() => TheirQuery.validate(TheirQuery.parse(query as never))).not.toThrow()
    expect(() => parseDcqlQuery(query)).toThrow(PresentationRequestError)
  })
})
