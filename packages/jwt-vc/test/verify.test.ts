import { ignoreStatus, RejectedError, ResolveError, trustOnly, UnavailableError } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { issueJwtVc, presentJwtVp, verifyJwtVc, verifyJwtVp } from '@ekkasan/jwt-vc'
import { parseJws, publicJwkOf } from '@ekkasan/keys'
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
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
  issuer: issuerUrl,
  issuanceDate: '2026-11-20T00:00:00Z',
  expirationDate: '2027-11-20T00:00:00Z',
  credentialSubject: { id: holderDid, name_th: 'สมชาย' },
}
const status = { uri: 'https://issuer.example/status/1', index: 7 }
const credential = await issueJwtVc({ signer: issuer, credential: body, status })
const presentation = await presentJwtVp({ credential, holder, binding, clock })
const options = { ...collaborators, binding }

/** The credential with its claims changed, signed by the issuer again. */
const reissued = (change: (payload: JsonObject) => JsonObject, header: JsonObject = {}) => {
  const opened = open(credential)
  return sign(issuer, { ...opened.header, ...header }, change(opened.payload))
}
/** The presentation with its claims changed, signed by the holder again. */
const represented = (change: JsonObject, signer = holder, header: JsonObject = {}) => {
  const opened = open(presentation)
  return sign(signer, { ...opened.header, ...header }, { ...opened.payload, ...change })
}
const presentationOf = async (made: Promise<string>) =>
  presentJwtVp({ credential: await made, holder, binding, clock })

describe('JWT encoding (VCDM 1.1 section 6.3.1)', () => {
  it('puts issuer, dates, id and subject into claims of the JWT', () => {
    const { header, payload } = open(credential)
    expect(header).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'k1' })
    expect(payload).toEqual({
      iss: issuerUrl,
      sub: holderDid,
      jti: body.id,
      nbf: 1795132800,
      exp: 1826668800,
      status: { status_list: { idx: 7, uri: status.uri } },
      vc: {
        '@context': body['@context'],
        type: body.type,
        credentialSubject: { name_th: 'สมชาย' },
      },
    })
  })

  it('gives back the credential that was signed', async () => {
    const verified = await verifyJwtVc(credential, collaborators)
    expect(verified.credential).toEqual(body)
    expect(verified.claims).toEqual({ name_th: 'สมชาย' })
    expect(verified.status).toEqual(status)
    expect(verified.validity).toEqual({
      from: new Date(body.issuanceDate),
      until: new Date(body.expirationDate),
    })
  })

  it('reads an issuer that repeats the claims inside vc', async () => {
    const repeated = await reissued((payload) => ({ ...payload, vc: body }))
    expect((await verifyJwtVc(repeated, collaborators)).credential).toEqual(body)
  })

  it.each([
    ['issuer', { issuer: 'https://other.example' }],
    ['id', { id: 'urn:uuid:other' }],
    ['subject', { credentialSubject: { id: 'did:example:other', a: 1 } }],
    ['subject in a list', { credentialSubject: [{ id: 'did:example:other', a: 1 }] }],
    ['issuance date, which is none,', { issuanceDate: 'yesterday' }],
    ['expiration date, which is none,', { expirationDate: 5 }],
  ])('refuses a vc whose %s differs from the claim that stands for it', async (_name, member) => {
    const changed = await reissued((payload) => ({ ...payload, vc: { ...body, ...member } }))
    expect(await faults(verifyJwtVc(changed, collaborators))).toEqual([
      'structure failed jwt-vc.structure.conflict',
    ])
  })

  it.each([-90, -1, 0, 1, 90, 86_400])(
    'hands on nbf as issuanceDate, %d seconds from what vc says (VCDM 1.1 6.3.1) [K8]',
    async (seconds) => {
      const nbf = Date.parse(body.issuanceDate) / 1000 + seconds
      const changed = await reissued((payload) => ({ ...payload, nbf, vc: body }))
      const { credential: read, validity } = await verifyJwtVc(changed, collaborators)
      expect(read.issuanceDate).toBe(new Date(nbf * 1000).toISOString().replace('.000Z', 'Z'))
      expect(validity.from).toEqual(new Date(nbf * 1000))
    },
  )

  it('takes the earlier of exp and expirationDate [K8]', async () => {
    const until = Date.parse(body.expirationDate)
    const of = async (exp: number, expirationDate: string) => {
      const changed = await reissued((payload) => ({ ...payload, exp, vc: { ...body, expirationDate } }))
      return verifyJwtVc(changed, collaborators)
    }
    for (const [exp, written] of [
      [until / 1000 - 3600, until],
      [until / 1000, until - 3_600_000],
    ] as const) {
      const { credential: read, validity } = await of(exp, new Date(written).toISOString())
      const earlier = new Date(until - 3_600_000)
      expect(validity.until).toEqual(earlier)
      expect(new Date(String(read.expirationDate))).toEqual(earlier)
    }
    const ended = of(until / 1000, new Date(now.getTime() - 3_600_000).toISOString())
    expect(await faults(ended)).toEqual(['validity-end failed core.validity.ended'])
    const over = of(now.getTime() / 1000 - 3600, body.expirationDate)
    expect(await faults(over)).toEqual(['validity-end failed core.validity.ended'])
  })

  it('takes a context named twice, which a 2.0 body must not have [K8]', async () => {
    const [context] = body['@context']
    const twice = await reissued((p) => ({
      ...p,
      vc: { ...(p.vc as JsonObject), '@context': [context as string, context as string] },
    }))
    expect(await faults(verifyJwtVc(twice, collaborators))).toEqual([])
    const credential = { ...body, '@context': [context as string, context as string] }
    await expect(issueJwtVc({ signer: issuer, credential })).rejects.toThrow('vcdm.context.repeated')
  })

  it.each([
    ['with sub', (sub: string) => ({ sub, subject: [{ name_th: 'สมชาย' }] })],
    ['with sub and id', (sub: string) => ({ sub, subject: [{ id: sub, name_th: 'สมชาย' }] })],
    ['with id alone', (sub: string) => ({ subject: [{ id: sub, name_th: 'สมชาย' }] })],
  ])('takes one subject in a list for one subject, %s [F8]', async (_how, made) => {
    const { subject, ...named } = made(holderDid)
    const listed = await reissued(({ sub: _sub, ...payload }) => ({
      ...payload,
      ...named,
      vc: { ...(payload.vc as JsonObject), credentialSubject: subject },
    }))
    const verified = await verifyJwtVc(listed, collaborators)
    expect(verified.claims).toEqual({ name_th: 'สมชาย' })
    expect(verified.credential.credentialSubject).toEqual([{ id: holderDid, name_th: 'สมชาย' }])
    const presented = await presentJwtVp({ credential: listed, holder, binding, clock })
    expect((await verifyJwtVp(presented, options)).holder.kid).toBe(`${holderDid}#0`)
    const two = await reissued((payload) => ({
      ...payload,
      vc: { ...(payload.vc as JsonObject), credentialSubject: [...subject, { name_th: 'สมหญิง' }] },
    }))
    expect(await faults(verifyJwtVc(two, collaborators))).toEqual([
      'structure failed jwt-vc.structure.conflict',
    ])
  })

  it('signs only a credential of 1.1 that conforms', async () => {
    const wrong = { ...body, credentialSubject: {} }
    await expect(issueJwtVc({ signer: issuer, credential: wrong })).rejects.toThrow(TypeError)
    const version2 = { ...body, '@context': ['https://www.w3.org/ns/credentials/v2'] }
    await expect(issueJwtVc({ signer: issuer, credential: version2 })).rejects.toThrow(TypeError)
  })
})

describe('a presentation in which all is well', () => {
  it('passes every check', async () => {
    const { checks, holder: key } = await verifyJwtVp(presentation, options)
    expect(checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'structure passed',
      'data-model passed',
      'validity-start passed',
      'validity-end passed',
      'issuer-key passed',
      'issuer-signature passed',
      'issuer-trust passed',
      'holder-signature passed',
      'holder-audience passed',
      'holder-nonce passed',
      'holder-time passed',
      'status passed',
    ])
    expect(key.kid).toBe(`${holderDid}#0`)
  })

  it('is bound by cnf.jwk where no DID names the holder (RFC 7800 section 3.2)', async () => {
    const { id, ...claims } = body.credentialSubject
    const bound = await issueJwtVc({
      signer: issuer,
      credential: { ...body, credentialSubject: claims },
      holderJwk: publicJwkOf(holderJwk),
    })
    const presented = await presentJwtVp({ credential: bound, holder, binding, clock })
    expect(open(presented).payload).not.toHaveProperty('iss')
    await expect(verifyJwtVp(presented, options)).resolves.toMatchObject({ claims })
    const stolen = await presentJwtVp({ credential: bound, holder: stranger, binding, clock })
    expect(await faults(verifyJwtVp(stolen, options))).toEqual([
      'holder-signature failed keys.holder.signature',
    ])
  })

  it('is made for an origin with the DC API (OpenID4VP Appendix A.4)', async () => {
    const withOrigin = { ...binding, origin: 'https://verifier.example' }
    const made = await presentJwtVp({ credential, holder, binding: withOrigin, clock })
    expect(open(made).payload.aud).toBe('origin:https://verifier.example')
    await verifyJwtVp(made, { ...options, binding: withOrigin })
  })
})

describe('exactly one check fails', () => {
  const failing: [string, () => Promise<string>, Partial<typeof options>?][] = [
    [
      'data-model failed vcdm.type.base',
      () => presentationOf(reissued((p) => ({ ...p, vc: { ...(p.vc as JsonObject), type: ['Other'] } }))),
    ],
    [
      'data-model failed vcdm.context.version',
      () =>
        presentationOf(
          reissued((p) => {
            const { nbf, ...rest } = p
            const vc = { ...(p.vc as JsonObject), '@context': ['https://www.w3.org/ns/credentials/v2'] }
            return { ...rest, vc }
          }),
        ),
    ],
    [
      'validity-start failed core.validity.not-yet',
      () => presentationOf(reissued((p) => ({ ...p, nbf: now.getTime() / 1000 + 3600 }))),
    ],
    [
      'validity-end failed core.validity.ended',
      () => presentationOf(reissued((p) => ({ ...p, exp: now.getTime() / 1000 - 3600 }))),
    ],
    [
      'issuer-key failed core.resolve.not-found',
      async () => presentation,
      {
        resolveIssuerKey: async () => {
          throw new ResolveError('core.resolve.not-found', 'no such key')
        },
      },
    ],
    [
      'issuer-signature failed keys.jws.signature',
      async () => {
        const { header, payload } = open(credential)
        return presentJwtVp({ credential: await sign(stranger, header, payload), holder, binding, clock })
      },
    ],
    ['issuer-trust failed core.trust.not-listed', async () => presentation, { isTrusted: trustOnly([]) }],
    ['holder-signature failed keys.holder.signature', () => represented({}, stranger)],
    [
      'holder-signature failed keys.holder.key-not-found',
      () => represented({}, holder, { kid: `${holderDid}#1` }),
    ],
    [
      'holder-signature failed keys.holder.mismatch',
      () => represented({ iss: 'did:example:someone', vp: { verifiableCredential: [credential] } }),
    ],
    [
      'holder-audience failed keys.holder.audience-mismatch',
      () => represented({ aud: 'https://other.example' }),
    ],
    [
      'holder-audience failed keys.holder.audience-mismatch',
      () => represented({ aud: [binding.clientId, 'https://other.example'] }),
    ],
    ['holder-nonce failed keys.holder.nonce-mismatch', () => represented({ nonce: 'old' })],
    [
      'holder-time failed keys.holder.time-out-of-range',
      () => represented({ iat: now.getTime() / 1000 - 400 }),
    ],
    [
      'holder-time failed keys.holder.time-out-of-range',
      () => represented({ iat: now.getTime() / 1000 + 400 }),
    ],
    [
      'holder-time failed keys.holder.time-out-of-range',
      () => represented({ exp: now.getTime() / 1000 - 100 }),
    ],
    [
      'holder-transaction failed keys.holder.transaction-unsupported',
      async () => presentation,
      { binding: { ...binding, transactionData: ['e30'] } as typeof binding },
    ],
    [
      'status failed core.status.revoked',
      async () => presentation,
      { checkStatus: async () => ({ status: 'revoked', asOf: now }) },
    ],
    [
      'status failed core.status.suspended',
      async () => presentation,
      { checkStatus: async () => ({ status: 'suspended', asOf: now }) },
    ],
  ]
  it('takes a presentation that does not say when it was made: its nonce is of this request', async () => {
    const { checks } = await verifyJwtVp(await represented({ iat: undefined as never }), options)
    expect(checks.find(({ name }) => name === 'holder-time')).toMatchObject({
      outcome: 'skipped',
      code: 'keys.holder.time-missing',
    })
  })

  it.each(failing)('%s', async (fault, made, change = {}) => {
    const verification = verifyJwtVp(await made(), { ...options, ...change })
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
    const verification = verifyJwtVp(presentation, { ...options, ...change })
    await expect(verification).rejects.toThrow(UnavailableError)
    expect(await faults(verification)).toEqual([fault])
  })
})

describe('status', () => {
  it('is looked up where a BitstringStatusListEntry says, as it was issued; beside a claim `status` it is unknown', async () => {
    const entry = {
      id: 'https://issuer.example/status/1#7',
      type: 'BitstringStatusListEntry' as const,
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential: 'https://issuer.example/status/1',
    }
    const status = { credentialStatus: [entry] }
    const made = await issueJwtVc({ signer: issuer, credential: body, status })
    const { payload } = parseJws(made)
    expect([payload.status, (payload.vc as JsonObject).credentialStatus]).toEqual([undefined, entry])
    const asked: unknown[] = []
    const checkStatus = async (reference: unknown) => {
      asked.push(reference)
      return { status: 'suspended' as const, asOf: now }
    }
    expect(await faults(verifyJwtVc(made, { ...collaborators, checkStatus }))).toEqual([
      'status failed core.status.suspended',
    ])
    expect(asked).toEqual([status])
    const both = await issueJwtVc({
      signer: issuer,
      credential: { ...body, credentialStatus: entry },
      status: { uri: 'https://issuer.example/tokens/1', index: 1 },
    })
    expect(await faults(verifyJwtVc(both, { ...collaborators, checkStatus }))).toEqual([
      'status unknown core.status.not-configured',
    ])
  })

  it('is unknown for a credentialStatus of another kind, unless statuses are ignored', async () => {
    const entry = { id: 'https://issuer.example/s#1', type: 'StatusList2021Entry' }
    const other = await issueJwtVc({ signer: issuer, credential: { ...body, credentialStatus: entry } })
    expect(await faults(verifyJwtVc(other, collaborators))).toEqual([
      'status unknown core.status.not-configured',
    ])
    await verifyJwtVc(other, { ...collaborators, checkStatus: ignoreStatus('a test') })
  })

  it('is not fetched for a credential that another check refused', async () => {
    let asked = 0
    const checkStatus = async () => {
      asked += 1
      return { status: 'valid' as const, asOf: now }
    }
    await faults(verifyJwtVc(credential, { ...collaborators, isTrusted: trustOnly([]), checkStatus }))
    expect(asked).toBe(0)
  })
})

describe('structure', () => {
  const refused: [string, string, () => Promise<unknown>][] = [
    ['jwt-vc.structure.malformed', 'a number', async () => 7],
    ['jwt-vc.structure.malformed', 'two parts', async () => 'a.b'],
    [
      'jwt-vc.structure.presentation',
      'a bare credential where a presentation is asked for',
      async () => credential,
    ],
    [
      'jwt-vc.structure.typ',
      'a JWT of another kind',
      () => represented({}, holder, { typ: 'openid4vci-proof+jwt' }),
    ],
    [
      'jwt-vc.structure.credentials',
      'no credential',
      () => represented({ vp: { verifiableCredential: [] } }),
    ],
    [
      'jwt-vc.structure.credentials',
      'two credentials',
      () => represented({ vp: { verifiableCredential: [credential, credential] } }),
    ],
    [
      'jwt-vc.structure.conflict',
      'another holder than iss',
      () => represented({ vp: { holder: 'did:example:other', verifiableCredential: [credential] } }),
    ],
    [
      'jwt-vc.structure.conflict',
      'another holder than iss, as an object',
      () => represented({ vp: { holder: { id: 'did:example:other' }, verifiableCredential: [credential] } }),
    ],
    [
      'jwt-vc.structure.claims',
      'a credential without iss',
      () => presentationBy(reissued(({ iss, ...rest }) => rest)),
    ],
    [
      'keys.jwt.claims',
      'nbf as text',
      () => presentationBy(reissued((p) => ({ ...p, nbf: '2026-01-01T00:00:00Z' }))),
    ],
    [
      'keys.jwt.claims',
      'a private key in cnf',
      () => presentationBy(reissued((p) => ({ ...p, cnf: { jwk: holderJwk as unknown as JsonObject } }))),
    ],
    [
      'keys.jwt.claims',
      'a negative status index',
      () => presentationBy(reissued((p) => ({ ...p, status: { status_list: { idx: -1, uri: 'x' } } }))),
    ],
  ]
  const presentationBy = async (made: Promise<string>) =>
    represented({ vp: { verifiableCredential: [await made] } })
  it.each(refused)('%s: %s', async (code, _name, made) => {
    expect(await faults(verifyJwtVp(await made(), options))).toEqual([`structure failed ${code}`])
  })

  it('refuses alg none and a key in the header', async () => {
    const { header, payload } = open(credential)
    const unsigned = await sign(issuer, { ...header, alg: 'none' }, payload)
    expect(await faults(verifyJwtVc(unsigned, collaborators))).toEqual([
      'issuer-signature failed keys.jws.signature',
    ])
    const own = await sign(
      stranger,
      { ...header, jwk: stranger.key.publicJwk as unknown as JsonObject },
      payload,
    )
    expect(await faults(verifyJwtVc(own, collaborators))).toEqual([
      'issuer-signature failed keys.jws.signature',
    ])
  })

  it('answers any text and any payload with a report, never with another error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.jsonValue()), async (text) => {
        expect(await faults(verifyJwtVp(text, options))).toHaveLength(1)
      }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('iss', 'vc', 'sub', 'nbf', 'cnf', 'status'), fc.jsonValue()),
        async (payload) => {
          const made = await sign(issuer, { typ: 'JWT' }, payload as JsonObject)
          expect((await faults(verifyJwtVc(made, collaborators))).length).toBeGreaterThan(0)
        },
      ),
    )
  })
})
