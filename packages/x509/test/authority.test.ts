import { X509Certificate } from 'node:crypto'
import { createMemoryStore } from '@ekkasan/core'
import {
  type Certificate,
  createCertificateAuthority,
  createMdocAuthority,
  type IssueCertificateOptions,
  issueCertificate,
  mdocIssuerProfile,
  mdocPurposes,
  mdocReaderProfile,
  parseCertificate,
  pemOf,
  resolveX5c,
  trustAnchors,
  validateCertificatePath,
} from '@ekkasan/x509'
import { beforeAll, describe, expect, it } from 'vitest'
import { code, hasOpenssl, newSigner, openssl } from './setting.ts'

const validate = (
  chain: readonly string[],
  anchors: readonly string[],
  over: Partial<Parameters<typeof validateCertificatePath>[0]> = {},
) =>
  validateCertificatePath({
    chain,
    anchors: anchors.map((anchor) => parseCertificate(anchor)),
    at: new Date(),
    ...over,
  })
const newLeaf = async () => ({
  subject: { commonName: 'Leaf' },
  publicJwk: (await newSigner()).key.publicJwk,
})

describe('an authority that is replaced', () => {
  it('is followed by those who know only the root before, and by those who know only the new one', async () => {
    const before = await createCertificateAuthority({
      signer: await newSigner(),
      subject: { commonName: 'Root 1' },
    })
    const next = await createCertificateAuthority({
      signer: await newSigner(),
      subject: { commonName: 'Root 2' },
      previous: before,
    })
    const x5c = await next.issue(await newLeaf())
    expect(x5c).toHaveLength(2)
    for (const anchors of [[before], [next], [before, next]]) {
      const path = await validate(
        x5c,
        anchors.map(({ certificate }) => certificate),
      )
      expect(path.leaf.subject).toBe('CN=Leaf')
    }
    const old = await before.issue(await newLeaf())
    expect(await validate(old, [before.certificate, next.certificate])).toBeDefined()
    await expect(validate(old, [next.certificate])).rejects.toEqual(code('x509.path.no-anchor'))
    if (!hasOpenssl) return
    const files = {
      'root.pem': pemOf(before.certificate),
      'link.pem': pemOf(x5c[1]!),
      'leaf.pem': pemOf(x5c[0]!),
    }
    expect(
      openssl(files, 'verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'link.pem', 'leaf.pem'),
    ).toContain('leaf.pem: OK')
  })

  it('may keep its name and take a new key (self-issued, RFC 5280 section 6.1)', async () => {
    const subject = { commonName: 'Root' }
    const before = await createCertificateAuthority({ signer: await newSigner(), subject, pathLength: 0 })
    const next = await createCertificateAuthority({
      signer: await newSigner(),
      subject,
      pathLength: 0,
      previous: before,
    })
    const x5c = await next.issue(await newLeaf())
    for (const anchors of [[before], [next], [before, next]]) {
      expect(
        await validate(
          x5c,
          anchors.map(({ certificate }) => certificate),
        ),
      ).toBeDefined()
    }
  })

  it('is followed twice', async () => {
    const signers = await Promise.all([1, 2, 3].map(() => newSigner()))
    const [one, two, three] = signers as [(typeof signers)[0], (typeof signers)[0], (typeof signers)[0]]
    const first = await createCertificateAuthority({ signer: one!, subject: { commonName: 'Root 1' } })
    const second = await createCertificateAuthority({
      signer: two!,
      subject: { commonName: 'Root 2' },
      previous: first,
    })
    const third = await createCertificateAuthority({
      signer: three!,
      subject: { commonName: 'Root 3' },
      previous: second,
    })
    const x5c = await third.issue(await newLeaf())
    for (const { certificate } of [first, second, third])
      expect(await validate(x5c, [certificate])).toBeDefined()
  })

  it('stands above nobody and after somebody at once only by mistake', async () => {
    const root = await createCertificateAuthority({
      signer: await newSigner(),
      subject: { commonName: 'Root' },
    })
    const subject = { commonName: 'x' }
    await expect(
      createCertificateAuthority({ signer: await newSigner(), subject, parent: root, previous: root }),
    ).rejects.toThrow(TypeError)
    await expect(
      createCertificateAuthority({ signer: await newSigner(), subject, certificate: root.certificate }),
    ).rejects.toThrow(TypeError)
  })
})

describe('an authority on two replicas with one store', () => {
  it('has one certificate and one link, also when both start at once, and after a restart', async () => {
    const store = createMemoryStore()
    const [one, two] = [await newSigner(), await newSigner()]
    const start = async () => {
      const first = await createCertificateAuthority({
        signer: one,
        subject: { commonName: 'Root 1' },
        store,
      })
      const second = await createCertificateAuthority({
        signer: two,
        subject: { commonName: 'Root 2' },
        store,
        previous: first,
      })
      const lower = await createCertificateAuthority({
        signer: await newSigner(),
        subject: { commonName: 'L' },
        parent: second,
      })
      return [first.certificate, second.certificate, ...second.chain, ...lower.chain.slice(1)]
    }
    const [here, there] = await Promise.all([start(), start()])
    expect(here).toEqual(there)
    expect(await start()).toEqual(here)
    expect(new Set(here).size).toBe(3)
  })

  it('gives each certificate a serial number of its own: positive, random, 16 bytes', async () => {
    const root = await createCertificateAuthority({
      signer: await newSigner(),
      subject: { commonName: 'Root' },
    })
    const leaf = await newLeaf()
    const issued = await Promise.all(Array.from({ length: 50 }, () => root.issue(leaf)))
    const numbers = issued.map(([one]) => parseCertificate(one!).serialNumber)
    expect(new Set(numbers).size).toBe(50)
    for (const number of numbers) expect(number).toMatch(/^[4-7][0-9a-f]{31}$/)
  })

  it('writes its name into what it issues as it stands in its own certificate', async () => {
    const signer = await newSigner()
    const subject = { commonName: 'Root', organization: 'Ministry', country: 'TH' }
    const { certificate } = await createCertificateAuthority({ signer, subject })
    const again = await createCertificateAuthority({ signer, subject: { commonName: 'root' }, certificate })
    const [leaf] = await again.issue(await newLeaf())
    expect(parseCertificate(leaf!).issuer).toBe('CN=Root,O=Ministry,C=TH')
  })
})

describe('ISO/IEC 18013-5 Annex B', () => {
  const iaca = async () =>
    createMdocAuthority({
      signer: await newSigner('ES384'),
      commonName: 'Thai IACA',
      country: 'TH',
      stateOrProvince: 'TH-10',
      contact: 'https://iaca.example',
      crlUrl: 'https://iaca.example/crl',
    })

  it('is what the small authority issues: a root and a document signer, as OpenSSL reads them', async () => {
    const root = await iaca()
    const { publicJwk } = await newLeaf()
    const x5c = await root.issueDocumentSigner({ commonName: 'DLT signer 1', publicJwk })
    const { leaf, anchor } = await validate(x5c, [root.certificate], {
      profile: mdocIssuerProfile,
      purposes: [mdocPurposes.documentSigner],
    })
    expect([leaf.subject, anchor.subject]).toEqual([
      'CN=DLT signer 1,ST=TH-10,C=TH',
      'CN=Thai IACA,ST=TH-10,C=TH',
    ])
    const read = new X509Certificate(pemOf(x5c[0]!))
    expect([read.ca, read.keyUsage]).toEqual([false, [mdocPurposes.documentSigner]])
    expect(read.checkIssued(new X509Certificate(pemOf(root.certificate)))).toBe(true)
    if (!hasOpenssl) return
    const text = openssl(
      { 'root.pem': pemOf(root.certificate) },
      'x509',
      '-in',
      'root.pem',
      '-noout',
      '-text',
    )
    for (const line of [
      'CA:TRUE, pathlen:0',
      'Certificate Sign, CRL Sign',
      'Issuer Alternative Name',
      'URI:https://iaca.example/crl',
    ])
      expect(text).toContain(line)
  })

  it('lets a root follow a root by two anchors at a time', async () => {
    const [before, next] = [await iaca(), await iaca()]
    const { publicJwk } = await newLeaf()
    for (const root of [before, next]) {
      const x5c = await root.issueDocumentSigner({ commonName: 'DS', publicJwk })
      expect(x5c).toHaveLength(1)
      const anchors = [before.certificate, next.certificate]
      const { anchor } = await validate(x5c, anchors, { profile: mdocIssuerProfile })
      expect(anchor.base64).toBe(root.certificate)
    }
  })

  it('bounds how long a root and a document signer are valid', async () => {
    const root = await iaca()
    const { publicJwk } = await newLeaf()
    expect(() => root.issueDocumentSigner({ commonName: 'x', publicJwk, days: 457 })).toThrow(TypeError)
    expect(await root.issueDocumentSigner({ commonName: 'x', publicJwk, days: 456 })).toHaveLength(1)
    await expect(
      createMdocAuthority({
        signer: await newSigner(),
        commonName: 'x',
        country: 'TH',
        contact: 'a@b.example',
        crlUrl: 'https://a.example',
        days: 7301,
      }),
    ).rejects.toThrow(TypeError)
  })

  const crlUrl = 'https://iaca.example/crl'
  const issuerContact = 'ca@iaca.example'
  const year = { from: new Date(Date.now() - 86_400_000), until: new Date(Date.now() + 364 * 86_400_000) }
  const place = { country: 'TH' }
  let rootSigner: Awaited<ReturnType<typeof newSigner>>, leafSigner: typeof rootSigner
  beforeAll(async () => {
    ;[rootSigner, leafSigner] = [await newSigner(), await newSigner()]
  })
  const rootOptions = (): IssueCertificateOptions => ({
    signer: rootSigner,
    issuer: { commonName: 'IACA', ...place },
    subject: { commonName: 'IACA', ...place },
    publicJwk: rootSigner.key.publicJwk,
    validity: year,
    authority: { pathLength: 0 },
    crlUrl,
    issuerContact,
  })
  const signerOptions = (issuer: Certificate): IssueCertificateOptions => ({
    signer: rootSigner,
    issuer,
    subject: { commonName: 'DS', ...place },
    publicJwk: leafSigner.key.publicJwk,
    validity: year,
    extendedKeyUsage: [mdocPurposes.documentSigner],
    crlUrl,
    issuerContact,
  })
  type Without = { [K in keyof IssueCertificateOptions]?: IssueCertificateOptions[K] | undefined }
  const outcome = async (root: Without, leaf: Without, profile = mdocIssuerProfile) => {
    const issue = (options: Without) =>
      issueCertificate(
        Object.fromEntries(
          Object.entries(options).filter(([, value]) => value !== undefined),
        ) as unknown as IssueCertificateOptions,
      )
    const anchor = await issue({ ...rootOptions(), ...root })
    const chain = [await issue({ ...signerOptions(parseCertificate(anchor)), ...leaf })]
    expect(await validate(chain, [anchor])).toBeDefined()
    return validate(chain, [anchor], { profile }).then(
      () => 'accepted',
      (error: { code: string; message: string }) =>
        error.code === 'x509.profile.mismatch' ? error.message : error,
    )
  }
  const plus = (days: number) => ({ ...year, until: new Date(year.from.getTime() + days * 86_400_000) })

  it.each<[string, Without, Without]>([
    ['the root lets authorities', { authority: {} }, {}],
    [
      'the root has no country',
      { subject: { commonName: 'IACA' }, issuer: { commonName: 'IACA' } },
      { subject: { commonName: 'DS' } },
    ],
    ['more than 20 years', { validity: plus(7400) }, {}],
    ['the root does not say how to reach', { issuerContact: undefined }, {}],
    ['the root names no place', { crlUrl: undefined }, {}],
    ['the document signer does not say how', {}, { issuerContact: undefined }],
    ['the leaf names no place', {}, { crlUrl: undefined }],
    ['not for this purpose alone', {}, { extendedKeyUsage: [] }],
    ['not for this purpose alone', {}, { extendedKeyUsage: [mdocPurposes.documentSigner, '1.2.3'] }],
    ['more than 457 days', {}, { validity: plus(458) }],
    ['not of the country', {}, { subject: { commonName: 'DS', country: 'LA' } }],
    ['not of the state', {}, { subject: { commonName: 'DS', ...place, stateOrProvince: 'TH-10' } }],
  ])('is not met when %s', async (message, root, leaf) => {
    expect(await outcome({}, {})).toBe('accepted')
    expect(await outcome(root, leaf)).toContain(message)
  })

  it('is not met by an authority between, or by a document signer that is itself the anchor', async () => {
    const root = await createCertificateAuthority({
      signer: await newSigner(),
      subject: { commonName: 'Root', ...place },
    })
    const lower = await createCertificateAuthority({
      signer: await newSigner(),
      subject: { commonName: 'Lower', ...place },
      parent: root,
    })
    const x5c = await lower.issue({ ...(await newLeaf()), extendedKeyUsage: [mdocPurposes.documentSigner] })
    await expect(validate(x5c, [root.certificate], { profile: mdocIssuerProfile })).rejects.toEqual(
      code('x509.profile.mismatch'),
    )
    await expect(validate(x5c, [x5c[0]!], { profile: mdocIssuerProfile })).rejects.toEqual(
      code('x509.profile.mismatch'),
    )
  })

  it('has a profile for those who read', async () => {
    const purpose = { extendedKeyUsage: [mdocPurposes.readerAuthentication] }
    expect(await outcome({}, { ...purpose, validity: plus(1100) }, mdocReaderProfile)).toBe('accepted')
    expect(await outcome({}, {}, mdocReaderProfile)).toContain('not for this purpose alone')
    expect(await outcome({}, { ...purpose, validity: plus(1188) }, mdocReaderProfile)).toContain(
      'more than 1187 days',
    )
  })

  it('is asked for by name where an issuer is found by his chain', async () => {
    const root = await iaca()
    const anchors = trustAnchors([{ role: 'credential-issuer', certificate: root.certificate }])
    const resolve = resolveX5c({ anchors, profile: mdocIssuerProfile })
    const leaf = await newLeaf()
    const x5c = await root.issueDocumentSigner({ commonName: 'DS', publicJwk: leaf.publicJwk })
    expect((await resolve({ x5c, alg: 'ES256' })).identity.method).toBe('x5c')
    await expect(resolve({ x5c: await root.issue(leaf), alg: 'ES256' })).rejects.toEqual(
      code('core.resolve.invalid', 'x509.profile.mismatch'),
    )
  })
})
