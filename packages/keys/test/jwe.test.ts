import { utf8 } from '@ekkasan/core/bytes'
import { decrypterFromJwk, encryptJwe, generateJwk, publicJwkOf } from '@ekkasan/keys'
import fc from 'fast-check'
import { CompactEncrypt, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'

const { alg: _alg, ...jwk } = await generateJwk('ES256')
const recipient = { ...publicJwkOf(jwk), kid: 'enc-1' }
const decrypter = await decrypterFromJwk(jwk)
const refused = { code: 'keys.jwe.decryption' }

describe('JWE (OpenID4VP section 8.3)', () => {
  it.each(['A128GCM', 'A256GCM'] as const)('encrypts and decrypts with ECDH-ES and %s', async (enc) => {
    const jwe = await encryptJwe(utf8('ความลับ'), { recipient, enc })
    const header = JSON.parse(Buffer.from(jwe.split('.')[0] as string, 'base64url').toString()) as object
    expect(header).toMatchObject({ alg: 'ECDH-ES', enc, kid: 'enc-1' })
    expect(new TextDecoder().decode(await decrypter.decrypt(jwe))).toBe('ความลับ')
  })

  it('uses another key each time', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => encryptJwe(utf8('a'), { recipient, enc: 'A256GCM' })))
    expect(a).not.toBe(b)
  })

  it.each([
    ['another content encryption', { alg: 'ECDH-ES', enc: 'A128CBC-HS256' }],
    ['another key management', { alg: 'ECDH-ES+A256KW', enc: 'A256GCM' }],
  ])('refuses %s', async (_name, header) => {
    const key = await importJWK({ ...recipient, alg: header.alg } as never, header.alg)
    const jwe = await new CompactEncrypt(utf8('a')).setProtectedHeader(header).encrypt(key)
    await expect(decrypter.decrypt(jwe)).rejects.toMatchObject(refused)
  })

  it('refuses compressed content, which could unpack to gigabytes', async () => {
    const [header, ...rest] = (await encryptJwe(utf8('a'), { recipient, enc: 'A256GCM' })).split('.')
    const opened = JSON.parse(Buffer.from(header as string, 'base64url').toString()) as object
    const zipped = Buffer.from(JSON.stringify({ ...opened, zip: 'DEF' })).toString('base64url')
    await expect(decrypter.decrypt([zipped, ...rest].join('.'))).rejects.toMatchObject(refused)
  })

  it('refuses what was changed, cut short, over-long or encrypted to another', async () => {
    const jwe = await encryptJwe(utf8('a'), { recipient, enc: 'A256GCM' })
    const other = await decrypterFromJwk(await generateJwk('ES256'))
    await expect(other.decrypt(jwe)).rejects.toMatchObject(refused)
    for (const changed of ['', 'a.b.c.d.e', jwe.slice(0, -4), `${jwe.slice(0, -6)}AAAAAA`]) {
      await expect(decrypter.decrypt(changed)).rejects.toMatchObject({
        code: expect.stringMatching(/^keys\.jwe\./),
      })
    }
    const long = `${jwe}${'A'.repeat(6_000_000)}`
    await expect(decrypter.decrypt(long)).rejects.toMatchObject({ code: 'keys.jwe.malformed' })
  })
  it('throws nothing but KeysError on any text and any header', async () => {
    const [, ...rest] = (await encryptJwe(utf8('a'), { recipient, enc: 'A256GCM' })).split('.')
    const header = fc.dictionary(
      fc.constantFrom('alg', 'enc', 'epk', 'apu', 'apv', 'zip', 'crit', 'p2c'),
      fc.oneof(fc.constantFrom('ECDH-ES', 'A256GCM', 'dir', 'PBES2-HS256+A128KW'), fc.jsonValue()),
    )
    const jwes = fc.oneof(
      fc.string(),
      fc.array(fc.base64String(), { minLength: 5, maxLength: 5 }).map((parts) => parts.join('.')),
      header.map((value) => [Buffer.from(JSON.stringify(value)).toString('base64url'), ...rest].join('.')),
    )
    await fc.assert(
      fc.asyncProperty(jwes, async (jwe) => {
        await expect(decrypter.decrypt(jwe)).rejects.toMatchObject({
          name: 'KeysError',
          code: expect.stringMatching(/^keys\.jwe\./),
        })
      }),
    )
  })
})
