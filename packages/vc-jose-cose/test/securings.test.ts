import { ignoreStatus, RejectedError, ResolveError, trustOnly, UnavailableError } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import type { JsonValue } from '@ekkasan/core/json'
import { publicJwkOf } from '@ekkasan/keys'
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
  stranger,
} from '../../../test/jwt-parties.ts'
import { body, enveloped, type Remake, securings } from './securings.ts'

const status = { uri: 'https://issuer.example/status/1', index: 7 }
const entry = {
  type: 'BitstringStatusListEntry' as const,
  statusPurpose: 'revocation',
  statusListIndex: '7',
  statusListCredential: 'https://issuer.example/status/2',
}
const seconds = now.getTime() / 1000
const options = { ...collaborators, binding }
const unavailable = async () => {
  throw new ResolveError('core.resolve.unavailable', 'timed out')
}

describe.each(securings)('vc+$name', ({ name, issue, verify, remake, tampered }) => {
  const issued = issue({ signer: issuer, credential: body, status, clock })
  const reissued = async (change: Remake, signer = issuer) => remake(await issued, signer, change)

  it('gives back the credential, its types, validity and status', async () => {
    const verified = await verify(await issued, collaborators)
    expect(verified.mediaType).toBe(`vc+${name}`)
    expect(verified.credential).toMatchObject(body)
    expect(verified.types).toEqual(body.type)
    expect(verified.validity).toEqual({ from: new Date(body.validFrom), until: new Date(body.validUntil) })
    expect(verified.status).toEqual(status)
    expect(verified.issuer.id).toBe(issuerUrl)
    expect(new Set(verified.checks.map(({ outcome }) => outcome))).toEqual(new Set(['passed']))
  })

  it('carries a Bitstring status in the credential, and it is asked for', async () => {
    const reference = { credentialStatus: [entry] }
    const made = await issue({ signer: issuer, credential: body, status: reference, clock })
    const asked: unknown[] = []
    const checkStatus = async (question: unknown) => {
      asked.push(question)
      return { status: 'valid' as const, asOf: now }
    }
    const verified = await verify(made, { ...collaborators, checkStatus })
    expect(verified.credential.credentialStatus).toEqual(entry)
    expect(asked).toEqual([reference])
    expect(verified.status).toEqual(reference)
  })

  it('looks at neither of two statuses', async () => {
    const both = await reissued({ document: { credentialStatus: entry } })
    expect(await faults(verify(both, collaborators))).toEqual(['status unknown core.status.not-configured'])
    await expect(
      issue({ signer: issuer, credential: { ...body, credentialStatus: entry }, status, clock }),
    ).rejects.toThrow(TypeError)
  })

  it('ends with its signature, though the data is valid for longer (section 3.1.3)', async () => {
    const signatureUntil = new Date(now.getTime() - 120_000)
    const made = await issue({ signer: issuer, credential: body, signatureUntil, clock })
    expect(await faults(verify(made, collaborators))).toEqual(['validity-end failed core.validity.ended'])
  })

  it('signs only a credential of 2.0 that conforms', async () => {
    await expect(issue({ signer: issuer, credential: { ...body, credentialSubject: {} } })).rejects.toThrow(
      TypeError,
    )
    const version1 = { ...body, '@context': ['https://www.w3.org/2018/credentials/v1'] }
    await expect(issue({ signer: issuer, credential: version1 })).rejects.toThrow(TypeError)
  })

  it('is accepted without typ, which SHOULD be there', async () => {
    await verify(await reissued({ header: { typ: undefined } }), collaborators)
    await verify(await reissued({ header: { typ: `application/vc+${name}`, cty: undefined } }), collaborators)
  })

  it('is not altered', async () => {
    for (const made of tampered(await issued)) {
      const rejected = await verify(made, collaborators).catch((error: RejectedError) => error)
      expect(rejected).toBeInstanceOf(RejectedError)
    }
  })

  const strict = '{"$schema":"https://json-schema.org/draft/2020-12/schema","required":["evidence"]}'
  const schema = { id: 'https://issuer.example/schema.json', type: 'JsonSchema' }
  const resource = { id: 'https://issuer.example/image.png', digestSRI: `sha384-${'A'.repeat(64)}` }
  const notTheirs = {
    resolveIssuerKey: async () => ({
      jwk: issuer.key.publicJwk,
      identity: { id: 'https://other.example', method: 'did' as const },
    }),
  }
  it.each<[string, Remake, object?]>([
    ['structure failed vc-jose-cose.structure.typ', { header: { typ: `vp+${name}` } }],
    ['structure failed vc-jose-cose.structure.typ', { header: { typ: 'dc+sd-jwt' } }],
    ['structure failed vc-jose-cose.structure.typ', { header: { typ: 60 } }],
    ['structure failed vc-jose-cose.structure.typ', { header: { cty: 'vp' } }],
    ['structure failed vc-jose-cose.structure.typ', { header: { cty: 60 } }],
    ['structure failed vc-jose-cose.structure.iss', { claims: { iss: 'https://other.example' } }],
    ['structure failed vc-jose-cose.structure.iss', { document: { issuer: undefined } }],
    ['structure failed vc-jose-cose.structure.conflict', { claims: { sub: 'did:example:other' } }],
    [
      'structure failed vc-jose-cose.structure.kid',
      { header: { kid: undefined }, claims: { iss: undefined } },
    ],
    [
      'structure failed vc-jose-cose.structure.kid',
      { document: { issuer: holderDid }, claims: { iss: holderDid } },
    ],
    ['structure failed keys.jwt.claims', { claims: { iat: '2026-11-21T10:00:00Z' } }],
    ['structure failed keys.jwt.claims', { claims: { exp: true } }],
    ['structure failed keys.jwt.claims', { claims: { status: { status_list: { idx: -1, uri: 'x' } } } }],
    ['data-model failed vcdm.type.base', { document: { type: ['Other'] } }],
    ['data-model failed vcdm.claim.nested', { document: { vc: {} } }],
    ['validity-start failed core.validity.not-yet', { document: { validFrom: '2026-12-01T00:00:00Z' } }],
    ['validity-start failed core.validity.not-yet', { claims: { nbf: seconds + 3600 } }],
    ['validity-end failed core.validity.ended', { document: { validUntil: '2026-11-21T00:00:00Z' } }],
    ['issuer-key failed core.resolve.invalid', {}, notTheirs],
    ['issuer-key unknown core.resolve.unavailable', {}, { resolveIssuerKey: unavailable }],
    [
      'issuer-trust failed core.trust.not-for-this-type',
      {},
      { isTrusted: trustOnly([{ role: 'credential-issuer', id: issuerUrl, types: ['Other'] }]) },
    ],
    [
      'credential-schema failed vcdm.schema.mismatch',
      { document: { credentialSchema: schema } },
      { content: { resolveSchema: async () => utf8(strict) } },
    ],
    [
      'related-resources failed vcdm.related-resource.mismatch',
      { document: { relatedResource: [resource] } },
      { content: { resolveRelatedResource: async () => new Uint8Array(1) } },
    ],
    [
      'credential-schema unknown core.resolve.unavailable',
      { document: { credentialSchema: schema } },
      { content: { resolveSchema: unavailable } },
    ],
    [
      'related-resources unknown core.resolve.unavailable',
      { document: { relatedResource: [resource] } },
      { content: { resolveRelatedResource: unavailable } },
    ],
    [
      'status failed core.status.revoked',
      {},
      { checkStatus: async () => ({ status: 'revoked', asOf: now }) },
    ],
    ['status unknown core.status.not-configured', {}, { checkStatus: undefined }],
  ])('exactly one check does not pass: %s (%#)', async (fault, change, others = {}) => {
    const verification = verify(await reissued(change), { ...collaborators, ...others })
    await expect(verification).rejects.toThrow(fault.includes('unknown') ? UnavailableError : RejectedError)
    expect(await faults(verification)).toEqual([fault])
  })

  it('is refused when nested too deeply, too long, or with a number out of range', async () => {
    let deep: JsonValue = 'deep'
    for (let i = 0; i < 40; i++) deep = [deep]
    for (const claim of [deep, 'x'.repeat(4_194_304), 2 ** 60]) {
      const [fault, ...others] = await faults(
        verify(await reissued({ document: { credentialSubject: { id: holderDid, claim } } }), collaborators),
      )
      expect(fault).toMatch(/^structure failed /)
      expect(others).toEqual([])
    }
  })

  it('issuer-signature: by a stranger', async () => {
    expect(await faults(verify(await reissued({}, stranger), collaborators))).toEqual([
      'issuer-signature failed keys.jws.signature',
    ])
  })
})

describe.each(securings)('vp+$name', (outer) => {
  const { name, present, verifyPresentation, remake } = outer
  const credentials = Promise.all(
    securings.map(({ issue }) => issue({ signer: issuer, credential: body, status, clock })),
  )
  const presented = async (made = credentials) => present({ credentials: await made, holder, binding, clock })
  const represented = async (change: Remake, signer = holder) => remake(await presented(), signer, change)

  it('holds credentials in all three securings', async () => {
    const verified = await verifyPresentation(await presented(), options)
    expect(verified.mediaType).toBe(`vp+${name}`)
    expect(verified.credentials.map(({ mediaType }) => mediaType)).toEqual(['vc+jwt', 'vc+sd-jwt', 'vc+cose'])
    for (const { credential, checks } of verified.credentials) {
      expect(credential).toMatchObject(body)
      expect(checks.map((check) => check.name)).toContain('status')
    }
    expect(verified.holder.kid).toBe(`${holderDid}#0`)
    expect(verified.presentation.holder).toBe(holderDid)
    expect(new Set(verified.checks.map(({ outcome }) => outcome))).toEqual(new Set(['passed']))
  })

  it.each(securings)('binds the holder by the cnf of a vc+$name (section 4.1.3)', async ({ issue }) => {
    const made = issue({
      signer: issuer,
      credential: { ...body, credentialSubject: { name_th: 'สมชาย' } },
      holderJwk: publicJwkOf(holderJwk),
      clock,
    })
    const one = Promise.all([made])
    const verified = await verifyPresentation(await presented(one), options)
    expect(verified.holder.jwk.x).toBe(holderJwk.x)
    const stolen = await present({ credentials: [await made], holder: stranger, binding, clock })
    expect(await faults(verifyPresentation(stolen, options))).toEqual([
      'holder-signature failed keys.holder.signature',
    ])
  })

  it('is refused when any one of its credentials names another holder, or none', async () => {
    for (const other of [{ holderJwk: stranger.key.publicJwk }, {}]) {
      const bound = await issuedTo({ holderJwk: publicJwkOf(holderJwk) })
      const made = await present({ credentials: [bound, await issuedTo(other)], holder, binding, clock })
      const code = 'holderJwk' in other ? 'signature' : 'unbound'
      expect(await faults(verifyPresentation(made, options))).toEqual([
        `holder-signature failed keys.holder.${code}`,
      ])
    }
  })

  it('is refused when any one of its credentials is', async () => {
    for (const [index, { remake: remakeCredential, name: of }] of securings.entries()) {
      const made = [...(await credentials)]
      made[index] = await remakeCredential(made[index] as string, stranger, {})
      const rejected = await verifyPresentation(await presented(Promise.resolve(made)), options).catch(
        (error: RejectedError) => error,
      )
      expect(await faults(Promise.reject(rejected))).toEqual(['issuer-signature failed keys.jws.signature'])
      const { detail } = (rejected as RejectedError).checks.find(({ outcome }) => outcome === 'failed') ?? {}
      expect(`${of}: ${detail}`).toBe(`${of}: credential ${index + 1}`)
    }
  })

  it('asks for no status when anything is wrong with the whole', async () => {
    const asked: unknown[] = []
    const checkStatus = async (question: unknown) => {
      asked.push(question)
      return { status: 'valid' as const, asOf: now }
    }
    const wrong = await represented({ claims: { nonce: 'old' } })
    await expect(verifyPresentation(wrong, { ...options, checkStatus })).rejects.toThrow(RejectedError)
    expect(asked).toEqual([])
    await verifyPresentation(await presented(), { ...options, checkStatus })
    expect(asked).toHaveLength(3)
  })

  it.each<[string, Remake, object?]>([
    ['structure failed vc-jose-cose.structure.typ', { header: { typ: `vc+${name}` } }],
    ['structure failed vc-jose-cose.structure.iss', { claims: { iss: 'did:example:other' } }],
    ['structure failed vc-jose-cose.structure.credentials', { document: { verifiableCredential: [] } }],
    [
      'structure failed vc-jose-cose.structure.credentials',
      { document: { verifiableCredential: undefined } },
    ],
    [
      'structure failed vc-jose-cose.structure.credentials',
      { document: { verifiableCredential: new Array(17).fill(enveloped('a.b.c', 'vc+jwt')) } },
    ],
    ['structure failed vc-jose-cose.structure.envelope', { document: { verifiableCredential: [body] } }],
    ['data-model failed vcdm.type.base', { document: { type: ['Other'] } }],
    [
      'holder-signature failed keys.holder.mismatch',
      { document: { holder: 'did:example:other' }, claims: { iss: undefined } },
    ],
    ['holder-signature unknown core.resolve.unavailable', {}, { resolveDid: unavailable }],
    ['holder-audience failed keys.holder.audience-mismatch', { claims: { aud: 'https://other.example' } }],
    ['holder-nonce failed keys.holder.nonce-mismatch', { claims: { nonce: 'old' } }],
    ['holder-nonce failed keys.holder.nonce-mismatch', { claims: { nonce: undefined } }],
    ['holder-time failed keys.holder.time-out-of-range', { claims: { iat: seconds - 400 } }],
    [
      'holder-transaction failed keys.holder.transaction-unsupported',
      {},
      { binding: { ...binding, transactionData: ['e30'] } },
    ],
    [
      'status failed core.status.revoked',
      {},
      { checkStatus: async () => ({ status: 'revoked', asOf: now }) },
    ],
    ['status unknown core.resolve.unavailable', {}, { checkStatus: unavailable }],
  ])('exactly one check does not pass: %s (%#)', async (fault, change, others = {}) => {
    const verification = verifyPresentation(await represented(change), { ...options, ...others })
    await expect(verification).rejects.toThrow(fault.includes('unknown') ? UnavailableError : RejectedError)
    expect(await faults(verification)).toEqual([fault])
  })

  it('holder-signature: by a stranger', async () => {
    expect(await faults(verifyPresentation(await represented({}, stranger), options))).toEqual([
      'holder-signature failed keys.holder.signature',
    ])
  })

  it('holds 1 to 16 credentials, of one holder', async () => {
    const [one] = await credentials
    await expect(presented(Promise.resolve([]))).rejects.toThrow(TypeError)
    await expect(presented(Promise.resolve(new Array(17).fill(one)))).rejects.toThrow(TypeError)
    const other = await issuedTo({}, { ...body, credentialSubject: { id: 'did:example:other', a: 1 } })
    await expect(presented(Promise.resolve([one as string, other]))).rejects.toThrow(TypeError)
    await expect(presented(Promise.resolve(['a.b.c']))).rejects.toMatchObject({
      code: 'vc-jose-cose.structure.malformed',
    })
  })
})

it('a status that is ignored by name is skipped for all', async () => {
  const [{ issue, present, verifyPresentation }] = securings as [(typeof securings)[0]]
  const made = await issue({ signer: issuer, credential: body, status, clock })
  const presentation = await present({ credentials: [made, made], holder, binding, clock })
  const { checks } = await verifyPresentation(presentation, {
    ...options,
    checkStatus: ignoreStatus('a test'),
  })
  expect(checks.at(-1)).toMatchObject({ name: 'status', outcome: 'skipped', code: 'core.status.ignored' })
})

async function issuedTo(holderOf: { holderJwk?: typeof holder.key.publicJwk }, credential: object = {}) {
  const unnamed = { ...body, credentialSubject: { name_th: 'สมชาย' }, ...credential }
  const [{ issue }] = securings as [(typeof securings)[0]]
  return issue({ signer: issuer, credential: unnamed, clock, ...holderOf })
}
