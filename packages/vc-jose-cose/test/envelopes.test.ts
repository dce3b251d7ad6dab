import type { JsonObject } from '@ekkasan/core/json'
import {
  createEnvelope,
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  openEnvelope,
  presentVpCose,
  presentVpJwt,
  verifyEnvelopedVc,
  verifyEnvelopedVp,
  verifyVpJwt,
} from '@ekkasan/vc-jose-cose'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binding,
  clock,
  collaborators,
  faults,
  holder,
  issuer,
  now,
  sign,
  stranger,
} from '../../../test/jwt-parties.ts'
import { body, enveloped } from './securings.ts'

const context = ['https://www.w3.org/ns/credentials/v2']
const jwt = await issueVcJwt({ signer: issuer, credential: body, clock })
const cose = await issueVcCose({ signer: issuer, credential: body, clock })
const presentation = await presentVpJwt({ credentials: [jwt], holder, binding, clock })
const options = { ...collaborators, binding }
const seconds = now.getTime() / 1000
const answer = { aud: binding.clientId, nonce: binding.nonce, iat: seconds }

const envelopeOf = (vp: string | Uint8Array, mediaType = 'vp+jwt') => ({
  ...enveloped(vp, mediaType),
  type: 'EnvelopedVerifiablePresentation',
})
const wrapped = (vp: string | Uint8Array, mediaType?: string, by = holder, claims: JsonObject = answer) =>
  sign(by, { typ: 'vp+jwt', kid: holder.key.kid as string }, { ...envelopeOf(vp, mediaType), ...claims })

describe('an EnvelopedVerifiableCredential (VCDM 2.0 section 4.13)', () => {
  it('is verified as what it holds', async () => {
    for (const [made, mediaType] of [
      [jwt, 'vc+jwt'],
      [cose, 'vc+cose'],
    ] as const) {
      const verified = await verifyEnvelopedVc(enveloped(made, mediaType), collaborators)
      expect(verified.mediaType).toBe(mediaType)
      expect(verified.credential).toMatchObject(body)
    }
  })

  it('is made of each securing, with its media type, and opened again', async () => {
    const sdJwt = await issueVcSdJwt({ signer: issuer, credential: body, clock })
    for (const [made, mediaType] of [
      [jwt, 'vc+jwt'],
      [sdJwt, 'vc+sd-jwt'],
      [cose, 'vc+cose'],
    ] as const) {
      const envelope = createEnvelope(made)
      expect(envelope).toEqual({ ...enveloped(made, mediaType), type: 'EnvelopedVerifiableCredential' })
      expect(openEnvelope(envelope, 'vc')).toEqual({ mediaType, content: made })
      expect(() => openEnvelope(envelope, 'vp')).toThrow('not one EnvelopedVerifiablePresentation')
    }
  })

  const base64 = Buffer.from(cose).toString('base64')
  it.each<[string, unknown]>([
    ['a text', jwt],
    ['nothing', undefined],
    ['a list', [enveloped(jwt, 'vc+jwt')]],
    ['without a type', { '@context': context, id: `data:application/vc+jwt,${jwt}` }],
    ['without a context', { ...enveloped(jwt, 'vc+jwt'), '@context': [] }],
    [
      'of another context alone',
      { ...enveloped(jwt, 'vc+jwt'), '@context': 'https://www.w3.org/ns/credentials/examples/v2' },
    ],
    ['of two types', { ...enveloped(jwt, 'vc+jwt'), type: ['EnvelopedVerifiableCredential', 'Other'] }],
    ['of a presentation', { ...enveloped(jwt, 'vc+jwt'), type: 'EnvelopedVerifiablePresentation' }],
    ['with a presentation in it', enveloped(presentation, 'vp+jwt')],
    ['of another media type', enveloped(jwt, 'jwt')],
    ['with an https URL', { ...enveloped(jwt, 'vc+jwt'), id: 'https://issuer.example/credential' }],
    ['of a JWT in base64', { ...enveloped(jwt, 'vc+jwt'), id: `data:application/vc+jwt;base64,${base64}` }],
    ['of COSE without base64', { ...enveloped(cose, 'vc+cose'), id: `data:application/vc+cose,${base64}` }],
    [
      'of COSE that is not base64',
      { ...enveloped(cose, 'vc+cose'), id: 'data:application/vc+cose;base64,=*' },
    ],
    [
      'of COSE in base64url',
      { ...enveloped(cose, 'vc+cose'), id: `data:application/vc+cose;base64url,${base64}` },
    ],
    ['with a parameter', { ...enveloped(jwt, 'vc+jwt'), id: `data:application/vc+jwt;charset=utf-8,${jwt}` }],
  ])('is refused: %s', async (_what, envelope) => {
    expect(await faults(verifyEnvelopedVc(envelope, collaborators))).toEqual([
      'structure failed vc-jose-cose.structure.envelope',
    ])
  })

  it('a media type that is not what it holds is refused', async () => {
    for (const mediaType of ['vc+sd-jwt', 'vc+cose']) {
      const [fault] = await faults(
        verifyEnvelopedVc(
          enveloped(mediaType === 'vc+cose' ? Buffer.from(jwt) : jwt, mediaType),
          collaborators,
        ),
      )
      expect(fault).toMatch(/^structure failed (sd-jwt.malformed|cose.cbor)/)
    }
  })

  it('any envelope gives a report', async () => {
    const id = fc.oneof(
      fc.string(),
      fc.string().map((text) => `data:application/vc+cose;base64,${text}`),
    )
    const any = fc.oneof(
      fc.jsonValue(),
      fc.record({
        '@context': fc.constant(context),
        type: fc.constant('EnvelopedVerifiableCredential'),
        id,
      }),
    )
    await fc.assert(
      fc.asyncProperty(any, async (envelope) => {
        expect(await faults(verifyEnvelopedVc(envelope, collaborators))).toHaveLength(1)
        expect(await faults(verifyEnvelopedVp(envelope, options))).toHaveLength(1)
      }),
    )
  })
})

describe('an EnvelopedVerifiablePresentation', () => {
  it('is verified as what it holds', async () => {
    const { mediaType, credentials } = await verifyEnvelopedVp(envelopeOf(presentation), options)
    expect(mediaType).toBe('vp+jwt')
    expect(credentials).toHaveLength(1)
    const byCose = await presentVpCose({ credentials: [cose, jwt], holder, binding, clock })
    expect((await verifyEnvelopedVp(envelopeOf(byCose, 'vp+cose'), options)).credentials).toHaveLength(2)
  })

  it('within a presentation is opened, and shown is the innermost (section 3.1.2, example 3)', async () => {
    const twice = await wrapped(await wrapped(presentation))
    const verified = await verifyVpJwt(twice, options)
    expect(verified.presentation.type).toEqual(['VerifiablePresentation'])
    expect(verified.credentials[0]?.credential).toMatchObject(body)
    const byCose = await presentVpCose({ credentials: [cose], holder, binding, clock })
    await verifyVpJwt(await wrapped(byCose, 'vp+cose'), options)
  })

  it('is opened to the third envelope, and no further', async () => {
    const deep = await wrapped(await wrapped(await wrapped(presentation)))
    expect(await faults(verifyVpJwt(deep, options))).toEqual([
      'structure failed vc-jose-cose.structure.credentials',
    ])
  })

  it('was made by the holder, every layer of it', async () => {
    const notHis = await presentVpJwt({ credentials: [jwt], holder: stranger, binding, clock })
    expect(await faults(verifyVpJwt(await wrapped(notHis), options))).toEqual([
      'holder-signature failed keys.holder.signature',
    ])
    expect(await faults(verifyVpJwt(await wrapped(presentation, 'vp+jwt', stranger), options))).toEqual([
      'holder-signature failed keys.holder.signature',
    ])
  })

  it('answers this request in its outermost envelope', async () => {
    const old = { ...binding, nonce: 'old' }
    const earlier = await presentVpJwt({ credentials: [jwt], holder, binding: old, clock })
    await verifyVpJwt(await wrapped(earlier), options)
    expect(
      await faults(
        verifyVpJwt(await wrapped(presentation, 'vp+jwt', holder, { ...answer, nonce: 'old' }), options),
      ),
    ).toEqual(['holder-nonce failed keys.holder.nonce-mismatch'])
    expect(
      await faults(
        verifyVpJwt(await wrapped(presentation, 'vp+jwt', holder, { ...answer, aud: 'x' }), options),
      ),
    ).toEqual(['holder-audience failed keys.holder.audience-mismatch'])
  })

  it('names its holder once', async () => {
    const other = await wrapped(presentation, 'vp+jwt', holder, { ...answer, iss: 'did:example:other' })
    expect(await faults(verifyVpJwt(other, options))).toEqual(['structure failed vc-jose-cose.structure.iss'])
  })

  it('has a context that defines it', async () => {
    const noContext = await sign(
      holder,
      { typ: 'vp+jwt', kid: holder.key.kid as string },
      { ...envelopeOf(presentation), '@context': ['https://other.example'], ...answer },
    )
    expect(await faults(verifyVpJwt(noContext, options))).toEqual([
      'structure failed vc-jose-cose.structure.envelope',
    ])
  })

  it('is not one of the credentials', async () => {
    const made = await sign(
      holder,
      { typ: 'vp+jwt', kid: holder.key.kid as string },
      {
        '@context': context,
        type: ['VerifiablePresentation'],
        verifiableCredential: [envelopeOf(presentation)],
        ...answer,
      },
    )
    expect(await faults(verifyVpJwt(made, options))).toEqual([
      'structure failed vc-jose-cose.structure.envelope',
    ])
  })
})
