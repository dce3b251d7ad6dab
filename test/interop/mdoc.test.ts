// The other side: @owf/mdoc 0.6.0 (Open Wallet Foundation) and @auth0/mdl 3.0.1, from which it descends. They share no
// code with us: their CBOR is cbor-x; their COSE is their own, and cose-kit.
import {
  MDoc,
  Document as MdlDocument,
  DeviceResponse as MdlResponse,
  Verifier as MdlVerifier,
} from '@auth0/mdl'
import { cborDecode, cborEncode, DataItem } from '@auth0/mdl/lib/cbor/index.js'
import { trustAnyone } from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import {
  createDcApiRequest,
  dcApiSessionTranscript,
  decryptDcApiResponse,
  encryptDcApiResponse,
  fullDate,
  issueMdoc,
  keyAgreementFromJwk,
  presentMdoc,
  sessionTranscriptOf,
  verifyMdoc,
} from '@ekkasan/mdoc'
import { createCertificateAuthority, pemOf, resolveX5c, trustAnchors } from '@ekkasan/x509'
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import {
  CoseKey,
  DateOnly,
  DeviceKey,
  DeviceRequest,
  DeviceResponse,
  DocRequest,
  Holder,
  Issuer,
  IssuerSigned,
  ItemsRequest,
  SessionTranscript,
  SignatureAlgorithm,
  Verifier,
} from '@owf/mdoc'
import { describe, expect, it } from 'vitest'
import { mdocContext } from './mdoc-context.ts'

const docType = 'org.iso.18013.5.1.mDL'
const namespace = 'org.iso.18013.5.1'
const authority = await createCertificateAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  subject: { commonName: 'Issuing authority', country: 'TH' },
})
const issuerJwk = await generateJwk('ES256')
const deviceJwk = await generateJwk('ES256')
const subject = { commonName: 'Document signer', country: 'TH' }
const x5c = await authority.issue({ subject, publicJwk: publicJwkOf(issuerJwk) })
const issuer = await signerFromJwk(issuerJwk, { x5c })
const device = await signerFromJwk(deviceJwk)
const der = (certificate: string) => new Uint8Array(Buffer.from(certificate, 'base64'))

const binding = {
  clientId: 'x509_san_dns:verifier.example',
  nonce: 'nonce-1',
  responseUri: 'https://verifier.example/response',
}
const disclose = ['family_name', 'birth_date', 'portrait', 'driving_privileges'].map((name) => [
  namespace,
  name,
])
const portrait = Uint8Array.of(255, 216, 255, 224)
const shown = {
  family_name: 'ใจดี',
  birth_date: '2001-02-03',
  portrait: Buffer.from(portrait).toString('base64url'),
  driving_privileges: [{ vehicle_category_code: 'B', issue_date: '2020-01-01' }],
}
const ours = {
  resolveIssuerKey: resolveX5c({
    anchors: trustAnchors([{ role: 'credential-issuer', certificate: authority.certificate }]),
  }),
  isTrusted: trustAnyone('a test'),
}

const validity = () => ({ from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 3_600_000) })

function issueOurs(): Promise<string> {
  return issueMdoc({
    signer: issuer,
    docType,
    namespaces: {
      [namespace]: {
        family_name: 'ใจดี',
        given_name: 'Somchai',
        birth_date: fullDate('2001-02-03'),
        portrait,
        age_over_20: true,
        driving_privileges: [{ vehicle_category_code: 'B', issue_date: fullDate('2020-01-01') }],
        issuing_country: 'TH',
      },
    },
    holderJwk: publicJwkOf(deviceJwk),
    validity: validity(),
  })
}

describe('@owf/mdoc 0.6.0', () => {
  const trustedCertificates = [der(authority.certificate)]
  const transcript = SessionTranscript.forOid4Vp(binding, mdocContext)
  const deviceRequest = DeviceRequest.create({
    docRequests: [
      DocRequest.create({
        itemsRequest: ItemsRequest.create({
          docType,
          namespaces: {
            [namespace]: { family_name: true, birth_date: true, portrait: true, driving_privileges: true },
          },
        }),
      }),
    ],
  })

  async function issueTheirs(): Promise<string> {
    const { from, until } = validity()
    const signed = await new Issuer(docType, mdocContext)
      .addIssuerNamespace(namespace, {
        family_name: 'ใจดี',
        given_name: 'Somchai',
        birth_date: new DateOnly('2001-02-03'),
        portrait,
        driving_privileges: [{ vehicle_category_code: 'B', issue_date: new DateOnly('2020-01-01') }],
      })
      .sign({
        signingKey: CoseKey.fromJwk({ ...issuerJwk }),
        certificates: x5c.map(der),
        algorithm: SignatureAlgorithm.ES256,
        digestAlgorithm: 'SHA-256',
        deviceKeyInfo: { deviceKey: DeviceKey.fromJwk({ ...publicJwkOf(deviceJwk) }) },
        validityInfo: { signed: from, validFrom: from, validUntil: until },
      })
    return signed.encodedForOid4Vci
  }

  async function presentTheirs(credential: string): Promise<string> {
    const response = await Holder.createDeviceResponseForDeviceRequest(
      {
        deviceRequest,
        issuerSigned: [IssuerSigned.fromEncodedForOid4Vci(credential)],
        sessionTranscript: await transcript,
        signature: { signingKey: CoseKey.fromJwk({ ...deviceJwk }) },
      },
      mdocContext,
    )
    return response.encodedForOid4Vp
  }

  const presentOurs = (credential: string) => presentMdoc({ credential, disclose, binding, holder: device })

  const verifyTheirs = async (presentation: string, sessionTranscript = transcript) =>
    Verifier.verifyDeviceResponse(
      {
        deviceResponse: DeviceResponse.fromEncodedForOid4Vp(presentation),
        deviceRequest,
        sessionTranscript: await sessionTranscript,
        trustedCertificates,
      },
      mdocContext,
    )

  it('accepts what we issue, as a holder and as a verifier', async () => {
    const credential = await issueOurs()
    await Holder.verifyIssuerSigned({ issuerSigned: credential, trustedCertificates }, mdocContext)
    await verifyTheirs(await presentTheirs(credential))
  })

  it('accepts what we present, of our credential and of its own', async () => {
    await verifyTheirs(await presentOurs(await issueOurs()))
    await verifyTheirs(await presentOurs(await issueTheirs()))
  })

  it('refuses our presentation for another nonce', async () => {
    const other = SessionTranscript.forOid4Vp({ ...binding, nonce: 'nonce-2' }, mdocContext)
    await expect(verifyTheirs(await presentOurs(await issueOurs()), other)).rejects.toThrow()
  })

  it.each([
    ['its credential and presentation', async () => presentTheirs(await issueTheirs())],
    ['its credential in our presentation', async () => presentOurs(await issueTheirs())],
    ['our credential in its presentation', async () => presentTheirs(await issueOurs())],
  ])('is accepted here: %s', async (_what, made) => {
    const { claims } = await verifyMdoc(await made(), { ...ours, binding })
    expect(claims).toEqual({ [namespace]: shown })
  })

  it('has the same session transcripts', async () => {
    const theirs = async (transcript: Promise<SessionTranscript>) => Buffer.from((await transcript).encode())
    expect(await theirs(transcript)).toEqual(Buffer.from(sessionTranscriptOf(binding)))
    const thumbprint = new Uint8Array(32).fill(7)
    const byDcApi = { origin: 'https://verifier.example', nonce: 'nonce-1', jwkThumbprint: thumbprint }
    expect(await theirs(SessionTranscript.forOid4VpDcApi(byDcApi, mdocContext))).toEqual(
      Buffer.from(
        sessionTranscriptOf({
          ...binding,
          origin: byDcApi.origin,
          encryptionKeyThumbprint: Buffer.from(thumbprint).toString('base64url'),
        }),
      ),
    )
  })
})

describe('@auth0/mdl 3.0.1', () => {
  const transcript = dcApiSessionTranscript({
    encryptionInfo: 'gmVkY2FwaQ',
    origin: 'https://verifier.example',
  })
  const transcriptBytes = () => cborEncode(DataItem.fromData(cborDecode(Buffer.from(transcript))))
  const verifier = new MdlVerifier([pemOf(authority.certificate)])
  const presentationDefinition = {
    id: 'licence',
    input_descriptors: [
      {
        id: docType,
        format: { mso_mdoc: { alg: ['ES256'] } },
        constraints: {
          limit_disclosure: 'required',
          fields: disclose.map(([name, element]) => ({
            path: [`$['${name}']['${element}']`],
            intent_to_retain: false,
          })),
        },
      },
    ],
  }
  const verifyTheirs = (presentation: string, options: { ephemeralReaderKey?: Uint8Array } = {}) =>
    verifier.verify(Buffer.from(presentation, 'base64url'), {
      encodedSessionTranscript: transcriptBytes(),
      ...options,
    } as never)

  async function issueTheirs(): Promise<Buffer> {
    const { from, until } = validity()
    const document = await new MdlDocument(docType)
      .addIssuerNameSpace(namespace, {
        family_name: 'ใจดี',
        given_name: 'Somchai',
        birth_date: '2001-02-03',
        portrait: Buffer.from(portrait),
        driving_privileges: [{ vehicle_category_code: 'B', issue_date: '2020-01-01' }],
      })
      .useDigestAlgorithm('SHA-384')
      .addValidityInfo({ signed: from, validFrom: from, validUntil: until })
      .addDeviceKeyInfo({ deviceKey: { ...publicJwkOf(deviceJwk) } as never })
      .sign({ issuerPrivateKey: { ...issuerJwk } as never, issuerCertificate: x5c.map(pemOf), alg: 'ES256' })
    return new MDoc([document]).encode()
  }

  /** Its holder wants a credential inside a response. */
  const wrapped = (credential: string) =>
    cborEncode({
      version: '1.0',
      documents: [{ docType, issuerSigned: cborDecode(Buffer.from(credential, 'base64url')) }],
      status: 0,
    })

  const coseKey = ({ x = '', y = '', d }: { x?: string; y?: string; d?: string }) =>
    cborEncode(
      new Map<number, unknown>([
        [1, 2],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
        ...(d === undefined ? [] : [[-4, Buffer.from(d, 'base64url')] as const]),
      ]),
    )

  async function presentTheirs(credential: Buffer): Promise<string> {
    const response = await MdlResponse.from(credential)
      .usingPresentationDefinition(presentationDefinition as never)
      .usingSessionTranscriptBytes(transcriptBytes())
      .authenticateWithSignature({ ...deviceJwk } as never, 'ES256')
      .sign()
    return response.encode().toString('base64url')
  }

  it('accepts what we issue and present', async () => {
    const presentation = await presentMdoc({
      credential: await issueOurs(),
      disclose,
      binding: transcript,
      holder: device,
    })
    const { documents } = await verifyTheirs(presentation)
    expect(documents[0]?.getIssuerNameSpace(namespace)).toMatchObject({ family_name: 'ใจดี' })
  })

  it('accepts our MAC', async () => {
    const readerJwk = await generateJwk('ES256')
    const presentation = await presentMdoc({
      credential: await issueOurs(),
      disclose,
      binding: transcript,
      holder: { agreement: await keyAgreementFromJwk(deviceJwk), readerKey: publicJwkOf(readerJwk) },
    })
    await verifyTheirs(presentation, { ephemeralReaderKey: coseKey(readerJwk) })
  })

  it('is accepted here: its credential and presentation', async () => {
    const { claims } = await verifyMdoc(await presentTheirs(await issueTheirs()), {
      ...ours,
      binding: transcript,
    })
    expect(claims).toEqual({ [namespace]: shown })
  })

  it('is accepted here: our credential in its presentation', async () => {
    const presentation = await presentTheirs(wrapped(await issueOurs()))
    const { claims } = await verifyMdoc(presentation, { ...ours, binding: transcript })
    expect(claims).toEqual({ [namespace]: shown })
  })

  it('is accepted here: its MAC', async () => {
    const readerJwk = await generateJwk('ES256')
    const readerKey = coseKey(publicJwkOf(readerJwk))
    const response = await MdlResponse.from(await issueTheirs())
      .usingPresentationDefinition(presentationDefinition as never)
      .usingSessionTranscriptBytes(transcriptBytes())
      .authenticateWithMAC({ ...deviceJwk } as never, readerKey, 'HS256')
      .sign()
    const verified = await verifyMdoc(response.encode().toString('base64url'), {
      ...ours,
      binding: transcript,
      readerKey: await keyAgreementFromJwk(readerJwk),
    })
    expect(verified.claims).toEqual({ [namespace]: shown })
  })
})

describe('@hpke/core, with org-iso-mdoc over the Digital Credentials API', () => {
  const suite = new CipherSuite({
    kem: new DhkemP256HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes128Gcm(),
  })
  const origin = 'https://verifier.example'

  async function asked() {
    const jwk = await generateJwk('ES256')
    const requests = [{ docType, namespaces: { [namespace]: { family_name: false } } }]
    const { encryptionInfo } = createDcApiRequest({ requests, recipient: publicJwkOf(jwk) })
    const info = dcApiSessionTranscript({ encryptionInfo, origin })
    return { jwk, bound: { encryptionInfo, origin }, info }
  }
  const bytes = (data: ArrayBufferLike | Uint8Array) =>
    Uint8Array.from(new Uint8Array(data as ArrayBuffer)).buffer

  it('decrypts what we encrypt', async () => {
    const { jwk, bound, info } = await asked()
    const presentation = await presentMdoc({
      credential: await issueOurs(),
      disclose,
      binding: info,
      holder: device,
    })
    const response = Buffer.from(await encryptDcApiResponse(presentation, bound), 'base64url')
    const [name, { enc, cipherText }] = cborDecode(response, { mapsAsObjects: true })
    expect(name).toBe('dcapi')
    const { kty, crv = '', x = '', y = '', d } = jwk
    const recipientKey = await suite.kem.importKey('jwk', { kty, crv, x, y, d }, false)
    const opened = await suite.open({ recipientKey, enc: bytes(enc), info: bytes(info) }, bytes(cipherText))
    expect(Buffer.from(opened).toString('base64url')).toBe(presentation)
  })

  it('encrypts what we decrypt', async () => {
    const { jwk, bound, info } = await asked()
    const { kty, crv = '', x = '', y = '' } = jwk
    const recipientPublicKey = await suite.kem.importKey('jwk', { kty, crv, x, y }, true)
    const sealed = await suite.seal({ recipientPublicKey, info: bytes(info) }, bytes(Buffer.from('mdoc')))
    const response = cborEncode([
      'dcapi',
      { enc: Buffer.from(sealed.enc), cipherText: Buffer.from(sealed.ct) },
    ]).toString('base64url')
    const opened = await decryptDcApiResponse(response, {
      ...bound,
      recipient: await keyAgreementFromJwk(jwk),
    })
    expect(Buffer.from(opened, 'base64url').toString()).toBe('mdoc')
  })
})
