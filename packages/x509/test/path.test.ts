import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PublicJwk, Signer } from '@ekkasan/core'
import { generateJwk, publicJwkOf as publicHalf, signerFromJwk } from '@ekkasan/keys'
import {
  createCertificateAuthority,
  type IssueCertificateOptions,
  issueCertificate,
  parseCertificate,
  pemOf,
  type SubjectName,
  validateCertificatePath,
} from '@ekkasan/x509'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'

const now = new Date('2026-06-01T00:00:00Z')
const always = { from: new Date('2020-01-01T00:00:00Z'), until: new Date('2040-01-01T00:00:00Z') }
const code = (name: string) => expect.objectContaining({ name: 'X509Error', code: name })

interface Party {
  readonly name: SubjectName
  readonly signer: Signer
  readonly publicJwk: PublicJwk
}
const newParty = async (
  commonName: string,
  alg: 'ES256' | 'ES384' | 'ES512' | 'EdDSA' = 'ES256',
): Promise<Party> => {
  const jwk = await generateJwk(alg)
  return { name: { commonName }, signer: await signerFromJwk(jwk), publicJwk: publicHalf(jwk) }
}
const certify = (subject: Party, issuer: Party, over: Partial<IssueCertificateOptions> = {}) =>
  issueCertificate({
    subject: subject.name,
    publicJwk: subject.publicJwk,
    signer: issuer.signer,
    issuer: issuer.name,
    validity: always,
    ...over,
  })

let root: Party, mid: Party, leaf: Party
let rootCertificate: string, midCertificate: string, leafCertificate: string

beforeAll(async () => {
  ;[root, mid, leaf] = await Promise.all([newParty('Root'), newParty('Mid'), newParty('Leaf')])
  rootCertificate = await certify(root, root, { authority: {} })
  midCertificate = await certify(mid, root, { authority: { pathLength: 0 } })
  leafCertificate = await certify(leaf, mid)
})

const validate = (
  chain: readonly string[],
  {
    anchors = [rootCertificate],
    ...over
  }: { anchors?: readonly string[]; at?: Date; purposes?: string[]; maxLength?: number } = {},
) =>
  validateCertificatePath({
    chain,
    anchors: anchors.map((anchor) => parseCertificate(anchor)),
    at: now,
    ...over,
  })

interface DerPart {
  readonly content: Buffer
  readonly whole: Buffer
}
/** The values in DER, none of them longer than 64 KiB. */
const partsOf = (der: Buffer): readonly DerPart[] => {
  const parts: DerPart[] = []
  for (let at = 0; at < der.length; ) {
    const first = der[at + 1]!
    const head = first < 128 ? 2 : first === 0x81 ? 3 : 4
    const length = first < 128 ? first : der.readUIntBE(at + 2, head - 2)
    const end = at + head + length
    parts.push({ content: der.subarray(at + head, end), whole: der.subarray(at, end) })
    at = end
  }
  return parts
}
const wrap = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Uint8Array.of(tag, ...size), content])
}

describe('a chain is accepted', () => {
  it('that leads over an intermediate to an anchor which is not in it (HAIP)', async () => {
    const path = await validate([leafCertificate, midCertificate])
    expect(path.chain.map(({ subject }) => subject)).toEqual(['CN=Leaf', 'CN=Mid'])
    expect(path.anchor.subject).toBe('CN=Root')
  })

  it('that ends with the anchor itself, which does not count as part of it', async () => {
    expect((await validate([leafCertificate, midCertificate, rootCertificate])).chain).toHaveLength(2)
  })

  it('whose intermediate is itself an anchor', async () => {
    const path = await validate([leafCertificate, midCertificate], { anchors: [midCertificate] })
    expect([path.chain.length, path.anchor.subject]).toEqual([1, 'CN=Mid'])
  })

  it('of a single certificate that is itself an anchor', async () => {
    const own = await certify(leaf, leaf)
    expect((await validate([own], { anchors: [own] })).leaf.subject).toBe('CN=Leaf')
  })

  it('signed with each algorithm that is accepted', async () => {
    for (const alg of ['ES384', 'ES512', 'EdDSA'] as const) {
      const [above, below] = [await newParty('Above', alg), await newParty('Below', alg)]
      const anchor = await certify(above, above, { authority: {} })
      expect((await validate([await certify(below, above)], { anchors: [anchor] })).leaf.subject).toBe(
        'CN=Below',
      )
    }
  })

  it('under the right one of two anchors with the same name', async () => {
    const other = await newParty('Root')
    const anchors = [await certify(other, other, { authority: {} }), rootCertificate]
    expect((await validate([leafCertificate, midCertificate], { anchors })).anchor.base64).toBe(
      rootCertificate,
    )
  })

  it('for the purpose that its leaf names', async () => {
    const purposeful = await certify(leaf, mid, { extendedKeyUsage: ['1.0.18013.5.1.2'] })
    expect(await validate([purposeful, midCertificate], { purposes: ['1.0.18013.5.1.2'] })).toBeDefined()
    await expect(validate([purposeful, midCertificate], { purposes: ['1.3.6.1.5.5.7.3.1'] })).rejects.toEqual(
      code('x509.path.purpose'),
    )
    await expect(validate([leafCertificate, midCertificate], { purposes: ['1.2.3'] })).rejects.toEqual(
      code('x509.path.purpose'),
    )
  })

  it('for a purpose that the authorities above certify for, where they name any', async () => {
    const purposeful = await certify(leaf, mid, { extendedKeyUsage: ['1.2.3'] })
    const under = async (...purposes: string[]) =>
      validate([purposeful, await certify(mid, root, { authority: {}, extendedKeyUsage: purposes })], {
        purposes: ['1.2.3'],
      })
    expect(await under('1.2.3')).toBeDefined()
    expect(await under('2.5.29.37.0')).toBeDefined()
    await expect(under('1.2.4')).rejects.toEqual(code('x509.path.purpose'))
  })

  it('that holds more than is needed: a link certificate above an authority that is an anchor by now', async () => {
    const link = await certify(mid, root, { authority: {} })
    const own = await certify(mid, mid, { authority: {} })
    for (const anchors of [[own], [rootCertificate], [own, rootCertificate]]) {
      expect((await validate([leafCertificate, link], { anchors })).leaf.subject).toBe('CN=Leaf')
    }
  })

  it('under the valid one of two anchors with the same name and key', async () => {
    const validity = { from: new Date('2020-01-01'), until: new Date('2026-05-31') }
    const ended = await certify(root, root, { validity, authority: {} })
    const { anchor } = await validate([leafCertificate, midCertificate], {
      anchors: [ended, rootCertificate],
    })
    expect(anchor.base64).toBe(rootCertificate)
  })
})

describe('a chain is refused', () => {
  const refuses = async (name: string, chain: readonly string[], options?: Parameters<typeof validate>[1]) =>
    expect(validate(chain, options)).rejects.toEqual(code(name))

  it('that is empty or too long', async () => {
    await refuses('x509.path.chain-length', [])
    await refuses('x509.path.chain-length', Array(6).fill(leafCertificate))
    await refuses('x509.path.chain-length', [leafCertificate, midCertificate], { maxLength: 1 })
  })

  it('with no anchor at all, or under another root of the same name', async () => {
    await refuses('x509.path.no-anchor', [leafCertificate, midCertificate], { anchors: [] })
    const other = await newParty('Root')
    const anchors = [await certify(other, other, { authority: {} })]
    await refuses('x509.path.no-anchor', [leafCertificate, midCertificate], { anchors })
  })

  it('of a self-signed leaf that is no anchor', async () => {
    await refuses('x509.path.no-anchor', [await certify(leaf, leaf)])
  })

  it('that brings its own root', async () => {
    const other = await newParty('Root')
    const own = await certify(other, other, { authority: {} })
    await refuses('x509.path.no-anchor', [await certify(leaf, other), own])
  })

  it('whose order is swapped, or with a certificate missing', async () => {
    await refuses('x509.path.leaf-usage', [midCertificate, leafCertificate])
    const other = await certify(mid, root, { subject: { commonName: 'Other' }, authority: {} })
    await refuses('x509.path.name-mismatch', [leafCertificate, other])
    await refuses('x509.path.no-anchor', [leafCertificate])
  })

  it('with a signature that another key of the same name made', async () => {
    const impostor = await newParty('Mid')
    await refuses('x509.path.signature', [await certify(leaf, impostor), midCertificate])
  })

  it('with a byte of any certificate changed', async () => {
    const der = Buffer.from(leafCertificate, 'base64')
    const at = der.indexOf('Leaf')
    der[at] = 'l'.charCodeAt(0)
    await refuses('x509.path.signature', [der.toString('base64'), midCertificate])
    const broken = Buffer.from(leafCertificate, 'base64')
    broken[broken.length - 1]! ^= 1
    await refuses('x509.path.signature', [broken.toString('base64'), midCertificate])
  })

  it('with a leaf, an intermediate or an anchor outside its validity', async () => {
    const past = { from: new Date('2020-01-01'), until: new Date('2026-05-31') }
    const future = { from: new Date('2026-06-02'), until: new Date('2030-01-01') }
    for (const [validity, name] of [
      [past, 'x509.path.expired'],
      [future, 'x509.path.not-yet-valid'],
    ] as const) {
      await refuses(name, [await certify(leaf, mid, { validity }), midCertificate])
      await refuses(name, [leafCertificate, await certify(mid, root, { validity, authority: {} })])
      const anchors = [await certify(root, root, { validity, authority: {} })]
      await refuses(name, [leafCertificate, midCertificate], { anchors })
      const own = await certify(leaf, leaf, { validity })
      await refuses(name, [own], { anchors: [own] })
    }
    await refuses('x509.path.expired', [leafCertificate, midCertificate], { at: new Date('2041-01-01') })
  })

  it('with an intermediate or an anchor that may not issue', async () => {
    await refuses('x509.path.not-a-ca', [leafCertificate, await certify(mid, root)])
    const anchors = [await certify(root, root)]
    await refuses('x509.path.not-a-ca', [leafCertificate, midCertificate], { anchors })
  })

  it('with more intermediates than an issuer allows, and not with fewer', async () => {
    const lower = await newParty('Lower')
    const lowerCertificate = await certify(lower, mid, { authority: {} })
    const lowest = await certify(leaf, lower)
    await refuses('x509.path.length-exceeded', [lowest, lowerCertificate, midCertificate])
    const roomy = await certify(mid, root, { authority: { pathLength: 1 } })
    expect((await validate([lowest, lowerCertificate, roomy])).chain).toHaveLength(3)
    const anchors = [await certify(root, root, { authority: { pathLength: 1 } })]
    await refuses('x509.path.length-exceeded', [lowest, lowerCertificate, roomy], { anchors })
  })

  it('with a critical extension that is not understood', async () => {
    const value = Uint8Array.of(5, 0)
    const extension = (oid: string, critical: boolean) => ({ extensions: [{ oid, critical, value }] })
    await refuses('x509.path.critical-extension', [
      await certify(leaf, mid, extension('1.2.3.4', true)),
      midCertificate,
    ])
    await refuses('x509.path.critical-extension', [
      leafCertificate,
      await certify(mid, root, { authority: {}, ...extension('1.2.3.4', true) }),
    ])
    const anchors = [await certify(root, root, { authority: {}, ...extension('2.5.29.36', true) })]
    await refuses('x509.path.critical-extension', [leafCertificate, midCertificate], { anchors })
    expect(
      await validate([await certify(leaf, mid, extension('1.2.3.4', false)), midCertificate]),
    ).toBeDefined()
  })

  it('whose leaf is an authority', async () => {
    await refuses('x509.path.leaf-usage', [await certify(leaf, mid, { authority: {} }), midCertificate])
  })
})

describe('a certificate from outside', () => {
  it('is refused when it is not base64 DER of a certificate', () => {
    const der = Buffer.from(leafCertificate, 'base64')
    for (const hostile of [
      '',
      'not base64!',
      `${leafCertificate}\n`,
      leafCertificate.replace(/=*$/, '=='),
      leafCertificate.replaceAll('+', '-'),
      der.subarray(0, der.length - 10).toString('base64'),
      der.subarray(1).toString('base64'),
      Buffer.from('{}').toString('base64'),
      Buffer.alloc(1000).toString('base64'),
      Buffer.alloc(1000, 0x30).toString('base64'),
      'A'.repeat(4_000_000),
    ]) {
      if (hostile === leafCertificate) continue
      expect(() => parseCertificate(hostile), hostile.slice(0, 30)).toThrow(
        code('x509.certificate.malformed'),
      )
    }
  })

  it('is refused quickly when it is huge, deeply nested or a heap of small parts', () => {
    const sequence = (content: Uint8Array) =>
      Buffer.concat([Uint8Array.of(0x30, 0x82, content.length >> 8, content.length & 255), content])
    let nested = sequence(Buffer.alloc(0))
    while (nested.length < 16_000) nested = sequence(nested)
    for (const hostile of [
      nested,
      Buffer.from('3080'.repeat(8000), 'hex'),
      sequence(Buffer.from('0500'.repeat(8000), 'hex')),
      Buffer.alloc(5_000_000, 0x30),
    ]) {
      expect(() => parseCertificate(hostile)).toThrow(code('x509.certificate.malformed'))
    }
  })

  it('is refused when what nobody signed was changed: the envelope, its algorithm, bytes behind it', () => {
    const der = Buffer.from(leafCertificate, 'base64')
    const outer = Buffer.from(der)
    const sha256 = Buffer.from('2a8648ce3d040302', 'hex')
    outer[outer.lastIndexOf(sha256) + 7] = 3
    const tag = Buffer.from(der)
    tag[0] = 0xa0
    const length = Buffer.from(der)
    length[3]! -= 1
    for (const hostile of [outer, tag, length, Buffer.concat([der, Uint8Array.of(0)])]) {
      expect(() => parseCertificate(hostile)).toThrow(code('x509.certificate.malformed'))
    }
  })

  it('has one form of its ECDSA signature: no longer lengths, no zeros in front', async () => {
    const der = Buffer.from(leafCertificate, 'base64')
    const [body, algorithm, bits] = partsOf(partsOf(der)[0]!.content)
    const [signature] = partsOf(bits!.content.subarray(1))
    const [r, s] = partsOf(signature!.content)
    const signedBy = (written: Uint8Array) =>
      wrap(0x30, body!.whole, algorithm!.whole, wrap(3, Uint8Array.of(0), written)).toString('base64')
    const zero = Uint8Array.of(0)
    expect(signedBy(signature!.whole)).toBe(leafCertificate)
    for (const written of [
      wrap(0x30, wrap(2, zero, r!.content), s!.whole),
      wrap(0x30, r!.whole, wrap(2, zero, s!.content)),
      Buffer.concat([Uint8Array.of(0x30, 0x81, signature!.content.length), signature!.content]),
    ]) {
      await expect(validate([signedBy(written), midCertificate])).rejects.toEqual(code('x509.path.signature'))
    }
  })

  it('is refused when an extension stands twice', async () => {
    const again = { oid: '2.5.29.19', critical: true, value: Uint8Array.of(0x30, 3, 1, 1, 255) }
    const twice = await certify(leaf, mid, { extensions: [again] })
    expect(() => parseCertificate(twice)).toThrow(code('x509.certificate.malformed'))
  })

  it('never makes the parser throw anything but its own errors, nor the path anything but refuse', async () => {
    const der = new Uint8Array(Buffer.from(leafCertificate, 'base64'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const changed = Uint8Array.from(der)
          for (const [at, byte] of changes) changed[at] = byte
          if (Buffer.from(changed).equals(Buffer.from(der))) return
          const outcome = await validate([Buffer.from(changed).toString('base64'), midCertificate]).then(
            () => 'accepted',
            (error: Error) => error.name,
          )
          expect(outcome).toBe('X509Error')
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('is refused when it is random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => parseCertificate(bytes)).toThrow(code('x509.certificate.malformed'))
      }),
    )
  })
})

describe('against OpenSSL', () => {
  const inFolder = <T>(work: (folder: string) => T): T => {
    const folder = mkdtempSync(join(tmpdir(), 'x509-'))
    try {
      return work(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' })

  it('what the small authority issues passes openssl verify -x509_strict', async () => {
    const newSigner = async () => signerFromJwk(await generateJwk('ES256'))
    const top = await createCertificateAuthority({
      signer: await newSigner(),
      subject: { commonName: 'ราก', country: 'TH' },
    })
    const lower = await createCertificateAuthority({
      signer: await newSigner(),
      subject: { commonName: 'Lower', organization: 'a, b + "c"' },
      parent: top,
      pathLength: 0,
    })
    const x5c = await lower.issue({
      subject: { commonName: 'verifier' },
      publicJwk: (await newSigner()).key.publicJwk,
      dnsNames: ['verifier.example'],
    })
    inFolder((folder) => {
      const files = [top.certificate, ...x5c].map((base64, index) => {
        const file = join(folder, `${index}.pem`)
        writeFileSync(file, pemOf(base64))
        return file
      }) as [string, string, string]
      expect(
        openssl('verify', '-x509_strict', '-CAfile', files[0], '-untrusted', files[2], files[1]),
      ).toMatch(/OK/)
      expect(
        openssl(
          'verify',
          '-verify_hostname',
          'verifier.example',
          '-CAfile',
          files[0],
          '-untrusted',
          files[2],
          files[1],
        ),
      ).toMatch(/OK/)
    })
    const path = await validateCertificatePath({
      chain: x5c,
      anchors: [parseCertificate(top.certificate)],
      at: new Date(),
    })
    expect([path.leaf.issuer, path.anchor.subject]).toEqual(['CN=Lower,O=a\\, b \\+ \\"c\\"', 'CN=ราก,C=TH'])
  })

  it('what OpenSSL issues is read and validated: RSA, P-384, SHA-384', () => {
    return inFolder((folder) => {
      const file = (name: string) => join(folder, name)
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        file('k'),
        '-out',
        file('ca.pem'),
        '-sha384',
        '-days',
        '30',
        '-subj',
        '/C=TH/O=Authority/CN=RSA Root',
        '-addext',
        'keyUsage=critical,keyCertSign',
      )
      openssl(
        'req',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:secp384r1',
        '-nodes',
        '-keyout',
        file('l'),
        '-out',
        file('csr'),
        '-subj',
        '/CN=issuer.example',
      )
      writeFileSync(
        file('ext'),
        'subjectAltName=DNS:Issuer.example,URI:https://issuer.example/a\nkeyUsage=digitalSignature\n',
      )
      openssl(
        'x509',
        '-req',
        '-in',
        file('csr'),
        '-CA',
        file('ca.pem'),
        '-CAkey',
        file('k'),
        '-CAcreateserial',
        '-out',
        file('leaf.pem'),
        '-days',
        '20',
        '-sha512',
        '-extfile',
        file('ext'),
      )
      const [anchor, own] = ['ca.pem', 'leaf.pem'].map((name) =>
        parseCertificate(readFileSync(file(name), 'utf8')),
      )
      expect([anchor!.publicJwk.kty, own!.publicJwk.crv]).toEqual(['RSA', 'P-384'])
      expect([own!.dnsNames, own!.uris]).toEqual([['issuer.example'], ['https://issuer.example/a']])
      return validateCertificatePath({ chain: [own!.base64], anchors: [anchor!], at: new Date() })
    })
  })

  it('refuses an authority as leaf, a leaf not for signatures, and an authority not for certificates', async () => {
    const made = inFolder((folder) => {
      const file = (name: string) => join(folder, name)
      const key = (name: string) => [
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        file(name),
      ]
      const issue = (name: string, extensions: string, by: string) => {
        openssl('req', ...key(`${name}.key`), '-out', file('csr'), '-subj', `/CN=${name}`)
        writeFileSync(file('ext'), extensions)
        const from = [
          '-CA',
          file(`${by}.pem`),
          '-CAkey',
          file(`${by}.key`),
          '-CAcreateserial',
          '-extfile',
          file('ext'),
        ]
        openssl('x509', '-req', '-in', file('csr'), ...from, '-out', file(`${name}.pem`), '-days', '20')
        return parseCertificate(readFileSync(file(`${name}.pem`), 'utf8'))
      }
      openssl(
        'req',
        '-x509',
        ...key('root.key'),
        '-out',
        file('root.pem'),
        '-days',
        '30',
        '-subj',
        '/CN=root',
      )
      return {
        anchor: parseCertificate(readFileSync(file('root.pem'), 'utf8')),
        authority: issue(
          'authority',
          'basicConstraints=CA:TRUE\nkeyUsage=digitalSignature,keyCertSign\n',
          'root',
        ),
        encipherer: issue('encipherer', 'keyUsage=keyEncipherment\n', 'root'),
        signer: issue('signer', 'basicConstraints=CA:TRUE\nkeyUsage=digitalSignature\n', 'root'),
        bySigner: issue('leaf', 'keyUsage=digitalSignature\n', 'signer'),
        byAuthority: issue('leaf', 'keyUsage=digitalSignature\n', 'authority'),
      }
    })
    const { anchor, authority, encipherer, signer, bySigner, byAuthority } = made
    const outcome = (...chain: { base64: string }[]) =>
      validateCertificatePath({ chain: chain.map(({ base64 }) => base64), anchors: [anchor], at: new Date() })
    expect((await outcome(byAuthority, authority)).chain).toHaveLength(2)
    await expect(outcome(authority)).rejects.toEqual(code('x509.path.leaf-usage'))
    await expect(outcome(encipherer)).rejects.toEqual(code('x509.path.leaf-usage'))
    await expect(outcome(bySigner, signer)).rejects.toEqual(code('x509.path.not-a-ca'))
  })

  it('RSASSA-PSS is verified with SHA-2 and its own mask alone (RFC 4055 section 3.1)', async () => {
    const outcome = (digest: string, ...options: readonly string[]) => {
      const made = inFolder((folder) => {
        const out = join(folder, 'c')
        const files = ['-nodes', '-keyout', join(folder, 'k'), '-out', out, '-days', '9', '-subj', '/CN=PSS']
        const padding = ['rsa_padding_mode:pss', ...options].flatMap((option) => ['-sigopt', option])
        const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE']
        openssl('req', '-x509', '-newkey', 'rsa:2048', digest, ...files, ...padding, ...leaf)
        return parseCertificate(readFileSync(out, 'utf8'))
      })
      // The certificate as an authority of its own name and key, so that its own signature is looked at.
      const anchor = { ...made, der: new Uint8Array(), isCa: true }
      return validateCertificatePath({ chain: [made.base64], anchors: [anchor], at: new Date() }).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      )
    }
    expect(await outcome('-sha256', 'rsa_pss_saltlen:digest')).toBe('accepted')
    expect(await outcome('-sha512', 'rsa_pss_saltlen:32')).toBe('accepted')
    expect(await outcome('-sha256', 'rsa_pss_saltlen:0')).toBe('x509.certificate.algorithm')
    expect(await outcome('-sha256', 'rsa_mgf1_md:sha1')).toBe('x509.certificate.algorithm')
    expect(await outcome('-sha1')).toBe('x509.certificate.algorithm')
  })

  it('refuses SHA-1, RSA below 2048 bits and other curves by name; reads compressed points (RFC 5480 section 2.2) [K5]', async () => {
    const weak = inFolder((folder) => {
      const make = (digest: string, ...key: string[]) => {
        const out = join(folder, 'c')
        const files = ['-nodes', '-keyout', join(folder, 'k'), '-out', out]
        const names = ['-subj', '/CN=Weak', '-addext', 'basicConstraints=critical,CA:FALSE']
        openssl('req', '-x509', '-newkey', ...key, ...files, digest, '-days', '9', ...names)
        return readFileSync(out, 'utf8')
      }
      const [plain, compressed, hybrid] = ['p', 'q', 'h'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ]
      openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', plain)
      openssl('ec', '-in', plain, '-conv_form', 'compressed', '-out', compressed)
      openssl('ec', '-in', plain, '-conv_form', 'hybrid', '-out', hybrid)
      const signed = (key: string) => {
        const out = join(folder, 'r')
        openssl('req', '-x509', '-key', key, '-out', out, '-days', '9', '-subj', '/CN=Weak')
        return readFileSync(out, 'utf8')
      }
      return {
        plain: signed(plain),
        compressed: signed(compressed),
        hybrid: signed(hybrid),
        brainpool: make('-sha256', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'),
        sha1: make('-sha1', 'rsa:2048'),
        small: make('-sha256', 'rsa:1024'),
        curve: make('-sha256', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'),
      }
    })
    expect(() => parseCertificate(weak.small)).toThrow(code('x509.certificate.algorithm'))
    expect(parseCertificate(weak.compressed).publicJwk).toEqual(parseCertificate(weak.plain).publicJwk)
    expect(() => parseCertificate(weak.hybrid)).toThrow(code('x509.certificate.algorithm'))
    expect(() => parseCertificate(weak.brainpool)).toThrow(/brainpoolP256r1/)
    expect(() => parseCertificate(weak.curve)).toThrow(/secp256k1.*P-256, P-384 and P-521/)
    const { base64 } = parseCertificate(weak.sha1)
    const impostor = await newParty('Weak')
    const anchors = [await certify(impostor, impostor, { authority: {} })]
    await expect(
      validateCertificatePath({
        chain: [base64],
        anchors: anchors.map((one) => parseCertificate(one)),
        at: new Date(),
      }),
    ).rejects.toEqual(code('x509.certificate.algorithm'))
  })
})
