import { type CredentialView, ResolveError } from '@ekkasan/core'
import { isOfTrustedAuthority, matchCredential, parseDcqlQuery } from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'

const view: CredentialView = { format: 'dc+sd-jwt', types: ['a'], claims: {}, holderBound: true }
const asking = (trusted_authorities?: unknown) => {
  const base = { id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['a'] } }
  const [query] = parseDcqlQuery({
    credentials: [{ ...base, ...(trusted_authorities !== undefined && { trusted_authorities }) }],
  }).credentials
  return query as NonNullable<typeof query>
}
const entry = (type: string, ...values: string[]) => ({ type, values })
const unavailable = async () => {
  throw new ResolveError('core.resolve.unavailable', 'no answer')
}

describe('trusted_authorities (OpenID4VP section 6.1.1)', () => {
  it('without any, every issuer will do', async () => {
    expect(await isOfTrustedAuthority(asking(), view)).toBe(true)
  })

  it('one of the values of one of the entries is enough', async () => {
    const query = asking([entry('aki', 'x', 'y'), entry('etsi_tl', 'z')])
    const understood = {
      aki: () => false,
      etsi_tl: (_view: unknown, values: readonly string[]) => values.includes('z'),
    }
    expect(await isOfTrustedAuthority(query, view, understood)).toBe(true)
    expect(await isOfTrustedAuthority(query, view, { aki: () => false })).toBe(false)
  })

  it.each(['aki', 'etsi_tl', 'openid_federation', 'x', 'constructor', 'toString', '__proto__'])(
    'the type %s matches nothing where it is not understood',
    async (type) => {
      expect(await isOfTrustedAuthority(asking([entry(type, 'a')]), view, {})).toBe(false)
      expect(await isOfTrustedAuthority(asking([entry(type, 'a')]), view)).toBe(false)
    },
  )

  it('what could not be found out does not hide what matches, and is no no', async () => {
    const query = asking([entry('etsi_tl', 'a'), entry('aki', 'b')])
    expect(await isOfTrustedAuthority(query, view, { etsi_tl: unavailable, aki: () => true })).toBe(true)
    await expect(
      isOfTrustedAuthority(query, view, { etsi_tl: unavailable, aki: () => false }),
    ).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
  })

  it('each type of authority is asked for once, with the values of all entries: chains are not read again for each', async () => {
    const asked: (readonly string[])[] = []
    const aki = (_view: unknown, values: readonly string[]) => asked.push(values) === 0
    const query = asking([entry('aki', 'a'), entry('etsi_tl', 'b'), entry('aki', 'c', 'd')])
    expect(await isOfTrustedAuthority(query, view, { aki })).toBe(false)
    expect(asked).toEqual([['a', 'c', 'd']])
  })

  it('a fault of the program is not swallowed', async () => {
    const broken = () => {
      throw new TypeError('broken')
    }
    await expect(isOfTrustedAuthority(asking([entry('aki', 'a')]), view, { aki: broken })).rejects.toThrow(
      TypeError,
    )
  })

  it('are no matter of the claims: matchCredential says nothing of them', () => {
    expect(matchCredential(asking([entry('aki', 'a')]), view)).toMatchObject({ matches: true })
  })

  it.each([
    [[]],
    ['aki'],
    [[{ type: 'aki' }]],
    [[{ type: 'aki', values: [] }]],
    [[{ type: 'aki', values: [1] }]],
    [[{ values: ['a'] }]],
    [[{ type: '', values: ['a'] }]],
  ])('the entry %j is refused', (value) => {
    expect(() => asking(value)).toThrow(expect.objectContaining({ code: 'openid4vc.request.query' }))
  })
})
