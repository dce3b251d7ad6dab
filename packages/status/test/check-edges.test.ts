import { gzipSync } from 'node:zlib'
import {
  type Check,
  type CheckName,
  EkkasanError,
  type IssuerIdentity,
  type JsonObject,
  RejectedError,
  ResolveError,
  type ResolveIssuerKey,
  type StatusSubject,
  type TrustQuestion,
  trustAnyone,
  UnavailableError,
} from '@ekkasan/core'
import { encodeCbor, signCoseSign1 } from '@ekkasan/cose'
import { generateJwk, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import {
  type CreateStatusCheckerOptions,
  createStatusChecker,
  createStatusList,
  encodeStatusList,
  encodeStatusListCbor,
  type StatusError,
  type VerifyListCredential,
  writeStatus,
} from '@ekkasan/status'
import { describe, expect, it } from 'vitest'

// The exact edges of a status check: whose list it is, who is asked for trust, and what a refusal says.

const time = Date.parse('2026-06-01T00:00:00Z')
const clock = () => new Date(time)
const now = time / 1000
const uri = 'https://issuer.example/status/0'
const second = 'https://issuer.example/status/1'
const web: IssuerIdentity = { id: 'https://issuer.example', method: 'jwt-vc-issuer' }
const trusting = (questions: TrustQuestion[]) => async (question: TrustQuestion) => {
  questions.push(question)
  return { trusted: true } as const
}
/** The code of the port and of its cause, and what the cause says. */
const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ResolveError)
  const { code, message, cause } = error as ResolveError & { cause?: StatusError }
  return [code, cause?.code, message]
}
const invalid = (code: string, message: string) => ['core.resolve.invalid', code, message]

describe('a Status List Token', async () => {
  const privateJwk = await generateJwk('ES256')
  const jwk = publicJwkOf(privateJwk)
  const signer = await signerFromJwk(privateJwk)
  const stranger = await signerFromJwk(await generateJwk('ES256'))
  const list = createStatusList(16)
  writeStatus(list, 1, 1)
  writeStatus(list, 3, 3)
  const status_list = await encodeStatusList(list)
  const token = (payload: object = {}, header: object = {}, by = signer) =>
    signJws({
      signer: by,
      header: { typ: 'statuslist+jwt', ...header } as JsonObject,
      payload: { sub: uri, iat: now, status_list, ...payload } as JsonObject,
    })
  const cwt = async () =>
    signCoseSign1({
      signer,
      header: new Map([[16, 'application/statuslist+cwt']]),
      payload: encodeCbor(
        new Map<number, Parameters<typeof encodeCbor>[0]>([
          [2, uri],
          [6, now],
          [65_533, await encodeStatusListCbor(list)],
        ]),
      ),
    })
  const resolving =
    (identity: IssuerIdentity): ResolveIssuerKey =>
    async () => ({ jwk, identity })
  const check = (
    body: Promise<string | Uint8Array> | string | Uint8Array,
    subject: StatusSubject = { issuer: web },
    more: Partial<CreateStatusCheckerOptions> = {},
    index = 1,
  ) =>
    createStatusChecker({
      fetch: async () => new Response((await body) as string),
      resolveIssuerKey: resolving(web),
      isTrusted: trustAnyone('a test'),
      clock,
      ...more,
    })({ uri, index }, subject)

  it.each<[string, string, () => Promise<string | Uint8Array>]>([
    ['status.token.subject', 'sub is not the URI of the status list', () => token({ sub: second })],
    ['status.token.expired', 'the status list has expired', () => token({ exp: now })],
    ['status.token.signature', 'the signature is not of the status issuer', () => token({}, {}, stranger)],
    ['status.token.malformed', 'the status list token is not text', async () => Uint8Array.of(0x65, 0xff)],
  ])('is refused with %s: %s', async (code, message, make) => {
    expect(await refusal(check(make()))).toEqual(invalid(code, message))
  })

  it('with a value that means nothing here is refused', async () => {
    expect(await refusal(check(token(), undefined, undefined, 3))).toEqual(
      invalid('status.entry.value', 'the status is of a kind that is not known'),
    )
  })

  it('lives until the second of its exp, and may be a minute ahead', async () => {
    expect((await check(token({ exp: now + 1 }))).status).toBe('revoked')
    expect((await check(token({ iat: now + 60, nbf: now + 60 }))).status).toBe('revoked')
  })

  it('may have white space around it', async () => {
    expect((await check(token().then((text) => `\r\n ${text}\n`))).status).toBe('revoked')
  })

  it('may be as long as maxTokenLength says, beyond the bound of other JSON', async () => {
    const long = await token({ x: 'a'.repeat(1_500_000) })
    expect((await check(long)).status).toBe('revoked')
    expect((await check(long, undefined, { maxTokenLength: long.length })).status).toBe('revoked')
    expect(await refusal(check(long, undefined, { maxTokenLength: long.length - 1 }))).toEqual(
      invalid('status.list.too-large', 'the status list is longer than is accepted'),
    )
  })

  it.each([
    ['JWT', () => token()],
    ['CWT', cwt],
  ])('in %s form holds a list of at most maxListLength bytes', async (_form, make) => {
    // 16 entries of two bits.
    expect((await check(make(), undefined, { maxListLength: 4 })).status).toBe('revoked')
    const [code, cause] = await refusal(check(make(), undefined, { maxListLength: 3 }))
    expect([code, cause]).toEqual(['core.resolve.invalid', 'status.list.too-large'])
  })

  it('is not known without a means to find its key, unless it is by the key of the credential', async () => {
    const own = (subject: StatusSubject) =>
      createStatusChecker({
        fetch: async () => new Response(await token()),
        isTrusted: trustAnyone('a test'),
        clock,
      })({ uri, index: 1 }, subject)
    expect((await own({ issuer: web, jwk })).status).toBe('revoked')
    for (const subject of [{ issuer: web }, { issuer: web, jwk: stranger.key.publicJwk }]) {
      expect(await refusal(own(subject))).toEqual([
        'core.resolve.unavailable',
        undefined,
        'no means to find the key of a status list token',
      ])
    }
  })

  it.each(['EdDSA', 'ES384', 'RS256'] as const)(
    'is looked for elsewhere where the key of the credential is one of %s',
    async (alg) => {
      const own = publicJwkOf(await generateJwk(alg))
      for (const body of [token(), cwt()]) {
        expect((await check(body, { issuer: web, jwk: own })).status).toBe('revoked')
      }
      expect(await refusal(check(token({}, {}, stranger), { issuer: web, jwk: own }))).toEqual(
        invalid('status.token.signature', 'the signature is not of the status issuer'),
      )
    },
  )

  describe('is of the signer that it names', () => {
    const certified: IssuerIdentity = { id: 'CN=issuer', method: 'x5c', x5c: ['MIIB'] }
    /** What was asked, in its order: questions for trust by the id, and for the key by its members. */
    const log = async (body: Promise<string>, subject: StatusSubject, identity: IssuerIdentity) => {
      const asked: unknown[] = []
      const answer = await check(body, subject, {
        resolveIssuerKey: async (question) => {
          asked.push(question)
          return { jwk, identity }
        },
        isTrusted: async ({ id }) => {
          asked.push(id)
          return { trusted: true }
        },
      })
      expect(answer.status).toBe('revoked')
      return asked
    }

    it('by iss or a DID: trust is asked before its key and after', async () => {
      const named = { id: 'https://status.example', method: 'jwt-vc-issuer' } as const
      expect(await log(token({ iss: named.id }), { issuer: web }, named)).toStrictEqual([
        named.id,
        { alg: 'ES256', iss: named.id },
        named.id,
      ])
      const did = { id: 'did:web:status.example', method: 'did' } as const
      expect(await log(token({}, { kid: `${did.id}#1` }), { issuer: web }, did)).toStrictEqual([
        did.id,
        { alg: 'ES256', kid: `${did.id}#1`, iss: did.id },
        did.id,
      ])
    })

    it('by a certificate of another: its name is known when the chain was validated', async () => {
      const other = { id: 'CN=status', method: 'x5c', x5c: ['MIIC'] } as const
      for (const subject of [
        { issuer: certified },
        { issuer: certified, jwk: stranger.key.publicJwk },
        { issuer: web },
      ]) {
        const asked = await log(token({}, { x5c: ['MIIC'] }), subject, other)
        expect(asked).toStrictEqual([{ alg: 'ES256', x5c: ['MIIC'] }, other.id])
      }
    })

    it('by the certificate of the credential’s issuer, or by none: the issuer, whatever name the chain has', async () => {
      const named = { id: 'https://another.name.example', method: 'x5c' } as const
      for (const header of [{ x5c: ['MIIB', 'MIIA'] }, {}]) {
        const asked = await log(token({}, header), { issuer: certified }, named)
        expect(asked.slice(1)).toStrictEqual([certified.id])
      }
    })

    it('or, where it names nobody, where the credential issuer keeps its keys', async () => {
      expect(await log(token(), { issuer: web }, web)).toStrictEqual([
        web.id,
        { alg: 'ES256', iss: web.id },
        web.id,
      ])
      const odd: IssuerIdentity[] = [
        { ...web, x5c: ['MIIB'] },
        { id: 'https://x5c.example', method: 'x5c' },
      ]
      for (const issuer of odd) {
        expect(await log(token(), { issuer }, issuer)).toContainEqual({ alg: 'ES256', iss: issuer.id })
      }
    })

    it('by x5c: a key that was not found by certificate is refused', async () => {
      const body = token({ iss: web.id }, { x5c: ['MIIC'] })
      expect(await refusal(check(body))).toEqual(
        invalid('status.token.signature', 'a token with x5c has its key by certificate alone'),
      )
    })
  })

  it('is fetched anew for another issuer of the same name: by id, method and certificate', async () => {
    let fetched = 0
    const of = createStatusChecker({
      fetch: async () => {
        fetched += 1
        return new Response(await token())
      },
      resolveIssuerKey: resolving(web),
      isTrusted: trustAnyone('a test'),
      clock,
    })
    const issuers: IssuerIdentity[] = [
      { id: 'a', method: 'x5c', x5c: ['MIIB'] },
      { id: 'a', method: 'x5c', x5c: ['MIIC'] },
      { id: 'a', method: 'did' },
      { id: 'b', method: 'did' },
    ]
    for (const [at, issuer] of issuers.entries()) {
      await of({ uri, index: 1 }, { issuer })
      await of({ uri, index: 0 }, { issuer })
      expect(fetched).toBe(at + 1)
    }
  })
})

describe('a Bitstring Status List', () => {
  const pack = (set: readonly number[] = [], bits = 131_072) => {
    const bytes = new Uint8Array(bits / 8)
    for (const at of set) bytes[at >> 3] = (bytes[at >> 3] as number) | (128 >> (at & 7))
    return `u${gzipSync(bytes).toString('base64url')}`
  }
  const listOf = (subject: object = {}, more: object = {}) => ({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: uri,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: web.id,
    validFrom: '2026-05-31T23:59:00Z',
    ...more,
    credentialSubject: {
      type: 'BitstringStatusList',
      statusPurpose: ['revocation', 'suspension'],
      encodedList: pack([5]),
      ...subject,
    },
  })
  const entryOf = (more: object = {}) => ({
    type: 'BitstringStatusListEntry' as const,
    statusPurpose: 'revocation',
    statusListIndex: '4',
    statusListCredential: uri,
    ...more,
  })
  const verify: VerifyListCredential = async (body) => {
    const credential = JSON.parse(new TextDecoder().decode(body)) as JsonObject
    return { credential, issuer: { id: String(credential.issuer), method: 'jwt-vc-issuer' } }
  }
  const checker = (lists: Record<string, object>, more: Partial<CreateStatusCheckerOptions> = {}) => {
    const asked: string[] = []
    const check = createStatusChecker({
      fetch: async (input) => {
        asked.push(String(input))
        return new Response(JSON.stringify(lists[String(input)]))
      },
      verifyListCredential: verify,
      isTrusted: trustAnyone('a test'),
      clock,
      ...more,
    })
    const at = (...credentialStatus: ReturnType<typeof entryOf>[]) =>
      check({ credentialStatus }, { issuer: web })
    return { at, asked, check }
  }
  const one = (list: object, entry = entryOf(), more: Partial<CreateStatusCheckerOptions> = {}) =>
    checker({ [uri]: list }, more).at(entry)
  const refusing = (list: object, entry = entryOf(), more: Partial<CreateStatusCheckerOptions> = {}) =>
    refusal(one(list, entry, more))

  it.each<[string, string, object, object]>([
    ['status.entry.purpose', 'the status list is for another purpose', listOf({ statusPurpose: 'x' }), {}],
    [
      'status.entry.size',
      'the status list has entries of another size',
      listOf({ statusPurpose: 'message', statusSize: 2 }),
      { statusPurpose: 'message' },
    ],
    [
      'status.list.too-short',
      'the status list has fewer than 131072 entries',
      listOf({ encodedList: pack([], 131_064) }),
      {},
    ],
    [
      'status.entry.value',
      'something is set for a purpose that is not known here',
      listOf({ statusPurpose: 'x' }),
      { statusPurpose: 'x', statusListIndex: '5' },
    ],
    ['status.credential.id', 'id is not the URL of the status list', listOf({}, { id: second }), {}],
    [
      'status.credential.expired',
      'the status list has expired',
      listOf({}, { validUntil: '2026-06-01T00:00:00Z' }),
      {},
    ],
  ])('is refused with %s: %s (section 3.2)', async (code, message, list, entry) => {
    expect(await refusing(list, entryOf(entry))).toEqual(invalid(code, message))
  })

  it('without an entry says nothing, and is not valid', async () => {
    expect(await refusal(checker({}).at())).toEqual(
      invalid('status.entry.unknown', 'a credentialStatus without an entry'),
    )
  })

  it('is not fetched without a means to verify it', async () => {
    const asked: string[] = []
    const check = createStatusChecker({
      fetch: async (input) => {
        asked.push(String(input))
        return new Response('')
      },
      isTrusted: trustAnyone('a test'),
    })
    expect(await refusal(check({ credentialStatus: [entryOf()] }, { issuer: web }))).toEqual([
      'core.resolve.unavailable',
      undefined,
      'no means to verify a status list credential',
    ])
    expect(asked).toEqual([])
  })

  it('has at most maxListLength bytes', async () => {
    expect((await one(listOf(), entryOf(), { maxListLength: 16_384 })).status).toBe('valid')
    const [code, cause] = await refusing(listOf(), entryOf(), { maxListLength: 16_383 })
    expect([code, cause]).toEqual(['core.resolve.invalid', 'status.list.too-large'])
  })

  it('has the size of its messages in statusSize, which says nothing of its other purposes', async () => {
    expect(await one(listOf({ statusSize: 2 }), entryOf({ statusListIndex: '5' }))).toMatchObject({
      status: 'revoked',
    })
  })

  it('is as of the older of several, whichever comes first', async () => {
    const older = listOf({}, { id: second, validFrom: '2026-05-31T00:00:00Z' })
    const { at } = checker({ [uri]: listOf(), [second]: older })
    const entries = [entryOf(), entryOf({ statusListCredential: second })]
    for (const order of [entries, entries.toReversed()]) {
      expect(await at(...order)).toStrictEqual({ status: 'valid', asOf: new Date('2026-05-31T00:00:00Z') })
    }
  })

  it('that is kept is read beside one that is not', async () => {
    const { at, asked } = checker({ [uri]: listOf(), [second]: listOf({}, { id: second }) })
    await at(entryOf())
    const other = entryOf({ statusListCredential: second, statusListIndex: '5' })
    expect((await at(entryOf(), other)).status).toBe('revoked')
    expect((await at(other, entryOf())).status).toBe('revoked')
    expect(asked).toEqual([uri, second])
  })

  it('is fetched anew for another issuer of the same name', async () => {
    const { check, asked } = checker({ [uri]: listOf() })
    for (const x5c of [['MIIB'], ['MIIC']]) {
      await check({ credentialStatus: [entryOf()] }, { issuer: { id: 'a', method: 'x5c', x5c } })
    }
    expect(asked).toHaveLength(2)
  })

  it.each<[string, Partial<IssuerIdentity>, number]>([
    ['one and the same', {}, 1],
    ['another by id', { id: 'https://other.example' }, 2],
    ['another by method', { method: 'did' }, 2],
    ['another by certificate', { x5c: ['MIIB'] }, 2],
  ])(
    'has trust asked for its signer once where that of the next list is %s',
    async (_what, change, count) => {
      const questions: TrustQuestion[] = []
      const { at } = checker(
        { [uri]: listOf(), [second]: listOf({}, { id: second }) },
        {
          isTrusted: trusting(questions),
          verifyListCredential: async (...given) => {
            const verified = await verify(...given)
            return { ...verified, issuer: verified.credential.id === uri ? web : { ...web, ...change } }
          },
        },
      )
      await at(entryOf(), entryOf({ statusListCredential: second }))
      expect(questions).toHaveLength(count)
    },
  )

  it('tells what it tells of each purpose, and nothing for those that tell nothing', async () => {
    const own = { statusPurpose: ['revocation', 'refresh', 'message'], encodedList: pack([5]) }
    const of = (...entries: object[]) => checker({ [uri]: listOf(own) }).at(...entries.map(entryOf))
    const message = { statusPurpose: 'message' }
    const refresh = { statusPurpose: 'refresh', statusListIndex: '5' }
    expect(await of(refresh, {})).toHaveProperty('detail', 'an updated credential is to be had')
    expect(await of({}, refresh, message)).toHaveProperty(
      'detail',
      'an updated credential is to be had; message 0x0: unset',
    )
    expect(await of({ ...message, statusListIndex: '5' })).toHaveProperty('detail', 'message 0x1: set')
    expect(Object.keys(await of({}, { ...refresh, statusListIndex: '4' })).sort()).toEqual(['asOf', 'status'])
  })

  it('tells at most 200 characters of a message or a purpose', async () => {
    const list = listOf({ statusPurpose: 'message' })
    const told = (message: string) =>
      one(list, entryOf({ statusPurpose: 'message', statusMessage: [{ status: '0x0', message }] }))
    expect(await told('a'.repeat(200))).toHaveProperty('detail', `message 0x0: ${'a'.repeat(200)}`)
    expect(await told('a'.repeat(201))).toHaveProperty('detail', `message 0x0: ${'a'.repeat(200)}…`)
  })

  it('has the questions of its verifier asked as they are, save the one for its issuer', async () => {
    const questions: TrustQuestion[] = []
    const signer: IssuerIdentity = { id: 'https://status.example', method: 'jwt-vc-issuer' }
    const others: TrustQuestion[] = [
      { role: 'verifier', id: 'x', issuer: signer },
      { role: 'credential-issuer', id: 'y' },
    ]
    await one(listOf(), entryOf(), {
      isTrusted: trusting(questions),
      verifyListCredential: async (body, type, options) => {
        for (const question of others) await options.isTrusted(question)
        await options.isTrusted({ role: 'credential-issuer', id: signer.id, issuer: signer })
        return verify(body, type, options)
      },
    })
    expect(questions).toEqual([
      ...others,
      { role: 'status-issuer', id: signer.id, issuer: signer, onBehalfOf: web },
      { role: 'status-issuer', id: web.id, issuer: web, onBehalfOf: web },
    ])
  })

  describe('that its verifier refuses', () => {
    const failing = (error: Error) =>
      one(listOf(), entryOf(), { verifyListCredential: () => Promise.reject(error) })
    const checks = (...all: [CheckName, Check['outcome']][]) =>
      all.map(([name, outcome]) => ({ name, outcome, code: 'x.y.z' }))
    const unverified = invalid('status.credential.unverified', 'the status list credential is not acceptable')

    it.each<[string, Error]>([
      ['its signature', new RejectedError(checks(['issuer-signature', 'failed']))],
      [
        'its signature beside trust',
        new RejectedError(checks(['issuer-trust', 'failed'], ['issuer-signature', 'failed'])),
      ],
      ['nothing that it names', new RejectedError(checks(['issuer-trust', 'passed']))],
      ['its form', new EkkasanError('x.y.z', 'malformed')],
    ])('for %s is not acceptable', async (_what, error) => {
      expect(await refusal(failing(error))).toEqual(unverified)
      await expect(failing(error)).rejects.toMatchObject({ cause: { cause: error } })
    })

    it('for want of trust alone is signed by another party', async () => {
      const error = new RejectedError(checks(['issuer-signature', 'passed'], ['issuer-trust', 'failed']))
      expect(await refusal(failing(error))).toEqual(
        invalid('status.credential.untrusted', 'the status list is signed by another party'),
      )
      await expect(failing(error)).rejects.toMatchObject({ cause: { cause: error } })
    })

    it('because it could not find out is not known', async () => {
      const error = new UnavailableError(checks(['issuer-key', 'unknown']))
      await expect(failing(error)).rejects.toMatchObject({
        code: 'core.resolve.unavailable',
        message: 'the status list credential could not be verified',
        cause: error,
      })
      const away = new ResolveError('core.resolve.not-found', 'gone')
      await expect(failing(away)).rejects.toBe(away)
    })
  })
})
