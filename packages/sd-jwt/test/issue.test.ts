import { createDisclosureFrame, issueSdJwt, parseSdJwt, presentSdJwt, verifySdJwt } from '@ekkasan/sd-jwt'
import { describe, expect, it } from 'vitest'
import { issuer, issuerKey } from './setting.ts'

const payload = {
  iss: 'https://issuer.example',
  name: 'สมชาย',
  address: { province: 'นนทบุรี', country: 'TH', lines: ['a', 'b'] },
  nationalities: ['TH', 'DE'],
}
const frame = createDisclosureFrame({
  selective: [['name'], ['nationalities', null]],
  deep: [['address']],
  plain: [['address', 'country']],
})

describe('issuing (RFC 9901 section 4)', () => {
  it('signs digests in place of what is selective, recursively and in arrays', async () => {
    const { jws, disclosures, hashAlgorithm } = parseSdJwt(
      await issueSdJwt({ signer: issuer, payload, frame }),
    )
    expect(jws.payload.iss).toBe(payload.iss)
    expect(jws.payload._sd).toHaveLength(2)
    expect(jws.payload.nationalities).toEqual([{ '...': expect.any(String) }, { '...': expect.any(String) }])
    expect(disclosures).toHaveLength(8)
    expect(hashAlgorithm).toBe('sha-256')
  })

  it.each(['sha-256', 'sha-384', 'sha-512'] as const)('round-trips with %s', async (hashAlgorithm) => {
    const sdJwt = await issueSdJwt({ signer: issuer, payload, frame, hashAlgorithm, decoys: 3 })
    expect((await verifySdJwt(sdJwt, { issuerKey })).claims).toEqual(payload)
  })

  it('adds no _sd and no _sd_alg when nothing is selective (section 4.1.1)', async () => {
    const { jws } = parseSdJwt(await issueSdJwt({ signer: issuer, payload }))
    expect(jws.payload).toEqual(payload)
  })

  it('sorts digests, so that their order tells nothing (section 4.2.4.1)', async () => {
    const wide = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`c${i}`, i]))
    const all = createDisclosureFrame({ selective: Object.keys(wide).map((key) => [key]) })
    const { jws } = parseSdJwt(await issueSdJwt({ signer: issuer, payload: wide, frame: all }))
    const digests = jws.payload._sd as readonly string[]
    expect(digests).toEqual([...digests].sort())
  })

  it('adds decoys to each place that holds digests (section 4.2.5)', async () => {
    const sdJwt = await issueSdJwt({ signer: issuer, payload, frame, decoys: 2 })
    const { jws, disclosures } = parseSdJwt(sdJwt)
    expect(jws.payload._sd).toHaveLength(4)
    expect(jws.payload.nationalities).toHaveLength(4)
    expect(disclosures).toHaveLength(8)
    expect((await verifySdJwt(sdJwt, { issuerKey })).claims).toEqual(payload)
  })

  it('never uses a salt twice, over many credentials, and each has 144 bits', async () => {
    const salts = new Set<string>()
    for (let i = 0; i < 100; i++) {
      for (const encoded of parseSdJwt(await issueSdJwt({ signer: issuer, payload, frame })).disclosures) {
        salts.add(JSON.parse(Buffer.from(encoded, 'base64url').toString())[0])
      }
    }
    expect(salts.size).toBe(800)
    for (const salt of salts) expect(Buffer.from(salt, 'base64url')).toHaveLength(18)
  })

  it('takes its salts from the randomness that it is given', async () => {
    const randomBytes = (length: number) => new Uint8Array(length).fill(7)
    const options = {
      signer: issuer,
      payload: { a: 1 },
      frame: createDisclosureFrame({ selective: [['a']] }),
    }
    const [first, second] = await Promise.all([1, 2].map(() => issueSdJwt({ ...options, randomBytes })))
    expect(parseSdJwt(first as string).disclosures).toEqual(parseSdJwt(second as string).disclosures)
  })

  it.each([
    ['_sd', { _sd: [] }],
    ['...', { a: [{ '...': 'x' }] }],
    ['_sd_alg', { a: { _sd_alg: 'sha-256' } }],
    ['__proto__', JSON.parse('{"a":{"__proto__":1}}')],
    ['a number that is none', { a: Number.NaN }],
    ['an integer beyond 2^53', { a: 2 ** 60 }],
    ['a function', { a: () => 1 }],
  ])('refuses a payload with %s', async (_what, bad) => {
    await expect(issueSdJwt({ signer: issuer, payload: bad })).rejects.toThrow(TypeError)
  })

  it('refuses paths that contradict each other', () => {
    expect(() => createDisclosureFrame({ selective: [['a']], plain: [['a']] })).toThrow(TypeError)
    expect(() => createDisclosureFrame({ selective: [[]] })).toThrow(TypeError)
  })
})

describe('presenting (RFC 9901 section 7.2)', () => {
  const disclosedBy = async (...disclose: (string | number | null)[][]) => {
    const presented = await presentSdJwt(await issueSdJwt({ signer: issuer, payload, frame, decoys: 2 }), {
      disclose,
    })
    const { iss: _iss, ...claims } = (await verifySdJwt(presented, { issuerKey })).claims
    return claims
  }

  it('discloses nothing but what is plain', async () => {
    expect(await disclosedBy()).toEqual({ nationalities: [] })
  })

  it('discloses the way to a claim with it, and nothing beside it', async () => {
    expect(await disclosedBy(['address', 'province'])).toEqual({
      address: { province: 'นนทบุรี', country: 'TH' },
      nationalities: [],
    })
  })

  it('discloses a claim with all that is below it', async () => {
    expect(await disclosedBy(['address'])).toEqual({ address: payload.address, nationalities: [] })
  })

  it('discloses one element, or all', async () => {
    expect(await disclosedBy(['nationalities', 1])).toEqual({ nationalities: ['DE'] })
    expect(await disclosedBy(['nationalities', null])).toEqual({ nationalities: ['TH', 'DE'] })
    expect(await disclosedBy(['address', 'lines', 1])).toMatchObject({ address: { lines: ['b'] } })
  })

  it.each([[['x']], [['name', 'x']], [['nationalities', 5]], [['nationalities', 'x']], [['constructor']]])(
    'refuses a claim that is not there: %j',
    async (path) => {
      await expect(disclosedBy(path)).rejects.toMatchObject({ code: 'sd-jwt.present.no-such-claim' })
    },
  )

  it('refuses an empty path, which would be on the way to every claim', async () => {
    await expect(disclosedBy([])).rejects.toMatchObject({ code: 'sd-jwt.present.no-such-claim' })
  })

  it('refuses to present a presentation', async () => {
    const { holder } = await import('./setting.ts')
    const keyBinding = { holder, audience: 'a', nonce: 'n' }
    const presented = await presentSdJwt(await issueSdJwt({ signer: issuer, payload }), {
      disclose: [],
      keyBinding,
    })
    await expect(presentSdJwt(presented, { disclose: [] })).rejects.toMatchObject({
      code: 'sd-jwt.key-binding.unexpected',
    })
  })
})
