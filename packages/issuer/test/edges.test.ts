import { createMemoryStore, credentialConfiguration, type Signer, type Store } from '@ekkasan/core'
import { createIssuer, type Issuer, type IssuerLifetimes } from '@ekkasan/issuer'
import { beforeAll, describe, expect, it } from 'vitest'
import { paper, paperDocument } from './paper.ts'
import { newSigner, paperId, postCredential, takeNonce, takeToken, url } from './wallet-side.ts'

// The exact edges of an access token and of a nonce, and what a refusal says.

let signer: Signer
beforeAll(async () => {
  signer = await newSigner()
})
const start = Date.parse('2026-06-01T00:00:00Z')
let time = start
const clock = () => new Date(time)
const offered = { credentials: [paperId], subject: 'person-1' }

let signed = 0
function issuerOn(store: Store = createMemoryStore({ clock }), lifetimes: IssuerLifetimes = {}): Issuer {
  time = start
  const counting: Signer = {
    ...signer,
    sign(data) {
      signed += 1
      return signer.sign(data)
    },
  }
  return createIssuer({
    url,
    names: { en: 'Department' },
    credentials: [credentialConfiguration(paperDocument, paper({ signer: counting }))],
    store,
    getClaims: async () => ({ claims: { name: 'a name' } }),
    lifetimes,
    clock,
  })
}

describe('an access token (RFC 6750)', () => {
  /** What an endpoint behind the token answers: for a good token, that it knows no such notification. */
  const answer = async (issuer: Issuer, authorization: string | undefined, query = '') => {
    const response = await issuer.fetch(
      new Request(`${url}/notification${query}`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(authorization !== undefined && { Authorization: authorization }),
        },
        body: JSON.stringify({ notification_id: 'none', event: 'credential_accepted' }),
      }),
    )
    const text = await response.text()
    return {
      status: response.status,
      challenge: response.headers.get('WWW-Authenticate'),
      body: text === '' ? {} : JSON.parse(text),
    }
  }
  const accepted = { status: 400, body: { error: 'invalid_notification_id' } }
  const missing = { status: 401, challenge: 'Bearer', body: {} }
  const description = 'the access token is not or no longer valid'
  const invalid = {
    status: 401,
    challenge: `Bearer error="invalid_token", error_description="${description}"`,
    body: { error: 'invalid_token', error_description: description },
  }

  it('is taken from the header, after the word Bearer in any case and one space or more', async () => {
    const issuer = issuerOn()
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    for (const scheme of ['Bearer ', 'bearer ', 'BEARER   ']) {
      expect(await answer(issuer, `${scheme}${token}`), scheme).toMatchObject(accepted)
    }
  })

  it('is missing where the header is not there, or is not of that form (section 3.1)', async () => {
    const issuer = issuerOn()
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    for (const header of [
      undefined,
      '',
      'Bearer',
      `Bearer${token}`,
      `Basic ${token}`,
      `DPoP ${token}`,
      `x Bearer ${token}`,
      `Bearer ${token} x`,
      `Bearer ${token},`,
      `Bearer ${token}=a`,
      `Bearer "${token}"`,
    ]) {
      expect(await answer(issuer, header), header).toMatchObject(missing)
    }
  })

  it('never stands in the query, with a header beside it or without (section 2.3)', async () => {
    const issuer = issuerOn()
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const refused = {
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'an access token does not belong into the query',
      },
    }
    expect(await answer(issuer, undefined, `?access_token=${token}`)).toMatchObject(refused)
    expect(await answer(issuer, `Bearer ${token}`, '?access_token=')).toMatchObject(refused)
    expect(await answer(issuer, `Bearer ${token}`, '?other=1')).toMatchObject(accepted)
  })

  it('of another form, of no offer, of an offer not yet redeemed, or with another secret is not valid', async () => {
    const issuer = issuerOn()
    const open = await issuer.createOffer(offered)
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const [id = '', secret = ''] = token.split('.')
    const last = secret.at(-1) === 'A' ? 'Q' : 'A'
    for (const other of [
      'x',
      id,
      `${id}.`,
      `${token}x`,
      `${token}=`,
      `${id.split('').reverse().join('')}.${secret}`,
      `${open.id}.${secret}`,
      `${id}.${secret.slice(0, -1)}${last}`,
    ]) {
      expect(await answer(issuer, `Bearer ${other}`), other).toMatchObject(invalid)
    }
  })

  it('ends with the millisecond that its lifetime ends', async () => {
    const issuer = issuerOn(undefined, { accessToken: 100 })
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    time = start + 99_999
    expect(await answer(issuer, `Bearer ${token}`)).toMatchObject(accepted)
    time = start + 100_000
    expect(await answer(issuer, `Bearer ${token}`)).toMatchObject(invalid)
  })

  it('ends when its offer is withdrawn', async () => {
    const issuer = issuerOn()
    const offer = await issuer.createOffer(offered)
    const token = await takeToken(issuer, offer)
    await issuer.withdrawOffer(offer.id)
    expect(await answer(issuer, `Bearer ${token}`)).toMatchObject(invalid)
  })

  it('is not its pre-authorized code', async () => {
    const issuer = issuerOn()
    const offer = await issuer.createOffer(offered)
    const code = decodeURIComponent(offer.uri).match(/"pre-authorized_code":"([^"]+)"/)?.[1]
    expect(code).toMatch(/\./)
    expect(await answer(issuer, `Bearer ${code}`)).toMatchObject(invalid)
    await takeToken(issuer, offer)
    expect(await answer(issuer, `Bearer ${code}`)).toMatchObject(invalid)
  })
})

describe('a nonce (OpenID4VCI section 7)', () => {
  /** The status of a credential asked for with this nonce, or the code of the error. */
  const use = async (issuer: Issuer, nonce: string): Promise<string | number> => {
    const token = await takeToken(issuer, await issuer.createOffer(offered))
    const response = await postCredential(issuer, token, { nonce, now: clock() })
    return response.status === 200 ? 200 : ((await response.json()) as { error: string }).error
  }

  it('is another each time, of characters that need no escape', async () => {
    const issuer = issuerOn()
    const nonces = await Promise.all(Array.from({ length: 20 }, () => takeNonce(issuer)))
    expect(new Set(nonces).size).toBe(20)
    for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9_-]{51}$/)
  })

  it.each([
    ['for the last millisecond of its lifetime', 99_999, 200],
    ['no more when its lifetime is over', 100_000, 'invalid_nonce'],
    ['by a clock that is a minute behind', -60_000, 200],
    ['not by one further behind', -60_001, 'invalid_nonce'],
  ])('is good %s', async (_what, step, expected) => {
    const issuer = issuerOn(undefined, { nonce: 100 })
    const nonce = await takeNonce(issuer)
    time = start + step
    expect(await use(issuer, nonce)).toBe(expected)
  })

  it('is good at any time of the years to come', async () => {
    for (const date of ['2038-01-19T03:14:08Z', '2106-02-07T06:28:16Z', '2514-05-30T01:53:03.295Z']) {
      const issuer = issuerOn(createMemoryStore({ clock: () => new Date(date) }))
      time = Date.parse(date)
      expect(await use(issuer, await takeNonce(issuer)), date).toBe(200)
    }
  })

  it('is refused with any character changed, of another length, or of another issuer', async () => {
    const issuer = issuerOn()
    const nonce = await takeNonce(issuer)
    const changed = Array.from(nonce, (letter, at) => {
      const other = letter === 'A' ? 'Q' : 'A'
      return `${nonce.slice(0, at)}${other}${nonce.slice(at + 1)}`
    })
    const foreign = await takeNonce(issuerOn())
    const odd = ['', 'x', nonce.slice(0, -1), `${nonce}A`, `*${nonce.slice(1)}`, `${nonce.slice(1)}=`]
    for (const other of [...changed, ...odd, foreign]) {
      expect(await use(issuer, other), other).toBe('invalid_nonce')
    }
    expect(await use(issuer, nonce)).toBe(200)
  })

  it('is good for one of several who use it at once, and for nobody after', async () => {
    const issuer = issuerOn()
    const nonce = await takeNonce(issuer)
    const all = await Promise.all(Array.from({ length: 5 }, () => use(issuer, nonce)))
    expect(all.filter((answer) => answer === 200)).toHaveLength(1)
    expect(all.filter((answer) => answer === 'invalid_nonce')).toHaveLength(4)
    expect(await use(issuer, nonce)).toBe('invalid_nonce')
    expect(await use(issuer, await takeNonce(issuer))).toBe(200)
  })

  it('that was used is refused before anything is signed', async () => {
    const issuer = issuerOn()
    const nonce = await takeNonce(issuer)
    expect(await use(issuer, nonce)).toBe(200)
    signed = 0
    expect(await use(issuer, nonce)).toBe('invalid_nonce')
    expect(signed).toBe(0)
    expect(await use(issuer, await takeNonce(issuer))).toBe(200)
    expect(signed).toBe(1)
  })

  it('that was used is remembered for an hour longer than it lives', async () => {
    const kept: unknown[] = []
    const store = createMemoryStore({ clock })
    const spied: Store = {
      ...store,
      swap(key, expected, value, options) {
        if (key.startsWith('nonce/')) kept.push([expected, options])
        return store.swap(key, expected, value, options)
      },
    }
    const issuer = issuerOn(spied, { nonce: 100 })
    expect(await use(issuer, await takeNonce(issuer))).toBe(200)
    expect(kept).toEqual([[undefined, { expiresIn: 3_700 }]])
  })
})
