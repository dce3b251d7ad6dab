import type { IssuerFormat, JsonObject, Signer } from '@ekkasan/core'
import { issueLdpVc, ldpVc } from '@ekkasan/data-integrity'
import { jwtVc } from '@ekkasan/jwt-vc'
import { mdoc } from '@ekkasan/mdoc'
import { sdJwtVc } from '@ekkasan/sd-jwt-vc'
import { documentOf } from '@ekkasan-examples/documents'

/** What a format takes of the program. */
export interface FormatParts {
  /** The newest key; its `kid` as verifiers find it. */
  readonly signer: Signer
  /** How credentials name their issuer: the URL, or a DID. */
  readonly issuer: string
  readonly issuerName: string
  /** The RFC 7638 thumbprint under which the key is published. */
  readonly keyId: string
  /** Leaf first: the key as a signer of documents. */
  readonly certificates: readonly string[]
}

/** The key with its certificates, for verifiers that know authorities alone (HAIP sections 6.1 and 6.1.1). */
export function certified(signer: Signer, x5c: readonly string[]): Signer {
  return { ...signer, key: { ...signer.key, x5c } }
}

/** The formats in which every document is offered; a wallet that likes several alike takes the first. */
const formats = {
  'dc+sd-jwt': ({ signer, issuer, issuerName, certificates }) =>
    sdJwtVc({ signer: certified(signer, certificates), issuer, issuerName, vcdm: true }),
  'dc+sd-jwt-plain': ({ signer, issuer, certificates }) =>
    sdJwtVc({ signer: certified(signer, certificates), issuer }),
  mso_mdoc: ({ signer, certificates }) =>
    mdoc({
      signer: certified(signer, certificates),
      type: ({ id }) => documentOf(id).mdoc,
    }),
  ldp_vc: (parts) => ldpVc({ signer: proofSigner(parts), issuer: parts.issuer }),
  jwt_vc_json: ({ signer, issuer }) => jwtVc({ signer, issuer }),
} as const satisfies Record<string, (parts: FormatParts) => IssuerFormat>

export type FormatName = keyof typeof formats
export const formatNames = Object.keys(formats) as readonly FormatName[]

export function createFormat(name: FormatName, parts: FormatParts): IssuerFormat {
  return formats[name](parts)
}

/** A Bitstring Status List as the credential that it is, secured like those whose status it holds. */
export async function secureStatusList(parts: FormatParts, list: JsonObject) {
  const credential = await issueLdpVc({ signer: proofSigner(parts), credential: list })
  return { contentType: 'application/vc', body: JSON.stringify(credential) }
}

/** A Data Integrity proof names its key by a URL: the issuer's, and the published `kid` as its fragment. */
function proofSigner({ signer, issuer, keyId }: FormatParts): Signer {
  return { ...signer, key: { ...signer.key, kid: `${issuer}#${keyId}` } }
}
