import { utf8 } from '@ekkasan/core/bytes'
import {
  decrypterFromJwk,
  encryptJwe,
  generateEncryptionJwk,
  type PrivateJwk,
  publicJwkOf,
} from '@ekkasan/keys'
import fc from 'fast-check'
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import * as node from '../src/jwe.node.ts'
import { contentKey, createAgree } from '../src/jwe.node.ts'
import * as web from '../src/jwe.web.ts'
import { parseJwe } from '../src/jwe-parts.ts'

// ECDH-ES over node:crypto is held to the standard's example and to jose, in both directions.

const curves = ['P-256', 'P-384', 'P-521', 'X25519'] as const
const keys = new Map<string, PrivateJwk>()
for (const crv of curves) {
  const { privateKey } = await generateKeyPair('ECDH-ES', { crv, extractable: true })
  keys.set(crv, (await exportJWK(privateKey)) as unknown as PrivateJwk)
}
const keyOf = (crv: string) => keys.get(crv) as PrivateJwk
const refused = { name: 'KeysError', code: 'keys.jwe.decryption' }

it('agrees and derives as the example of RFC 7518 appendix C', () => {
  const alice = {
    kty: 'EC',
    crv: 'P-256',
    x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
    y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
  } as const
  const bob = {
    kty: 'EC',
    crv: 'P-256',
    x: 'weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ',
    y: 'e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck',
    d: 'VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw',
  } as const
  const secret = createAgree(bob)(alice)
  expect([...secret]).toEqual([
    158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128,
    106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
  ])
  const key = contentKey(secret, 'A128GCM', utf8('Alice'), utf8('Bob'))
  expect(Buffer.from(key).toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg')
})

const contents = fc.record({
  plaintext: fc.uint8Array({ maxLength: 2000 }),
  enc: fc.constantFrom('A128GCM' as const, 'A256GCM' as const),
  parties: fc.option(
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.uint8Array({ minLength: 1, maxLength: 64 })),
  ),
})

describe.each(curves)('%s', (crv) => {
  const jwk = keyOf(crv)
  const recipient = publicJwkOf(jwk)

  it('what is encrypted here, jose decrypts', async () => {
    const key = await importJWK({ ...jwk } as JWK, 'ECDH-ES')
    await fc.assert(
      fc.asyncProperty(contents, async ({ plaintext, enc, parties }) => {
        const [apu, apv] = parties ?? []
        const jwe = await encryptJwe(plaintext, { recipient, enc, ...(apu && apv && { apu, apv }) })
        expect(Buffer.from((await compactDecrypt(jwe, key)).plaintext)).toEqual(Buffer.from(plaintext))
      }),
      { numRuns: 40 },
    )
  })

  it('what jose encrypts, is decrypted here, on both platforms', async () => {
    const key = await importJWK({ ...recipient } as JWK, 'ECDH-ES')
    const decrypter = await decrypterFromJwk(jwk)
    const onWeb = web.createDecryptJwe(jwk)
    await fc.assert(
      fc.asyncProperty(contents, async ({ plaintext, enc, parties }) => {
        const encrypter = new CompactEncrypt(plaintext).setProtectedHeader({ alg: 'ECDH-ES', enc })
        if (parties) encrypter.setKeyManagementParameters({ apu: parties[0], apv: parties[1] })
        const jwe = await encrypter.encrypt(key)
        expect(await decrypter.decrypt(jwe)).toEqual(plaintext)
        expect(Buffer.from(await onWeb(parseJwe(jwe)))).toEqual(Buffer.from(plaintext))
      }),
      { numRuns: 40 },
    )
  })

  it('a byte changed in any part is refused', async () => {
    const decrypter = await decrypterFromJwk(jwk)
    const jwe = await encryptJwe(utf8('ความลับ'), { recipient, enc: 'A256GCM' })
    const parts = jwe.split('.')
    for (const part of [2, 3, 4]) {
      const bytes = Buffer.from(parts[part] as string, 'base64url')
      for (const at of [0, bytes.length - 1]) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] as number) ^ 1
        const forged = parts.map((text, n) => (n === part ? changed.toString('base64url') : text)).join('.')
        await expect(decrypter.decrypt(forged)).rejects.toMatchObject(refused)
      }
      const short = parts
        .map((text, n) => (n === part ? bytes.subarray(1).toString('base64url') : text))
        .join('.')
      await expect(decrypter.decrypt(short)).rejects.toMatchObject(refused)
    }
  })

  it('an ephemeral key of another curve, off its curve, private, missing or the zero point is refused', async () => {
    const decrypter = await decrypterFromJwk(jwk)
    const jwe = await encryptJwe(utf8('a'), { recipient, enc: 'A256GCM' })
    const [header, ...rest] = jwe.split('.')
    const opened = JSON.parse(Buffer.from(header as string, 'base64url').toString()) as {
      epk: Record<string, string>
    }
    const zero = Buffer.alloc(crv === 'P-521' ? 66 : crv === 'P-384' ? 48 : 32).toString('base64url')
    const other = publicJwkOf(keyOf(crv === 'P-256' ? 'P-384' : 'P-256'))
    const wrong: unknown[] = [
      undefined,
      null,
      'a',
      other,
      keyOf(crv),
      { ...opened.epk, x: zero, ...(crv !== 'X25519' && { y: zero }) },
      { ...opened.epk, x: '' },
      { ...opened.epk, crv: 'P-224' },
      ...(crv === 'X25519'
        ? []
        : [
            { ...opened.epk, x: opened.epk.y },
            { ...opened.epk, y: undefined },
          ]),
    ]
    for (const epk of wrong) {
      const forged = Buffer.from(JSON.stringify({ ...opened, epk })).toString('base64url')
      await expect(decrypter.decrypt([forged, ...rest].join('.'))).rejects.toMatchObject(refused)
    }
    for (const change of [
      { zip: 'DEF' },
      { crit: ['b64'] },
      { apu: 1 },
      { apv: 'a'.repeat(2000) },
      { enc: 'A192GCM' },
      { alg: 'dir' },
    ]) {
      const forged = Buffer.from(JSON.stringify({ ...opened, ...change })).toString('base64url')
      await expect(decrypter.decrypt([forged, ...rest].join('.'))).rejects.toMatchObject(refused)
    }
    await expect(decrypter.decrypt([header, 'AAAA', ...rest.slice(1)].join('.'))).rejects.toMatchObject(
      refused,
    )
  })

  it('nothing is encrypted to a point that is off its curve', async () => {
    if (crv === 'X25519') return
    const off = { ...recipient, x: recipient.y as string }
    await expect(encryptJwe(utf8('a'), { recipient: off, enc: 'A256GCM' })).rejects.toMatchObject({
      code: 'keys.jwk.malformed',
    })
  })
})

it('makes keys for one request that agree on both platforms', async () => {
  for (const make of [generateEncryptionJwk, node.generateAgreementJwk, web.generateAgreementJwk]) {
    for (let round = 0; round < 50; round++) {
      const jwk = await make()
      expect(Object.keys(jwk).sort()).toEqual(['crv', 'd', 'kty', 'x', 'y'])
      const jwe = await encryptJwe(utf8('a'), { recipient: publicJwkOf(jwk), enc: 'A128GCM' })
      expect(await (await decrypterFromJwk(jwk)).decrypt(jwe)).toEqual(utf8('a'))
      const key = await importJWK({ ...jwk } as JWK, 'ECDH-ES')
      expect(Buffer.from((await compactDecrypt(jwe, key)).plaintext).toString()).toBe('a')
      if (make === web.generateAgreementJwk && round === 5) break
    }
  }
})
