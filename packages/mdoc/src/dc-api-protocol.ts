import {
  type DcApiHolderProtocol,
  type DcApiSession,
  type DcApiVerifierProtocol,
  EkkasanError,
  isClaimPath,
  type JsonObject,
  type JsonValue,
  type Presentation,
  type PublicJwk,
  type RandomBytes,
  type Signer,
} from '@ekkasan/core'
import { base64url, fromBase64, hashBase64url } from '@ekkasan/core/bytes'
import { isJsonObject } from '@ekkasan/core/json'
import {
  checkOptions,
  functionRule,
  optional,
  optionsRule,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import { type CborInput, type CborMap, encodeCbor } from '@ekkasan/cose'
import { generateJwk, type PrivateJwk, publicJwkOf } from '@ekkasan/keys'
import { ageNamespace, answeringElement } from './age-attestation.ts'
import {
  createDcApiRequest,
  type DcApiRequest,
  decryptDcApiResponse,
  encryptDcApiResponse,
  type MdocRequest,
  parseDcApiRequest,
} from './dc-api.ts'
import { MdocError } from './errors.ts'
import { parseDeviceResponse, parseDocument } from './internal/device-response.ts'
import { malformed, requireText } from './internal/shape.ts'
import { keyAgreementFromJwk } from './key-agreement.ts'
import { bytesOf } from './present.ts'
import { signDeviceRequest, verifyDeviceRequest } from './reader-authentication.ts'
import { dcApiSessionTranscript } from './session-transcript.ts'

const protocol = 'org-iso-mdoc'

export interface IsoMdocVerifierOptions {
  /** Who signs the requests, with the chain of a reader's certificate in `key.x5c`, for the one page that asks. */
  readonly reader?: { readonly signer: Signer; readonly origin: string }
  readonly randomBytes?: RandomBytes
}

/**
 * `org-iso-mdoc` for a verifier (ISO/IEC TS 18013-7 Annex C): `createVerifier({ dcApiProtocols: [isoMdocVerifier()] })`.
 * It can say queries for mdocs alone, each of another document type, without values; all elements of the first claim
 * set are asked for. What comes back is held to the whole query, as every answer is.
 */
export function isoMdocVerifier(options: IsoMdocVerifierOptions = {}): DcApiVerifierProtocol {
  // A misspelt `reader` would ask in nobody's name.
  checkOptions<IsoMdocVerifierOptions>(options, 'isoMdocVerifier', {
    reader: optional(
      optionsRule<NonNullable<IsoMdocVerifierOptions['reader']>>({ signer: signerRule, origin: textRule }),
    ),
    randomBytes: optional(functionRule),
  })
  return {
    protocol,
    async ask(query) {
      const asked = mdocRequests(query)
      if (!asked) return undefined
      const { alg: _signing, ...secret } = await generateJwk('ES256')
      const { randomBytes, reader } = options
      const requests = asked.map(({ request }) => request)
      const recipient = publicJwkOf(secret)
      const request = createDcApiRequest({ requests, recipient, ...(randomBytes && { randomBytes }) })
      const { encryptionInfo } = request
      const deviceRequest = reader
        ? await signDeviceRequest(request.deviceRequest, {
            signer: reader.signer,
            sessionTranscript: dcApiSessionTranscript({ encryptionInfo, origin: reader.origin }),
          })
        : request.deviceRequest
      return { request: { deviceRequest, encryptionInfo }, secret: { ...secret } as unknown as JsonObject }
    },
    async open(response, { request, origin, query, secret }) {
      const { encryptionInfo } = requestOf(request)
      const recipient = await keyAgreementFromJwk(secret as unknown as PrivateJwk)
      const encrypted = textOf(response.response, 'response')
      const opened = await decryptDcApiResponse(encrypted, { encryptionInfo, origin, recipient })
      const asked = mdocRequests(query) ?? []
      const vpToken: Record<string, readonly Presentation[]> = {}
      const answered = new Map<string, AgeElements>()
      for (const { docType, presentation, ages } of splitDocuments(opened)) {
        const id = asked.find(({ request: { docType: wanted } }) => wanted === docType)?.id
        if (id === undefined || Object.hasOwn(vpToken, id))
          throw wrong('a document that was not asked for, or twice')
        vpToken[id] = [presentation]
        answered.set(id, ages)
      }
      const sessionTranscript = dcApiSessionTranscript({ encryptionInfo, origin })
      return { vpToken, sessionTranscript, query: answeredQuery(query, answered) }
    },
  }
}

export interface IsoMdocHolderOptions {
  /**
   * `readClientCertificate` of @ekkasan/x509: a request that a reader signed is then refused when the signature does
   * not fit, and else said to be by him. Without it signatures are not looked at: the platform says who asks.
   */
  readonly readCertificate?: (
    der: Uint8Array,
  ) => Promise<{ readonly publicJwk: PublicJwk; readonly name?: string }>
}

/** `org-iso-mdoc` for a wallet. */
export function isoMdocHolder(options: IsoMdocHolderOptions = {}): DcApiHolderProtocol {
  checkOptions<IsoMdocHolderOptions>(options, 'isoMdocHolder', { readCertificate: optional(functionRule) })
  const { readCertificate } = options
  return {
    protocol,
    async read({ request, origin }, held = []) {
      const { encryptionInfo, deviceRequest } = requestOf(request)
      const credentials = parseDcApiRequest({ encryptionInfo, deviceRequest }).map(
        ({ docType, namespaces }, index) => {
          const claims = Object.entries(namespaces).flatMap(([namespace, elements]) => {
            const documents = held
              .filter(({ format, types }) => format === 'mso_mdoc' && types.includes(docType))
              .map((view) => (view.claims[namespace] ?? {}) as JsonObject)
            return Object.entries(elements).map(([element, intent_to_retain]) => ({
              path: [namespace, answeringElement(documents, namespace, element)],
              intent_to_retain,
            }))
          })
          const meta = { doctype_value: docType }
          return { id: String(index), format: 'mso_mdoc', meta, ...(claims.length > 0 && { claims }) }
        },
      )
      const sessionTranscript = dcApiSessionTranscript({ encryptionInfo, origin })
      const x5c =
        readCertificate && (await verifyDeviceRequest(deviceRequest, { sessionTranscript, readCertificate }))
      if (!x5c) return { query: { credentials }, sessionTranscript }
      const leaf = fromBase64(x5c[0] as string)
      const { name } = await readCertificate(leaf)
      const clientId = `x509_hash:${hashBase64url('sha-256', leaf)}`
      const client = { clientId, x5c, ...(name !== undefined && { name }) }
      return { query: { credentials }, sessionTranscript, clients: [client] }
    },
    async answer(presentations, { request, origin }: DcApiSession) {
      const { encryptionInfo } = requestOf(request)
      const documents = presentations.flatMap((presentation) => documentsOf(bytesOf(presentation)))
      return {
        response: await encryptDcApiResponse(deviceResponse(documents), { encryptionInfo, origin }),
      }
    },
  }
}

interface Asked {
  readonly id: string
  readonly request: MdocRequest
}

/** What a DCQL query asks for; undefined when a DeviceRequest cannot say it. */
function mdocRequests({ credentials }: JsonObject): readonly Asked[] | undefined {
  if (!Array.isArray(credentials)) return undefined
  const asked: Asked[] = []
  for (const credential of credentials as readonly JsonValue[]) {
    const request = isJsonObject(credential) && mdocRequest(credential)
    if (!request || asked.some((other) => other.request.docType === request.docType)) return undefined
    asked.push({ id: String((credential as JsonObject).id), request })
  }
  return asked.length > 0 ? asked : undefined
}

function mdocRequest({ format, meta, claims, claim_sets, multiple, ...query }: JsonObject) {
  const docType = isJsonObject(meta) ? meta.doctype_value : undefined
  if (format !== 'mso_mdoc' || typeof docType !== 'string' || multiple === true) return undefined
  // Nobody would be told whose issuer is meant: what comes would be refused.
  if (query.trusted_authorities !== undefined) return undefined
  if (query.require_cryptographic_holder_binding === false) return undefined
  const first = Array.isArray(claim_sets) ? (claim_sets[0] as readonly string[]) : undefined
  const namespaces = new Map<string, Map<string, boolean>>()
  for (const claim of (claims ?? []) as readonly JsonObject[]) {
    if (first && !first.includes(String(claim.id))) continue
    if (!isClaimPath(claim.path) || claim.values !== undefined) return undefined
    const [namespace, element] = claim.path
    const elements = namespaces.get(String(namespace)) ?? new Map<string, boolean>()
    namespaces.set(String(namespace), elements.set(String(element), claim.intent_to_retain === true))
  }
  if (namespaces.size === 0) return undefined
  const asked = Array.from(namespaces, ([name, elements]) => [name, Object.fromEntries(elements)] as const)
  return { docType, namespaces: Object.fromEntries(asked) }
}

function requestOf({ deviceRequest, encryptionInfo }: JsonObject): DcApiRequest {
  return {
    deviceRequest: textOf(deviceRequest, 'deviceRequest'),
    encryptionInfo: textOf(encryptionInfo, 'encryptionInfo'),
  }
}

function textOf(value: JsonValue | undefined, name: string): string {
  if (typeof value !== 'string') throw malformed(name)
  return value
}

/** Element -> value, of the namespace in which ages stand. */
type AgeElements = Readonly<Record<string, unknown>>

/** Presentations of a DeviceResponse with several documents, with their types, and the ages they tell by shape alone. */
function splitDocuments(response: string): readonly {
  readonly docType: string
  readonly presentation: string
  readonly ages: AgeElements
}[] {
  return documentsOf(bytesOf(response)).map((document) => ({
    docType: requireText(document.get('docType'), 'docType'),
    presentation: deviceResponse([document]),
    ages: agesOf(document),
  }))
}

/** None of a document that cannot be read: what is wrong with it is for its verification to say. */
function agesOf(document: CborMap): AgeElements {
  try {
    const items = parseDocument(document).issuerSigned.namespaces.get(ageNamespace) ?? []
    return Object.fromEntries(items.map(({ element, value }) => [element, value]))
  } catch (error) {
    if (error instanceof EkkasanError) return {}
    throw error
  }
}

/** The query with the elements that answered for those asked (ISO/IEC 18013-5 section 7.2.5). */
function answeredQuery(query: JsonObject, answered: ReadonlyMap<string, AgeElements>): JsonObject {
  const credentials = (query.credentials as readonly JsonObject[]).map((credential) => {
    const ages = answered.get(String(credential.id)) ?? {}
    const claims = (credential.claims as readonly JsonObject[]).map((claim) => {
      const [namespace, element] = claim.path as readonly [string, string]
      return { ...claim, path: [namespace, answeringElement([ages], namespace, element)] }
    })
    return { ...credential, claims }
  })
  return { ...query, credentials }
}

function documentsOf(bytes: Uint8Array): readonly CborMap[] {
  return parseDeviceResponse(bytes).documents
}

function deviceResponse(documents: readonly CborMap[]): string {
  return base64url(encodeCbor({ version: '1.0', documents: documents as readonly CborInput[], status: 0 }))
}

function wrong(what: string): MdocError {
  return new MdocError('mdoc.response', `the response holds ${what}`)
}
