import { gzipSync } from 'node:zlib'
import {
  createBitstringCredential,
  decodeBitstring,
  encodeBitstring,
  parseBitstringCredential,
  readBitstring,
  StatusError,
} from '@ekkasan/status'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

// Example 3 of Bitstring Status List v1.0 section 2.2, and A.2.
const example = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'https://example.com/credentials/status/3',
  type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer: 'did:example:12345',
  validFrom: '2021-04-05T14:27:40Z',
  credentialSubject: {
    id: 'https://example.com/status/3#list',
    type: 'BitstringStatusList',
    statusPurpose: 'revocation',
    encodedList: 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA',
  },
}

describe('the encoding of bitstrings', () => {
  it('reads the list of the standard: 16 KB of zeros (section 2.2)', async () => {
    const { encodedList, purposes, validFrom } = parseBitstringCredential(example)
    expect([purposes, validFrom]).toEqual([['revocation'], new Date('2021-04-05T14:27:40Z')])
    const bytes = await decodeBitstring(encodedList)
    expect(bytes).toHaveLength(16_384)
    expect(bytes.every((byte) => byte === 0)).toBe(true)
    expect(readBitstring(bytes, 94_567)).toBe(0)
  })

  it('counts from the left-most bit, entries of several bits with the highest first (section 7.1)', () => {
    const bytes = Uint8Array.of(0b1000_0001, 0b0100_0000)
    const bits = Array.from({ length: 16 }, (_, index) => readBitstring(bytes, index))
    expect(bits).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    expect([0, 1, 2, 3, 4].map((index) => readBitstring(bytes, index, 3))).toEqual([4, 0, 2, 4, 0])
  })

  it('reads back what it wrote, for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 8 }),
        async (bytes, size) => {
          const encoded = await encodeBitstring(bytes)
          expect(encoded).toMatch(/^uH4sI[\w-]+$/)
          const read = await decodeBitstring(encoded)
          expect([...read]).toEqual([...bytes])
          const text = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
          const count = Math.floor(text.length / size)
          for (let index = 0; index < count; index++) {
            expect(readBitstring(read, index, size)).toBe(
              Number.parseInt(text.slice(index * size, (index + 1) * size), 2),
            )
          }
          expect(() => readBitstring(read, count, size)).toThrow(StatusError)
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each([-1, 0.5, 16, 2 ** 53, Infinity, NaN])('has no entry %s in 16 bits', (index) => {
    expect(() => readBitstring(new Uint8Array(2), index)).toThrow(
      expect.objectContaining({ code: 'status.entry.out-of-range' }),
    )
  })

  const packed = gzipSync(new Uint8Array(16_384)).toString('base64url')
  it.each([
    ['no multibase prefix', packed],
    ['the prefix of base58', `z${packed}`],
    ['padding', `u${packed}=`],
    ['characters of base64', `u${packed.replace('H', '+')}`],
    ['nothing', ''],
    ['the prefix alone', 'u'],
    ['no gzip', 'uAAAA'],
    [
      'something after the gzip data',
      `u${Buffer.concat([gzipSync('x'), Buffer.from('y')]).toString('base64url')}`,
    ],
    ['half of it', `u${packed.slice(0, 20)}`],
  ])('refuses %s', async (_what, encoded) => {
    await expect(decodeBitstring(encoded)).rejects.toMatchObject({ code: 'status.list.malformed' })
  })

  it('unpacks no bomb', async () => {
    const bomb = `u${gzipSync(new Uint8Array(64 * 1024 * 1024)).toString('base64url')}`
    await expect(decodeBitstring(bomb)).rejects.toMatchObject({ code: 'status.list.too-large' })
    const members = Buffer.concat(Array(300).fill(gzipSync(new Uint8Array(16_384))))
    await expect(decodeBitstring(`u${members.toString('base64url')}`)).rejects.toMatchObject({
      code: expect.stringMatching(/^status\.list\./),
    })
  })
})

describe('the credential that is a list', () => {
  const made = (more: object = {}) =>
    createBitstringCredential({
      url: 'https://issuer.example/status/1',
      issuer: 'did:web:issuer.example',
      purposes: ['revocation'],
      encodedList: example.credentialSubject.encodedList,
      issuedAt: new Date('2026-01-01T00:00:00.500Z'),
      expiresAt: new Date('2026-01-02T00:00:00Z'),
      ttl: 300,
      ...more,
    })

  it('is made as it is read, with its ttl in milliseconds (section 2.2)', () => {
    expect(made()).toMatchObject({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      validFrom: '2026-01-01T00:00:00Z',
      credentialSubject: { statusPurpose: 'revocation', ttl: 300_000 },
    })
    expect(parseBitstringCredential(made())).toEqual({
      id: 'https://issuer.example/status/1',
      purposes: ['revocation'],
      encodedList: example.credentialSubject.encodedList,
      validFrom: new Date('2026-01-01T00:00:00Z'),
      validUntil: new Date('2026-01-02T00:00:00Z'),
      ttl: 300_000,
    })
  })

  it('has the dates of data model 1.1 where it is told', () => {
    const credential = made({ dataModel: '1.1' })
    expect(credential).toMatchObject({ issuanceDate: '2026-01-01T00:00:00Z' })
    expect(credential.validFrom).toBeUndefined()
    expect(parseBitstringCredential(credential)).toMatchObject({
      validFrom: new Date('2026-01-01T00:00:00Z'),
      validUntil: new Date('2026-01-02T00:00:00Z'),
    })
  })

  it('says what its messages are, in a context that defines them', () => {
    const credential = made({ purposes: ['message'], messages: ['a', 'b', 'c', 'd'] })
    expect(credential.credentialSubject).toMatchObject({
      statusSize: 2,
      statusMessages: ['a', 'b', 'c', 'd'].map((message, value) => ({ status: `0x${value}`, message })),
    })
    const [, context] = credential['@context'] as [string, Record<string, unknown>]
    expect(Object.keys(context)).toEqual(['statusSize', 'statusMessages'])
  })

  const subject = (change: object) => ({
    ...example,
    credentialSubject: { ...example.credentialSubject, ...change },
  })
  it.each([
    ['another type', { ...example, type: ['VerifiableCredential'] }],
    ['a subject of another type', subject({ type: 'StatusList2021' })],
    ['no subject', { ...example, credentialSubject: undefined }],
    ['two subjects', { ...example, credentialSubject: [example.credentialSubject] }],
    ['no purpose', subject({ statusPurpose: undefined })],
    ['an empty list of purposes', subject({ statusPurpose: [] })],
    ['a purpose that is a number', subject({ statusPurpose: [1] })],
    ['no list', subject({ encodedList: undefined })],
    ['a list that is a number', subject({ encodedList: 1 })],
    ['a negative ttl', subject({ ttl: -1 })],
    ['a ttl as text', subject({ ttl: '300000' })],
    ['a size of nothing', subject({ statusSize: 0 })],
    ['a validFrom that is no time', { ...example, validFrom: '2026-13-01T00:00:00Z' }],
    ['a validUntil without an offset', { ...example, validUntil: '2026-01-01T00:00:00' }],
    ['an id that is no text', { ...example, id: 1 }],
  ])('is none with %s', (_what, credential) => {
    expect(() => parseBitstringCredential(credential as never)).toThrow(
      expect.objectContaining({ code: 'status.credential.malformed' }),
    )
  })

  it('is parsed or refused with a StatusError, whatever a member is', () => {
    const member = fc.constantFrom('type', 'statusPurpose', 'encodedList', 'ttl', 'statusSize')
    fc.assert(
      fc.property(member, fc.jsonValue(), fc.boolean(), (name, value, isOutside) => {
        try {
          parseBitstringCredential(
            (isOutside ? { ...example, [name]: value } : subject({ [name]: value })) as never,
          )
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError)
        }
      }),
    )
  })
})
