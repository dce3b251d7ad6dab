import { createMemoryStore, type Store } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import {
  type CreateBitstringStatusListsOptions,
  createBitstringStatusLists,
  decodeBitstring,
  readBitstring,
} from '@ekkasan/status'
import { validateCredential } from '@ekkasan/vcdm'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'

const url = 'https://issuer.example/status'
let store: Store
let time: number
const open = (more: Partial<CreateBitstringStatusListsOptions> = {}) =>
  createBitstringStatusLists({
    url,
    issuer: 'https://issuer.example',
    store,
    clock: () => new Date(time),
    issueCredential: async (credential) => ({
      contentType: 'application/vc',
      body: JSON.stringify(credential),
    }),
    ...more,
  })
type Lists = ReturnType<typeof open>
beforeEach(() => {
  store = createMemoryStore()
  time = Date.parse('2026-06-01T00:00:00Z')
})

async function served(lists: Lists, uri: string) {
  const response = (await lists.fetch(new Request(uri))) as Response
  expect(response.status).toBe(200)
  const credential = (await response.json()) as JsonObject
  const subject = credential.credentialSubject as JsonObject
  const bytes = await decodeBitstring(subject.encodedList as string)
  return { credential, subject, bytes }
}

/** The part of a list's URL that is drawn when the list is begun. */
const idOf = (uri: unknown) => String(uri).slice(String(uri).lastIndexOf('/') + 1)

describe('bitstring status lists', () => {
  it('give an entry for each purpose, at one index in lists of their own (section 2.1)', async () => {
    const { credentialStatus } = await open().allocate()
    const index = credentialStatus[0]?.statusListIndex
    const id = idOf(credentialStatus[0]?.statusListCredential)
    expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/)
    expect(credentialStatus).toEqual(
      ['revocation', 'suspension'].map((purpose) => ({
        id: `${url}/${purpose}/${id}#${index}`,
        type: 'BitstringStatusListEntry',
        statusPurpose: purpose,
        statusListIndex: index,
        statusListCredential: `${url}/${purpose}/${id}`,
      })),
    )
  })

  it('are credentials of the data model, valid for their lifetime, kept for their ttl (section 2.2)', async () => {
    for (const [more, from] of [
      [{}, 'validFrom'],
      [{ dataModel: '1.1' as const }, 'issuanceDate'],
      [{ issuer: { id: 'did:web:issuer.example', name: 'Department' } }, 'validFrom'],
    ] as const) {
      const lists = open({ ...more, ttl: 60, lifetime: 3600 })
      const [entry] = (await lists.allocate()).credentialStatus
      const { credential, subject } = await served(lists, entry?.statusListCredential as string)
      expect(validateCredential(credential)).toEqual([])
      expect(credential.id).toBe(entry?.statusListCredential)
      expect(credential[from]).toBe('2026-06-01T00:00:00Z')
      expect(subject).toMatchObject({ type: 'BitstringStatusList', statusPurpose: 'revocation', ttl: 60_000 })
    }
  })

  it('serve what issueCredential made of them, whatever that is', async () => {
    const body = Uint8Array.of(0xd2, 0x84)
    const lists = open({ issueCredential: async () => ({ contentType: 'application/vc+cose', body }) })
    const [entry] = (await lists.allocate()).credentialStatus
    const response = (await lists.fetch(new Request(entry?.statusListCredential as string))) as Response
    expect(response.headers.get('content-type')).toBe('application/vc+cose')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body)
  })

  it('keep no lists of the past (section 3.2)', async () => {
    const lists = open()
    const [entry] = (await lists.allocate()).credentialStatus
    const past = `${entry?.statusListCredential}?timestamp=2025-01-01T00:00:00Z`
    expect((await lists.fetch(new Request(past)))?.status).toBe(501)
  })

  it('keep a suspension beside the revocation that follows: no older list shows the credential valid', async () => {
    const lists = open()
    const entry = await lists.allocate()
    await lists.set(entry, 'suspended')
    await lists.set(entry, 'revoked')
    for (const { statusListCredential, statusListIndex } of entry.credentialStatus) {
      const { bytes } = await served(lists, statusListCredential)
      expect(readBitstring(bytes, Number(statusListIndex))).toBe(1)
    }
  })

  it('hold several purposes in one list, next to each other (A.4)', async () => {
    const lists = open({ multiPurpose: true, purposes: ['revocation', 'suspension', 'refresh'] })
    const entry = await lists.allocate()
    const list = entry.credentialStatus[0]?.statusListCredential as string
    expect(list).toMatch(/^https:\/\/[^/]+\/[^/]+\/[A-Za-z0-9_-]{16}$/)
    expect(entry.credentialStatus.map(({ statusListCredential }) => statusListCredential)).toEqual(
      Array(3).fill(list),
    )
    const [first, second, third] = entry.credentialStatus.map(({ statusListIndex }) =>
      Number(statusListIndex),
    )
    expect([second, third]).toEqual([(first as number) + 1, (first as number) + 2])
    await lists.set(entry, 'suspended')
    await lists.setRefresh(entry)
    const { bytes, subject } = await served(lists, list)
    expect(subject.statusPurpose).toEqual(['revocation', 'suspension', 'refresh'])
    expect(bytes.length * 8).toBe(3 * 131_072)
    expect([first, second, third].map((index) => readBitstring(bytes, index as number))).toEqual([0, 1, 1])
    expect(bytes.reduce((n, byte) => n + byte.toString(2).replaceAll('0', '').length, 0)).toBe(2)
  })

  it('carry messages beside the status, each of its own list (section 2.1)', async () => {
    const messages = ['pending_review', 'accepted', 'rejected', 'undefined']
    const statusReference = 'https://issuer.example/dictionary'
    const lists = open({ purposes: ['message', 'revocation'], messages, statusReference })
    const entry = await lists.allocate()
    const id = idOf(entry.credentialStatus[0]?.statusListCredential)
    expect(entry.credentialStatus[1]).toMatchObject({
      statusPurpose: 'message',
      statusSize: 2,
      statusListCredential: `${url}/message/${id}`,
      statusMessage: messages.map((message, value) => ({ status: `0x${value}`, message })),
      statusReference,
    })
    expect(
      validateCredential({
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiableCredential'],
        issuer: 'https://issuer.example',
        credentialSubject: { a: 1 },
        credentialStatus: entry.credentialStatus as never,
      }),
    ).toEqual([])
    await lists.setMessage(entry, 2)
    await lists.set(entry, 'revoked')
    await lists.setMessage(entry, 1)
    expect([await lists.getMessage(entry), await lists.get(entry)]).toEqual([1, 'revoked'])
    const { bytes, subject } = await served(lists, `${url}/message/${id}`)
    expect(subject).toMatchObject({ statusPurpose: 'message', statusSize: 2 })
    expect(readBitstring(bytes, Number(entry.credentialStatus[1]?.statusListIndex), 2)).toBe(1)
    for (const value of [-1, 4, 0.5]) await expect(lists.setMessage(entry, value)).rejects.toThrow(TypeError)
  })

  it('write and serve any message, whatever the others say', async () => {
    const messages = Array.from({ length: 16 }, (_, value) => `message ${value}`)
    const lists = open({ purposes: ['revocation', 'suspension', 'refresh', 'message'], messages })
    const values = fc.array(fc.record({ value: fc.nat(15), isRevoked: fc.boolean(), isNew: fc.boolean() }), {
      minLength: 1,
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(values, async (wanted) => {
        const entries = await Promise.all(wanted.map(() => lists.allocate()))
        for (const [i, { value, isRevoked, isNew }] of wanted.entries()) {
          const entry = entries[i] as (typeof entries)[0]
          await lists.setMessage(entry, value)
          if (isRevoked) await lists.set(entry, 'revoked')
          if (isNew) await lists.setRefresh(entry)
        }
        const id = idOf(entries[0]?.credentialStatus[0]?.statusListCredential)
        const of = async (purpose: string) => (await served(lists, `${url}/${purpose}/${id}`)).bytes
        const [revocation, refresh, message] = await Promise.all(['revocation', 'refresh', 'message'].map(of))
        for (const [i, { value, isRevoked, isNew }] of wanted.entries()) {
          const index = Number(entries[i]?.credentialStatus[0]?.statusListIndex)
          expect(readBitstring(revocation as Uint8Array, index)).toBe(Number(isRevoked))
          expect(readBitstring(refresh as Uint8Array, index)).toBe(Number(isNew))
          expect(readBitstring(message as Uint8Array, index, 4)).toBe(value)
        }
      }),
      { numRuns: 8 },
    )
  })

  it('go on as they were begun when purposes or size change', async () => {
    const before = open()
    const old = await before.allocate()
    const messages = ['a', 'b']
    const now = open({ purposes: ['revocation', 'message'], messages, size: 200_000, multiPurpose: true })
    const entry = await now.allocate()
    expect(entry.credentialStatus.map(({ statusPurpose }) => statusPurpose)).toEqual([
      'revocation',
      'suspension',
    ])
    await now.set(old, 'suspended')
    expect(await before.get(old)).toBe('suspended')
    await expect(now.setMessage(entry, 1)).rejects.toThrow(TypeError)
  })

  it('refuse a status that they have no purpose for', async () => {
    const lists = open({ purposes: ['suspension'] })
    const entry = await lists.allocate()
    await expect(lists.set(entry, 'revoked')).rejects.toThrow(TypeError)
    await lists.set(entry, 'suspended')
    await lists.set(entry, 'valid')
    await expect(lists.setRefresh(entry)).rejects.toThrow(TypeError)
  })

  it('know only references that they gave, whole', async () => {
    const lists = open()
    const entry = await lists.allocate()
    const [revocation, suspension] = entry.credentialStatus as [never, never]
    const changed = (change: object) => [{ ...(revocation as object), ...change }, suspension]
    for (const credentialStatus of [
      [],
      [revocation],
      [revocation, revocation],
      [revocation, suspension, suspension],
      changed({ statusListIndex: '131072' }),
      changed({ statusListIndex: '-1' }),
      changed({ statusListIndex: 'x' }),
      changed({ statusListIndex: '' }),
      changed({ statusPurpose: 'suspension' }),
      changed({ statusListCredential: `${url}/revocation/1` }),
      changed({
        statusListCredential: `${url}/x/${idOf((revocation as { statusListCredential: string }).statusListCredential)}`,
      }),
    ]) {
      await expect(lists.get({ credentialStatus } as never)).rejects.toMatchObject({
        code: 'status.entry.unknown',
      })
    }
    expect(await lists.get({ credentialStatus: [suspension, revocation] })).toBe('valid')
  })

  it('stand beside token lists of the same URL in one store', async () => {
    const { createStatusLists } = await import('@ekkasan/status')
    const { generateJwk, signerFromJwk } = await import('@ekkasan/keys')
    const tokens = createStatusLists({ url, store, signer: await signerFromJwk(await generateJwk('ES256')) })
    const [entry, token] = [await open().allocate(), await tokens.allocate()]
    await tokens.set(token, 'revoked')
    expect(await open().get(entry)).toBe('valid')
    expect(await open().fetch(new Request(token.uri))).toBeUndefined()
  })

  it.each([
    ['a slash at the end', { url: `${url}/` }],
    ['fewer entries than hide one', { size: 131_071 }],
    ['a size without end', { size: 2 ** 25 }],
    ['no purposes', { purposes: [] }],
    ['a purpose unknown', { purposes: ['gone'] as never }],
    ['messages without their purpose', { messages: ['a', 'b'] }],
    ['the purpose without messages', { purposes: ['message'] as const }],
    ['three messages', { purposes: ['message'] as const, messages: ['a', 'b', 'c'] }],
    [
      'more than eight bits',
      { purposes: ['revocation', 'message'] as const, messages: Array(256).fill('m') },
    ],
    [
      'a list longer than verifiers accept',
      { size: 2 ** 24, multiPurpose: true, purposes: ['revocation', 'suspension', 'refresh'] as const },
    ],
    ['a ttl of 0', { ttl: 0 }],
    ['a lifetime shorter than the ttl', { ttl: 100, lifetime: 99 }],
  ])('cannot be built with %s', (_what, more) => {
    expect(() => open(more)).toThrow(TypeError)
  })
})
