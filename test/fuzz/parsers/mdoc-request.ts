import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { CoseError, decodeCbor, encodeCbor } from '@ekkasan/cose'
import { KeysError, publicJwkOf } from '@ekkasan/keys'
import {
  createDcApiRequest,
  dcApiSessionTranscript,
  decryptDcApiResponse,
  encryptDcApiResponse,
  isoMdocHolder,
  isoMdocVerifier,
  keyAgreementFromJwk,
  MdocError,
  parseDcApiRequest,
  signDeviceRequest,
  verifyDeviceRequest,
} from '@ekkasan/mdoc'
import { createMdocAuthority, readClientCertificate, X509Error } from '@ekkasan/x509'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, insistSame, tryParse, tryVerify } from '../target.ts'

const origin = 'https://verifier.example'
const { alg: _alg, ...secret } = fuzzKey('reader')
const recipient = publicJwkOf(secret)
const asked = [
  { docType: 'org.iso.18013.5.1.mDL', namespaces: { 'org.iso.18013.5.1': { age_over_20: false } } },
]
const agreement = keyAgreementFromJwk(secret)
const request = createDcApiRequest({
  requests: asked,
  recipient,
  randomBytes: (length) => new Uint8Array(length),
})
const { encryptionInfo } = request
const sessionTranscript = dcApiSessionTranscript({ encryptionInfo, origin })
const query = {
  credentials: [
    {
      id: 'a',
      format: 'mso_mdoc',
      meta: { doctype_value: 'org.iso.18013.5.1.mDL' },
      claims: [{ path: ['org.iso.18013.5.1', 'age_over_20'] }],
    },
  ],
}

export const target: FuzzTarget = {
  reads:
    'requests and answers of mdocs over the Digital Credentials API: DeviceRequest, reader authentication, EncryptionInfo, EncryptedResponse (@ekkasan/mdoc)',
  async seeds() {
    const authority = await createMdocAuthority({
      signer: await fuzzSigner('authority'),
      commonName: 'Issuing authority',
      country: 'TH',
      contact: 'https://iaca.example',
      crlUrl: 'https://iaca.example/crl',
    })
    const publicJwk = publicJwkOf(fuzzKey('signer'))
    const x5c = await authority.issueDocumentSigner({ commonName: 'Reader', publicJwk })
    const signer = await fuzzSigner('signer', { x5c })
    const signed = await signDeviceRequest(request.deviceRequest, { signer, sessionTranscript })
    const presentation = base64url(encodeCbor({ version: '1.0', documents: [], status: 0 }))
    const answer = await encryptDcApiResponse(presentation, { encryptionInfo, origin })
    return [request.deviceRequest, signed, encryptionInfo, answer, presentation].map(fromBase64url)
  },
  async read(input) {
    const text = base64url(input)
    const refusals = [MdocError, CoseError]
    const parsed = tryParse(() => parseDcApiRequest({ encryptionInfo, deviceRequest: text }), ...refusals)
    if (parsed) {
      const again = createDcApiRequest({ requests: parsed, recipient })
      insistSame(parseDcApiRequest(again), parsed, 'a request written anew is read as the same')
    }
    const verify = () =>
      verifyDeviceRequest(text, { sessionTranscript, readCertificate: readClientCertificate })
    await tryVerify(verify, ...refusals, X509Error)
    const wallet = isoMdocHolder({ readCertificate: readClientCertificate })
    for (const data of [
      { encryptionInfo, deviceRequest: text },
      { encryptionInfo: text, deviceRequest: request.deviceRequest },
    ]) {
      const read = await tryVerify(async () => wallet.read({ request: data, origin }), ...refusals, X509Error)
      if (read) insist(read.query !== undefined, 'a request that is read asks for something')
    }
    await tryVerify(
      () => encryptDcApiResponse(text, { encryptionInfo: text, origin }),
      ...refusals,
      KeysError,
    )
    await readAnswer(text)
    // As a wallet that means harm encrypted it.
    if (tryParse(() => decodeCbor(input), CoseError) !== undefined)
      await readAnswer(await encryptDcApiResponse(text, { encryptionInfo, origin }))
  },
}

async function readAnswer(response: string): Promise<void> {
  const options = { encryptionInfo, origin, recipient: await agreement }
  await tryVerify(() => decryptDcApiResponse(response, options), MdocError, CoseError)
  const verifier = isoMdocVerifier()
  await tryVerify(
    async () =>
      verifier.open({ response }, { request: { ...request }, origin, query, secret: { ...secret } } as never),
    MdocError,
    CoseError,
  )
}
