import { trustAnyone } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { type CborInput, embedCbor } from '@ekkasan/cose'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import {
  createDcApiRequest,
  dcApiSessionTranscript,
  isoMdocHolder,
  isoMdocVerifier,
  parseDcApiRequest,
  signDeviceRequest,
  verifyDeviceRequest,
} from '@ekkasan/mdoc'
import {
  createCertificateAuthority,
  mdocPurposes,
  mdocReaderProfile,
  parseCertificate,
  readClientCertificate,
  trustAnchors,
  trustVerifierCertificates,
  validateCertificatePath,
  x509HashOf,
} from '@ekkasan/x509'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceRequest as annexRequest, sessionTranscript as annexTranscript } from './annex-d.ts'
import { clock, close, docType, namespace, open } from './setting.ts'

const origin = 'https://verifier.example'
const authority = await createCertificateAuthority({
  signer: await signerFromJwk(await generateJwk('ES384')),
  subject: { commonName: 'Readers', country: 'TH' },
  crlUrl: 'https://readers.example/crl',
  clock,
})
const readerOf = async (alg: 'ES256' | 'ES384' | 'ES512' | 'EdDSA' = 'ES256') => {
  const jwk = await generateJwk(alg)
  const x5c = await authority.issue({
    subject: { commonName: 'Bank', country: 'TH' },
    publicJwk: publicJwkOf(jwk),
    extendedKeyUsage: [mdocPurposes.readerAuthentication],
  })
  return signerFromJwk(jwk, { x5c })
}
const signer = await readerOf()
const recipient = publicJwkOf(await generateJwk('ES256'))
const asked = { docType, namespaces: { [namespace]: { age_over_20: false } } }
const request = createDcApiRequest({
  requests: [asked, { docType: 'org.example', namespaces: { x: { y: true } } }],
  recipient,
})
const sessionTranscript = dcApiSessionTranscript({ encryptionInfo: request.encryptionInfo, origin })
const verify = (deviceRequest: string, over: Partial<Parameters<typeof verifyDeviceRequest>[1]> = {}) =>
  verifyDeviceRequest(deviceRequest, {
    sessionTranscript,
    readCertificate: readClientCertificate,
    ...over,
  }).then(
    (x5c) => x5c,
    (error: { code?: string }) => error.code ?? error,
  )
const signed = await signDeviceRequest(request.deviceRequest, { signer, sessionTranscript })

describe('reader authentication (ISO/IEC 18013-5 section 9.1.4)', () => {
  it('verifies the example of Annex D: a reader signed for that session', async () => {
    const x5c = await verify(base64url(annexRequest), { sessionTranscript: annexTranscript })
    expect(x5c).toHaveLength(1)
    expect(parseCertificate((x5c as string[])[0]!)).toMatchObject({
      subject: 'CN=reader',
      extendedKeyUsage: [mdocPurposes.readerAuthentication],
    })
    expect(await verify(base64url(annexRequest))).toBe('mdoc.reader.authentication')
  })

  it.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)('is made and verified with %s', async (alg) => {
    const reader = await readerOf(alg)
    const deviceRequest = await signDeviceRequest(request.deviceRequest, {
      signer: reader,
      sessionTranscript,
    })
    expect(await verify(deviceRequest)).toEqual(reader.key.x5c)
    expect(parseDcApiRequest({ ...request, deviceRequest })).toEqual(parseDcApiRequest(request))
  })

  it('names the reader by a chain that its profile and its anchor accept', async () => {
    const path = await validateCertificatePath({
      chain: (await verify(signed)) as readonly string[],
      anchors: [parseCertificate(authority.certificate)],
      at: clock(),
      profile: mdocReaderProfile,
      purposes: [mdocPurposes.readerAuthentication],
    })
    expect(path.leaf.subject).toBe('CN=Bank,C=TH')
  })

  it('is absent where nobody signed', async () => {
    expect(await verify(request.deviceRequest)).toBeUndefined()
  })

  it('is refused for another origin, another request, another item, or by another key', async () => {
    const refused = 'mdoc.reader.authentication'
    const { encryptionInfo } = createDcApiRequest({ requests: [asked], recipient })
    for (const other of [
      dcApiSessionTranscript({ encryptionInfo: request.encryptionInfo, origin: 'https://other.example' }),
      dcApiSessionTranscript({ encryptionInfo, origin }),
    ]) {
      expect(await verify(signed, { sessionTranscript: other })).toBe(refused)
    }
    const swapped = open(signed)
    const [one, two] = swapped.get('docRequests')
    const auth = one.get('readerAuth')
    one.set('readerAuth', two.get('readerAuth'))
    two.set('readerAuth', auth)
    expect(await verify(close(swapped))).toBe(refused)
    const stolen = await signerFromJwk(await generateJwk('ES256'), { x5c: signer.key.x5c! })
    expect(
      await verify(await signDeviceRequest(request.deviceRequest, { signer: stolen, sessionTranscript })),
    ).toBe(refused)
    const wrongCurve = await signerFromJwk(await generateJwk('ES384'), { x5c: signer.key.x5c! })
    expect(
      await verify(await signDeviceRequest(request.deviceRequest, { signer: wrongCurve, sessionTranscript })),
    ).toBe(refused)
  })

  it('is refused when it is of some documents only, or of several readers', async () => {
    const partly = open(signed)
    partly.get('docRequests')[1].delete('readerAuth')
    expect(await verify(close(partly))).toBe('mdoc.reader.authentication')
    const other = open(
      await signDeviceRequest(request.deviceRequest, { signer: await readerOf(), sessionTranscript }),
    )
    const mixed = open(signed)
    mixed.get('docRequests')[1].set('readerAuth', other.get('docRequests')[1].get('readerAuth'))
    expect(await verify(close(mixed))).toBe('mdoc.reader.authentication')
  })

  it('is not looked at where more documents are asked for than are read, nor what they are', async () => {
    const many = open(signed)
    const [one] = many.get('docRequests')
    const asksFor = (count: number) => close(many.set('docRequests', new Array(count).fill(one)))
    expect(await verify(asksFor(16))).toEqual(signer.key.x5c)
    for (const count of [0, 17]) {
      const deviceRequest = asksFor(count)
      expect(await verify(deviceRequest)).toBe('mdoc.structure')
      expect(() => parseDcApiRequest({ ...request, deviceRequest })).toThrow(
        expect.objectContaining({ code: 'mdoc.structure' }),
      )
    }
  })

  it('needs a certificate, and a payload that is not there', async () => {
    const jwk = await signerFromJwk(await generateJwk('ES256'))
    await expect(
      signDeviceRequest(request.deviceRequest, { signer: jwk, sessionTranscript }),
    ).rejects.toThrow(TypeError)
    const without = open(signed)
    without.get('docRequests')[0].get('readerAuth')[1] = new Map()
    expect(await verify(close(without))).toBe('cose.message.malformed')
    const attached = open(signed)
    attached.get('docRequests')[0].get('readerAuth')[2] = new Uint8Array(1)
    expect(await verify(close(attached))).toBe('mdoc.structure')
    await expect(signDeviceRequest('AA', { signer, sessionTranscript })).rejects.toMatchObject({
      code: 'mdoc.structure',
    })
  })

  it('never passes a request of which bytes were changed for one of the reader', async () => {
    const bytes = fromBase64url(signed)
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(change, async ([at, by]) => {
        const changed = Uint8Array.from(bytes)
        changed[at] = (changed[at] as number) ^ by
        const text = base64url(changed)
        const outcome = await verify(text)
        if (outcome === undefined || typeof outcome === 'string') return
        // The version and names of members nobody signed: what is asked for stays what it was.
        expect(parseDcApiRequest({ ...request, deviceRequest: text })).toEqual(parseDcApiRequest(request))
      }),
      { numRuns: 300 },
    )
  })
})

describe('org-iso-mdoc through the plugs of verifier and wallet', () => {
  const query = {
    credentials: [
      {
        id: 'l',
        format: 'mso_mdoc',
        meta: { doctype_value: docType },
        claims: [{ path: [namespace, 'age_over_20'] }],
      },
    ],
  }
  const holder = isoMdocHolder({ readCertificate: readClientCertificate })

  it('tells the wallet who signed, so that it can be trusted by certificate', async () => {
    const sent = await isoMdocVerifier({ reader: { signer, origin } }).ask(query)
    const { clients, query: read } = await holder.read({ request: sent!.request, origin })
    expect(read).toMatchObject({ credentials: [{ meta: { doctype_value: docType } }] })
    const x5c = signer.key.x5c!
    expect(clients).toEqual([{ clientId: `x509_hash:${x509HashOf(x5c[0]!)}`, x5c, name: 'CN=Bank,C=TH' }])
    const anchors = trustAnchors([{ role: 'verifier', certificate: authority.certificate }])
    const answer = await trustVerifierCertificates({ anchors, clock })({
      role: 'verifier',
      id: clients![0]!.clientId,
      x5c,
    })
    expect(answer.trusted).toBe(true)
    await expect(
      holder.read({ request: sent!.request, origin: 'https://other.example' }),
    ).rejects.toMatchObject({
      code: 'mdoc.reader.authentication',
    })
  })

  it('tells of nobody where nobody signed, or where signatures are not looked at', async () => {
    const plain = await isoMdocVerifier().ask(query)
    expect((await holder.read({ request: plain!.request, origin })).clients).toBeUndefined()
    const sent = await isoMdocVerifier({ reader: { signer, origin } }).ask(query)
    expect((await isoMdocHolder().read({ request: sent!.request, origin })).clients).toBeUndefined()
    expect((await trustAnyone('a test')({ role: 'verifier', id: 'x' })).trusted).toBe(true)
  })

  it('passes over what a request says beside, and refuses one that takes nothing but a proof in zero knowledge', () => {
    const info = (requestInfo: unknown) => {
      const opened = open(request.deviceRequest)
      opened.set('version', '1.1').set('deviceRequestInfo', {})
      const [first] = opened.get('docRequests')
      const items = { docType, nameSpaces: asked.namespaces, requestInfo }
      first
        .set('itemsRequest', embedCbor(items as CborInput))
        .set('docRequestInfo', { alternativeDataElements: [] })
      return { ...request, deviceRequest: close(opened) }
    }
    for (const harmless of [
      {},
      { uniqueDocSetRequired: true },
      { zkRequest: { systemSpecs: [], zkRequired: false } },
    ]) {
      expect(parseDcApiRequest(info(harmless))[0]).toMatchObject({ docType })
    }
    expect(() => parseDcApiRequest(info({ zkRequest: { systemSpecs: [], zkRequired: true } }))).toThrow(
      expect.objectContaining({ code: 'mdoc.unsupported' }),
    )
    expect(() => parseDcApiRequest(info([]))).toThrow(expect.objectContaining({ code: 'mdoc.structure' }))
  })
})
