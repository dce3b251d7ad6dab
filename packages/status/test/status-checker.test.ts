import { deflateSync } from 'node:zlib'
import {
  createMemoryStore,
  type IssuerIdentity,
  type IssuerKeyQuestion,
  type JsonObject,
  ResolveError,
  type ResolveIssuerKey,
  type Signer,
  type StatusSubject,
  trustOnly,
} from '@ekkasan/core'
import { generateJwk, parseJws, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import {
  type CreateStatusCheckerOptions,
  createStatusChecker,
  createStatusList,
  createStatusLists,
  encodeStatusList,
  parseStatusListToken,
  StatusError,
  writeStatus,
} from '@ekkasan/status'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'

const party = async (id: string, method: IssuerIdentity['method'] = 'jwt-vc-issuer') => {
  const jwk = await generateJwk('ES256')
  const identity: IssuerIdentity = { id, method }
  return {
    identity,
    key: { jwk: publicJwkOf(jwk), identity },
    signer: await signerFromJwk(jwk, { kid: `${id}#1` }),
  }
}
const issuer = await party('https://issuer.example')
const stranger = await party('https://stranger.example')
const delegate = await party('https://status.example')
const didIssuer = await party('did:web:issuer.example', 'did')

const uri = 'https://issuer.example/status/0'
let time: number
const clock = () => new Date(time)
const list = createStatusList(16)
writeStatus(list, 1, 1)
writeStatus(list, 2, 2)
writeStatus(list, 3, 3)
const statusList = await encodeStatusList(list)

const now = () => Math.floor(time / 1000)
const claims = (more: Record<string, unknown> = {}) =>
  ({
    iss: issuer.identity.id,
    sub: uri,
    iat: now(),
    exp: now() + 600,
    ttl: 60,
    status_list: statusList,
    ...more,
  }) as JsonObject
const sign = (payload: JsonObject, signer: Signer = issuer.signer, header: JsonObject = {}) =>
  signJws({ signer, header: { typ: 'statuslist+jwt', kid: signer.key.kid as string, ...header }, payload })

const resolveIssuerKey: ResolveIssuerKey = async ({ iss }) => {
  const found = [issuer, stranger, delegate, didIssuer].find(({ identity }) => identity.id === iss)
  if (!found) throw new ResolveError('core.resolve.not-found', 'no such issuer')
  return found.key
}
const isTrusted = trustOnly([
  { role: 'status-issuer', id: delegate.identity.id, onBehalfOf: [issuer.identity.id] },
])

function checker(
  answer: (url: string) => Promise<string | Response>,
  more: Partial<CreateStatusCheckerOptions> = {},
) {
  const asked: string[] = []
  const check = createStatusChecker({
    fetch: async (url, init) => {
      asked.push(String(url))
      expect(new Headers(init?.headers).get('accept')).toBe(
        'application/statuslist+jwt, application/statuslist+cwt;q=0.9',
      )
      const body = await answer(String(url))
      return typeof body === 'string' ? new Response(body) : body
    },
    resolveIssuerKey,
    isTrusted,
    clock,
    ...more,
  })
  const at = (index: number, of = uri, credential = issuer.identity) =>
    check({ uri: of, index }, { issuer: credential })
  return { at, asked }
}
const refusedWith = async (promise: Promise<unknown>, code: string) => {
  const error = await promise.catch((e) => e)
  expect(error).toBeInstanceOf(ResolveError)
  expect(error).toMatchObject({ code: 'core.resolve.invalid', cause: { code } })
}

beforeEach(() => {
  time = Date.parse('2026-06-01T00:00:00Z')
})

describe('checking a status', () => {
  it('reads valid, revoked and suspended, as of the time the list was issued', async () => {
    const { at } = checker(() => sign(claims({ iat: now() - 30 })))
    const asOf = new Date(time - 30_000)
    expect(await at(0)).toEqual({ status: 'valid', asOf })
    expect(await at(1)).toEqual({ status: 'revoked', asOf })
    expect(await at(2)).toEqual({ status: 'suspended', asOf })
  })

  it('reads what createStatusLists publishes', async () => {
    const lists = createStatusLists({
      url: 'https://issuer.example/status',
      signer: issuer.signer,
      issuer: issuer.identity.id,
      store: createMemoryStore(),
      ttl: 60,
      clock,
    })
    const entry = await lists.allocate()
    const { at } = checker(async (url) => (await lists.fetch(new Request(url))) as Response)
    expect((await at(entry.index, entry.uri)).status).toBe('valid')
    await lists.set(entry, 'revoked')
    expect((await at(entry.index, entry.uri)).status).toBe('valid')
    time += 60_000
    expect((await at(entry.index, entry.uri)).status).toBe('revoked')
  })

  it('refuses an index that the list does not reach (section 8.3)', async () => {
    const { at } = checker(() => sign(claims()))
    for (const index of [16, 1e9, -1, 0.5]) await refusedWith(at(index), 'status.entry.out-of-range')
  })

  it('refuses a value that means nothing here, and does not take it for valid', async () => {
    await refusedWith(checker(() => sign(claims())).at(3), 'status.entry.value')
  })
})

describe('what a list must be', () => {
  const cases: [string, string, () => Promise<string>][] = [
    ['for another URI', 'status.token.subject', () => sign(claims({ sub: `${uri}0` }))],
    ['expired', 'status.token.expired', () => sign(claims({ exp: now() }))],
    ['of another type', 'status.token.malformed', () => sign(claims(), issuer.signer, { typ: 'JWT' })],
    [
      'of a type with parameters',
      'status.token.malformed',
      () => sign(claims(), issuer.signer, { typ: 'application/statuslist+jwt; a=b' }),
    ],
    ['without sub', 'status.token.malformed', () => sign(claims({ sub: undefined }))],
    ['without iat', 'status.token.malformed', () => sign(claims({ iat: undefined }))],
    ['with iat as text', 'status.token.malformed', () => sign(claims({ iat: '2026' }))],
    ['with exp as text', 'status.token.malformed', () => sign(claims({ exp: '2026' }))],
    ['with a date beyond all dates', 'status.token.malformed', () => sign(claims({ exp: 9e15 }))],
    ['with a ttl of 0', 'status.token.malformed', () => sign(claims({ ttl: 0 }))],
    ['with a negative ttl', 'status.token.malformed', () => sign(claims({ ttl: -5 }))],
    ['without status_list', 'status.token.malformed', () => sign(claims({ status_list: undefined }))],
    [
      'with bits of 5',
      'status.list.malformed',
      () => sign(claims({ status_list: { ...statusList, bits: 5 } })),
    ],
    ['that is no JWT', 'status.token.malformed', async () => '<html>'],
    ['signed by another key', 'status.token.signature', () => sign(claims(), stranger.signer)],
    [
      'signed by a stranger in his own name',
      'status.token.untrusted',
      () => sign(claims({ iss: stranger.identity.id }), stranger.signer),
    ],
    [
      'with a member named twice',
      'status.token.malformed',
      async () => {
        const [header] = (await sign(claims())).split('.')
        const text = JSON.stringify(claims()).replace('{', `{"sub":"${uri}",`)
        return `${header}.${Buffer.from(text).toString('base64url')}.AAAA`
      },
    ],
  ]
  it.each(cases)('refuses one %s with %s', async (_what, code, make) => {
    const { at } = checker(make)
    await refusedWith(at(0), code)
    await refusedWith(at(1), code)
  })

  it('refuses an unsigned list, and one with an HMAC of the public key', async () => {
    const payload = Buffer.from(JSON.stringify(claims())).toString('base64url')
    for (const alg of ['none', 'HS256']) {
      const header = Buffer.from(
        JSON.stringify({ alg, typ: 'statuslist+jwt', kid: `${issuer.identity.id}#1` }),
      )
      for (const signature of ['', 'AAAA']) {
        const error = await checker(async () => `${header.toString('base64url')}.${payload}.${signature}`)
          .at(0)
          .catch((e) => e)
        expect(error).toMatchObject({ code: 'core.resolve.invalid' })
      }
    }
  })

  it('refuses a list of which one bit was changed after signing', async () => {
    const token = await sign(claims())
    const { payload, header } = parseJws(token)
    const other = createStatusList(16)
    const forged = { ...payload, status_list: await encodeStatusList(other) }
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    await refusedWith(
      checker(async () => `${part(header)}.${part(forged)}.${token.split('.')[2]}`).at(1),
      'status.token.signature',
    )
  })

  it('pays no heed to a key that the list brings itself', async () => {
    const jwk = stranger.key.jwk as unknown as JsonObject
    await refusedWith(checker(() => sign(claims(), stranger.signer, { jwk })).at(0), 'status.token.signature')
  })

  it('takes a list of a party that is trusted for this issuer, and not for another issuer', async () => {
    const { at } = checker(() => sign(claims({ iss: delegate.identity.id }), delegate.signer))
    expect((await at(1)).status).toBe('revoked')
    await refusedWith(at(1, uri, didIssuer.identity), 'status.token.untrusted')
  })

  it('asks for trust anew at every check: a list in the cache does not carry it along', async () => {
    let isStill = true
    const { at, asked } = checker(() => sign(claims()), {
      isTrusted: async ({ role, id, onBehalfOf, issuer: signer }) => {
        expect({ role, id, onBehalfOf, signer }).toEqual({
          role: 'status-issuer',
          id: issuer.identity.id,
          onBehalfOf: issuer.identity,
          signer: issuer.identity,
        })
        return isStill ? { trusted: true } : { trusted: false, code: 'gone' }
      },
    })
    await at(0)
    isStill = false
    await refusedWith(at(0), 'status.token.untrusted')
    expect(asked).toHaveLength(1)
  })

  it('does not know the status where the trust could not be found out', async () => {
    const { at } = checker(() => sign(claims()), {
      isTrusted: async () => ({ trusted: 'unknown', code: 'x' }),
    })
    await expect(at(0)).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
  })
})

describe('whose key it is', () => {
  const asks = async (header: JsonObject, payload: JsonObject, credential: IssuerIdentity) => {
    const questions: IssuerKeyQuestion[] = []
    const { kid: _none, ...key } = issuer.signer.key
    const signer = { ...issuer.signer, key }
    const token = await signJws({ signer, header: { typ: 'statuslist+jwt', ...header }, payload })
    const { at } = checker(async () => token, {
      resolveIssuerKey: async (question) => {
        questions.push(question)
        const { x5c } = question
        return x5c ? { ...issuer.key, identity: { id: 'x509:a:CN=x', method: 'x5c', x5c } } : issuer.key
      },
      isTrusted: async () => ({ trusted: true }),
    })
    await at(0, uri, credential)
    return questions
  }
  const bare = () => claims({ iss: undefined })
  const web: IssuerIdentity = { id: 'https://issuer.example', method: 'jwt-vc-issuer' }

  it('is found by x5c first, then iss, then a DID URL as kid, then where the credential issuer keeps his', async () => {
    const x5c = ['MIIB']
    expect(await asks({ x5c, kid: 'a' }, claims(), web)).toEqual([
      { alg: 'ES256', kid: 'a', x5c, iss: web.id },
    ])
    expect(await asks({ kid: 'did:web:x.example#1' }, claims(), web)).toEqual([
      { alg: 'ES256', kid: 'did:web:x.example#1', iss: web.id },
    ])
    expect(await asks({ kid: 'did:web:x.example#1' }, bare(), web)).toEqual([
      { alg: 'ES256', kid: 'did:web:x.example#1', iss: 'did:web:x.example' },
    ])
    expect(await asks({ kid: 'a' }, bare(), web)).toEqual([{ alg: 'ES256', kid: 'a', iss: web.id }])
    expect(await asks({}, bare(), { id: 'CN=x', method: 'x5c', x5c })).toEqual([{ alg: 'ES256', x5c }])
  })

  it('is the credential issuer himself where his own certificate signed, by whichever of its names he goes', async () => {
    const identity: IssuerIdentity = { id: 'https://issuer.example', method: 'x5c', x5c: ['MIIB'] }
    const { at } = checker(() => sign(bare()), {
      resolveIssuerKey: async ({ iss, x5c }) => ({
        jwk: issuer.key.jwk,
        identity: { id: iss ?? 'CN=issuer', method: 'x5c', ...(x5c && { x5c }) },
      }),
    })
    expect((await at(1, uri, identity)).status).toBe('revoked')
  })

  it('is the credential issuer whose key signed it, whatever iss says, and nobody is asked [N2]', async () => {
    const jwk = issuer.key.jwk
    const mdoc: IssuerIdentity = { id: 'x509:a:CN=Document signer', method: 'x5c', x5c: ['MIIB'] }
    const status = async (token: Promise<string>, credential: StatusSubject) => {
      const answers: string[] = []
      const check = createStatusChecker({
        fetch: async () => new Response(await token),
        resolveIssuerKey: async (question) => {
          answers.push(String(question.iss))
          throw new ResolveError('core.resolve.invalid', 'not asked')
        },
        isTrusted,
        clock,
      })
      const answer = await check({ uri, index: 1 }, credential).catch(
        (error) => error.cause?.code ?? error.code,
      )
      return [answer.status ?? answer, answers]
    }
    const named = claims({ iss: 'https://elsewhere.example' })
    for (const header of [{}, { x5c: ['MIIB'] }, { x5c: ['MIIC'] }]) {
      expect(await status(sign(named, issuer.signer, header), { issuer: mdoc, jwk })).toEqual(['revoked', []])
    }
    // Another's signature beside the issuer's leaf is nobody's.
    const posing = sign(named, stranger.signer, { x5c: ['MIIB'] })
    expect(await status(posing, { issuer: mdoc, jwk })).toEqual(['status.token.signature', []])
    // Another key under another name: trust is asked before anything of it is fetched.
    const foreign = sign(named, stranger.signer)
    expect(await status(foreign, { issuer: issuer.identity, jwk })).toEqual(['status.token.untrusted', []])
  })

  it('is looked for only where a signer of that name is trusted for the statuses of the issuer [G3]', async () => {
    const fetched: unknown[] = []
    const resolving: Partial<CreateStatusCheckerOptions> = {
      resolveIssuerKey: async (question) => {
        fetched.push(question)
        return resolveIssuerKey(question)
      },
    }
    const { at } = checker(() => sign(claims({ iss: stranger.identity.id }), stranger.signer), resolving)
    await refusedWith(at(1), 'status.token.untrusted')
    const unknown = checker(() => sign(claims({ iss: delegate.identity.id }), delegate.signer), {
      ...resolving,
      isTrusted: async () => ({ trusted: 'unknown', code: 'x' }),
    })
    await expect(unknown.at(1)).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
    expect(fetched).toEqual([])
  })

  it('is not taken from the cache of another issuer where the list names no signer', async () => {
    const { at, asked } = checker(() => sign(claims({ iss: undefined })))
    expect((await at(1)).status).toBe('revoked')
    await refusedWith(at(1, uri, stranger.identity), 'status.token.signature')
    expect(asked).toHaveLength(2)
  })

  it('is not known where its resolver does not answer', async () => {
    const { at } = checker(() => sign(claims()), {
      resolveIssuerKey: async () => {
        throw new ResolveError('core.resolve.unavailable', 'away')
      },
    })
    await expect(at(0)).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
  })
})

describe('clocks that disagree [L5]', () => {
  it.each([
    ['issued in', { iat: 61 }],
    ['valid only in', { nbf: 61 }],
  ])('a list %s the future, beyond the tolerance, is unknown and never a refusal', async (_name, ahead) => {
    const [[name, seconds] = ['iat', 0]] = Object.entries(ahead)
    const { at } = checker(() => sign(claims({ [name]: now() + seconds })))
    await expect(at(1)).rejects.toMatchObject({
      code: 'core.resolve.unavailable',
      cause: { code: 'status.token.not-yet' },
    })
    const within = checker(() => sign(claims({ [name]: now() + 60 })))
    expect((await within.at(1)).status).toBe('revoked')
  })

  it('a list that was fetched at a time still to come is fetched again', async () => {
    const { at, asked } = checker(() => sign(claims()))
    time += 86_400_000
    await at(0)
    await at(0)
    expect(asked).toHaveLength(1)
    time -= 86_400_000
    await at(0)
    expect(asked).toHaveLength(2)
    await at(0)
    expect(asked).toHaveLength(2)
  })

  it('goes by exp and ttl, and by no HTTP header', async () => {
    const headers = { 'cache-control': 'max-age=86400', expires: 'Fri, 01 Jan 2100 00:00:00 GMT', age: '0' }
    const { at, asked } = checker(async () => new Response(await sign(claims({ ttl: 30 })), { headers }))
    await at(0)
    time += 29_999
    await at(0)
    expect(asked).toHaveLength(1)
    time += 1
    await at(0)
    expect(asked).toHaveLength(2)
    const never = { 'cache-control': 'no-store', expires: '0' }
    const kept = checker(async () => new Response(await sign(claims()), { headers: never }))
    await kept.at(0)
    await kept.at(0)
    expect(kept.asked).toHaveLength(1)
  })
})

describe('fetching a list', () => {
  it('that never comes is waited for by all who ask for 30 seconds, then asked for anew [L4]', async () => {
    vi.useFakeTimers()
    let isStuck = true
    const { at } = checker(() => (isStuck ? new Promise(() => {}) : sign(claims())))
    const stuck = Promise.allSettled([at(1), at(1)])
    await vi.advanceTimersByTimeAsync(30_000)
    for (const outcome of await stuck) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'core.resolve.unavailable' } })
    }
    vi.useRealTimers()
    isStuck = false
    expect((await at(1)).status).toBe('revoked')
  })

  it.each([500, 502, 503, 429, 403])(
    'does not know the status at HTTP %i, and asks again',
    async (status) => {
      let isAway = true
      const { at } = checker(async () => (isAway ? new Response('x', { status }) : sign(claims())))
      await expect(at(1)).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
      isAway = false
      expect((await at(1)).status).toBe('revoked')
    },
  )

  it('does not know the status when nobody answers, nor when the answer breaks off: never revoked, never valid', async () => {
    const away = checker(async () => {
      throw new TypeError('fetch failed')
    })
    await expect(away.at(0)).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
    const broken = checker(async () => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('eyJ'))
          controller.error(new Error('reset'))
        },
      })
      return new Response(body)
    })
    await expect(broken.at(0)).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
  })

  it.each([404, 410])('says that there is no list at HTTP %i', async (status) => {
    const { at } = checker(async () => new Response('x', { status }))
    await expect(at(0)).rejects.toMatchObject({ code: 'core.resolve.not-found' })
  })

  it.each([
    'file:///etc/passwd',
    'data:text/plain,x',
    'ftp://a.example/x',
    'https://u:p@a.example',
    'status',
    '',
  ])('never fetches %s', async (where) => {
    const { at, asked } = checker(async () => 'x')
    await expect(at(0, where)).rejects.toMatchObject({ code: 'core.resolve.invalid' })
    expect(asked).toEqual([])
  })

  it('stops reading at the bound, and unpacks no bomb', async () => {
    let sent = 0
    const endless = checker(async () => {
      const body = new ReadableStream({
        pull(controller) {
          sent += 65_536
          controller.enqueue(new Uint8Array(65_536).fill(0x61))
        },
      })
      return new Response(body)
    })
    await refusedWith(endless.at(0), 'status.list.too-large')
    expect(sent).toBeLessThan(5_000_000)
    const lst = deflateSync(new Uint8Array(64 * 1024 * 1024)).toString('base64url')
    const bomb = checker(() => sign(claims({ status_list: { bits: 1, lst } })))
    await refusedWith(bomb.at(0), 'status.list.too-large')
  })

  it('keeps a list for its ttl and not longer', async () => {
    const { at, asked } = checker(() => sign(claims({ ttl: 60 })))
    await at(0)
    time += 59_999
    await at(1)
    expect(asked).toHaveLength(1)
    time += 1
    await at(1)
    expect(asked).toHaveLength(2)
  })

  it('keeps a list never beyond its exp, nor for longer than maxAge', async () => {
    const short = checker(() => sign(claims({ ttl: 600, exp: now() + 10 })))
    await short.at(0)
    time += 10_000
    await short.at(0)
    expect(short.asked).toHaveLength(2)
    const bounded = checker(() => sign(claims({ ttl: 1e9, exp: now() + 1e9 })), { maxAge: 100 })
    await bounded.at(0)
    time += 99_999
    await bounded.at(0)
    expect(bounded.asked).toHaveLength(1)
    time += 1
    await bounded.at(0)
    expect(bounded.asked).toHaveLength(2)
  })

  it('takes a list with neither ttl nor exp, for maxAge', async () => {
    const { at, asked } = checker(() => sign(claims({ ttl: undefined, exp: undefined })), { maxAge: 10 })
    await at(0)
    await at(0)
    expect(asked).toHaveLength(1)
    time += 10_000
    await at(0)
    expect(asked).toHaveLength(2)
  })

  it('does not fall back to a list past its ttl when the new one cannot be had', async () => {
    let isAway = false
    const { at } = checker(async () => (isAway ? new Response('', { status: 503 }) : sign(claims())))
    await at(0)
    isAway = true
    time += 60_000
    await expect(at(0)).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
  })

  it('fetches once for many checks at the same moment', async () => {
    const { at, asked } = checker(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return sign(claims())
    })
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => at(i % 3)))
    expect(asked).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 'revoked')).toHaveLength(33)
  })

  it('keeps no more than maxEntries lists, those used last', async () => {
    const { at, asked } = checker((url) => sign(claims({ sub: url })), { maxEntries: 2 })
    const of = (n: number) => `https://issuer.example/status/${n}`
    for (const n of [0, 1, 0, 2, 0]) await at(0, of(n))
    expect(asked).toEqual([of(0), of(1), of(2)])
    await at(0, of(1))
    expect(asked).toHaveLength(4)
  })
})

describe('parsing a token', () => {
  it('throws nothing but StatusError for any text', () => {
    const part = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.jsonValue().map((v) => Buffer.from(JSON.stringify(v)).toString('base64url')),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(part, part, part).map((p) => p.join('.')),
        ),
        (text) => {
          try {
            parseStatusListToken(text)
          } catch (error) {
            expect(error).toBeInstanceOf(StatusError)
          }
        },
      ),
    )
  })

  it('throws nothing but StatusError for any claims', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom('iss', 'sub', 'iat', 'exp', 'nbf', 'ttl', 'status_list'),
        async (value, claim) => {
          if (JSON.stringify(value).includes('__proto__')) return
          const token = await sign(claims({ [claim]: JSON.parse(JSON.stringify(value)) }))
          try {
            parseStatusListToken(token)
          } catch (error) {
            expect(error).toBeInstanceOf(StatusError)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
