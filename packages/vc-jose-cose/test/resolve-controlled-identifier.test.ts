import type { Fetch } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { generateJwk, publicJwkOf } from '@ekkasan/keys'
import {
  issueVcCose,
  issueVcJwt,
  resolveControlledIdentifier,
  verifyVcCose,
  verifyVcJwt,
} from '@ekkasan/vc-jose-cose'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clock, collaborators, faults, issuer } from '../../../test/jwt-parties.ts'
import { body } from './securings.ts'

const iss = 'https://university.example/issuers/565049'
const kid = `${iss}#key-123`
const method = {
  id: kid,
  type: 'JsonWebKey',
  controller: iss,
  publicKeyJwk: issuer.key.publicJwk as unknown as JsonObject,
}
const document = { id: iss, verificationMethod: [method], assertionMethod: [kid], authentication: [kid] }
const signer = { ...issuer, key: { ...issuer.key, kid } }
const credential = { ...body, issuer: { id: iss } }
const privateJwk = await generateJwk('ES256')
const otherCurve = publicJwkOf(await generateJwk('ES384'))
const answering =
  (answer: unknown, status = 200): Fetch =>
  async (url) => {
    expect(String(url)).toBe(iss)
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer), { status })
  }
const by = (fetch: Fetch) => ({ ...collaborators, resolveIssuerKey: resolveControlledIdentifier({ fetch }) })

describe('a controlled identifier document (VC-JOSE-COSE section 4.3)', () => {
  it('holds the key that kid names, for JOSE and for COSE', async () => {
    const jwt = await issueVcJwt({ signer, credential, clock })
    const { issuer: found } = await verifyVcJwt(jwt, by(answering(document)))
    expect(found).toEqual({ id: iss, method: 'controlled-identifier' })
    await verifyVcCose(await issueVcCose({ signer, credential, clock }), by(answering(document)))
  })

  it('may hold the key within the relationship, or name it relative to itself', async () => {
    const jwt = await issueVcJwt({ signer, credential, clock })
    await verifyVcJwt(jwt, by(answering({ id: iss, assertionMethod: [method] })))
    const relative = {
      ...document,
      verificationMethod: [{ ...method, id: '#key-123' }],
      assertionMethod: ['#key-123'],
    }
    await verifyVcJwt(jwt, by(answering(relative)))
  })

  const rsa = { kty: 'RSA', n: 'AQ', e: 'AQAB' }
  it.each<[string, unknown, string]>([
    ['another document', { ...document, id: 'https://other.example' }, 'invalid'],
    ['no key', { id: iss }, 'not-found'],
    [
      'the key, revoked [K7]',
      { ...document, verificationMethod: [{ ...method, revoked: '2020-01-01T00:00:00Z' }] },
      'invalid',
    ],
    [
      'the key, expired [K7]',
      { ...document, verificationMethod: [{ ...method, expires: '2020-01-01T00:00:00Z' }] },
      'invalid',
    ],
    ['the key for authentication alone', { ...document, assertionMethod: [] }, 'not-found'],
    [
      'a key of another controller',
      { ...document, verificationMethod: [{ ...method, controller: 'https://other.example' }] },
      'invalid',
    ],
    [
      'a key of another type',
      { ...document, verificationMethod: [{ ...method, type: 'Multikey' }] },
      'invalid',
    ],
    [
      'a private key',
      { ...document, verificationMethod: [{ ...method, publicKeyJwk: privateJwk }] },
      'invalid',
    ],
    ['a malformed key', { ...document, verificationMethod: [{ ...method, publicKeyJwk: rsa }] }, 'invalid'],
    [
      'a key of another curve',
      { ...document, verificationMethod: [{ ...method, publicKeyJwk: otherCurve }] },
      'invalid',
    ],
    ['too many keys', { ...document, assertionMethod: new Array(65).fill(kid) }, 'invalid'],
    ['what is not JSON', '<html>', 'invalid'],
    ['a member twice', `{"id":"${iss}","id":"${iss}"}`, 'invalid'],
  ])('is refused: %s', async (_what, answer, code) => {
    const jwt = await issueVcJwt({ signer, credential, clock })
    expect(await faults(verifyVcJwt(jwt, by(answering(answer))))).toEqual([
      `issuer-key failed core.resolve.${code}`,
    ])
  })

  it('that cannot be fetched is unknown, and one that is gone is not', async () => {
    const jwt = await issueVcJwt({ signer, credential, clock })
    expect(await faults(verifyVcJwt(jwt, by(answering('', 503))))).toEqual([
      'issuer-key unknown core.resolve.unavailable',
    ])
    expect(await faults(verifyVcJwt(jwt, by(answering('', 404))))).toEqual([
      'issuer-key failed core.resolve.not-found',
    ])
  })

  it.each(['http://university.example', 'did:example:1', 'https://user@university.example', `${iss}#a`])(
    'is never looked for at %s',
    async (other) => {
      const resolve = resolveControlledIdentifier({ fetch: () => expect.unreachable() })
      await expect(resolve({ iss: other, kid, alg: 'ES256' })).rejects.toMatchObject({
        code: 'core.resolve.invalid',
      })
    },
  )

  it('may be any JSON', async () => {
    const members = fc.constantFrom('id', 'verificationMethod', 'assertionMethod')
    await fc.assert(
      fc.asyncProperty(fc.dictionary(members, fc.jsonValue()), async (answer) => {
        const resolve = resolveControlledIdentifier({ fetch: answering({ ...answer, id: iss }) })
        await expect(resolve({ iss, kid, alg: 'ES256' })).rejects.toMatchObject({
          code: expect.stringMatching(/^core\.resolve\./),
        })
      }),
    )
  })
})
