import type { PublicJwk, RandomBytes } from '@ekkasan/core'
import { base64url, platformRandomBytes } from '@ekkasan/core/bytes'
import {
  type CborInput,
  type CborMap,
  coseKeyOf,
  decodeCbor,
  embedCbor,
  encodeCbor,
  jwkOfCoseKey,
} from '@ekkasan/cose'
import { generateJwk, isAlgorithm, isForEncryption, KeysError } from '@ekkasan/keys'
import { MdocError } from './errors.ts'
import { openHpke, sealHpke } from './internal/hpke.ts'
import {
  decodeEmbedded,
  malformed,
  requireArray,
  requireBytes,
  requireDocRequests,
  requireMap,
  requireText,
  requireTextKeys,
} from './internal/shape.ts'
import { type KeyAgreement, keyAgreementFromJwk } from './key-agreement.ts'
import { bytesOf } from './present.ts'
import { type DcApiTranscriptOptions, dcApiSessionTranscript } from './session-transcript.ts'

// `org-iso-mdoc` of the Digital Credentials API, ISO/IEC TS 18013-7 Annex C.

const tag = 'dcapi'

/** What a verifier asks for: namespace -> element -> whether it means to keep it. */
export interface MdocRequest {
  readonly docType: string
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, boolean>>>>
}

/** `data` of the request, as the Digital Credentials API takes it with the protocol `org-iso-mdoc`. */
export interface DcApiRequest {
  readonly deviceRequest: string
  readonly encryptionInfo: string
}

export interface CreateDcApiRequestOptions {
  readonly requests: readonly MdocRequest[]
  /** P-256; a key made for this one request. */
  readonly recipient: PublicJwk
  readonly randomBytes?: RandomBytes
}

/**
 * Asks for documents. Keep `encryptionInfo` and the private key: the answer is bound to the one and encrypted to the
 * other.
 * @throws TypeError when the key is not one of P-256
 */
export function createDcApiRequest(options: CreateDcApiRequestOptions): DcApiRequest {
  const { requests, recipient, randomBytes = platformRandomBytes } = options
  if (recipient.crv !== 'P-256') throw new TypeError('answers are encrypted to a key of P-256')
  const docRequests = requests.map(({ docType, namespaces }) => ({
    itemsRequest: embedCbor({ docType, nameSpaces: namespaces }),
  }))
  const encryption = { nonce: randomBytes(16), recipientPublicKey: coseKeyOf(recipient) }
  return {
    deviceRequest: base64url(encodeCbor({ version: '1.0', docRequests })),
    encryptionInfo: base64url(encodeCbor([tag, encryption])),
  }
}

/**
 * What a verifier asks a wallet for. The signatures of readers are the matter of `verifyDeviceRequest`.
 * @throws MdocError, CoseError
 */
export function parseDcApiRequest({ deviceRequest }: DcApiRequest): readonly MdocRequest[] {
  const request = requireMap(decodeCbor(bytesOf(deviceRequest)), 'DeviceRequest')
  return requireDocRequests(request).map((docRequest) => {
    const embedded = docRequest.get('itemsRequest')
    const items = requireMap(decodeEmbedded(embedded, 'ItemsRequestBytes'), 'ItemsRequest')
    requireNoProofAlone(items)
    const namespaces = requireTextKeys(requireMap(items.get('nameSpaces'), 'nameSpaces'), 'nameSpaces')
    return {
      docType: requireText(items.get('docType'), 'docType'),
      namespaces: Object.fromEntries(
        Array.from(namespaces, ([name, asked]) => [name, parseElements(asked as CborMap)]),
      ),
    }
  })
}

/** A reader that takes nothing but a proof in zero knowledge gets nothing else. */
function requireNoProofAlone(items: CborMap): void {
  const info = items.get('requestInfo')
  if (info === undefined) return
  const proof = requireMap(info, 'requestInfo').get('zkRequest')
  if (proof !== undefined && requireMap(proof, 'zkRequest').get('zkRequired') === true) {
    throw new MdocError('mdoc.unsupported', 'proofs in zero knowledge are not understood')
  }
}

function parseElements(value: CborMap): Record<string, boolean> {
  const elements = requireTextKeys(requireMap(value, 'DataElements'), 'DataElements')
  return Object.fromEntries(
    Array.from(elements, ([element, retain]) => {
      if (typeof retain !== 'boolean') throw malformed('IntentToRetain')
      return [element, retain]
    }),
  )
}

/**
 * Encrypts a presentation, base64url of a DeviceResponse, as the answer to a request: `response` of the Digital
 * Credentials API. It was made to `dcApiSessionTranscript` of the same request.
 * @throws MdocError, CoseError; KeysError `keys.jwk.malformed` when the request's key is not a point of P-256
 */
export async function encryptDcApiResponse(
  presentation: string,
  request: DcApiTranscriptOptions,
): Promise<string> {
  const info = requireTagged(request.encryptionInfo, 'EncryptionInfo')
  const { alg, ...recipient } = jwkOfCoseKey(info.get('recipientPublicKey'))
  // Numbers of HPKE, which are not settled yet, are no signatures.
  if (isAlgorithm(alg) || !isForEncryption(recipient)) {
    throw malformed('recipientPublicKey is not for encryption')
  }
  const own = await keyAgreementFromJwk(await generateJwk('ES256'))
  const sealed = await sealHpke(own, recipient, dcApiSessionTranscript(request), bytesOf(presentation))
  const response: CborInput = [tag, { enc: sealed.enc, cipherText: sealed.cipherText }]
  return base64url(encodeCbor(response))
}

/**
 * Decrypts an answer to the presentation, for `verifyMdoc` with `dcApiSessionTranscript` of the request as binding.
 * @throws MdocError `mdoc.dc-api.decryption` when it was encrypted to another key or for another request or origin
 */
export async function decryptDcApiResponse(
  response: string,
  request: DcApiTranscriptOptions & { readonly recipient: KeyAgreement },
): Promise<string> {
  const sealed = requireTagged(response, 'EncryptedResponse')
  const enc = requireBytes(sealed.get('enc'), 'enc')
  const cipherText = requireBytes(sealed.get('cipherText'), 'cipherText')
  try {
    const transcript = dcApiSessionTranscript(request)
    return base64url(await openHpke(request.recipient, enc, transcript, cipherText))
  } catch (cause) {
    if (!(cause instanceof KeysError || cause instanceof DOMException)) throw cause
    throw new MdocError(
      'mdoc.dc-api.decryption',
      'the answer does not decrypt with this key for this request',
      {
        cause,
      },
    )
  }
}

function requireTagged(encoded: string, what: string): CborMap {
  const [name, members, ...others] = requireArray(decodeCbor(bytesOf(encoded)), what)
  if (name !== tag || others.length > 0) throw malformed(`${what} is not one of dcapi`)
  return requireMap(members, what)
}
