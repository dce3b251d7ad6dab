import { createMemoryStore, trustOnly } from '@ekkasan/core'
import { type CborInput, CborTag, decodeCbor, encodeCbor, signCose, signCoseSign1 } from '@ekkasan/cose'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import {
  createStatusChecker,
  createStatusList,
  createStatusLists,
  decodeStatusListCbor,
  encodeStatusListCbor,
  issueStatusListCwt,
  parseStatusListCwt,
  readStatus,
  StatusError,
  statusListSize,
  writeStatus,
} from '@ekkasan/status'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readVector } from '../../../test/vectors.ts'

const text = (name: string) => readVector(`token-status-list/examples/${name}`)
const bytesOf = (name: string) => {
  const whole = text(name)
  const hex = whole.slice(whole.lastIndexOf(':') + 1).replaceAll(/\s/g, '')
  expect(hex).toMatch(/^[0-9a-f]+$/)
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

describe('vectors of the standard', () => {
  it('reads the Status List Token in CWT form (section 5.2)', async () => {
    const token = parseStatusListCwt(bytesOf('status_list_cwt.md'))
    expect(token).toMatchObject({
      kid: '12',
      sub: 'https://example.com/statuslists/1',
      issuedAt: new Date(1686920170_000),
      expiresAt: new Date(2291720170_000),
      ttl: 43200,
    })
    const list = await decodeStatusListCbor(token.statusList)
    expect(list.bits).toBe(1)
    expect([...list.bytes]).toEqual([0xb9, 0xa3])
  })

  it.each([
    ['status_list_encoding_cbor.md', 1, [0xb9, 0xa3]],
    ['status_list_encoding2_cbor.md', 2, [0xc9, 0x44, 0xf9]],
  ] as const)('reads and writes %s (section 4.3)', async (name, bits, bytes) => {
    const list = await decodeStatusListCbor(decodeCbor(bytesOf(name)))
    expect([list.bits, [...list.bytes]]).toEqual([bits, bytes])
    const again = decodeCbor(encodeCbor(await encodeStatusListCbor(list)))
    expect([...(await decodeStatusListCbor(again)).bytes]).toEqual(bytes)
  })

  it.each([
    ['encoding1_long', 1],
    ['encoding2_long', 2],
    ['encoding4', 4],
    ['encoding8', 8],
  ] as const)('reads the same of %s in CBOR as in JSON (test vectors)', async (name, bits) => {
    const list = await decodeStatusListCbor(decodeCbor(bytesOf(`status_list_${name}_cbor.md`)))
    expect(list.bits).toBe(bits)
    expect(statusListSize(list)).toBe(2 ** 20)
    const json = text(`status_list_${name}_json.md`)
    const { lst } = JSON.parse(json.slice(json.indexOf('{')).replaceAll(/\n\s*/g, '')) as { lst: string }
    const packed = (decodeCbor(bytesOf(`status_list_${name}_cbor.md`)) as Map<string, Uint8Array>).get('lst')
    expect(Buffer.from(packed as Uint8Array).toString('base64url')).toBe(lst)
    expect(readStatus(list, 0)).toBe(bits === 8 ? readStatus(list, 0) : 1)
  })
})

const jwk = await generateJwk('ES256')
const signer = await signerFromJwk(jwk, { kid: 'key-1' })
const stranger = await signerFromJwk(await generateJwk('ES256'), { kid: 'key-1' })
const uri = 'https://issuer.example/status/0'
const issuer = { id: 'https://issuer.example', method: 'jwt-vc-issuer' } as const
const list = createStatusList(16)
writeStatus(list, 1, 1)
const now = Math.floor(Date.now() / 1000)
const claims = async (change: readonly (readonly [number, CborInput | undefined])[] = []) => {
  const all = new Map<number, CborInput>([
    [1, issuer.id],
    [2, uri],
    [4, now + 600],
    [6, now],
    [65_534, 60],
    [65_533, await encodeStatusListCbor(list)],
  ])
  for (const [label, value] of change) value === undefined ? all.delete(label) : all.set(label, value)
  return encodeCbor(all)
}
const header = new Map<number, CborInput>([
  [16, 'application/statuslist+cwt'],
  [4, new TextEncoder().encode('key-1')],
])
const sign = async (payload: Uint8Array, by = signer, protectedHeader = header) =>
  signCoseSign1({ signer: by, payload, header: protectedHeader })

const checkOf = (token: Uint8Array) => {
  const check = createStatusChecker({
    fetch: async () =>
      new Response(token as Uint8Array<ArrayBuffer>, {
        headers: { 'content-type': 'application/statuslist+cwt' },
      }),
    resolveIssuerKey: async ({ kid, iss, alg }) => {
      expect([kid, iss, alg]).toEqual(['key-1', issuer.id, 'ES256'])
      return { jwk: publicJwkOf(jwk), identity: issuer }
    },
    isTrusted: trustOnly([]),
  })
  return (index: number) => check({ uri, index }, { issuer })
}

describe('a token in CWT form', () => {
  it('is checked as one in JWT form is', async () => {
    const check = checkOf(
      await issueStatusListCwt({
        signer,
        list,
        uri,
        issuer: issuer.id,
        issuedAt: new Date(now * 1000),
        expiresAt: new Date((now + 600) * 1000),
        ttl: 60,
      }),
    )
    expect(await check(0)).toEqual({ status: 'valid', asOf: new Date(now * 1000) })
    expect((await check(1)).status).toBe('revoked')
    await expect(check(16)).rejects.toMatchObject({ cause: { code: 'status.entry.out-of-range' } })
  })

  it('carries the certificate chain where the key has one (RFC 9360)', async () => {
    const x5c = [Buffer.from('leaf').toString('base64'), Buffer.from('above').toString('base64')]
    const withChain = { ...signer, key: { publicJwk: signer.key.publicJwk, x5c } }
    const lists = createStatusLists({
      url: 'https://issuer.example/status',
      signer: withChain,
      store: createMemoryStore(),
    })
    const { uri } = await lists.allocate()
    const request = new Request(uri, { headers: { accept: 'application/statuslist+cwt' } })
    const response = (await lists.fetch(request)) as Response
    expect(response.headers.get('content-type')).toBe('application/statuslist+cwt')
    const token = parseStatusListCwt(new Uint8Array(await response.arrayBuffer()))
    expect([token.x5c, token.kid, token.iss]).toEqual([x5c, undefined, undefined])
  })

  it('is served by a key that COSE has an algorithm for, else only as JWT (section 8.1)', async () => {
    const other = await signerFromJwk(await generateJwk('PS256'))
    const lists = createStatusLists({
      url: 'https://issuer.example/status',
      signer: other,
      store: createMemoryStore(),
    })
    const { uri } = await lists.allocate()
    const ask = async (accept: string) => {
      const response = await lists.fetch(new Request(uri, { headers: { accept } }))
      return [response?.status, response?.headers.get('content-type')]
    }
    expect(await ask('application/statuslist+cwt')).toEqual([200, 'application/statuslist+jwt'])
    expect(await ask('application/statuslist+cwt, */*;q=0.1')).toEqual([200, 'application/statuslist+jwt'])
  })

  it('is negotiated on one URL', async () => {
    const lists = createStatusLists({
      url: 'https://issuer.example/status',
      signer,
      store: createMemoryStore(),
    })
    const { uri } = await lists.allocate()
    const type = async (accept?: string) => {
      const response = await lists.fetch(new Request(uri, accept ? { headers: { accept } } : {}))
      expect(response?.headers.get('vary')).toBe('accept')
      return response?.headers.get('content-type')?.slice(-3)
    }
    expect(await type()).toBe('jwt')
    expect(await type('*/*')).toBe('jwt')
    expect(await type('application/statuslist+cwt')).toBe('cwt')
    expect(await type('application/statuslist+cwt, application/statuslist+jwt;q=0.5')).toBe('cwt')
    expect(await type('application/statuslist+cwt;q=0.5, application/statuslist+jwt')).toBe('jwt')
    expect(await type('application/*;q=0.5, application/statuslist+cwt;q=0.6')).toBe('cwt')
  })

  const cases: [string, string, () => Promise<Uint8Array>][] = [
    ['signed by another key', 'status.token.signature', async () => sign(await claims(), stranger)],
    ['for another URI', 'status.token.subject', async () => sign(await claims([[2, `${uri}0`]]))],
    ['of the future', 'status.token.not-yet', async () => sign(await claims([[6, now + 100]]))],
    ['not valid yet', 'status.token.not-yet', async () => sign(await claims([[5, now + 100]]))],
    ['expired', 'status.token.expired', async () => sign(await claims([[4, now - 1]]))],
    ['without sub', 'status.token.malformed', async () => sign(await claims([[2, undefined]]))],
    ['without iat', 'status.token.malformed', async () => sign(await claims([[6, undefined]]))],
    ['with iat as text', 'status.token.malformed', async () => sign(await claims([[6, 'now']]))],
    ['with a ttl of 0', 'status.token.malformed', async () => sign(await claims([[65_534, 0]]))],
    ['without a list', 'status.token.malformed', async () => sign(await claims([[65_533, undefined]]))],
    [
      'with bits of 3',
      'status.list.malformed',
      async () => sign(await claims([[65_533, { bits: 3, lst: new Uint8Array() }]])),
    ],
    [
      'with a list as text',
      'status.list.malformed',
      async () => sign(await claims([[65_533, { bits: 1, lst: 'eNo' }]])),
    ],
    [
      'of another type',
      'status.token.malformed',
      async () => sign(await claims(), signer, new Map<number, CborInput>([[16, 'application/cwt']])),
    ],
    ['without a type', 'status.token.malformed', async () => sign(await claims(), signer, new Map())],
    [
      'without its tag',
      'status.token.malformed',
      async () => encodeCbor(await signCose({ signer, payload: await claims(), header })),
    ],
    [
      'with the tag of a CWT around it',
      'status.token.malformed',
      async () =>
        encodeCbor(
          new CborTag(61, new CborTag(18, await signCose({ signer, payload: await claims(), header }))),
        ),
    ],
    [
      'that is a MAC',
      'status.token.malformed',
      async () => encodeCbor(new CborTag(17, await signCose({ signer, payload: await claims(), header }))),
    ],
    [
      'without its payload',
      'status.token.malformed',
      async () => signCoseSign1({ signer, payload: await claims(), header, detached: true }),
    ],
    ['whose claims are a list', 'status.token.malformed', async () => sign(encodeCbor([1]))],
    ['cut short', 'status.token.malformed', async () => (await sign(await claims())).slice(0, -1)],
  ]
  it.each(cases)('is refused %s with %s', async (_what, code, make) => {
    const token = await make()
    // What does not begin as a tagged COSE_Sign1 is read as a JWT, and is none.
    // A list of the future says that a clock is wrong, not that the credential is.
    const told = code === 'status.token.not-yet' ? 'core.resolve.unavailable' : 'core.resolve.invalid'
    await expect(checkOf(token)(0)).rejects.toMatchObject({ code: told, cause: { code } })
    if (code === 'status.token.malformed') expect(() => parseStatusListCwt(token)).toThrow(StatusError)
  })

  it('is parsed or refused with a StatusError, whatever the bytes', async () => {
    const good = await sign(await claims())
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 4 }), (at, change) => {
        const bytes = good.slice()
        bytes.set(change.subarray(0, bytes.length - at), at)
        try {
          parseStatusListCwt(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError)
        }
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(() => parseStatusListCwt(bytes)).toThrow(StatusError)
      }),
    )
  })
})
