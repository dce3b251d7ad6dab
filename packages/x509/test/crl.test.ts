import type { Signer } from '@ekkasan/core'
import { createMemoryStore } from '@ekkasan/core'
import {
  type Certificate,
  createCertificateAuthority,
  createCrlChecker,
  createCrlIssuer,
  issueCertificate,
  parseCertificate,
  parseCrl,
  pemOf,
  verifyCrl,
} from '@ekkasan/x509'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  CRLNumber,
  CRLReason,
  CRLReasons,
  DistributionPointName,
  Extension,
  GeneralName,
  IssuingDistributionPoint,
  Name,
  Reason,
  ReasonFlags,
  RelativeDistinguishedName,
  RevokedCertificate,
  TBSCertList,
  Time,
} from '@peculiar/asn1-x509'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { always, code, hasOpenssl, newSigner, openssl } from './setting.ts'

const url = 'https://ca.example/root.crl'
const at = new Date('2026-06-01T00:00:00Z')

let signer: Signer, issuer: Certificate, leaf: Certificate

beforeAll(async () => {
  signer = await newSigner()
  const issue = (commonName: string, publicJwk: Signer['key']['publicJwk'], authority?: object) =>
    issueCertificate({
      subject: { commonName },
      publicJwk,
      signer,
      issuer: { commonName: 'Root' },
      validity: always,
      crlUrl: url,
      ...(authority && { authority }),
    })
  issuer = parseCertificate(await issue('Root', signer.key.publicJwk, {}))
  leaf = parseCertificate(await issue('Leaf', (await newSigner()).key.publicJwk))
})

const der = (tag: number, ...parts: Uint8Array[]) => {
  const content = Buffer.concat(parts)
  const size: number[] = []
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest & 255)
  const length = content.length < 128 ? [content.length] : [0x80 | size.length, ...size]
  return Buffer.concat([Uint8Array.of(tag, ...length), content])
}
/** A list signed by the issuer, over a body written by another library. */
const signList = async (body: Uint8Array) => {
  const raw = await signer.sign(body)
  const number = (half: Uint8Array) => {
    const digits = Buffer.from(half.subarray(half.findIndex((byte) => byte !== 0)))
    return der(2, (digits[0] as number) > 127 ? Buffer.concat([Uint8Array.of(0), digits]) : digits)
  }
  const signature = der(0x30, number(raw.subarray(0, 32)), number(raw.subarray(32)))
  const algorithm = new Uint8Array(
    AsnConvert.serialize(new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })),
  )
  return new Uint8Array(der(0x30, body, algorithm, der(3, Uint8Array.of(0), signature)))
}
const listOf = (over: Partial<TBSCertList> = {}) =>
  signList(
    new Uint8Array(
      AsnConvert.serialize(
        new TBSCertList({
          version: 1,
          signature: new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }),
          issuer: AsnConvert.parse(issuer.raw.subject, Name),
          thisUpdate: new Time(new Date('2026-05-31T00:00:00Z')),
          nextUpdate: new Time(new Date('2026-06-02T00:00:00Z')),
          ...over,
        }),
      ),
    ),
  )
const extension = (extnID: string, critical: boolean, value: unknown) =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
const point = (over: Partial<IssuingDistributionPoint>) => ({
  crlExtensions: [extension('2.5.29.28', true, Object.assign(new IssuingDistributionPoint(), over))],
})
const entry = (serial: string, ...crlEntryExtensions: Extension[]) =>
  new RevokedCertificate({
    userCertificate: new Uint8Array(Buffer.from(serial, 'hex')).buffer,
    revocationDate: new Time(new Date('2026-05-01T00:00:00Z')),
    ...(crlEntryExtensions.length > 0 && { crlEntryExtensions }),
  })

describe('a revocation list (RFC 5280 section 5)', () => {
  it('is read: its issuer, its times, its entries with date and reason', async () => {
    const crl = parseCrl(
      await listOf({
        revokedCertificates: [
          entry('0102'),
          entry('00ff', extension('2.5.29.21', false, new CRLReason(CRLReasons.keyCompromise))),
        ],
        crlExtensions: [
          extension('2.5.29.20', false, new CRLNumber(7)),
          extension('1.2.3', false, new CRLNumber(7)),
        ],
      }),
    )
    expect(crl.issuer).toEqual(issuer.names.subject)
    expect([crl.thisUpdate, crl.nextUpdate]).toEqual([
      new Date('2026-05-31T00:00:00Z'),
      new Date('2026-06-02T00:00:00Z'),
    ])
    const since = new Date('2026-05-01T00:00:00Z')
    expect([...crl.entries]).toEqual([
      ['0102', { since, reason: 'unspecified' }],
      ['00ff', { since, reason: 'keyCompromise' }],
    ])
    await verifyCrl(crl, { certificate: leaf, issuer, url, at })
  })

  it('is not acted on when it is a delta, indirect, for some reasons, of attributes, or not understood', async () => {
    for (const over of [
      { crlExtensions: [extension('2.5.29.27', true, new CRLNumber(1))] },
      point({ indirectCRL: true }),
      point({ onlySomeReasons: new Reason(ReasonFlags.keyCompromise) }),
      point({ onlyContainsAttributeCerts: true }),
      { crlExtensions: [extension('1.2.3', true, new CRLNumber(1))] },
      { revokedCertificates: [entry('01', extension('1.2.3', true, new CRLNumber(1)))] },
      {
        revokedCertificates: [
          entry('01', extension('2.5.29.21', false, new CRLReason(CRLReasons.removeFromCRL))),
        ],
      },
    ]) {
      const list = await listOf(over)
      expect(() => parseCrl(list)).toThrow(code('x509.crl.unsupported'))
    }
  })

  it('is refused when what it speaks of is said twice, in no truth value, or in a way not understood', async () => {
    const speaking = async (...parts: readonly (readonly number[])[]) => {
      const value = new OctetString(der(0x30, ...parts.map((part) => Uint8Array.from(part))))
      return listOf({
        crlExtensions: [new Extension({ extnID: '2.5.29.28', critical: true, extnValue: value })],
      })
    }
    expect(parseCrl(await speaking([0x82, 1, 255])).scope).toEqual({ kind: 'authorities' })
    for (const [parts, fault] of [
      [
        [
          [0x82, 1, 255],
          [0x82, 1, 0],
        ],
        'malformed',
      ],
      [[[0x84, 0]], 'malformed'],
      [[[0x84, 2, 0, 255]], 'malformed'],
      [[[0x86, 1, 255]], 'unsupported'],
    ] as const) {
      const list = await speaking(...parts)
      expect(() => parseCrl(list)).toThrow(code(`x509.crl.${fault}`))
    }
  })

  it('speaks only of the certificates and the place that it says', async () => {
    const verify = async (over: Partial<TBSCertList>, certificate: Certificate) =>
      verifyCrl(parseCrl(await listOf(over)), { certificate, issuer, url, at }).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      )
    expect(await verify(point({ onlyContainsUserCerts: true }), leaf)).toBe('accepted')
    expect(await verify(point({ onlyContainsUserCerts: true }), issuer)).toBe('x509.crl.scope')
    expect(await verify(point({ onlyContainsCACerts: true }), issuer)).toBe('accepted')
    expect(await verify(point({ onlyContainsCACerts: true }), leaf)).toBe('x509.crl.scope')
    const standingAt = (uri: string) =>
      point({
        distributionPoint: new DistributionPointName({
          fullName: [new GeneralName({ uniformResourceIdentifier: uri })],
        }),
      })
    expect(await verify(standingAt(url), leaf)).toBe('accepted')
    expect(await verify(standingAt('https://ca.example/other.crl'), leaf)).toBe('x509.crl.scope')
  })

  it('that does not say until when it holds, or whose issuer may not sign lists, is not believed', async () => {
    const { nextUpdate: _, ...open } = parseCrl(await listOf())
    const options = { certificate: leaf, issuer, url, at }
    await expect(verifyCrl(open, options)).rejects.toEqual(code('x509.crl.not-current'))
    const barred = { ...issuer, keyUsage: ['keyCertSign'] }
    await expect(verifyCrl(parseCrl(await listOf()), { ...options, issuer: barred })).rejects.toEqual(
      code('x509.crl.issuer'),
    )
  })

  it('is refused when its issuer has a name that no certificate could hold', async () => {
    const named = (length: number) => {
      const value = new AttributeValue({ utf8String: '\ufdfa'.repeat(length) })
      return new Name([
        new RelativeDistinguishedName([new AttributeTypeAndValue({ type: '2.5.4.10', value })]),
      ])
    }
    expect(parseCrl(await listOf({ issuer: named(100) })).issuer).toHaveLength(1)
    const list = await listOf({ issuer: named(6000) })
    expect(() => parseCrl(list)).toThrow(code('x509.crl.malformed'))
  })

  it('is refused when it is too large or has too many entries', async () => {
    const list = await listOf({ revokedCertificates: [entry('01'), entry('02')] })
    expect(() => parseCrl(list, { maxBytes: list.length - 1 })).toThrow(code('x509.crl.malformed'))
    expect(() => parseCrl(list, { maxEntries: 1 })).toThrow(code('x509.crl.malformed'))
    expect(parseCrl(list, { maxEntries: 2 }).entries.size).toBe(2)
  })

  it('is refused when its lengths are indefinite, not minimal or beyond its end, its date none, its version another', async () => {
    const list = Buffer.from(await listOf({ revokedCertificates: [entry('0102')] }))
    const version = list.indexOf(Buffer.from('020101', 'hex'))
    const date = list.indexOf('260531')
    const with_ = (at: number, ...bytes: number[]) => {
      const changed = Buffer.from(list)
      changed.set(bytes, at)
      return changed
    }
    for (const hostile of [
      Buffer.concat([list, Uint8Array.of(0)]),
      list.subarray(0, -1),
      with_(1, 0x80),
      with_(version + 2, 2),
      with_(date, ...Buffer.from('260231')),
      with_(date, ...Buffer.from('2605-1')),
      Buffer.concat([Uint8Array.of(0x30, 0x84, 0, 0), list.subarray(2)]),
      Buffer.from('3080'.repeat(8000), 'hex'),
      Buffer.alloc(4_000_000, 0x30),
    ]) {
      expect(() => parseCrl(hostile)).toThrow(code('x509.crl.malformed'))
    }
  })

  it('changed at random is refused, or not believed', async () => {
    const list = await listOf({
      revokedCertificates: [entry('0102', extension('2.5.29.21', false, new CRLReason(1)))],
      ...point({ onlyContainsUserCerts: true }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(list.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        async (changes) => {
          const changed = Uint8Array.from(list)
          for (const [index, byte] of changes) changed[index] = byte
          if (Buffer.from(changed).equals(Buffer.from(list))) return
          const outcome = await (async () =>
            verifyCrl(parseCrl(changed), { certificate: leaf, issuer, url, at }))().then(
            () => 'accepted',
            (error: Error) => error.name,
          )
          expect(outcome).toBe('X509Error')
        },
      ),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => parseCrl(bytes)).toThrow(code('x509.crl.malformed'))
      }),
    )
  })

  it('of 25,000 entries is read', async () => {
    const one = AsnConvert.serialize(entry('40000000000000000000000000000000'))
    const entries = Array.from({ length: 25_000 }, (_, index) => {
      const copy = Buffer.from(one.slice(0))
      copy.writeUInt32BE(index, copy.indexOf(0x40) + 8)
      return copy
    })
    const body = Buffer.from(
      AsnConvert.serialize(
        new TBSCertList({
          version: 1,
          signature: new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }),
          issuer: AsnConvert.parse(issuer.raw.subject, Name),
          thisUpdate: new Time(at),
          nextUpdate: new Time(at),
        }),
      ),
    )
    const list = await signList(der(0x30, body.subarray(2), der(0x30, ...entries)))
    expect(parseCrl(list).entries.size).toBe(25_000)
  })

  it('made by OpenSSL is read and believed', async ({ skip }) => {
    skip(!hasOpenssl, 'OpenSSL is not installed')
    const jwk = (await import('node:crypto')).generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const key = jwk.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    const config = [
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index\ncrlnumber=number\ndefault_md=sha384\ndefault_crl_days=3650\ncrl_extensions=x\n',
      '[x]\nauthorityKeyIdentifier=keyid\n',
    ].join('')
    const root = openssl(
      { key },
      'req',
      '-x509',
      '-key',
      'key',
      '-days',
      '3650',
      '-subj',
      '/C=TH/CN=OpenSSL',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    )
    const certificate = root.slice(root.indexOf('-----BEGIN'))
    const authority = parseCertificate(certificate)
    const index = ['0A0B', 'FF01']
      .map((serial) => `R\t400101000000Z\t260101000000Z,keyCompromise\t${serial}\tunknown\t/CN=Leaf\n`)
      .join('')
    const made = openssl(
      { key, 'root.pem': certificate, index, number: '07', config },
      'ca',
      '-config',
      'config',
      '-gencrl',
      '-keyfile',
      'key',
      '-cert',
      'root.pem',
    )
    const pem = made.slice(made.indexOf('-----BEGIN')).replaceAll(/-----[^-]+-----|\s/g, '')
    const crl = parseCrl(Buffer.from(pem, 'base64'))
    const entry = { since: new Date('2026-01-01T00:00:00Z'), reason: 'keyCompromise' }
    // With the zero in front that a number of a high first bit has: as certificates have it.
    expect([...crl.entries]).toEqual([
      ['0a0b', entry],
      ['00ff01', entry],
    ])
    const high = openssl(
      { key },
      ...['req', '-x509', '-key', 'key', '-subj', '/CN=High', '-set_serial', '0xff01'],
    )
    expect(parseCertificate(high.slice(high.indexOf('-----BEGIN'))).serialNumber).toBe('00ff01')
    await verifyCrl(crl, { certificate: leaf, issuer: authority, url, at: new Date() })
    expect(pemOf(authority.base64).trim()).toBe(certificate.trim())
  })
})

describe('a checker or an issuer of lists that is not well made', () => {
  it('is refused when it is made', async () => {
    expect(() => createCrlChecker({ fetch, maxAge: 0 })).toThrow(TypeError)
    const authority = await createCertificateAuthority({ signer, subject: { commonName: 'Root' } })
    expect(() =>
      createCrlIssuer({
        certificate: authority.certificate,
        signer,
        store: createMemoryStore(),
        url: 'nowhere',
      }),
    ).toThrow(TypeError)
  })
})
