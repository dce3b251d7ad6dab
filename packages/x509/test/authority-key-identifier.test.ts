import { X509Certificate } from 'node:crypto'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import {
  authorityKeyIdentifiers,
  createCertificateAuthority,
  isIssuedUnderAki,
  parseCertificate,
} from '@ekkasan/x509'
import { beforeAll, describe, expect, it } from 'vitest'

const newSigner = async () => signerFromJwk(await generateJwk('ES256'))

let x5c: readonly string[], rootKey: string, middleKey: string

beforeAll(async () => {
  const root = await createCertificateAuthority({
    signer: await newSigner(),
    subject: { commonName: 'Root' },
  })
  const middle = await createCertificateAuthority({
    signer: await newSigner(),
    subject: { commonName: 'Middle' },
    parent: root,
  })
  x5c = await middle.issue({ subject: { commonName: 'Leaf' }, publicJwk: (await newSigner()).key.publicJwk })
  const keyOf = (certificate: string) => parseCertificate(certificate).subjectKeyIdentifier as string
  ;[rootKey, middleKey] = [keyOf(root.certificate), keyOf(middle.certificate)]
})

describe('the authorities that a chain names (OpenID4VP 6.1.1.1)', () => {
  it('are the key identifiers of each certificate, as OpenSSL reads them', () => {
    expect(authorityKeyIdentifiers(x5c)).toEqual([middleKey, rootKey])
    const text = new X509Certificate(Buffer.from(x5c[0]!, 'base64')).toLegacyObject()
    expect(Buffer.from(middleKey, 'base64url')).toHaveLength(20)
    expect(text.raw.includes(Buffer.from(middleKey, 'base64url'))).toBe(true)
  })

  it('satisfy an entry that has one of them, whether the chain is whole or a lone leaf', () => {
    expect(isIssuedUnderAki(x5c, [rootKey])).toBe(true)
    expect(isIssuedUnderAki(x5c, ['s9tIpPmhxdiuNkHMEWNpYim8S8Y', middleKey])).toBe(true)
    expect(isIssuedUnderAki(x5c.slice(0, 1), [middleKey])).toBe(true)
  })

  it('satisfy no other entry: of another authority, none, one that stands above what the chain holds', () => {
    expect(isIssuedUnderAki(x5c, ['s9tIpPmhxdiuNkHMEWNpYim8S8Y'])).toBe(false)
    expect(isIssuedUnderAki(x5c, [])).toBe(false)
    expect(isIssuedUnderAki(x5c.slice(0, 1), [rootKey])).toBe(false)
    expect(isIssuedUnderAki([], [rootKey])).toBe(false)
  })

  it('are none in a chain that does not parse', () => {
    expect(isIssuedUnderAki([...x5c, 'AAAA'], [middleKey])).toBe(false)
    expect(() => authorityKeyIdentifiers(['AAAA'])).toThrow(
      expect.objectContaining({ code: 'x509.certificate.malformed' }),
    )
  })
})
