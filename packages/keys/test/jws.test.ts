import { createHmac, createPublicKey } from 'node:crypto'
import type { PublicJwk } from '@ekkasan/core'
import { base64url, utf8 } from '@ekkasan/core/bytes'
import {
  generateJwk,
  KeysError,
  parseJws,
  publicJwkOf,
  signerFromJwk,
  signJws,
  verifyJws,
} from '@ekkasan/keys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const jwk = await generateJwk('ES256')
const publicJwk = publicJwkOf(jwk)
const signer = await signerFromJwk(jwk)
const good = await signJws({ signer, header: { typ: 'JWT' }, payload: { name: 'สมชาย' } })
const [header, payload, signature] = good.split('.') as [string, string, string]
const encoded = (value: unknown) => base64url(typeof value === 'string' ? value : JSON.stringify(value))
const codeOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof KeysError) return error.code
    throw error
  }
  return undefined
}

describe('parseJws (RFC 7515 section 5.2)', () => {
  it.each([
    ['two parts', `${header}.${payload}`],
    ['four parts', `${good}.`],
    ['an empty header', `.${payload}.${signature}`],
    ['padding', `${header}=.${payload}.${signature}`],
    [
      'a second spelling of the signature',
      `${header}.${payload}.${signature.slice(0, -1)}${nextLetter(signature)}`,
    ],
    ['white space', `${header}. ${payload}.${signature}`],
    ['a header that is not an object', `${encoded([])}.${payload}.${signature}`],
    ['a header without alg', `${encoded({})}.${payload}.${signature}`],
    ['a header with alg twice', `${encoded('{"alg":"ES256","alg":"none"}')}.${payload}.${signature}`],
    [
      'a header with alg twice by an escape',
      `${encoded('{"alg":"ES256","\\u0061lg":"none"}')}.${payload}.${signature}`,
    ],
    ['a payload that is not an object', `${header}.${encoded('"text"')}.${signature}`],
    ['a payload that is not UTF-8', `${header}.${base64url(Uint8Array.of(0xff))}.${signature}`],
    ['an oversized header', `${encoded({ alg: 'ES256', kid: 'a'.repeat(70_000) })}.${payload}.${signature}`],
  ])('refuses %s', (_name, compact) => {
    expect(codeOf(() => parseJws(compact))).toBe('keys.jws.malformed')
  })

  it.each([{ crit: ['exp'], exp: 1 }, { crit: [] }, { b64: false }, { b64: true }])(
    'refuses extensions that are not understood: %j (RFC 7515 section 4.1.11, RFC 7797)',
    (members) => {
      const compact = `${encoded({ alg: 'ES256', ...members })}.${payload}.${signature}`
      expect(codeOf(() => parseJws(compact))).toBe('keys.jws.critical')
    },
  )

  it('throws nothing but KeysError on any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `${header}.${encoded(text)}.${signature}`),
        ),
        (text) => {
          codeOf(() => parseJws(text))
        },
      ),
    )
  })
})

describe('verifyJws', () => {
  it('accepts what was signed and gives back the payload', async () => {
    expect(parseJws(good).payload).toEqual({ name: 'สมชาย' })
    expect(await verifyJws(parseJws(good), publicJwk)).toBe(true)
  })

  it('refuses alg none, with and without a signature', async () => {
    for (const end of ['', signature]) {
      const jws = parseJws(`${encoded({ alg: 'none' })}.${payload}.${end}`)
      await expect(verifyJws(jws, publicJwk)).rejects.toMatchObject({ code: 'keys.alg.unsupported' })
    }
  })

  it('refuses an HMAC with the public key as its secret', async () => {
    const pem = createPublicKey({ key: { ...publicJwk }, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    })
    const input = `${encoded({ alg: 'HS256' })}.${payload}`
    const jws = parseJws(`${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`)
    await expect(verifyJws(jws, publicJwk)).rejects.toMatchObject({ code: 'keys.alg.unsupported' })
  })

  it('does not look at a key in the header', async () => {
    const other = await signerFromJwk(await generateJwk('ES256'))
    const jws = parseJws(
      await signJws({ signer: other, header: { jwk: other.key.publicJwk as never }, payload: {} }),
    )
    expect(await verifyJws(jws, publicJwk)).toBe(false)
  })

  it('refuses an algorithm of another kind of key, or than the key names', async () => {
    for (const alg of ['ES384', 'EdDSA', 'PS256', 'toString', '__proto__']) {
      const jws = parseJws(`${encoded({ alg })}.${payload}.${signature}`)
      await expect(verifyJws(jws, publicJwk)).rejects.toThrow(KeysError)
    }
    const named: PublicJwk = { ...publicJwk, alg: 'ES384' }
    await expect(verifyJws(parseJws(good), named)).rejects.toMatchObject({ code: 'keys.alg.mismatch' })
  })

  it('refuses signatures of a wrong length, in DER, zero and changed', async () => {
    const der = Uint8Array.from([
      0x30,
      0x44,
      0x02,
      0x20,
      ...new Uint8Array(32).fill(1),
      0x02,
      0x20,
      ...new Uint8Array(32).fill(1),
    ])
    const bytes = parseJws(good).signature
    const changed = [
      bytes.slice(0, 63),
      new Uint8Array([...bytes, 0]),
      der,
      new Uint8Array(64),
      new Uint8Array(),
    ]
    for (const other of changed) {
      const jws = parseJws(`${header}.${payload}.${base64url(other)}`)
      expect(await verifyJws(jws, publicJwk)).toBe(false)
    }
  })

  it('refuses every change of a signed byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: payload.length - 1 }),
        fc.constantFrom(...'ABab01-_'),
        async (at, letter) => {
          const changed = payload.slice(0, at) + letter + payload.slice(at + 1)
          fc.pre(changed !== payload)
          const compact = `${header}.${changed}.${signature}`
          if (codeOf(() => parseJws(compact)) === undefined) {
            expect(await verifyJws(parseJws(compact), publicJwk)).toBe(false)
          }
        },
      ),
    )
  })
})

it('signs what a KMS behind the Signer port signs', async () => {
  const remote = {
    ...signer,
    sign: async (data: Uint8Array) => signer.sign(utf8(new TextDecoder().decode(data))),
  }
  const compact = await signJws({ signer: remote, header: {}, payload: {} })
  expect(await verifyJws(parseJws(compact), publicJwk)).toBe(true)
})

/** The letter after the last: the same bytes where its two lowest bits are padding. */
function nextLetter(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(text.at(-1) as string) + 1] as string
}
