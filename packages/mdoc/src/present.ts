import type { ClaimPath, PresentationBinding, PublicJwk, Signer } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { checkOptions, listRule, optionsRule } from '@ekkasan/core/options'
import { type CborInput, decodeCbor, embedCbor, encodeCbor, macCose, signCose } from '@ekkasan/cose'
import { ageNamespace, nearestAgeAttestation } from './age-attestation.ts'
import { MdocError } from './errors.ts'
import { deviceAuthentication, deviceMacKey, transcriptOf } from './internal/device-authentication.ts'
import { type IssuerSigned, type IssuerSignedItem, parseIssuerSigned } from './internal/issuer-signed.ts'
import { presentedRules, presentRules } from './internal/option-rules.ts'
import { malformed } from './internal/shape.ts'
import type { MdocNamespaces } from './issue.ts'
import type { KeyAgreement } from './key-agreement.ts'

/** What of a credential is shown, and who vouches for it. */
export interface PresentedDocument {
  /** The credential as it was issued. */
  readonly credential: string
  /**
   * Elements to disclose, each `[namespace, element]`. Where a driving licence does not hold the `age_over_NN` asked
   * for, the nearest one is disclosed that answers it (ISO/IEC 18013-5 section 7.2.5).
   */
  readonly disclose: readonly ClaimPath[]
  /** Signs with the device key; or agrees with the reader's key on that of a MAC. */
  readonly holder: Signer | { readonly agreement: KeyAgreement; readonly readerKey: PublicJwk }
  /** Elements that the device signs itself, of those that the issuer allowed it. */
  readonly deviceNamespaces?: MdocNamespaces
}

export interface PresentMdocOptions extends PresentedDocument {
  /** What the presentation answers: an OpenID4VP request, or an encoded SessionTranscript of another kind. */
  readonly binding: PresentationBinding | Uint8Array
}

/**
 * Presents an mdoc: base64url of a DeviceResponse with one document (OpenID4VP Appendix B.2.5).
 * @throws MdocError `mdoc.element.not-found`, and what a credential that is none has; TypeError when `binding`
 *   is no SessionTranscript, or has neither response URI nor origin
 */
export async function presentMdoc(options: PresentMdocOptions): Promise<string> {
  checkOptions(options, 'presentMdoc', presentRules)
  const { binding, ...document } = options
  return presentMdocs([document], binding)
}

/**
 * Presents several in one DeviceResponse, where the protocol takes them so: ISO/IEC 18013-5 and 18013-7 Annex C, not
 * OpenID4VP.
 * @throws MdocError, TypeError as `presentMdoc`
 */
export async function presentMdocs(
  documents: readonly PresentedDocument[],
  binding: PresentationBinding | Uint8Array,
): Promise<string> {
  listRule(optionsRule(presentedRules), { least: 1 })(documents, 'presentMdocs')
  const transcript = transcriptOf(binding)
  const presented = await Promise.all(documents.map((document) => presentDocument(document, transcript)))
  return base64url(encodeCbor({ version: '1.0', documents: presented, status: 0 }))
}

async function presentDocument(document: PresentedDocument, transcript: Uint8Array): Promise<CborInput> {
  const { credential, disclose, holder, deviceNamespaces = {} } = document
  const issuerSigned = parseCredential(credential)
  const { docType } = issuerSigned.mso
  const namespacesBytes = embedCbor(deviceNamespaces)
  const payload = deviceAuthentication(transcript, docType, namespacesBytes)
  const deviceAuth: CborInput =
    'agreement' in holder
      ? {
          deviceMac: await macCose(
            await deviceMacKey(holder.agreement, holder.readerKey, transcript),
            payload,
          ),
        }
      : { deviceSignature: await signCose({ signer: holder, payload, detached: true }) }
  const selected = selectItems(issuerSigned, disclose)
  const nameSpaces: ReadonlyMap<string, CborInput> = new Map(
    Array.from(selected, ([name, items]) => [name, items.map(({ bytes }) => bytes)]),
  )
  return {
    docType,
    issuerSigned: {
      ...(nameSpaces.size > 0 && { nameSpaces }),
      issuerAuth: issuerSigned.issuerAuthValue as CborInput,
    },
    deviceSigned: { nameSpaces: namespacesBytes, deviceAuth },
  }
}

/**
 * An issued credential: base64url of IssuerSigned. Shape only.
 * @throws MdocError, CoseError
 */
export function parseCredential(credential: unknown): IssuerSigned {
  return parseIssuerSigned(decodeCbor(bytesOf(credential)))
}

/** @throws MdocError `mdoc.structure` */
export function bytesOf(text: unknown): Uint8Array {
  if (typeof text !== 'string') throw malformed('not a text')
  try {
    return fromBase64url(text)
  } catch {
    throw malformed('not base64url')
  }
}

/**
 * The elements that a presentation shows.
 * @throws MdocError `mdoc.element.not-found`
 */
export function selectItems(
  { namespaces }: IssuerSigned,
  disclose: readonly ClaimPath[],
): IssuerSigned['namespaces'] {
  const selected = new Map<string, readonly IssuerSignedItem[]>()
  const wanted = new Set(disclose.map((path) => JSON.stringify(answering(namespaces, path))))
  for (const [name, items] of namespaces) {
    const chosen = items.filter(({ element }) => wanted.delete(JSON.stringify([name, element])))
    if (chosen.length > 0) selected.set(name, chosen)
  }
  if (wanted.size > 0) throw new MdocError('mdoc.element.not-found', 'the credential has no such element')
  return selected
}

/** The element asked for, or the attestation of an age that answers in its place. */
function answering(namespaces: IssuerSigned['namespaces'], path: ClaimPath): ClaimPath {
  const [name, element] = path
  if (name !== ageNamespace || path.length !== 2 || typeof element !== 'string') return path
  if (!element.startsWith('age_over_')) return path
  const held = namespaces.get(name)?.map((item) => [item.element, item.value]) ?? []
  return [name, nearestAgeAttestation(Object.fromEntries(held), element) ?? element]
}
