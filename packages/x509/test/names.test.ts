import type { Signer } from '@ekkasan/core'
import {
  type IssueCertificateOptions,
  issueCertificate,
  parseCertificate,
  pemOf,
  validateCertificatePath,
} from '@ekkasan/x509'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AttributeTypeAndValue,
  AttributeValue,
  GeneralName,
  GeneralNames,
  GeneralSubtree,
  GeneralSubtrees,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
} from '@peculiar/asn1-x509'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { always, code, hasOpenssl, newSigner, openssl } from './setting.ts'

type Kind = 'printableString' | 'utf8String' | 'bmpString' | 'ia5String' | 'teletexString'
const part = (type: string, kind: Kind, value: string) =>
  new RelativeDistinguishedName([
    new AttributeTypeAndValue({ type, value: new AttributeValue({ [kind]: value }) }),
  ])
const cn = (kind: Kind, value: string) => new Name([part('2.5.4.3', kind, value)])

let root: Signer, leaf: Signer
const rootName = { commonName: 'Root' }

beforeAll(async () => {
  ;[root, leaf] = [await newSigner(), await newSigner()]
})

const certify = (over: Partial<IssueCertificateOptions>) =>
  issueCertificate({
    subject: { commonName: 'Leaf' },
    publicJwk: leaf.key.publicJwk,
    signer: root,
    issuer: rootName,
    validity: always,
    ...over,
  })
const rootCertificate = (over: Partial<IssueCertificateOptions> = {}) =>
  certify({ subject: rootName, publicJwk: root.key.publicJwk, authority: {}, ...over })

/** A certificate as an issuer of this name, written in this way, would stand in it. */
const namedAs = async (name: Name) => {
  const model = parseCertificate(await rootCertificate())
  return { ...model, raw: { ...model.raw, subject: new Uint8Array(AsnConvert.serialize(name)) } }
}

describe('names of issuers are compared by RFC 5280 section 7.1', () => {
  const chains = async (issuer: Name, subject: Name) => {
    const anchor = parseCertificate(
      await issueCertificate({
        subject: rootName,
        publicJwk: root.key.publicJwk,
        signer: root,
        issuer: rootName,
        validity: always,
        authority: {},
      }),
    )
    const renamed = parseCertificate(await certify({ issuer: await namedAs(subject) }))
    const chain = [await certify({ issuer: await namedAs(issuer) })]
    const anchors = [{ ...anchor, names: { ...anchor.names, subject: renamed.names.issuer } }]
    return validateCertificatePath({ chain, anchors, at: new Date() }).then(
      () => true,
      (error: { code: string }) => (error.code === 'x509.path.no-anchor' ? false : error),
    )
  }

  it('whatever the string type, the case, the spaces and the Unicode form', async () => {
    for (const [a, b] of [
      [cn('printableString', 'Root CA'), cn('utf8String', 'Root CA')],
      [cn('bmpString', 'กรมการปกครอง'), cn('utf8String', 'กรมการปกครอง')],
      [cn('utf8String', 'ROOT ca'), cn('utf8String', 'root CA')],
      [cn('utf8String', '  Root   CA '), cn('utf8String', 'Root CA')],
      [cn('utf8String', 'Root\u00a0CA'), cn('utf8String', 'Root CA')],
      [cn('utf8String', 'Root\u200b CA\u00ad'), cn('utf8String', 'Root CA')],
      [cn('utf8String', 'Zu\u0308rich'), cn('utf8String', 'ZÜRICH')],
      [cn('utf8String', 'น\u0e4d\u0e32'), cn('utf8String', 'น\u0e33')],
      [
        new Name([part('0.9.2342.19200300.100.1.25', 'ia5String', 'EXAMPLE')]),
        new Name([part('0.9.2342.19200300.100.1.25', 'ia5String', 'example')]),
      ],
    ] as const) {
      expect(await chains(a, b), JSON.stringify([a, b])).toBe(true)
    }
  })

  it('and differ by anything else: letters, attributes, their order, their number, what is no text', async () => {
    const two = [part('2.5.4.10', 'utf8String', 'A'), part('2.5.4.3', 'utf8String', 'B')] as const
    for (const [a, b] of [
      [cn('utf8String', 'Root CA'), cn('utf8String', 'RootCA')],
      [cn('utf8String', 'Root'), cn('utf8String', 'Rоot')],
      [cn('utf8String', 'Root'), new Name([part('2.5.4.10', 'utf8String', 'Root')])],
      [new Name([...two]), new Name([two[1], two[0]])],
      [new Name([...two]), new Name([two[0]])],
      [new Name([]), new Name([two[0]])],
      [cn('teletexString', 'Root'), cn('utf8String', 'Root')],
      [
        cn('utf8String', 'a"+2.5.4.3="b'),
        new Name([
          new RelativeDistinguishedName([...cn('utf8String', 'a')[0]!, ...cn('utf8String', 'b')[0]!]),
        ]),
      ],
    ] as const) {
      expect(await chains(a, b), JSON.stringify([a, b])).toBe(false)
    }
  })

  it('and a name in Thai stands in the text of the subject as it is', async () => {
    const { subject } = parseCertificate(
      await certify({
        subject: { commonName: 'กรมการปกครอง', stateOrProvince: 'กรุงเทพมหานคร', country: 'TH' },
      }),
    )
    expect(subject).toBe('CN=กรมการปกครอง,ST=กรุงเทพมหานคร,C=TH')
    await expect(certify({ subject: { commonName: 'a', country: 'th' } })).rejects.toThrow(TypeError)
  })
})

type NameParts = { email?: string; dns?: string; uri?: string; ip?: string; directory?: Name; other?: string }
const generalName = ({ email, dns, uri, ip, directory, other }: NameParts) =>
  new GeneralName({
    ...(email !== undefined && { rfc822Name: email }),
    ...(dns !== undefined && { dNSName: dns }),
    ...(uri !== undefined && { uniformResourceIdentifier: uri }),
    ...(ip !== undefined && { iPAddress: ip }),
    ...(directory && { directoryName: directory }),
    ...(other !== undefined && { registeredID: other }),
  })
const subtrees = (names: readonly NameParts[]) =>
  new GeneralSubtrees(names.map((name) => new GeneralSubtree({ base: generalName(name) })))
const constraints = (permitted: readonly NameParts[], excluded: readonly NameParts[] = []) => ({
  oid: '2.5.29.30',
  critical: true,
  value: new Uint8Array(
    AsnConvert.serialize(
      new NameConstraints({
        ...(permitted.length > 0 && { permittedSubtrees: subtrees(permitted) }),
        ...(excluded.length > 0 && { excludedSubtrees: subtrees(excluded) }),
      }),
    ),
  ),
})
const alternative = (...names: NameParts[]) => ({
  oid: '2.5.29.17',
  critical: false,
  value: new Uint8Array(AsnConvert.serialize(new GeneralNames(names.map(generalName)))),
})

const organization = (...values: string[]) =>
  new Name([
    part('2.5.4.6', 'printableString', 'TH'),
    ...values.map((value) => part('2.5.4.10', 'utf8String', value)),
  ])

describe('an authority whose names are limited (RFC 5280 sections 4.2.1.10 and 6.1.4)', () => {
  const outcome = async (
    limit: ReturnType<typeof constraints>,
    names: NameParts[],
    over: Partial<IssueCertificateOptions> = {},
    isCompared = hasOpenssl,
  ) => {
    const anchor = await rootCertificate({ extensions: [limit] })
    const chain = [await certify({ extensions: names.length > 0 ? [alternative(...names)] : [], ...over })]
    const ours = await validateCertificatePath({
      chain,
      anchors: [parseCertificate(anchor)],
      at: new Date(),
    }).then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    )
    if (isCompared) {
      const files = { 'root.pem': pemOf(anchor), 'leaf.pem': pemOf(chain[0]!) }
      const theirs = openssl(files, 'verify', '-CAfile', 'root.pem', 'leaf.pem')
      expect([ours, theirs.includes('leaf.pem: OK')], theirs).toEqual([ours, ours === 'accepted'])
    }
    return ours
  }
  const refused = 'x509.path.name-constraint'

  it('certifies DNS names in its domains, and none that are excluded', async () => {
    const limit = constraints([{ dns: 'gov.example' }], [{ dns: 'secret.gov.example' }])
    expect(await outcome(limit, [{ dns: 'gov.example' }])).toBe('accepted')
    expect(await outcome(limit, [{ dns: 'A.b.GOV.example' }])).toBe('accepted')
    expect(await outcome(limit, [{ dns: 'evilgov.example' }])).toBe(refused)
    expect(await outcome(limit, [{ dns: 'gov.example' }, { dns: 'bank.example' }])).toBe(refused)
    expect(await outcome(limit, [{ dns: 'secret.gov.example' }])).toBe(refused)
    expect(await outcome(limit, [{ dns: 'x.secret.gov.example' }])).toBe(refused)
    // OpenSSL takes a dot at the end for another name; it is the same host.
    expect(await outcome(limit, [{ dns: 'secret.gov.example.' }], {}, false)).toBe(refused)
    expect(await outcome(limit, [{ dns: 'gov.example.' }], {}, false)).toBe('accepted')
  })

  it('certifies no URI of which readers could take different parts for the host', async () => {
    const limits = [constraints([{ uri: 'gov.example' }]), constraints([], [{ uri: 'evil.example' }])]
    for (const limit of limits) {
      const uri = 'https://evil.example\\@gov.example/'
      expect(new URL(uri).hostname).toBe('evil.example')
      expect(await outcome(limit, [{ uri }], {}, false)).toBe(refused)
    }
  })

  it('certifies URIs of its hosts: one host, or with a dot in front all below it', async () => {
    const host = constraints([{ uri: 'gov.example' }])
    expect(await outcome(host, [{ uri: 'https://gov.example/a' }])).toBe('accepted')
    expect(await outcome(host, [{ uri: 'https://x.gov.example/a' }])).toBe(refused)
    const below = constraints([{ uri: '.gov.example' }])
    expect(await outcome(below, [{ uri: 'https://x.gov.example:8443/a' }])).toBe('accepted')
    expect(await outcome(below, [{ uri: 'https://gov.example' }])).toBe(refused)
    expect(
      await outcome(constraints([], [{ uri: '.gov.example' }]), [{ uri: 'https://a.gov.example' }]),
    ).toBe(refused)
  })

  it('certifies no URI without a host as soon as it is limited in them', async () => {
    for (const limit of [constraints([{ uri: 'gov.example' }]), constraints([], [{ uri: 'gov.example' }])]) {
      expect(await outcome(limit, [{ uri: 'urn:example:gov.example' }])).not.toBe('accepted')
      // OpenSSL takes an address for a host like any other.
      expect(await outcome(limit, [{ uri: 'https://192.0.2.1/' }], {}, false)).toBe(refused)
    }
  })

  it('certifies mailboxes of its hosts, in subjects too', async () => {
    const limit = constraints([{ email: 'gov.example' }, { email: 'One@bank.example' }])
    expect(await outcome(limit, [{ email: 'a@GOV.example' }])).toBe('accepted')
    expect(await outcome(limit, [{ email: 'One@bank.example' }])).toBe('accepted')
    expect(await outcome(limit, [{ email: 'two@bank.example' }])).toBe(refused)
    expect(await outcome(limit, [{ email: 'a@x.gov.example' }])).toBe(refused)
    expect(await outcome(constraints([{ email: '.gov.example' }]), [{ email: 'a@x.gov.example' }])).toBe(
      'accepted',
    )
  })

  it('certifies addresses in its ranges', async () => {
    const limit = constraints([{ ip: '10.1.0.0/16' }])
    expect(await outcome(limit, [{ ip: '10.1.2.3' }])).toBe('accepted')
    expect(await outcome(limit, [{ ip: '10.2.2.3' }])).toBe(refused)
    expect(await outcome(limit, [{ ip: '::a01:203' }])).toBe(refused)
  })

  it('certifies subjects below its names, whatever their case', async () => {
    const limit = constraints([{ directory: organization('Ministry') }])
    const subject = { commonName: 'x', organization: 'MINISTRY', country: 'TH' }
    expect(await outcome(limit, [], { subject })).toBe('accepted')
    expect(await outcome(limit, [], { subject: { ...subject, organization: 'Bank' } })).toBe(refused)
    expect(await outcome(limit, [{ directory: organization('Bank') }], { subject })).toBe(refused)
    expect(await outcome(limit, [], { subject: { commonName: 'x' } })).toBe(refused)
    const excluded = constraints([], [{ directory: organization('Ministry') }])
    expect(await outcome(excluded, [], { subject })).toBe(refused)
    expect(await outcome(excluded, [], { subject: { ...subject, organization: 'Bank' } })).toBe('accepted')
  })

  it('is not held to limits of names of another kind', async () => {
    expect(await outcome(constraints([{ dns: 'gov.example' }]), [{ uri: 'https://bank.example' }])).toBe(
      'accepted',
    )
  })

  it('is refused when the limit is of a kind that is not understood', async () => {
    const anchor = parseCertificate(
      await rootCertificate({ extensions: [constraints([{ other: '1.2.3' }])] }),
    )
    await expect(
      validateCertificatePath({ chain: [await certify({})], anchors: [anchor], at: new Date() }),
    ).rejects.toEqual(code('x509.path.critical-extension'))
  })

  it('limits all below it, also over an authority between, but not its own self-issued certificates', async () => {
    const middle = await newSigner()
    const limit = constraints([{ dns: 'gov.example' }, { directory: organization('Ministry') }])
    const subject = { commonName: 'Leaf', organization: 'Ministry', country: 'TH' }
    const between = (name: IssueCertificateOptions['subject']) =>
      certify({ subject: name, publicJwk: middle.key.publicJwk, authority: {} })
    const under = (name: IssueCertificateOptions['subject'], dns: string) =>
      certify({ issuer: name, signer: middle, subject, extensions: [alternative({ dns })] })
    const anchors = [parseCertificate(await rootCertificate({ extensions: [limit] }))]
    const validate = async (name: IssueCertificateOptions['subject'], dns: string) =>
      validateCertificatePath({
        chain: [await under(name, dns), await between(name)],
        anchors,
        at: new Date(),
      }).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      )
    const office = { commonName: 'Office', organization: 'Ministry', country: 'TH' }
    expect(await validate(office, 'a.gov.example')).toBe('accepted')
    expect(await validate(office, 'bank.example')).toBe(refused)
    expect(await validate({ commonName: 'Office' }, 'a.gov.example')).toBe(refused)
    expect(await validate(rootName, 'a.gov.example')).toBe('accepted')
  })
})

describe('a certificate with many extensions, changed at random', () => {
  it('is parsed or refused, and never accepted', async () => {
    const limit = constraints(
      [{ dns: 'gov.example' }, { directory: organization('Ministry') }],
      [{ ip: '10.0.0.0/8' }],
    )
    const anchor = parseCertificate(
      await rootCertificate({ extensions: [limit], crlUrl: 'http://ca.example/crl' }),
    )
    const der = new Uint8Array(
      Buffer.from(
        await certify({
          dnsNames: ['a.gov.example'],
          uris: ['https://a.example'],
          crlUrl: 'http://ca.example/crl',
          issuerContact: 'ca@ca.example',
          extendedKeyUsage: ['1.2.3'],
          authority: { pathLength: 1 },
          extensions: [limit],
        }),
        'base64',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        async (changes) => {
          const changed = Uint8Array.from(der)
          for (const [at, byte] of changes) changed[at] = byte
          if (Buffer.from(changed).equals(Buffer.from(der))) return
          const chain = [Buffer.from(changed).toString('base64')]
          const outcome = await validateCertificatePath({ chain, anchors: [anchor], at: new Date() }).then(
            () => 'accepted',
            (error: Error) => error.name,
          )
          expect(outcome).toBe('X509Error')
        },
      ),
      { numRuns: 1000 },
    )
  })
})
