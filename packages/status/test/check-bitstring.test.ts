import { gzipSync } from 'node:zlib'
import {
  createMemoryStore,
  EkkasanError,
  type IssuerIdentity,
  RejectedError,
  ResolveError,
  type TrustQuestion,
  trustOnly,
  UnavailableError,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import {
  type CreateStatusCheckerOptions,
  createBitstringStatusLists,
  createStatusChecker,
} from '@ekkasan/status'
import { beforeEach, describe, expect, it } from 'vitest'

// The securing mechanism is a collaborator's: here a list is JSON whose issuer is taken at its word.

const issuer: IssuerIdentity = { id: 'https://issuer.example', method: 'jwt-vc-issuer' }
const uri = 'https://issuer.example/status/3'
const other = 'https://issuer.example/status/4'
let time: number
const clock = () => new Date(time)
beforeEach(() => {
  time = Date.parse('2026-06-01T00:00:00Z')
})

const pack = (set: readonly number[] = [], bits = 131_072) => {
  const bytes = new Uint8Array(bits / 8)
  for (const at of set) bytes[at >> 3] = (bytes[at >> 3] as number) | (128 >> (at & 7))
  return `u${gzipSync(bytes).toString('base64url')}`
}
const empty = pack()
const listOf = (subject: object = {}, more: object = {}) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: uri,
  type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer: issuer.id,
  validFrom: '2026-05-31T23:59:00Z',
  validUntil: '2026-06-01T01:00:00Z',
  ...more,
  credentialSubject: {
    type: 'BitstringStatusList',
    statusPurpose: 'revocation',
    encodedList: empty,
    ttl: 60_000,
    ...subject,
  },
})
const entryOf = (more: object = {}) => ({
  type: 'BitstringStatusListEntry' as const,
  statusPurpose: 'revocation',
  statusListIndex: '94567',
  statusListCredential: uri,
  ...more,
})

function checker(
  answers: Record<string, unknown> | ((url: string) => unknown),
  more: Partial<CreateStatusCheckerOptions> = {},
) {
  const asked: string[] = []
  const check = createStatusChecker({
    fetch: async (input) => {
      asked.push(String(input))
      const found = typeof answers === 'function' ? answers(String(input)) : answers[String(input)]
      const answer = await found
      if (answer instanceof Response) return answer
      return new Response(JSON.stringify(answer), { headers: { 'content-type': 'Application/VC; x=1' } })
    },
    verifyListCredential: async (body, contentType) => {
      expect(contentType).toBe('application/vc')
      const credential = JSON.parse(new TextDecoder().decode(body)) as JsonObject
      return { credential, issuer: { id: String(credential.issuer), method: 'jwt-vc-issuer' } }
    },
    isTrusted: trustOnly([]),
    clock,
    ...more,
  })
  const at = (...entries: ReturnType<typeof entryOf>[]) =>
    check({ credentialStatus: entries.length === 0 ? [entryOf()] : entries }, { issuer })
  return { at, asked }
}
const refusedWith = async (promise: Promise<unknown>, code: string) => {
  const error = await promise.catch((e) => e)
  expect(error).toBeInstanceOf(ResolveError)
  expect(error).toMatchObject({ code: 'core.resolve.invalid', cause: { code } })
}
const unavailable = { code: 'core.resolve.unavailable' }

describe('the status by a bitstring', () => {
  const asOf = new Date('2026-05-31T23:59:00Z')
  const suspension = entryOf({ statusPurpose: 'suspension', statusListCredential: other })
  const lists = (revoked: number[], suspended: number[]) => ({
    [uri]: listOf({ encodedList: pack(revoked) }),
    [other]: listOf({ statusPurpose: 'suspension', encodedList: pack(suspended) }, { id: other }),
  })

  it('is valid, revoked or suspended; a revocation counts more than a suspension', async () => {
    const both = [entryOf(), suspension]
    expect(await checker(lists([], [])).at(...both)).toEqual({ status: 'valid', asOf })
    expect(await checker(lists([], [94_567])).at(...both)).toEqual({ status: 'suspended', asOf })
    expect(await checker(lists([94_567], [])).at(...both)).toEqual({ status: 'revoked', asOf })
    for (const order of [both, both.toReversed()]) {
      expect(await checker(lists([94_567], [94_567])).at(...order)).toEqual({ status: 'revoked', asOf })
    }
    expect(await checker(lists([94_566, 94_568], [94_566, 94_568])).at(...both)).toMatchObject({
      status: 'valid',
    })
  })

  it('is as of the older of its lists', async () => {
    const older = { ...lists([], [])[other], validFrom: '2026-05-31T00:00:00Z' }
    const { at } = checker({ ...lists([], []), [other]: older })
    expect(await at(entryOf(), suspension)).toEqual({
      status: 'valid',
      asOf: new Date('2026-05-31T00:00:00Z'),
    })
  })

  it('is revoked by one list though another is away; otherwise it is not known', async () => {
    const away = () => new Response('', { status: 503 })
    const revoking = checker({ ...lists([94_567], []), [other]: away() })
    expect(await revoking.at(entryOf(), suspension)).toMatchObject({ status: 'revoked' })
    const valid = checker({ ...lists([], []), [other]: away() })
    await expect(valid.at(entryOf(), suspension)).rejects.toMatchObject(unavailable)
    const suspending = checker({ ...lists([], [94_567]), [uri]: away() })
    await expect(suspending.at(entryOf(), suspension)).rejects.toMatchObject(unavailable)
  })

  it('is refused by what one list says though another is away, in whichever order', async () => {
    const away = () => new Response('', { status: 503 })
    const wrong = listOf({ statusPurpose: 'suspension' })
    for (const entries of [
      [entryOf(), suspension],
      [suspension, entryOf()],
    ]) {
      await refusedWith(checker({ [uri]: wrong, [other]: away() }).at(...entries), 'status.entry.purpose')
    }
  })

  it('is read of one list of several purposes, by the index of each (A.4)', async () => {
    const shared = listOf({ statusPurpose: ['revocation', 'suspension'], encodedList: pack([12_345]) })
    const { at, asked } = checker({ [uri]: shared })
    const inShared = entryOf({ statusPurpose: 'suspension', statusListIndex: '12345' })
    expect(await at(entryOf(), inShared)).toEqual({ status: 'suspended', asOf })
    expect(asked).toHaveLength(1)
  })

  it('tells a message and a refresh beside it, which invalidate nothing (section 2.1)', async () => {
    const statusMessage = ['pending_review', 'accepted', 'rejected', 'undefined'].map((message, value) => ({
      status: `0x${value}`,
      message,
    }))
    const message = entryOf({ statusPurpose: 'message', statusSize: 2, statusListIndex: '3', statusMessage })
    const encodedList = pack([6], 262_144)
    const { at } = checker({ [uri]: listOf({ statusPurpose: 'message', statusSize: 2, encodedList }) })
    expect(await at(message)).toEqual({ status: 'valid', asOf, detail: 'message 0x2: rejected' })
    expect(await at({ ...message, statusListIndex: '4' })).toMatchObject({
      detail: 'message 0x0: pending_review',
    })
    const refreshing = checker({ [uri]: listOf({ statusPurpose: 'refresh', encodedList: pack([94_567]) }) })
    expect(await refreshing.at(entryOf({ statusPurpose: 'refresh' }))).toEqual({
      status: 'valid',
      asOf,
      detail: 'an updated credential is to be had',
    })
    const bare = checker({ [uri]: listOf({ statusPurpose: 'message', encodedList: pack([94_567]) }) })
    expect(await bare.at(entryOf({ statusPurpose: 'message' }))).toMatchObject({ detail: 'message 0x1: set' })
  })

  it('does not pass over a purpose that is unknown: refused when set, told when not', async () => {
    const own = entryOf({ statusPurpose: 'https://example.com/lost' })
    const of = (set: number[]) =>
      checker({ [uri]: listOf({ statusPurpose: own.statusPurpose, encodedList: pack(set) }) }).at(own)
    await refusedWith(of([94_567]), 'status.entry.value')
    expect(await of([])).toMatchObject({
      status: 'valid',
      detail: 'nothing is set for the purpose https://example.com/lost',
    })
  })

  it('is what createBitstringStatusLists serves', async () => {
    for (const multiPurpose of [false, true]) {
      const own = createBitstringStatusLists({
        url: 'https://issuer.example/lists',
        issuer: issuer.id,
        store: createMemoryStore(),
        multiPurpose,
        purposes: ['revocation', 'suspension', 'refresh', 'message'],
        messages: ['a', 'b', 'c', 'd'],
        issueCredential: async (credential) => ({
          contentType: 'application/vc',
          body: JSON.stringify(credential),
        }),
        clock,
      })
      const { at } = checker((url) => own.fetch(new Request(url)))
      const entry = await own.allocate()
      const check = () => at(...(entry.credentialStatus as never[]))
      expect(await check()).toMatchObject({ status: 'valid', detail: 'message 0x0: a' })
      await own.set(entry, 'suspended')
      await own.setMessage(entry, 3)
      await own.setRefresh(entry)
      expect(await check()).toMatchObject({ status: 'valid' })
      time += 300_000
      expect(await check()).toMatchObject({
        status: 'suspended',
        detail: 'an updated credential is to be had; message 0x3: d',
      })
      await own.set(entry, 'revoked')
      time += 300_000
      expect(await check()).toMatchObject({ status: 'revoked' })
    }
  })
})

it('is unknown where the list is of the future, beyond the tolerance, and never a refusal [L5]', async () => {
  const at = (validFrom: string) => checker({ [uri]: listOf({}, { validFrom }) }).at()
  const cause = { code: 'status.credential.not-yet' }
  await expect(at('2026-06-01T00:01:01Z')).rejects.toMatchObject({ ...unavailable, cause })
  expect((await at('2026-06-01T00:01:00Z')).status).toBe('valid')
})

it('is fetched again where it was fetched at a time still to come [L5]', async () => {
  let at0 = time + 86_400_000
  const long = { validUntil: '2027-01-01T00:00:00Z' }
  const { at, asked } = checker({ [uri]: listOf({ ttl: 1e9 }, long) }, { clock: () => new Date(at0) })
  await at()
  at0 -= 86_400_000
  await at()
  expect(asked).toHaveLength(2)
})

it('hands on the question whether the signer speaks for the issuer, for before its keys are fetched [G3]', async () => {
  const asked: TrustQuestion[] = []
  const { at } = checker(
    { [uri]: listOf() },
    {
      isTrusted: async (question) => {
        asked.push(question)
        return { trusted: true }
      },
      async verifyListCredential(_body, _type, { isTrusted }) {
        const signer = { id: 'https://other.example', method: 'jwt-vc-issuer' } as const
        await isTrusted({ role: 'credential-issuer', id: signer.id, issuer: signer, types: ['x'] })
        return { credential: listOf(), issuer: signer }
      },
    },
  )
  await at()
  const signer = { id: 'https://other.example', method: 'jwt-vc-issuer' }
  const question = { role: 'status-issuer', id: signer.id, issuer: signer, onBehalfOf: issuer }
  expect(asked).toEqual([question, question])
})

describe('a list that must not be relied on', () => {
  const cases: [string, string, object, object?][] = [
    ['for another purpose', 'status.entry.purpose', listOf({ statusPurpose: 'suspension' })],
    ['of another type', 'status.credential.malformed', listOf({}, { type: ['VerifiableCredential'] })],
    ['with the old type of subject', 'status.credential.malformed', listOf({ type: 'StatusList2021' })],
    ['under another id', 'status.credential.id', listOf({}, { id: other })],
    ['that has ended', 'status.credential.expired', listOf({}, { validUntil: '2026-06-01T00:00:00Z' })],
    ['with fewer entries than 131072', 'status.list.too-short', listOf({ encodedList: pack([], 131_064) })],
    [
      'with fewer entries of two bits than 131072',
      'status.list.too-short',
      listOf({ statusPurpose: 'message' }),
      entryOf({ statusPurpose: 'message', statusSize: 2 }),
    ],
    [
      'with messages of another size',
      'status.entry.size',
      listOf({ statusPurpose: 'message', statusSize: 1 }),
      entryOf({ statusPurpose: 'message', statusSize: 2 }),
    ],
    [
      'too short for the index',
      'status.entry.out-of-range',
      listOf(),
      entryOf({ statusListIndex: '131072' }),
    ],
    [
      'too short for an index without end',
      'status.entry.out-of-range',
      listOf(),
      entryOf({ statusListIndex: '9'.repeat(70) }),
    ],
    ['not in multibase', 'status.list.malformed', listOf({ encodedList: empty.slice(1) })],
    ['not in gzip', 'status.list.malformed', listOf({ encodedList: 'uAAAA' })],
    ['that is a bomb', 'status.list.too-large', listOf({ encodedList: pack([], 2 ** 28) })],
    ['with a negative ttl', 'status.credential.malformed', listOf({ ttl: -1 })],
    ['of a stranger', 'status.credential.untrusted', listOf({}, { issuer: 'https://stranger.example' })],
  ]
  it.each(cases)('is one %s: %s (section 3.2)', async (_what, code, list, entry = entryOf()) => {
    await refusedWith(checker({ [uri]: list }).at(entry as never), code)
  })

  it('is one whose verification failed; one that could not be verified is not known', async () => {
    const failing = (error: Error) =>
      checker({ [uri]: listOf() }, { verifyListCredential: () => Promise.reject(error) }).at()
    const check = (outcome: 'failed' | 'unknown') => [{ name: 'issuer-signature' as const, outcome }]
    await refusedWith(failing(new RejectedError(check('failed'))), 'status.credential.unverified')
    await refusedWith(failing(new EkkasanError('x.y.z', 'malformed')), 'status.credential.unverified')
    await expect(failing(new UnavailableError(check('unknown')))).rejects.toMatchObject(unavailable)
    await expect(failing(new ResolveError('core.resolve.unavailable', 'away'))).rejects.toMatchObject(
      unavailable,
    )
    await expect(failing(new TypeError('wrongly called'))).rejects.toThrow(TypeError)
  })

  it('is any where no means to verify it was given: not known, and not fetched', async () => {
    const fetch = () => Promise.reject(new Error('fetched'))
    const check = createStatusChecker({ fetch, isTrusted: trustOnly([]) })
    await expect(check({ credentialStatus: [entryOf()] }, { issuer })).rejects.toMatchObject(unavailable)
    await expect(check({ credentialStatus: [] }, { issuer })).rejects.toMatchObject({
      code: 'core.resolve.invalid',
    })
  })

  it('may be shorter where an ecosystem says so', async () => {
    const { at } = checker({ [uri]: listOf({ encodedList: pack([9], 1024) }) }, { minEntries: 1024 })
    expect(await at(entryOf({ statusListIndex: '9' }))).toMatchObject({ status: 'revoked' })
  })

  it('is not one of a party that is trusted for this issuer, asked anew at each check', async () => {
    const delegate = 'https://status.example'
    const { at, asked } = checker(
      { [uri]: listOf({}, { issuer: delegate }) },
      { isTrusted: trustOnly([{ role: 'status-issuer', id: delegate, onBehalfOf: [issuer.id] }]) },
    )
    expect(await at()).toMatchObject({ status: 'valid' })
    let isTrusted = true
    const changing = checker(
      { [uri]: listOf() },
      { isTrusted: async () => (isTrusted ? { trusted: true } : { trusted: false, code: 'gone' }) },
    )
    await changing.at()
    isTrusted = false
    await refusedWith(changing.at(), 'status.credential.untrusted')
    expect([asked.length, changing.asked.length]).toEqual([1, 1])
  })
})

describe('fetching a bitstring list', () => {
  it('keeps it for its ttl in milliseconds, never beyond its end nor longer than maxAge', async () => {
    const keptFor = async (list: object, more: object, milliseconds: number) => {
      const { at, asked } = checker({ [uri]: list }, more)
      await at()
      time += milliseconds - 1
      await at()
      expect(asked).toHaveLength(1)
      time += 1
      await at().catch(() => {})
      expect(asked).toHaveLength(2)
      time -= milliseconds
    }
    await keptFor(listOf({ ttl: 1500 }), {}, 1500)
    await keptFor(listOf({ ttl: 1e12 }), { maxAge: 10 }, 10_000)
    await keptFor(listOf({ ttl: undefined }), { maxAge: 20 }, 20_000)
    await keptFor(listOf({ ttl: 1e12 }, { validUntil: '2026-06-01T00:00:30Z' }), {}, 30_000)
  })

  it('asks each time for a list whose ttl is 0, and takes one that names no time', async () => {
    const { at, asked } = checker({ [uri]: listOf({ ttl: 0 }) })
    await at()
    await at()
    expect(asked).toHaveLength(2)
    const timeless = checker({
      [uri]: listOf({}, { validFrom: undefined, validUntil: undefined, id: undefined }),
    })
    expect(await timeless.at()).toEqual({ status: 'valid', asOf: new Date(time) })
  })

  it('is done once for many checks at the same moment', async () => {
    const { at, asked } = checker({ [uri]: listOf() })
    await Promise.all(Array.from({ length: 50 }, () => at()))
    expect(asked).toHaveLength(1)
  })

  it.each([500, 503, 429, 403])('at HTTP %i leaves the status unknown', async (status) => {
    const { at } = checker({ [uri]: new Response('', { status }) })
    await expect(at()).rejects.toMatchObject(unavailable)
  })

  it.each([404, 410])('at HTTP %i finds that there is no list', async (status) => {
    const { at } = checker({ [uri]: new Response('', { status }) })
    await expect(at()).rejects.toMatchObject({ code: 'core.resolve.not-found' })
  })

  it.each(['data:application/vc,x', 'file:///etc/passwd', 'did:web:issuer.example'])(
    'never fetches %s',
    async (where) => {
      const { at, asked } = checker({})
      await expect(at(entryOf({ statusListCredential: where }))).rejects.toMatchObject({
        code: 'core.resolve.invalid',
      })
      expect(asked).toEqual([])
    },
  )

  it('stops reading at the bound', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    await refusedWith(checker({ [uri]: new Response(body) }).at(), 'status.list.too-large')
    expect(sent).toBeLessThan(5_000_000)
  })
})
