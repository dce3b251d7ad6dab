import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { type IssuerIdentity, type TrustRole, trustOnly } from '@ekkasan/core'
import { generateJwk, jwkThumbprint, signerFromJwk } from '@ekkasan/keys'
import {
  type CertificateAuthority,
  createCertificateAuthority,
  parseCertificate,
  readClientCertificate,
  resolveX5c,
  statusSigningPurpose,
  subjectIdentifier,
  trustAnchors,
  trustIssuerCertificates,
  trustVerifierCertificates,
  x509HashOf,
} from '@ekkasan/x509'
import { beforeAll, describe, expect, it } from 'vitest'

const newSigner = async () => signerFromJwk(await generateJwk('ES256'))
const newRoot = async (commonName: string) =>
  createCertificateAuthority({ signer: await newSigner(), subject: { commonName } })
const code = (name: string, message = '') =>
  expect.objectContaining({ code: name, message: expect.stringContaining(message) })

/** A certificate whose only name is an alternative one. */
function unnamedLeaf(): string {
  return execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null']
      .concat(['-subj', '/', '-addext', 'basicConstraints=critical,CA:false'])
      .concat(['-addext', 'subjectAltName=critical,DNS:issuer.example']),
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
}

let issuers: CertificateAuthority, verifiers: CertificateAuthority
let issuerX5c: readonly string[], verifierX5c: readonly string[]
const anchors = () =>
  trustAnchors([
    { role: 'credential-issuer', certificate: issuers.certificate },
    { role: 'verifier', certificate: verifiers.certificate },
  ])

beforeAll(async () => {
  ;[issuers, verifiers] = [await newRoot('Issuers'), await newRoot('Verifiers')]
  issuerX5c = await issuers.issue({
    subject: { commonName: 'Department', organization: 'กรมการปกครอง', country: 'TH' },
    publicJwk: (await newSigner()).key.publicJwk,
    dnsNames: ['issuer.example'],
    uris: ['https://other.example/tenant'],
  })
  verifierX5c = await verifiers.issue({
    subject: { commonName: 'Bank' },
    publicJwk: (await newSigner()).key.publicJwk,
    dnsNames: ['verifier.example'],
  })
})

describe("an issuer's key found by its certificate chain", () => {
  const ask = (question: { iss?: string; x5c?: readonly string[] }, role?: TrustRole) =>
    resolveX5c({ anchors: anchors(), ...(role && { role }) })({ alg: 'ES256', ...question })

  it('belongs to iss when the leaf names its host or the whole URL', async () => {
    for (const iss of [
      'https://issuer.example',
      'https://issuer.example/a/b',
      'https://other.example/tenant',
    ]) {
      const { jwk, identity } = await ask({ iss, x5c: issuerX5c })
      expect(jwk).toEqual(parseCertificate(issuerX5c[0]!).publicJwk)
      expect(identity).toEqual({ id: iss, method: 'x5c', x5c: issuerX5c })
    }
  })

  it('comes with the validity and the country of the certificate', async () => {
    const { notBefore, notAfter } = parseCertificate(issuerX5c[0]!)
    const { certificate } = await ask({ x5c: issuerX5c })
    expect(certificate).toEqual({ notBefore, notAfter, country: 'TH' })
    expect((await ask({ x5c: verifierX5c }, 'verifier')).certificate).not.toHaveProperty('country')
  })

  it("belongs to the leaf's subject when there is no iss", async () => {
    const { identity } = await ask({ x5c: issuerX5c })
    const anchor = parseCertificate(issuers.certificate)
    const id = subjectIdentifier('CN=Department,O=กรมการปกครอง,C=TH', anchor)
    expect(identity.id).toBe(id)
    expect(id).toBe(`x509:${jwkThumbprint(anchor.publicJwk)}:CN=Department,O=กรมการปกครอง,C=TH`)
  })

  it('belongs to another issuer under the same subject of another anchor [F1]', async () => {
    const others = await newRoot('Issuers')
    const x5c = await others.issue({
      subject: { commonName: 'Department', organization: 'กรมการปกครอง', country: 'TH' },
      publicJwk: (await newSigner()).key.publicJwk,
    })
    const both = [issuers, others].map(
      ({ certificate }) => ({ role: 'credential-issuer', certificate }) as const,
    )
    const resolve = resolveX5c({ anchors: trustAnchors(both) })
    const [one, other] = [
      (await resolve({ alg: 'ES256', x5c: issuerX5c })).identity,
      (await resolve({ alg: 'ES256', x5c })).identity,
    ]
    expect(other.id).not.toBe(one.id)
    const isTrusted = trustOnly([{ role: 'credential-issuer', id: one.id }])
    const ask = async (issuer: IssuerIdentity) =>
      (await isTrusted({ role: 'credential-issuer', id: issuer.id, issuer })).trusted
    expect([await ask(one), await ask(other)]).toEqual([true, false])
  })

  it('is told without a fetch, so that trust is asked first [G3]', async () => {
    const fetched: unknown[] = []
    const resolve = resolveX5c({
      anchors: anchors(),
      checkRevocation: async (question) => {
        fetched.push(question)
        return { revocation: 'good' }
      },
    })
    const { identity } = await resolve({ alg: 'ES256', x5c: issuerX5c })
    expect(fetched).toHaveLength(1)
    expect(await resolve.identify?.({ alg: 'ES256', x5c: issuerX5c })).toMatchObject({ identity })
    expect(fetched).toHaveLength(1)
  })

  it('belongs to nobody when there is neither an iss nor a subject: all such leaves would be one issuer', async () => {
    const leaf = unnamedLeaf()
    const x5c = [leaf.replaceAll(/-----[A-Z ]+-----|\s/g, '')]
    const resolve = resolveX5c({ anchors: trustAnchors([{ role: 'credential-issuer', certificate: leaf }]) })
    expect((await resolve({ alg: 'ES256', iss: 'https://issuer.example', x5c })).identity.x5c).toEqual(x5c)
    await expect(resolve({ alg: 'ES256', x5c })).rejects.toEqual(
      code('core.resolve.invalid', 'x509.name.mismatch'),
    )
  })

  it('belongs to the subject, whatever iss says that the leaf does not name [F1]', async () => {
    const { identity } = await ask({ x5c: issuerX5c })
    for (const iss of [
      'https://issuer.example.evil.example',
      'https://evil.example/issuer.example',
      'http://issuer.example',
      'https://other.example',
      'https://other.example/tenant/x',
      'did:web:issuer.example',
      'issuer.example',
      'https://evil.example@issuer.example',
      'https://:x@issuer.example',
      'https://issuer.example\\@evil.example',
      'CN=Department',
      '',
    ]) {
      expect((await ask({ iss, x5c: issuerX5c })).identity, iss).toEqual(identity)
    }
  })

  it('belongs to nobody where the leaf has neither a subject nor the name in iss [F1]', async () => {
    const x5c = [unnamedLeaf().replaceAll(/-----[A-Z ]+-----|\s/g, '')]
    const trusted = trustAnchors([{ role: 'credential-issuer', certificate: x5c[0]! }])
    await expect(
      resolveX5c({ anchors: trusted })({ alg: 'ES256', iss: 'https://a.example', x5c }),
    ).rejects.toEqual(code('core.resolve.invalid', 'x509.name.mismatch'))
  })

  it('belongs to an iss by http where its exact host and port are allowed [M4]', async () => {
    const ids = async (iss: string, ...allowHosts: string[]) =>
      (await resolveX5c({ anchors: anchors(), allowHosts })({ alg: 'ES256', iss, x5c: issuerX5c })).identity
        .id
    const iss = 'http://issuer.example:8080/a'
    expect(await ids(iss, 'issuer.example:8080')).toBe(iss)
    expect(await ids('http://issuer.example', 'issuer.example:80')).toBe('http://issuer.example')
    for (const allowed of ['issuer.example', 'issuer.example:8081', 'other.example:8080']) {
      expect(await ids(iss, allowed), allowed).toMatch(/^x509:/)
    }
    // Allowed is not named: the leaf must have the host.
    expect(await ids('http://other.example:8080', 'other.example:8080')).toMatch(/^x509:/)
  })

  it('is refused when its anchor is one for another role', async () => {
    await expect(ask({ x5c: verifierX5c })).rejects.toEqual(
      code('core.resolve.invalid', 'x509.path.no-anchor'),
    )
    expect(await ask({ x5c: verifierX5c }, 'verifier')).toBeDefined()
  })

  it('is refused when the leaf is not for the purpose that the profile wants', async () => {
    const resolve = (purpose: string) => resolveX5c({ anchors: anchors(), purposes: [purpose] })
    const { publicJwk } = (await newSigner()).key
    const x5c = await issuers.issue({
      subject: { commonName: 'P' },
      publicJwk,
      extendedKeyUsage: ['1.0.18013.5.1.2'],
    })
    expect(await resolve('1.0.18013.5.1.2')({ x5c, alg: 'ES256' })).toBeDefined()
    await expect(resolve('1.2.3')({ x5c, alg: 'ES256' })).rejects.toEqual(
      code('core.resolve.invalid', 'x509.path.purpose'),
    )
  })

  it('is refused without a chain, or with one that does not parse', async () => {
    await expect(ask({ iss: 'https://issuer.example' })).rejects.toEqual(code('core.resolve.invalid'))
    await expect(ask({ x5c: ['garbage'] })).rejects.toEqual(
      code('core.resolve.invalid', 'x509.certificate.malformed'),
    )
  })

  it('is refused when the certificate has expired by the clock given', async () => {
    const clock = () => new Date(Date.now() + 400 * 86_400_000)
    await expect(resolveX5c({ anchors: anchors(), clock })({ x5c: issuerX5c, alg: 'ES256' })).rejects.toEqual(
      code('core.resolve.invalid', 'x509.path.expired'),
    )
  })
})

describe('a verifier with a certificate', () => {
  const ask = (id: string, x5c: readonly string[] | undefined = verifierX5c, role: TrustRole = 'verifier') =>
    trustVerifierCertificates({ anchors: anchors() })({ role, id, x5c: x5c as readonly string[] })

  it('is trusted under its hash and under its DNS names (OpenID4VP 5.9.3)', async () => {
    const hash = createHash('sha256').update(Buffer.from(verifierX5c[0]!, 'base64')).digest('base64url')
    expect(x509HashOf(verifierX5c[0]!)).toBe(hash)
    expect(parseCertificate(verifierX5c[0]!).dnsNames).toEqual(['verifier.example'])
    expect(await ask(`x509_hash:${hash}`)).toEqual({ trusted: true, detail: 'certified by CN=Verifiers' })
    expect((await ask('x509_san_dns:verifier.example')).trusted).toBe(true)
  })

  it("is shown by its certificate's name, key and DNS names", async () => {
    expect(await readClientCertificate(Buffer.from(verifierX5c[0]!, 'base64'))).toEqual({
      publicJwk: parseCertificate(verifierX5c[0]!).publicJwk,
      dnsNames: ['verifier.example'],
      name: 'CN=Bank',
    })
    await expect(readClientCertificate(Uint8Array.of(1))).rejects.toMatchObject({ name: 'X509Error' })
  })

  it('is not trusted under another name or hash, or another prefix', async () => {
    for (const id of [
      'x509_san_dns:evil.example',
      `x509_hash:${x509HashOf(issuerX5c[0]!)}`,
      'x509_hash:',
      'redirect_uri:https://verifier.example',
      'verifier.example',
    ]) {
      expect(await ask(id), id).toEqual({ trusted: false, code: 'x509.name.mismatch' })
    }
  })

  it("is not trusted under an issuers' anchor, without a chain, or in another role", async () => {
    const id = 'x509_san_dns:issuer.example'
    expect(await ask(id, issuerX5c)).toMatchObject({ trusted: false, code: 'x509.path.no-anchor' })
    expect(await ask('x509_san_dns:verifier.example', verifierX5c, 'credential-issuer')).toMatchObject({
      trusted: false,
    })
    expect(
      await trustVerifierCertificates({ anchors: anchors() })({
        role: 'verifier',
        id: 'x509_san_dns:a.example',
      }),
    ).toMatchObject({ trusted: false })
  })
})

describe('an issuer with a certificate', () => {
  const isTrusted = () => trustIssuerCertificates({ anchors: anchors() })
  const identity = (x5c: readonly string[]) => ({ id: 'https://issuer.example', method: 'x5c', x5c }) as const

  it('is trusted when its chain leads to an anchor of the role asked for', async () => {
    const id = 'https://issuer.example'
    const role = 'credential-issuer'
    expect((await isTrusted()({ role, id, issuer: identity(issuerX5c) })).trusted).toBe(true)
    expect((await isTrusted()({ role, id, issuer: identity(verifierX5c) })).trusted).toBe(false)
    expect((await isTrusted()({ role, id, issuer: { id, method: 'did' } })).trusted).toBe(false)
    expect((await isTrusted()({ role, id, issuer: { ...identity(issuerX5c), method: 'did' } })).trusted).toBe(
      false,
    )
    expect((await isTrusted()({ role, id, issuer: { id, method: 'x5c' } })).trusted).toBe(false)
    expect((await isTrusted()({ role: 'verifier', id, issuer: identity(verifierX5c) })).trusted).toBe(false)
    expect((await isTrusted()({ role, id: 'https://a.example', issuer: identity(issuerX5c) })).trusted).toBe(
      false,
    )
  })

  it('is trusted for the types that its anchor names, and for all where it names none', async () => {
    const id = 'https://issuer.example'
    const ask = (types: readonly string[] | undefined, ...limits: (readonly string[] | undefined)[]) =>
      trustIssuerCertificates({
        anchors: trustAnchors(
          limits.map((limit) => ({
            role: 'credential-issuer' as const,
            certificate: issuers.certificate,
            ...(limit && { types: limit }),
          })),
        ),
      })({ role: 'credential-issuer', id, issuer: identity(issuerX5c), ...(types && { types }) })
    const notForIt = { trusted: false, code: 'core.trust.not-for-this-type' }
    expect((await ask(['org.iso.18013.5.1.mDL'], ['org.iso.18013.5.1.mDL'])).trusted).toBe(true)
    expect(await ask(['urn:id'], ['org.iso.18013.5.1.mDL'])).toEqual(notForIt)
    expect((await ask(['urn:id'], ['org.iso.18013.5.1.mDL'], undefined)).trusted).toBe(true)
    expect((await ask(['urn:id'], ['x'], ['urn:id'])).trusted).toBe(true)
    expect((await ask(['VerifiableCredential', 'Id'], ['Id'])).trusted).toBe(true)
    expect(await ask(['Id', 'Degree'], ['Id'])).toEqual(notForIt)
    expect(await ask(undefined, ['Id'])).toEqual(notForIt)
    expect(await ask([], ['Id'])).toEqual(notForIt)
    expect(() =>
      trustAnchors([{ role: 'verifier', certificate: issuers.certificate, types: ['a'] }]),
    ).toThrow(TypeError)
  })

  it('signs the statuses of its own credentials, and nobody else does without an anchor of that role', async () => {
    const id = 'https://issuer.example'
    const role = 'status-issuer'
    const onBehalfOf = identity(issuerX5c)
    expect((await isTrusted()({ role, id, issuer: onBehalfOf, onBehalfOf })).trusted).toBe(true)
    const other = { ...identity(issuerX5c), id: 'https://other.example' }
    expect((await isTrusted()({ role, id: other.id, issuer: other, onBehalfOf })).trusted).toBe(false)
  })

  it('has its statuses signed by another certificate only under its anchor, made for statuses [N2]', async () => {
    const others = await newRoot('Issuers 2')
    const under = async (authority: CertificateAuthority, extendedKeyUsage?: readonly string[]) => {
      const x5c = await authority.issue({
        subject: { commonName: 'Department' },
        publicJwk: (await newSigner()).key.publicJwk,
        dnsNames: ['issuer.example'],
        ...(extendedKeyUsage && { extendedKeyUsage }),
      })
      return { id: 'https://issuer.example', method: 'x5c', x5c } as const
    }
    const trusted = trustAnchors(
      [issuers, others].map(({ certificate }) => ({ role: 'credential-issuer', certificate }) as const),
    )
    const ask = async (
      issuer: IssuerIdentity,
      onBehalfOf: IssuerIdentity = identity(issuerX5c),
      statusPurposes?: readonly string[],
    ) => {
      const isTrusted = trustIssuerCertificates({
        anchors: trusted,
        ...(statusPurposes && { statusPurposes }),
      })
      return (await isTrusted({ role: 'status-issuer', id: issuer.id, issuer, onBehalfOf })).trusted
    }
    expect(await ask(await under(issuers, [statusSigningPurpose]))).toBe(true)
    expect(await ask({ ...(await under(issuers, [statusSigningPurpose])), id: 'x509:a:CN=Statuses' })).toBe(
      true,
    )
    expect(await ask(await under(issuers))).toBe(false)
    expect(await ask(await under(issuers, ['1.0.18013.5.1.2']))).toBe(false)
    expect(await ask(await under(others, [statusSigningPurpose]))).toBe(false)
    expect(await ask(await under(others))).toBe(false)
    // The purpose is configurable.
    expect(await ask(await under(issuers, ['1.2.3']), undefined, ['1.2.3'])).toBe(true)
    expect(await ask(await under(issuers, [statusSigningPurpose]), undefined, ['1.2.3'])).toBe(false)
    // An issuer that was found otherwise has no anchor.
    const byUrl = { id: 'https://issuer.example', method: 'jwt-vc-issuer' } as const
    expect(await ask(await under(issuers, [statusSigningPurpose]), byUrl)).toBe(false)
  })

  it('has its statuses signed by those under an anchor of that role', async () => {
    const anchor = { role: 'status-issuer', certificate: verifiers.certificate } as const
    const isTrusted = trustIssuerCertificates({ anchors: trustAnchors([anchor]) })
    const signer = { id: 'https://status.example', method: 'x5c', x5c: verifierX5c } as const
    const question = { role: 'status-issuer', id: signer.id, issuer: signer } as const
    expect((await isTrusted({ ...question, onBehalfOf: identity(issuerX5c) })).trusted).toBe(true)
  })

  it('is not known by the URL of a server alone, before its certificate was seen [G3]', async () => {
    expect(await isTrusted()({ role: 'credential-issuer', id: 'https://issuer.example' })).toMatchObject({
      trusted: 'unknown',
      code: 'core.trust.named-otherwise',
    })
  })
})
