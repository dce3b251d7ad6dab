import { createPrivateKey, sign } from 'node:crypto'
import type { Algorithm, Signer } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { generateJwk, signBytes, signerFromJwk, signJws } from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'

const data = utf8('what is signed')

/** A signer over a key whose `sign` returns what a KMS of that kind returns. */
async function signerThat(alg: Algorithm, returns: (signature: Uint8Array) => unknown): Promise<Signer> {
  const { key, sign } = await signerFromJwk(await generateJwk(alg), { alg })
  return { alg, key, sign: async (bytes) => returns(await sign(bytes)) as Uint8Array }
}

describe('a signer whose signature has another form [C4]', () => {
  it.each([
    ['ES256', 'sha256', 64],
    ['ES384', 'sha384', 96],
    ['ES512', 'sha512', 132],
    ['ES256K', 'sha256', 64],
  ] as const)(
    '%s: DER is named, with what converts it, at the first signature',
    async (alg, hash, length) => {
      const jwk = await generateJwk(alg)
      const { key } = await signerFromJwk(jwk)
      const kms = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
      const signer: Signer = { alg, key, sign: async (bytes) => sign(hash, bytes, kms) }
      const message = new RegExp(
        `^the signer \\(${alg}\\) returned DER \\(\\d+ bytes\\); expected r \\|\\| s of ${length} bytes: convert it with derToJose of @ekkasan/keys$`,
      )
      await expect(signBytes(signer, data)).rejects.toThrow(TypeError)
      await expect(signJws({ signer, header: {}, payload: {} })).rejects.toThrow(message)
    },
  )

  it.each([
    ['ES256', 64],
    ['ES384', 96],
    ['ES512', 132],
    ['EdDSA', 64],
    ['PS256', 384],
  ] as const)('%s: too short and too long are named with both lengths', async (alg, length) => {
    const short = await signerThat(alg, (signature) => signature.subarray(1))
    const long = await signerThat(alg, (signature) => Uint8Array.from([0, ...signature]))
    const expected = `expected ${length}`
    await expect(signBytes(short, data)).rejects.toThrow(
      `the signer (${alg}) returned a signature of ${length - 1} bytes; ${expected}`,
    )
    await expect(signBytes(long, data)).rejects.toThrow(`of ${length + 1} bytes; ${expected}`)
    const right = await signerThat(alg, (signature) => signature)
    expect(await signBytes(right, data)).toHaveLength(length)
  })

  it.each([
    ['undefined', () => undefined],
    ['a text', (signature: Uint8Array) => Buffer.from(signature).toString('base64url')],
    ['an object of ArrayBuffer', (signature: Uint8Array) => Uint8Array.from(signature).buffer],
    ['an object with Signature', (Signature: Uint8Array) => ({ Signature })],
  ])('%s in place of bytes is named', async (came, returns) => {
    const signer = await signerThat('ES256', returns)
    await expect(signBytes(signer, data)).rejects.toThrow(
      `the signer (ES256) returned ${came}; expected a Uint8Array`,
    )
  })
})
