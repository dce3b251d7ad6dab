import type { ClaimPath, PresentationBinding, PublicJwk, Signer } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { type CborInput, decodeCbor, embedCbor, encodeCbor, macCose, signCose } from '@ekkasan/cose'
import { MdocError } from './errors.ts'
import { deviceAuthentication, deviceMacKey, transcriptOf } from './internal/device-authentication.ts'
import { type IssuerSigned, parseIssuerSigned } from './internal/issuer-signed.ts'
import { malformed } from './internal/shape.ts'
import type { MdocNamespaces } from './issue.ts'
import type { KeyAgreement } from './key-agreement.ts'

export interface PresentMdocOptions {
  /** Elements to disclose, each `[namespace, element]`. */
  readonly disclose: readonly ClaimPath[]
  /** What the presentation answers: an OpenID4VP request, or an encoded SessionTranscript of another kind. */
  readonly to: PresentationBinding | Uint8Array
  /** Signs with the device key; or agrees with the reader's key on that of a MAC. */
  readonly device: Signer | { readonly agreement: KeyAgreement; readonly readerKey: PublicJwk }
  /** Elements that the device signs itself, of those that the issuer allowed it. */
  readonly deviceNamespaces?: MdocNamespaces
}

/**
 * Presents an mdoc: base64url of a DeviceResponse with one document (OpenID4VP Appendix B.2.5).
 * @throws MdocError `mdoc.element.not-found`, and what a credential that is none has; TypeError when `to` is no
 *   SessionTranscript, or a binding without response URI and origin
 */
export async function presentMdoc(credential: string, options: PresentMdocOptions): Promise<string> {
  const { disclose, to, device, deviceNamespaces = {} } = options
  const issuerSigned = parseCredential(credential)
  const { docType } = issuerSigned.mso
  const transcript = transcriptOf(to)
  const namespacesBytes = embedCbor(deviceNamespaces)
  const payload = deviceAuthentication(transcript, docType, namespacesBytes)
  const deviceAuth: CborInput =
    'agreement' in device
      ? {
          deviceMac: await macCose(
            await deviceMacKey(device.agreement, device.readerKey, transcript),
            payload,
          ),
        }
      : { deviceSignature: await signCose({ signer: device, payload, detached: true }) }
  const nameSpaces = selectItems(issuerSigned, disclose)
  return base64url(
    encodeCbor({
      version: '1.0',
      documents: [
        {
          docType,
          issuerSigned: {
            ...(nameSpaces.size > 0 && { nameSpaces }),
            issuerAuth: issuerSigned.issuerAuthValue as CborInput,
          },
          deviceSigned: { nameSpaces: namespacesBytes, deviceAuth },
        },
      ],
      status: 0,
    }),
  )
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

function selectItems({ namespaces }: IssuerSigned, disclose: readonly ClaimPath[]): Map<string, CborInput[]> {
  const selected = new Map<string, CborInput[]>()
  const wanted = new Set(disclose.map((path) => JSON.stringify(path)))
  for (const [name, items] of namespaces) {
    const chosen = items.filter(({ element }) => wanted.delete(JSON.stringify([name, element])))
    if (chosen.length > 0)
      selected.set(
        name,
        chosen.map(({ bytes }) => bytes),
      )
  }
  if (wanted.size > 0) throw new MdocError('mdoc.element.not-found', 'the credential has no such element')
  return selected
}
