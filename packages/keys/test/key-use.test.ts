import type { PublicJwk } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import {
  decrypterFromJwk,
  encryptJwe,
  generateJwk,
  parseJws,
  publicJwkOf,
  signerFromJwk,
  signJws,
  verifyJws,
  verifySignature,
} from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'

type Uses = Partial<Pick<PublicJwk, 'use' | 'key_ops' | 'alg'>>

const kinds = ['ES256', 'ES384', 'EdDSA', 'PS256'] as const

describe.each(kinds)('a key of %s that says what it is for [K7]', async (alg) => {
  const { alg: _alg, ...jwk } = await generateJwk(alg)
  const bare = publicJwkOf(jwk)
  const data = utf8('a')
  const signer = await signerFromJwk(jwk, { alg })
  const signature = await signer.sign(data)
  const jws = parseJws(await signJws({ signer, header: {}, payload: {} }))

  it.each<[Uses]>([
    [{}],
    [{ use: 'sig' }],
    [{ key_ops: ['verify'] }],
    [{ key_ops: ['sign'] }],
    [{ key_ops: ['sign', 'verify'] }],
    [{ use: 'sig', key_ops: ['verify'], alg }],
  ])('%j verifies', async (uses) => {
    expect(await verifySignature(alg, { ...bare, ...uses }, data, signature)).toBe(true)
    expect(await verifyJws(jws, { ...bare, ...uses })).toBe(true)
  })

  it.each<[Uses]>([
    [{ use: 'enc' }],
    [{ use: 'Sig' }],
    [{ use: '' }],
    [{ key_ops: [] }],
    [{ key_ops: ['encrypt'] }],
    [{ key_ops: ['deriveKey', 'wrapKey'] }],
    [{ use: 'sig', key_ops: ['encrypt'] }],
    [{ use: 'enc', key_ops: ['verify'] }],
    [{ alg: 'ES512' }],
    [{ alg: 'ECDH-ES' }],
  ])('%j does not (RFC 7517 4.2 to 4.4)', async (uses) => {
    const refused = { code: 'keys.alg.mismatch' }
    const key = { ...bare, ...uses }
    await expect(verifySignature(alg, key, data, signature)).rejects.toMatchObject(refused)
    await expect(verifyJws(jws, key)).rejects.toMatchObject(refused)
    // Met a second time, when it is imported already.
    await verifySignature(alg, bare, data, signature)
    await expect(verifySignature(alg, key, data, signature)).rejects.toMatchObject(refused)
    await expect(signerFromJwk({ ...jwk, ...uses }, { alg })).rejects.toMatchObject(refused)
  })
})

describe('a key to which is encrypted [K7]', async () => {
  const { alg: _alg, ...jwk } = await generateJwk('ES256')
  const bare = publicJwkOf(jwk)
  const decrypter = await decrypterFromJwk(jwk)

  it.each<[Uses]>([
    [{}],
    [{ use: 'enc' }],
    [{ alg: 'ECDH-ES' }],
    [{ key_ops: [] }],
    [{ key_ops: ['deriveBits'] }],
  ])('%j is encrypted to', async (uses) => {
    const jwe = await encryptJwe(utf8('a'), { recipient: { ...bare, ...uses }, enc: 'A256GCM' })
    expect(await decrypter.decrypt(jwe)).toEqual(utf8('a'))
  })

  it.each<[Uses]>([
    [{ use: 'sig' }],
    [{ use: 'ENC' }],
    [{ alg: 'ES256' }],
    [{ alg: 'ECDH-ES+A256KW' }],
    [{ key_ops: ['verify'] }],
    [{ use: 'enc', key_ops: ['sign'] }],
  ])('%j is not', async (uses) => {
    const encrypted = encryptJwe(utf8('a'), { recipient: { ...bare, ...uses }, enc: 'A256GCM' })
    await expect(encrypted).rejects.toMatchObject({ code: 'keys.alg.mismatch' })
  })

  it('a key that signs by its curve is not', async () => {
    const recipient = publicJwkOf(await generateJwk('EdDSA'))
    const encrypted = encryptJwe(utf8('a'), { recipient, enc: 'A256GCM' })
    await expect(encrypted).rejects.toMatchObject({ code: 'keys.alg.mismatch' })
  })
})
