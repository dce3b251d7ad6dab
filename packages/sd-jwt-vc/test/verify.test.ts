import { requireTokenStatus, trustAnyone, trustOnly } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import { signJws } from '@ekkasan/keys'
import { createDisclosureFrame, flattenedSdJwt, issueSdJwt, presentSdJwt } from '@ekkasan/sd-jwt'
import { presentSdJwtVc, resolveJwtVcIssuer, verifySdJwtVc } from '@ekkasan/sd-jwt-vc'
import { describe, expect, it } from 'vitest'
import {
  binding,
  clock,
  down,
  faultsOf,
  forge,
  holder,
  iss,
  issue,
  issuer,
  metadataUrl,
  present,
  stranger,
  vct,
  verifying,
  webOf,
} from './setting.ts'

const envelope = { iss, vct, cnf: { jwk: holder.key.publicJwk as never } }

describe('verifying an SD-JWT VC', () => {
  it('passes every check of a good one, and tells what it says', async () => {
    const presentation = await presentSdJwtVc({
      credential: await issue(),
      disclose: [['credentialSubject', 'address', 'province']],
      binding,
      holder,
      clock,
    })
    const verified = await verifySdJwtVc(presentation, verifying())
    expect(verified.checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'structure passed',
      'issuer-key passed',
      'issuer-signature passed',
      'issuer-trust passed',
      'validity-start passed',
      'validity-end passed',
      'data-model passed',
      'holder-signature passed',
      'holder-audience passed',
      'holder-nonce passed',
      'holder-time passed',
      'holder-content passed',
      'status passed',
    ])
    expect(verified).toMatchObject({
      format: 'dc+sd-jwt',
      types: [vct],
      issuer: { id: iss, method: 'jwt-vc-issuer' },
      claims: { issuing_country: 'TH', address: { province: 'นนทบุรี' } },
      status: { uri: 'https://issuer.example/status/1', index: 7 },
      validity: { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') },
      view: { holderBound: true, claims: { vct, credentialSubject: { address: { province: 'นนทบุรี' } } } },
    })
    expect(verified.claims).not.toHaveProperty('name')
  })

  it('takes the JSON form too (RFC 9901 section 8)', async () => {
    expect(await faultsOf(flattenedSdJwt(await present(await issue())))).toEqual([])
  })
})

describe('exactly one check fails', () => {
  it('structure: a typ that is not dc+sd-jwt', async () => {
    const credential = await forge(envelope, { typ: 'vc+sd-jwt' })
    const fault = 'structure failed sd-jwt-vc.type'
    expect(await faultsOf(await present(credential))).toEqual([fault, 'status skipped core.status.none'])
    expect(await faultsOf(await present(credential), { acceptVcSdJwt: true })).toEqual([
      'status skipped core.status.none',
    ])
  })

  it.each([
    ['vct', { iss, cnf: envelope.cnf }, 'sd-jwt-vc.vct'],
    ['nbf', { ...envelope, nbf: '2026' }, 'sd-jwt-vc.claim.malformed'],
    ['exp', { ...envelope, exp: null }, 'sd-jwt-vc.claim.malformed'],
    ['status', { ...envelope, status: { status_list: { idx: -1, uri: 'x' } } }, 'sd-jwt-vc.claim.malformed'],
    ['aka_vcts', { ...envelope, aka_vcts: [vct] }, 'sd-jwt-vc.claim.malformed'],
  ])('structure: %s of another kind', async (_what, payload, code) => {
    const faults = await faultsOf(await present(await forge(payload)), { isTrusted: trustAnyone('a test') })
    expect(faults[0]).toBe(`structure failed ${code}`)
    expect(faults.filter((fault) => fault.includes(' failed '))).toHaveLength(1)
  })

  it.each(['exp', 'vct#integrity', 'status'])('structure: %s in a disclosure', async (name) => {
    const credential = await issueSdJwt({
      signer: issuer,
      header: { typ: 'dc+sd-jwt', kid: 'key-1' },
      payload: { ...envelope, [name]: 'x' },
      frame: createDisclosureFrame({ selective: [[name]] }),
    })
    const presentation = await presentSdJwt(credential, {
      disclose: [[name]],
      keyBinding: { holder, audience: binding.clientId, nonce: binding.nonce, clock },
    })
    expect((await faultsOf(presentation))[0]).toBe('structure failed sd-jwt-vc.claim.selective')
  })

  it('issuer-key: the issuer publishes no such key', async () => {
    const resolveIssuerKey = resolveJwtVcIssuer({ fetch: webOf({}) })
    expect(await faultsOf(await present(await issue()), { resolveIssuerKey })).toEqual([
      'issuer-key failed core.resolve.not-found',
      'issuer-signature skipped sd-jwt-vc.issuer.no-key',
      'issuer-trust skipped sd-jwt-vc.issuer.no-key',
      'status skipped core.status.not-asked',
    ])
  })

  it('issuer-key: unknown, not failed, when the issuer cannot be reached', async () => {
    const fetch = webOf({ [metadataUrl]: new TypeError('no route') })
    const faults = await faultsOf(await present(await issue()), {
      resolveIssuerKey: resolveJwtVcIssuer({ fetch }),
    })
    expect(faults[0]).toBe('issuer-key unknown core.resolve.unavailable')
    expect(faults.some((fault) => fault.includes('failed'))).toBe(false)
  })

  it('issuer-key: found for another issuer', async () => {
    const other = async () => ({
      jwk: issuer.key.publicJwk,
      identity: { id: 'https://other.example', method: 'jwt-vc-issuer' as const },
    })
    const faults = await faultsOf(await present(await issue()), { resolveIssuerKey: other })
    expect(faults[0]).toBe('issuer-key failed core.resolve.invalid')
  })

  it('issuer-signature: signed by a stranger under the same kid', async () => {
    expect(await faultsOf(await present(await issue({ signer: stranger })))).toEqual([
      'issuer-signature failed sd-jwt.signature',
      'status skipped core.status.not-asked',
    ])
  })

  it('issuer-signature: a key in the header counts for nothing', async () => {
    const jwt = await signJws({
      signer: stranger,
      header: { typ: 'dc+sd-jwt', jwk: stranger.key.publicJwk as never },
      payload: envelope,
    })
    const faults = await faultsOf(await present(`${jwt}~`))
    expect(faults[0]).toBe('issuer-signature failed sd-jwt.signature')
  })

  it('issuer-signature: what jku and x5u of the header point to is fetched by nobody (SSRF, field)', async () => {
    const attacker = { jku: 'https://attacker.example/jwks', x5u: 'https://attacker.example/pem' }
    const jwt = await signJws({
      signer: stranger,
      header: { typ: 'dc+sd-jwt', ...attacker },
      payload: envelope,
    })
    const fetch = webOf({ [metadataUrl]: { issuer: iss, jwks: { keys: [issuer.key.publicJwk] } } })
    const faults = await faultsOf(await present(`${jwt}~`), {
      resolveIssuerKey: resolveJwtVcIssuer({ fetch }),
    })
    expect(faults[0]).toBe('issuer-signature failed sd-jwt.signature')
    expect(fetch.asked).toEqual([metadataUrl])
  })

  it('issuer-trust: not trusted for this type', async () => {
    const trust = trustOnly([{ role: 'credential-issuer', id: iss, types: ['https://issuer.example/other'] }])
    expect(await faultsOf(await present(await issue()), { isTrusted: trust })).toEqual([
      'issuer-trust failed core.trust.not-for-this-type',
      'status skipped core.status.not-asked',
    ])
  })

  it.each([
    ['validity-start', { from: new Date('2026-07-01T00:00:00Z') }, 'core.validity.not-yet'],
    ['validity-end', { until: new Date('2026-05-01T00:00:00Z') }, 'core.validity.ended'],
  ])('%s', async (name, validity, code) => {
    expect(await faultsOf(await present(await issue({ validity })))).toEqual([
      `${name} failed ${code}`,
      'status skipped core.status.not-asked',
    ])
  })

  const w3c = {
    ...envelope,
    jti: 'urn:uuid:1',
    nbf: 1_767_225_600,
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: 'urn:uuid:1',
    type: ['VerifiableCredential', 'TestCredential'],
    issuer: { id: iss },
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { id: 'urn:x', a: 1 },
  }
  it('data-model: nothing is wrong with the one that the others change', async () => {
    expect(await faultsOf(await present(await forge(w3c)))).toEqual(['status skipped core.status.none'])
  })
  it.each([
    ['another id than jti', { id: 'urn:uuid:2' }, 'sd-jwt-vc.body.id-mismatch'],
    ['another issuer than iss', { issuer: 'https://other.example' }, 'sd-jwt-vc.body.issuer-mismatch'],
    ['another subject than sub', { sub: 'urn:y' }, 'sd-jwt-vc.body.subject-mismatch'],
    ['another start', { validFrom: '2026-01-01T00:01:00Z' }, 'sd-jwt-vc.body.validity-mismatch'],
    [
      'an end that exp does not have',
      { validUntil: '2027-01-01T00:00:00Z' },
      'sd-jwt-vc.body.validity-mismatch',
    ],
    ['no type', { type: [] }, 'vcdm.type.'],
    ['no subject', { credentialSubject: {} }, 'vcdm.subject.empty'],
    ['another context first', { '@context': ['https://x.example'] }, 'vcdm.context.first'],
  ])('data-model: %s', async (_what, change, code) => {
    const faults = await faultsOf(await present(await forge({ ...w3c, ...change })))
    expect(faults).toEqual([
      expect.stringContaining(`data-model failed ${code}`),
      'status skipped core.status.none',
    ])
  })

  it('status: that of the body is looked up; of another type, or beside the claim `status`, it is unknown', async () => {
    const entry = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential: 'https://issuer.example/status/1',
    }
    const asked: unknown[] = []
    const checkStatus = async (reference: unknown) => {
      asked.push(reference)
      return { status: 'revoked' as const, asOf: new Date() }
    }
    const made = async (change: object) => present(await forge({ ...w3c, ...change }))
    expect(await faultsOf(await made({ credentialStatus: entry }), { checkStatus })).toEqual([
      'status failed core.status.revoked',
    ])
    expect(asked).toEqual([{ credentialStatus: [entry] }])
    const unknown = ['status unknown core.status.not-configured']
    const other = { ...entry, type: 'StatusList2021Entry' }
    expect(await faultsOf(await made({ credentialStatus: other }), { checkStatus })).toEqual(unknown)
    const status = { status_list: { idx: 1, uri: 'https://issuer.example/tokens/1' } }
    expect(await faultsOf(await made({ credentialStatus: entry, status }), { checkStatus })).toEqual(unknown)
    const malformed = { ...entry, statusListIndex: 7 }
    expect(await faultsOf(await made({ credentialStatus: malformed }), { checkStatus })).toEqual([
      'data-model failed vcdm.status.invalid',
      'status skipped core.status.not-asked',
    ])
  })

  it.each(['nbf', 'exp'])('structure and data-model: a time that is an object, in %s', async (name) => {
    const change = { [name]: { toString: 1, valueOf: 1 }, validFrom: '2026-01-01T00:00:00Z' }
    expect(await faultsOf(await present(await forge({ ...w3c, ...change })))).toEqual([
      'structure failed sd-jwt-vc.claim.malformed',
      'data-model failed sd-jwt-vc.body.validity-mismatch',
      'status skipped core.status.none',
    ])
  })

  it.each(['revoked', 'suspended'] as const)('status: %s', async (status) => {
    const answer = async () => ({ status, asOf: clock() })
    expect(await faultsOf(await present(await issue()), { checkStatus: answer })).toEqual([
      `status failed core.status.${status}`,
    ])
  })

  it('status: unknown, neither revoked nor fine, when it cannot be looked up', async () => {
    const presentation = await present(await issue())
    expect(await faultsOf(presentation, { checkStatus: down })).toEqual([
      'status unknown core.resolve.unavailable',
    ])
    const { checkStatus: _none, ...without } = verifying()
    await expect(verifySdJwtVc(presentation, without)).rejects.toMatchObject({
      name: 'UnavailableError',
      code: 'core.status.not-configured',
    })
  })

  it('holder-audience, holder-nonce', async () => {
    const credential = await issue()
    const notAsked = 'status skipped core.status.not-asked'
    expect(await faultsOf(await present(credential, { clientId: 'x509_san_dns:other.example' }))).toEqual([
      'holder-audience failed sd-jwt.key-binding.audience-mismatch',
      notAsked,
    ])
    expect(await faultsOf(await present(credential, { nonce: 'nonce-2' }))).toEqual([
      'holder-nonce failed sd-jwt.key-binding.nonce-mismatch',
      notAsked,
    ])
  })

  it.each([
    ['holder-signature', {}, stranger, 'sd-jwt.key-binding.signature'],
    ['holder-time', { iat: 1 }, holder, 'sd-jwt.key-binding.too-old'],
    ['holder-content', { sd_hash: 'x' }, holder, 'sd-jwt.key-binding.sd-hash-mismatch'],
    [
      'holder-transaction',
      { transaction_data_hashes: ['x'] },
      holder,
      'sd-jwt.key-binding.transaction-mismatch',
    ],
  ])('%s', async (name, change, signer, code) => {
    const credential = await forge(envelope)
    const kb = await signJws({
      signer,
      header: { typ: 'kb+jwt' },
      payload: {
        iat: clock().getTime() / 1000,
        aud: binding.clientId,
        nonce: binding.nonce,
        sd_hash: hashBase64url('sha-256', credential),
        ...change,
      },
    })
    expect(await faultsOf(credential + kb)).toEqual([
      `${name} failed ${code}`,
      'status skipped core.status.none',
    ])
  })
})

describe('types', () => {
  const aka = 'https://issuer.example/general'
  it('count further types only where the issuer is trusted for them too', async () => {
    const presentation = await present(await issue({ akaVcts: [aka, 'https://other.example/type'] }))
    expect((await verifySdJwtVc(presentation, verifying())).types).toEqual([vct])
    const both = trustOnly([{ role: 'credential-issuer', id: iss, types: [vct, aka] }])
    const { types, view } = await verifySdJwtVc(presentation, verifying({ isTrusted: both }))
    expect(types).toEqual([vct, aka])
    expect(view.types).toEqual([vct, aka])
  })

  it('are not made acceptable by a further type', async () => {
    const onlyAka = trustOnly([{ role: 'credential-issuer', id: iss, types: [aka] }])
    expect(await faultsOf(await present(await issue({ akaVcts: [aka] })), { isTrusted: onlyAka })).toContain(
      'issuer-trust failed core.trust.not-for-this-type',
    )
  })
})

describe('what is fetched', () => {
  it('is nothing that a forged credential names', async () => {
    const asked: string[] = []
    const forged = await present(await issue({ signer: stranger }))
    await faultsOf(forged, {
      checkStatus: async (reference) => {
        asked.push(requireTokenStatus(reference).uri)
        return { status: 'valid', asOf: clock() }
      },
      typeMetadata: async (type) => {
        asked.push(type)
        return { vct: type, extends: [], claims: [], display: [] }
      },
    })
    expect(asked).toEqual([])
  })
})

describe('without holder binding (OpenID4VP B.3)', () => {
  it('accepts an SD-JWT, and does not count a KB-JWT', async () => {
    const { binding: _none, ...options } = verifying()
    const bare = await presentSdJwtVc({ credential: await issue(), disclose: [] })
    expect((await verifySdJwtVc(bare, options)).checks.some(({ name }) => name.startsWith('holder'))).toBe(
      false,
    )
    const { checks } = await verifySdJwtVc(await present(await issue()), options)
    expect(checks).toContainEqual({
      name: 'holder-signature',
      outcome: 'skipped',
      code: 'sd-jwt-vc.holder.not-required',
    })
  })
})

it.each([undefined, null, 1, [], '', 'x', '~', {}])(
  'rejects %j, and throws nothing else',
  async (presentation) => {
    expect(await faultsOf(presentation)).toEqual([expect.stringMatching(/^structure failed /)])
  },
)
