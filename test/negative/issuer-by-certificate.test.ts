import { createMemoryStore, type RejectedError, trustOnly } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import { jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import {
  issueSdJwtVc,
  resolveJwtVcIssuer,
  sdJwtVcHolder,
  sdJwtVcVerifier,
  verifySdJwtVc,
} from '@ekkasan/sd-jwt-vc'
import { createStatusChecker, createStatusLists } from '@ekkasan/status'
import { verifyVpToken } from '@ekkasan/verifier'
import {
  type CertificateAuthority,
  createCertificateAuthority,
  parseCertificate,
  resolveX5c,
  statusSigningPurpose,
  subjectIdentifier,
  trustAnchors,
  trustIssuerCertificates,
} from '@ekkasan/x509'
import { expect, it } from 'vitest'
import { certificatesOf, issuerKeys, trustIssuers } from '../../examples/documents/src/index.ts'

// Issuers that their certificates name (SD-JWT VC section 2.5, HAIP 6.1 and 6.1.1), through the whole of verifying.

const vct = 'urn:eudi:pid:1'
const isA = 'https://a.example'

const newAuthority = async (commonName: string) =>
  createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName },
  })

async function newIssuer(authority: CertificateAuthority, commonName: string, names: object = {}) {
  const jwk = await generateJwk('ES256')
  const x5c = await authority.issue({ subject: { commonName }, publicJwk: publicJwkOf(jwk), ...names })
  return { jwk, x5c, signer: await signerFromJwk(jwk, { x5c, kid: 'k' }) }
}

const [one, two] = [await newAuthority('Root'), await newAuthority('Root')]
const a = await newIssuer(one, 'A', { uris: [isA], dnsNames: ['a.example'] })
const b = await newIssuer(one, 'B')
const otherB = await newIssuer(two, 'B')
const idOf = ({ certificate }: CertificateAuthority, subject: string) =>
  subjectIdentifier(subject, parseCertificate(certificate))
const isB = idOf(one, 'CN=B')

const anchors = trustAnchors(
  [one, two].map(({ certificate }) => ({ role: 'credential-issuer', certificate }) as const),
)
const resolveIssuerKey = resolveX5c({ anchors })
const list = 'https://b.example/status'

const issue = (signer: typeof a.signer, more: object = {}) =>
  issueSdJwtVc({ signer, vct, issuer: isA, claims: { name: 'x' }, frame: undefined as never, ...more })

const query = (claims: readonly object[]) => ({
  credentials: [
    {
      id: 'pid',
      format: 'dc+sd-jwt',
      meta: { vct_values: [vct] },
      require_cryptographic_holder_binding: false,
      claims,
    },
  ],
})
const ask = (credential: string, claims: readonly object[], ids: readonly string[]) =>
  verifyVpToken(
    { pid: [credential] },
    {
      query: query(claims),
      formats: [sdJwtVcVerifier({ resolveIssuerKey })],
      isTrusted: trustOnly(ids.map((id) => ({ role: 'credential-issuer', id }) as const)),
      binding: { clientId: 'x509_hash:a', nonce: 'n' },
    },
  )

it("B's certificate with A's iss is B, in trust, result and query, and the iss goes to nobody [F1]", async () => {
  const posing = await issue(b.signer)
  // Trust in A is none in B.
  await expect(ask(posing, [{ path: ['name'] }], [isA])).rejects.toMatchObject({
    report: expect.arrayContaining([
      expect.objectContaining({
        checks: expect.arrayContaining([
          expect.objectContaining({ name: 'issuer-trust', outcome: 'failed', code: 'core.trust.not-listed' }),
        ]),
      }),
    ]),
  })
  const { presentations } = await ask(posing, [{ path: ['name'] }], [isB])
  const [verified] = presentations.pid ?? []
  expect(verified?.issuer.id).toBe(isB)
  expect(JSON.stringify(verified)).not.toContain(isA)
  // DCQL on the issuer's name finds none.
  await expect(ask(posing, [{ path: ['iss'] }], [isB])).rejects.toMatchObject({ code: expect.any(String) })
  // Where the leaf names it, it is A, and can be asked for.
  const named = await ask(await issue(a.signer), [{ path: ['iss'], values: [isA] }], [isA])
  expect(named.presentations.pid?.[0]?.issuer.id).toBe(isA)
  expect(named.presentations.pid?.[0]?.view.claims.iss).toBe(isA)
})

it('the same subject under another anchor is another issuer [F1]', async () => {
  await expect(ask(await issue(otherB.signer), [{ path: ['name'] }], [isB])).rejects.toThrow()
  const { presentations } = await ask(await issue(otherB.signer), [{ path: ['name'] }], [idOf(two, 'CN=B')])
  expect(presentations.pid?.[0]?.issuer.id).not.toBe(isB)
})

it('is accepted under an anchor for its vct, and for no other [F1]', async () => {
  const trust = (type: string) =>
    trustIssuerCertificates({
      anchors: trustAnchors([{ role: 'credential-issuer', certificate: one.certificate, types: [type] }]),
    })
  const verify = async (type: string) =>
    verifySdJwtVc(await issue(b.signer), { resolveIssuerKey, isTrusted: trust(type) }).then(
      ({ issuer }) => issuer.id,
      ({ code }: RejectedError) => code,
    )
  expect(await verify(vct)).toBe(isB)
  expect(await verify('urn:other')).toBe('core.trust.not-for-this-type')
})

it('a wallet keeps no iss that the certificate does not name [F1]', async () => {
  const holderJwk = publicJwkOf(await generateJwk('ES256'))
  const held = await sdJwtVcHolder({ resolveIssuerKey }).accept(await issue(b.signer, { holderJwk }), {
    holder: { jwk: holderJwk },
    issuer: isA,
    isTrusted: trustOnly([{ role: 'credential-issuer', id: isB }]),
  })
  expect(held.issuer.id).toBe(isB)
  expect(JSON.stringify([held.view.claims, held.view.alwaysDisclosed])).not.toContain(isA)
})

it.each([[''], [null], ['MIIB'], [[1]], [[]], [{}]])(
  'a credential whose x5c is %j is never looked for by iss [F1]',
  async (x5c) => {
    const fetched: string[] = []
    const byUrl = resolveJwtVcIssuer({
      fetch: async (url) => {
        fetched.push(String(url))
        return Response.json({ issuer: isA, jwks: { keys: [{ ...publicJwkOf(a.jwk), kid: 'k' }] } })
      },
    })
    const signer = await signerFromJwk(a.jwk)
    const header = { typ: 'dc+sd-jwt', kid: 'k', x5c } as never
    const credential = `${await signJws({ signer, header, payload: { vct, iss: isA } })}~`
    const isTrusted = trustOnly([{ role: 'credential-issuer', id: isA }])
    for (const means of [byUrl, resolveIssuerKey]) {
      await expect(verifySdJwtVc(credential, { resolveIssuerKey: means, isTrusted })).rejects.toThrow()
    }
    expect(fetched).toEqual([])
  },
)

it('statuses of B are signed by B whatever iss says, by a certificate for statuses, and by nobody else [N2]', async () => {
  const statusOf = async (signer: typeof a.signer, issuer?: string) => {
    const lists = createStatusLists({
      url: list,
      signer,
      store: createMemoryStore(),
      ...(issuer !== undefined && { issuer }),
    })
    const status = await lists.allocate()
    const credential = await issue(b.signer, { status })
    const isTrusted = trustIssuerCertificates({ anchors })
    const checkStatus = createStatusChecker({
      fetch: async (url, init) => (await lists.fetch(new Request(url, init))) as Response,
      resolveIssuerKey,
      isTrusted,
    })
    return verifySdJwtVc(credential, { resolveIssuerKey, isTrusted, checkStatus }).then(
      ({ checks }) => checks.find(({ name }) => name === 'status')?.outcome,
      ({ code }: RejectedError) => code,
    )
  }
  const forStatuses = { extendedKeyUsage: [statusSigningPurpose] }
  for (const iss of [undefined, isA, 'https://b.example']) {
    expect(await statusOf(b.signer, iss)).toBe('passed')
    // The same key under another certificate, and under none.
    const again = await one.issue({ subject: { commonName: 'again' }, publicJwk: publicJwkOf(b.jwk) })
    expect(await statusOf(await signerFromJwk(b.jwk, { x5c: again }), iss)).toBe('passed')
    expect(await statusOf(await signerFromJwk(b.jwk, { kid: 'k' }), iss)).toBe('passed')
    expect(await statusOf((await newIssuer(one, 'Statuses', forStatuses)).signer, iss)).toBe('passed')
    expect(await statusOf((await newIssuer(one, 'B')).signer, iss)).toBe('core.resolve.invalid')
    expect(await statusOf((await newIssuer(two, 'B', forStatuses)).signer, iss)).toBe('core.resolve.invalid')
    expect(await statusOf(otherB.signer, iss)).toBe('core.resolve.invalid')
  }
})

it('an unlisted issuer costs no fetch in jwt_vc_json either [G3]', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const context = 'https://www.w3.org/2018/credentials/v1'
  const vc = { '@context': [context], type: ['VerifiableCredential', 'X'], credentialSubject: {} }
  const forged = `${part({ alg: 'ES256', kid: 'k' })}.${part({ iss: 'https://w1.slow.example', nbf: 1, vc })}.${hashBase64url('sha-256', 'x')}${hashBase64url('sha-256', 'y')}`
  const fetched: string[] = []
  const resolve = resolveJwtVcIssuer({
    fetch: async (url) => {
      fetched.push(String(url))
      return new Response('', { status: 404 })
    },
  })
  const verifier = jwtVcVerifier({
    resolveIssuerKey: resolve,
    resolveDid: async () => Promise.reject(new Error('x')),
  })
  const isTrusted = trustOnly([{ role: 'credential-issuer', id: isA }])
  await expect(verifier.verify(forged, { isTrusted })).rejects.toThrow()
  expect(fetched).toEqual([])
})

it('the parts of the reference programs find an issuer by certificate alone, and its statuses [N4]', async () => {
  const root = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Root' },
  })
  const named = { uris: ['http://127.0.0.1:1'], dnsNames: ['localhost'] }
  const issuer = await newIssuer(root, 'Agency', named)
  const x5c = await root.issue({
    subject: { commonName: 'Agency' },
    publicJwk: publicJwkOf((await newIssuer(root, 'x')).jwk),
    ...named,
    extendedKeyUsage: [statusSigningPurpose],
  })
  const nothing = async () => Promise.reject(new Error('nobody is asked'))
  const keys = issuerKeys({
    fetch: nothing,
    resolveDid: nothing,
    allowHttp: true,
    certificates: [root.certificate],
  })
  const isTrusted = trustIssuers({ issuers: [], certificates: [root.certificate] })
  const credential = await issue(issuer.signer, { issuer: 'http://127.0.0.1:1' })
  const verified = await verifySdJwtVc(credential, { resolveIssuerKey: keys.resolveIssuerKey, isTrusted })
  expect(verified.issuer.id).toBe('http://127.0.0.1:1')
  const signer = (await keys.resolveIssuerKey({ x5c, alg: 'ES256' })).identity
  const question = {
    role: 'status-issuer',
    id: signer.id,
    issuer: signer,
    onBehalfOf: verified.issuer,
  } as const
  expect((await isTrusted(question)).trusted).toBe(true)
  expect(certificatesOf('')).toEqual([])
})
