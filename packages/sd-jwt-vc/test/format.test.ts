import { type ClaimPath, FetchError, startOfDay, trustAnyone } from '@ekkasan/core'
import { createDisclosureFrame, parseSdJwt } from '@ekkasan/sd-jwt'
import {
  integrityOf,
  issueSdJwtVc,
  matchesIntegrity,
  resolveJwtVcIssuer,
  resolveTypeMetadata,
  sdJwtVc,
  sdJwtVcHolder,
  sdJwtVcVerifier,
} from '@ekkasan/sd-jwt-vc'
import { validateCredential } from '@ekkasan/vcdm'
import { describe, expect, it } from 'vitest'
import {
  binding,
  clock,
  document,
  faultsOf,
  holder,
  holderKey,
  iss,
  issue,
  issuer,
  metadata,
  metadataUrl,
  now,
  present,
  stranger,
  vct,
  webOf,
} from './setting.ts'

const claims = {
  name: 'สมชาย',
  address: { province: 'นนทบุรี', country: 'TH', lines: ['a', 'b'] },
  children: [{ name: 'ก' }, { name: 'ข' }],
  issuing_country: 'TH',
}
const request = {
  document,
  issuer: iss,
  claims,
  holder: holderKey,
  validity: { from: new Date('2026-01-01T00:00:00.789Z'), until: new Date('2027-01-01T00:00:00Z') },
  id: 'urn:uuid:9a1bb0a4-0000-4000-8000-000000000002',
}
const isTrusted = trustAnyone('a test')

describe.each([
  ['with a W3C body', true],
  ['plain', false],
])('the plugs, %s', (_what, vcdm) => {
  const format = sdJwtVc({ signer: issuer, vcdm, issuerName: 'กรมการปกครอง', decoys: 1, clock })
  const at = vcdm ? ['credentialSubject'] : []
  const served = format.served(document, iss)
  const web = webOf({
    [metadataUrl]: metadata,
    ...Object.fromEntries(served.map(({ path, body }) => [iss + path, body])),
  })
  const resolveIssuerKey = resolveJwtVcIssuer({ fetch: web, clock })
  const holding = sdJwtVcHolder({ resolveIssuerKey })
  const verifying = sdJwtVcVerifier({ resolveIssuerKey, typeMetadata: resolveTypeMetadata({ fetch: web }) })

  it('issue, accept, present, verify, with the type metadata that is served', async () => {
    const credential = await format.issue(request)
    const held = await holding.accept(credential, { holder: holderKey, issuer: iss, isTrusted, clock })
    expect(held.view).toEqual(holding.view(credential))
    expect(vcdm ? held.view.claims.credentialSubject : held.view.claims).toMatchObject(claims)
    const presented = await holding.present(credential, {
      disclose: [
        [...at, 'address', 'lines', 1],
        [...at, 'children', null, 'name'],
      ],
      binding,
      holder,
      clock,
    })
    const verified = await verifying.verify(presented, { binding, isTrusted, clock })
    expect(verified.claims).toEqual({
      address: { country: 'TH', lines: ['b'] },
      children: claims.children,
      issuing_country: 'TH',
    })
    expect(verified.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([
      ...(vcdm
        ? [{ name: 'credential-schema', outcome: 'skipped', code: 'vcdm.schema.not-configured' }]
        : []),
      { name: 'status', outcome: 'skipped', code: 'core.status.none' },
    ])
  })

  it('say what is shown beside what is asked for: what the issuer left plain on the way to it', async () => {
    const issued = await issueSdJwtVc({
      signer: issuer,
      issuer: iss,
      vct,
      claims: { address: { street: 'ข', country: 'TH' }, name: 'ก' },
      frame: createDisclosureFrame({ selective: [['address'], ['name']] }),
    })
    const optional = (path: ClaimPath) =>
      holding
        .shown(issued, [path])
        .filter(({ always }) => !always)
        .map(({ path }) => path)
    expect(optional(['address', 'country'])).toEqual([
      ['address', 'street'],
      ['address', 'country'],
    ])
    expect(optional(['name'])).toEqual([['name']])
    const always = holding.shown(issued, []).map(({ path, value }) => [path.join('.'), value])
    expect(Object.fromEntries(always)).toMatchObject({ iss, vct })
  })

  it('conceal all that is selective, member by member and item by item', async () => {
    const { jws, disclosures } = parseSdJwt(await format.issue(request))
    expect(disclosures).toHaveLength(11)
    const text = JSON.stringify(jws.payload)
    for (const secret of ['สมชาย', 'province', 'children', 'lines', '"ก"']) expect(text).not.toContain(secret)
    expect(jws.header).toEqual({ alg: 'ES256', typ: 'dc+sd-jwt', kid: 'key-1' })
  })

  it('say the integrity of the metadata that is served, under a path of its own', () => {
    const [type] = served
    expect(format.configuration(document, iss)).toEqual({ vct: vcdm ? vct : `${vct}/plain` })
    expect(`${iss}${type?.path}`).toBe(vcdm ? vct : `${vct}/plain`)
    expect(JSON.parse(type?.body ?? '')).toMatchObject({
      vct: vcdm ? vct : `${vct}/plain`,
      display: [
        { locale: 'th', name: 'บัตรทดสอบ' },
        { locale: 'en', name: 'Test card', description: 'For tests' },
      ],
      claims: [{ path: [...at, 'name'], sd: 'always', mandatory: true }, {}, { sd: 'never' }, {}, {}],
    })
  })

  it('hold nothing that two formats would serve under one path', () => {
    const other = sdJwtVc({ signer: issuer, vcdm: !vcdm })
    const paths = [...served, ...other.served(document, iss)].map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    expect(other.configurationId(document)).not.toBe(format.configurationId(document))
  })

  it('refuse a credential for another key, and a presentation in place of one', async () => {
    const accepting = { issuer: iss, isTrusted, clock }
    const credential = await format.issue(request)
    const other = { jwk: stranger.key.publicJwk }
    await expect(holding.accept(credential, { ...accepting, holder: other })).rejects.toMatchObject({
      code: 'sd-jwt-vc.holder.other-key',
    })
    const presented = await holding.present(credential, { disclose: [], binding, holder, clock })
    await expect(holding.accept(presented, { ...accepting, holder: holderKey })).rejects.toMatchObject({
      code: 'sd-jwt-vc.holder.presentation',
    })
  })
})

describe('the W3C body', () => {
  it('is one that the data model accepts, and says what the registered claims say', async () => {
    const format = sdJwtVc({ signer: issuer, vcdm: true, clock })
    const { view } = await sdJwtVcHolder({
      resolveIssuerKey: resolveJwtVcIssuer({ fetch: webOf({ [metadataUrl]: metadata }) }),
    }).accept(await format.issue(request), { holder: holderKey, issuer: iss, isTrusted, clock })
    const { iss: issued, jti, nbf, exp, cnf, vct: type, 'vct#integrity': sri, iat, ...body } = view.claims
    expect(validateCredential(body)).toEqual([])
    expect(body).toMatchObject({
      id: jti,
      issuer: { id: issued },
      type: ['VerifiableCredential', 'TestCredential'],
      validFrom: '2025-12-31T17:00:00Z',
      validUntil: '2026-12-31T17:00:00Z',
    })
    expect([nbf, exp, iat]).toEqual([1_767_200_400, 1_798_736_400, startOfDay(now).getTime() / 1000])
    expect([typeof cnf, type, typeof sri]).toEqual(['object', vct, 'string'])
  })
})

describe('type metadata (SD-JWT VC section 4)', () => {
  const base = 'https://general.example/type'
  const own = { vct, claims: [{ path: ['issuing_country'], sd: 'never' }] }
  const check = async (documents: Record<string, unknown>, integrity?: string) =>
    (
      await faultsOf(await present(await issue(integrity === undefined ? {} : { vctIntegrity: integrity })), {
        typeMetadata: resolveTypeMetadata({ fetch: webOf(documents) }),
      })
    ).filter((fault) => !fault.includes(' skipped '))

  it('passes, and gives the types that it extends', async () => {
    const documents = {
      [vct]: { ...own, extends: base, 'extends#integrity': integrityOf(JSON.stringify({ vct: base })) },
      [base]: { vct: base },
    }
    expect(await check(documents, integrityOf(JSON.stringify(documents[vct])))).toEqual([])
    expect((await resolveTypeMetadata({ fetch: webOf(documents) })(vct)).extends).toEqual([base])
  })

  it.each([
    [
      'another hash than named',
      { [vct]: own },
      integrityOf('other'),
      'failed sd-jwt-vc.type-metadata.integrity',
    ],
    ['another type', { [vct]: { vct: base } }, undefined, 'failed sd-jwt-vc.type-metadata.vct-mismatch'],
    [
      'a circle',
      { [vct]: { vct, extends: base }, [base]: { vct: base, extends: vct } },
      undefined,
      'failed sd-jwt-vc.type-metadata.extends',
    ],
    [
      'itself extended',
      { [vct]: { vct, extends: vct } },
      undefined,
      'failed sd-jwt-vc.type-metadata.extends',
    ],
    [
      'claims that are no list',
      { [vct]: { vct, claims: {} } },
      undefined,
      'failed sd-jwt-vc.type-metadata.malformed',
    ],
    [
      'an empty path',
      { [vct]: { vct, claims: [{ path: [] }] } },
      undefined,
      'failed sd-jwt-vc.type-metadata.malformed',
    ],
    [
      'an address that is not asked',
      { [vct]: new FetchError('core.fetch.address-refused', 'x') },
      undefined,
      'unknown core.resolve.unavailable',
    ],
    [
      'a claim that should be selective',
      { [vct]: { vct, claims: [{ path: ['type'], sd: 'always' }] } },
      undefined,
      'failed sd-jwt-vc.type-metadata.claims',
    ],
    [
      'a claim that should not be',
      { [vct]: { vct, claims: [{ path: ['missing'], sd: 'never', mandatory: true }] } },
      undefined,
      'failed sd-jwt-vc.type-metadata.claims',
    ],
    [
      'a path that does not fit',
      { [vct]: { vct, claims: [{ path: ['iss', null] }] } },
      undefined,
      'failed sd-jwt-vc.type-metadata.claims',
    ],
    [
      'an extension that loosens its base',
      {
        [vct]: { vct, extends: base, claims: [{ path: ['a'], sd: 'never' }] },
        [base]: { vct: base, claims: [{ path: ['a'], sd: 'always' }] },
      },
      undefined,
      'failed sd-jwt-vc.type-metadata.extends',
    ],
  ])('does not pass with %s', async (_what, documents, integrity, fault) => {
    expect(await check(documents, integrity)).toEqual([`type-metadata ${fault}`])
  })

  it('bounds the chain of types', async () => {
    const url = (i: number) => `https://t.example/${i}`
    const chain = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [url(i), { vct: url(i), extends: url(i + 1) }]),
    )
    const fetch = webOf(chain)
    await expect(resolveTypeMetadata({ fetch })(url(0))).rejects.toMatchObject({
      code: 'sd-jwt-vc.type-metadata.extends',
    })
    expect(fetch.asked).toHaveLength(9)
  })

  it('bounds the claims of a type and of all that it extends', async () => {
    const claims = (prefix: string, length: number) =>
      Array.from({ length }, (_, i) => ({ path: [`${prefix}${i}`] }))
    const documents = (length: number) => ({
      [vct]: { vct, extends: base, claims: claims('a', 256) },
      [base]: { vct: base, claims: claims('b', length) },
    })
    const resolve = (length: number) => resolveTypeMetadata({ fetch: webOf(documents(length)) })(vct)
    expect((await resolve(256)).claims).toHaveLength(512)
    await expect(resolve(257)).rejects.toMatchObject({ code: 'sd-jwt-vc.type-metadata.malformed' })
  })

  it('compares integrity as Subresource Integrity says (section 3.3.4)', () => {
    const bytes = new TextEncoder().encode('hello')
    const good = integrityOf(bytes)
    expect(good).toBe('sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=')
    expect(matchesIntegrity(bytes, `${integrityOf('x')} ${good}`)).toBe(true)
    expect(matchesIntegrity(bytes, `${good} sha512-AAAA`)).toBe(false)
    expect(matchesIntegrity(bytes, '')).toBe(false)
    expect(matchesIntegrity(bytes, 'md5-AAAA')).toBe(false)
  })
})
