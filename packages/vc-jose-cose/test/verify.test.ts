import { createHmac, createPublicKey } from 'node:crypto'
import { RejectedError, ResolveError, startOfDay, trustOnly, UnavailableError } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { didJwkUrlOf, didKeyUrlOf, publicJwkOf } from '@ekkasan/keys'
import { issueVcJwt, presentVpJwt, verifyVcJwt, verifyVpJwt } from '@ekkasan/vc-jose-cose'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binding,
  clock,
  collaborators,
  faults,
  holder,
  holderDid,
  holderJwk,
  issuer,
  issuerUrl,
  now,
  open,
  sign,
  stranger,
} from '../../../test/jwt-parties.ts'

const body = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
  issuer: { id: issuerUrl, name: 'DOPA' },
  validFrom: '2026-11-20T00:00:00Z',
  validUntil: '2027-11-20T00:00:00Z',
  credentialSubject: { id: holderDid, name_th: 'สมชาย' },
}
const status = { uri: 'https://issuer.example/status/1', index: 7 }
const credential = await issueVcJwt({ signer: issuer, credential: body, status, clock })
const presentation = await presentVpJwt({ credentials: [credential], holder, binding, clock })
const options = { ...collaborators, binding }
const seconds = now.getTime() / 1000

const reissued = (change: JsonObject, header: JsonObject = {}, signer = issuer) => {
  const opened = open(credential)
  return sign(signer, { ...opened.header, ...header }, { ...opened.payload, ...change })
}
const represented = (change: JsonObject, signer = holder, header: JsonObject = {}) => {
  const opened = open(presentation)
  return sign(signer, { ...opened.header, ...header }, { ...opened.payload, ...change })
}
const enveloped = (id: string, type: string[] = ['EnvelopedVerifiableCredential']) => ({
  verifiableCredential: [{ '@context': ['https://www.w3.org/ns/credentials/v2'], type, id }],
})
/** The same claims, their "signature" an HMAC with the issuer's public key as its secret. */
const withHmac = (made: string) => {
  const { header, payload } = open(made)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ ...header, alg: 'HS256' })}.${part(payload)}`
  const secret = createPublicKey({ key: { ...issuer.key.publicJwk }, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}
const presented = async (made: Promise<string>) =>
  represented(enveloped(`data:application/vc+jwt,${await made}`))

describe('vc+jwt (VC-JOSE-COSE section 3.1.1)', () => {
  it('signs the credential itself as the claims set', () => {
    const { header, payload } = open(credential)
    expect(header).toEqual({ alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid: 'k1' })
    expect(payload).toEqual({
      ...body,
      iss: issuerUrl,
      iat: startOfDay(clock()).getTime() / 1000,
      status: { status_list: { idx: 7, uri: status.uri } },
    })
  })

  it('gives back the credential, its types, validity and status', async () => {
    const verified = await verifyVcJwt(credential, collaborators)
    expect(verified.credential).toMatchObject(body)
    expect(verified.types).toEqual(body.type)
    expect(verified.validity).toEqual({ from: new Date(body.validFrom), until: new Date(body.validUntil) })
    expect(verified.status).toEqual(status)
  })

  it('is accepted without typ, which SHOULD be there, and as a full media type', async () => {
    await verifyVcJwt(await reissued({}, { typ: undefined as never }), collaborators)
    await verifyVcJwt(await reissued({}, { typ: 'application/vc+jwt' }), collaborators)
  })

  it('signs only a credential of 2.0 that conforms', async () => {
    await expect(
      issueVcJwt({ signer: issuer, credential: { ...body, credentialSubject: {} } }),
    ).rejects.toThrow(TypeError)
    const version1 = { ...body, '@context': ['https://www.w3.org/2018/credentials/v1'] }
    await expect(issueVcJwt({ signer: issuer, credential: version1 })).rejects.toThrow(TypeError)
  })

  it('ends with its signature, though the data is valid for longer (section 3.1.3)', async () => {
    const signatureUntil = new Date(now.getTime() - 120_000)
    const made = await issueVcJwt({ signer: issuer, credential: body, signatureUntil, clock })
    expect(await faults(verifyVcJwt(made, collaborators))).toEqual([
      'validity-end failed core.validity.ended',
    ])
  })
})

it('passes every check of a presentation in which all is well', async () => {
  const { checks, holder: key } = await verifyVpJwt(presentation, options)
  expect(new Set(checks.map(({ outcome }) => outcome))).toEqual(new Set(['passed']))
  expect(checks).toHaveLength(12)
  expect(key.kid).toBe(`${holderDid}#0`)
})

it('binds the holder by cnf.jwk (section 4.1.3)', async () => {
  const credential = await issueVcJwt({
    signer: issuer,
    credential: { ...body, credentialSubject: { name_th: 'สมชาย' } },
    holderJwk: publicJwkOf(holderJwk),
    clock,
  })
  await verifyVpJwt(await presentVpJwt({ credentials: [credential], holder, binding, clock }), options)
  const stolen = await presentVpJwt({ credentials: [credential], holder: stranger, binding, clock })
  expect(await faults(verifyVpJwt(stolen, options))).toEqual([
    'holder-signature failed keys.holder.signature',
  ])
})

describe('one reader for cnf (RFC 7800 section 3.1)', () => {
  const subjectless = { ...body, credentialSubject: { name_th: 'สมชาย' } }
  const bound = async (cnf: JsonObject) => {
    const made = await issueVcJwt({ signer: issuer, credential: subjectless, clock })
    const { header, payload } = open(made)
    const credentials = [await sign(issuer, header, { ...payload, cnf })]
    return verifyVpJwt(await presentVpJwt({ credentials, holder, binding, clock }), options)
  }
  const key = publicJwkOf(holderJwk)

  it.each([didKeyUrlOf(key), didJwkUrlOf(key)])('a kid in cnf is the holder’s key: %s [F7]', async (kid) => {
    expect((await bound({ kid })).holder.jwk).toMatchObject({ x: key.x })
    expect((await bound({ jwk: key as never, kid })).holder.jwk).toMatchObject({ x: key.x })
  })

  it('what names no acceptable key is bound to nobody, and is not fetched [F7] [F11]', async () => {
    const other = didKeyUrlOf(stranger.key.publicJwk)
    for (const cnf of [
      { jku: 'https://issuer.example/keys' },
      { kid: 'did:web:holder.example#1' },
      { jwk: key, kid: other },
      { jwk: { kty: 'AKP', pub: 'AA' } },
      {},
    ] as JsonObject[]) {
      expect(await faults(bound(cnf)), JSON.stringify(cnf)).toEqual([
        'holder-signature failed keys.holder.unbound',
      ])
    }
  })
})

describe('exactly one check fails', () => {
  const failing: [string, () => Promise<string>, object?][] = [
    ['structure failed vc-jose-cose.structure.malformed', async () => 'a.b'],
    ['structure failed vc-jose-cose.structure.typ', async () => credential],
    ['structure failed vc-jose-cose.structure.typ', () => represented({}, holder, { typ: 'JWT' })],
    ['structure failed vc-jose-cose.structure.typ', () => presented(reissued({}, { typ: 'dc+sd-jwt' }))],
    [
      'structure failed vc-jose-cose.structure.iss',
      () => presented(reissued({ iss: 'https://other.example' })),
    ],
    ['structure failed vc-jose-cose.structure.iss', () => represented({ iss: 'did:example:other' })],
    ['structure failed vc-jose-cose.structure.conflict', () => presented(reissued({ jti: 'urn:other' }))],
    ['structure failed vc-jose-cose.structure.conflict', () => presented(reissued({ sub: 'urn:other' }))],
    [
      'structure failed vc-jose-cose.structure.kid',
      () => presented(reissued({ iss: holderDid, issuer: holderDid })),
    ],
    ['structure failed vc-jose-cose.structure.credentials', () => represented({ verifiableCredential: [] })],
    [
      'structure failed vc-jose-cose.structure.malformed',
      () => represented({ type: 'EnvelopedVerifiablePresentation', id: 'data:application/vp+jwt,a.b.c' }),
    ],
    [
      'structure failed vc-jose-cose.structure.envelope',
      () => represented({ verifiableCredential: [credential] }),
    ],
    [
      'structure failed sd-jwt.malformed',
      () => represented(enveloped(`data:application/vc+sd-jwt,${credential}`)),
    ],
    [
      'structure failed vc-jose-cose.structure.envelope',
      () => represented(enveloped(`data:application/vc+jwt,${credential}`, ['Other'])),
    ],
    // The W3C suite's positive vectors carry it so; RFC 7519 section 4.1.6 wants a NumericDate.
    ['structure failed keys.jwt.claims', () => presented(reissued({ iat: '2026-11-21T10:00:00Z' }))],
    ['data-model failed vcdm.id.invalid', () => presented(reissued({ id: 'no URL' }))],
    ['data-model failed vcdm.claim.nested', () => presented(reissued({ vc: {} }))],
    ['data-model failed vcdm.type.base', () => represented({ type: ['Other'] })],
    [
      'validity-start failed core.validity.not-yet',
      () => presented(reissued({ validFrom: '2026-12-01T00:00:00Z' })),
    ],
    ['validity-start failed core.validity.not-yet', () => presented(reissued({ nbf: seconds + 3600 }))],
    [
      'validity-end failed core.validity.ended',
      () => presented(reissued({ validUntil: '2026-11-21T00:00:00Z' })),
    ],
    [
      'issuer-key failed core.resolve.invalid',
      async () => presentation,
      {
        resolveIssuerKey: async () => {
          throw new ResolveError('core.resolve.invalid', 'x')
        },
      },
    ],
    ['issuer-signature failed keys.jws.signature', () => presented(reissued({}, {}, stranger))],
    ['issuer-signature failed keys.jws.signature', () => presented(reissued({}, { alg: 'none' }))],
    ['issuer-signature failed keys.jws.signature', () => presented(Promise.resolve(withHmac(credential)))],
    [
      'issuer-signature failed keys.jws.signature',
      () => presented(reissued({}, { jwk: stranger.key.publicJwk as never }, stranger)),
    ],
    ['holder-signature failed keys.holder.signature', () => represented({}, holder, { alg: 'none' })],
    [
      'issuer-trust failed core.trust.not-for-this-type',
      async () => presentation,
      { isTrusted: trustOnly([{ role: 'credential-issuer', id: issuerUrl, types: ['Other'] }]) },
    ],
    ['holder-signature failed keys.holder.signature', () => represented({}, stranger)],
    [
      'holder-signature failed keys.holder.mismatch',
      () => represented({ holder: 'did:example:other', iss: undefined as never }),
    ],
    [
      'holder-audience failed keys.holder.audience-mismatch',
      () => represented({ aud: 'https://other.example' }),
    ],
    ['holder-nonce failed keys.holder.nonce-mismatch', () => represented({ nonce: 'old' })],
    ['holder-time failed keys.holder.time-out-of-range', () => represented({ iat: seconds - 400 })],
    [
      'holder-transaction failed keys.holder.transaction-unsupported',
      async () => presentation,
      { binding: { ...binding, transactionData: ['e30'] } },
    ],
    [
      'status failed core.status.revoked',
      async () => presentation,
      { checkStatus: async () => ({ status: 'revoked', asOf: now }) },
    ],
  ]
  it('takes a presentation that does not say when it was made: its nonce is of this request', async () => {
    const { checks } = await verifyVpJwt(await represented({ iat: undefined as never }), options)
    expect(checks.find(({ name }) => name === 'holder-time')).toMatchObject({
      outcome: 'skipped',
      code: 'keys.holder.time-missing',
    })
  })

  it.each(failing)('%s (%#)', async (fault, made, change = {}) => {
    const verification = verifyVpJwt(await made(), { ...options, ...change })
    await expect(verification).rejects.toThrow(RejectedError)
    expect(await faults(verification)).toEqual([fault])
  })

  const unavailable = async () => {
    throw new ResolveError('core.resolve.unavailable', 'timed out')
  }
  it.each([
    ['issuer-key unknown core.resolve.unavailable', { resolveIssuerKey: unavailable }],
    ['holder-signature unknown core.resolve.unavailable', { resolveDid: unavailable }],
    ['status unknown core.resolve.unavailable', { checkStatus: unavailable }],
    ['status unknown core.status.not-configured', { checkStatus: undefined as never }],
  ])('%s: unknown is neither failed nor passed', async (fault, change) => {
    const verification = verifyVpJwt(presentation, { ...options, ...change })
    await expect(verification).rejects.toThrow(UnavailableError)
    expect(await faults(verification)).toEqual([fault])
  })
})

it('answers any text and any payload with a report, never with another error', async () => {
  const names = [
    '@context',
    'type',
    'issuer',
    'iss',
    'validFrom',
    'credentialSubject',
    'cnf',
    'status',
    'exp',
  ]
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.jsonValue()), async (text) => {
      expect(await faults(verifyVpJwt(text, options))).toHaveLength(1)
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), async (payload) => {
      const made = await sign(issuer, { typ: 'vc+jwt', kid: 'k1' }, payload as JsonObject)
      expect((await faults(verifyVcJwt(made, collaborators))).length).toBeGreaterThan(0)
    }),
  )
})
