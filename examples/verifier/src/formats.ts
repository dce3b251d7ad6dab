import type { JsonObject, ResolveDid, ResolveIssuerKey, VerifierFormat } from '@ekkasan/core'
import { type ContextRegistry, documentContext, ldpVcVerifier, verifyLdpVc } from '@ekkasan/data-integrity'
import { jwtVcVerifier } from '@ekkasan/jwt-vc'
import { mdocVerifier } from '@ekkasan/mdoc'
import { type ResolveTypeMetadata, sdJwtVcVerifier, vctOf } from '@ekkasan/sd-jwt-vc'
import type { VerifyListCredential } from '@ekkasan/status'
import { presetCredentialQuery, type QueryFormat, type QueryPreset, thaiNationalId } from '@ekkasan/thai'
import type { CredentialContentOptions } from '@ekkasan/vcdm'
import { documentOf, type ProgramDocument } from '@ekkasan-examples/documents'

/** What verifying a format takes of the program. */
export interface FormatParts {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly resolveMdocIssuer: ResolveIssuerKey
  readonly resolveDid: ResolveDid
  readonly typeMetadata: ResolveTypeMetadata
  readonly contexts: ContextRegistry
  /** Finds the schemas that W3C bodies name. */
  readonly content: CredentialContentOptions
}

interface AcceptedFormat {
  readonly verifier: (parts: FormatParts) => VerifierFormat
  /** How a document of issuers at these URLs is asked for: query id -> its name in the format. */
  readonly queries: (document: ProgramDocument, issuers: readonly string[]) => Record<string, QueryFormat>
}

const baseType = 'https://www.w3.org/2018/credentials#VerifiableCredential'

/** The formats in which a document is accepted, best first: those that show no more than is asked for. */
const formats = {
  'dc+sd-jwt': {
    verifier: ({ resolveIssuerKey, typeMetadata, content }) =>
      sdJwtVcVerifier({ resolveIssuerKey, typeMetadata, content }),
    queries: ({ type }, issuers) => {
      const vct = (vcdm: boolean) => issuers.map((issuer) => vctOf(type, { issuer, vcdm }))
      if (issuers.length === 0) return {}
      return {
        sd_jwt_vc: { format: 'dc+sd-jwt', vctValues: vct(true), claimsUnder: ['credentialSubject'] },
        sd_jwt_vc_plain: { format: 'dc+sd-jwt', vctValues: vct(false) },
      }
    },
  },
  mso_mdoc: {
    verifier: ({ resolveMdocIssuer }) => mdocVerifier({ resolveIssuerKey: resolveMdocIssuer }),
    queries: ({ mdoc: { docType, elements } }) => ({
      mdoc: { format: 'mso_mdoc', doctype: docType, elements },
    }),
  },
  ldp_vc: {
    verifier: ({ resolveIssuerKey, resolveDid, contexts, content }) =>
      ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts, content }),
    queries: ({ type }, issuers) => {
      const typeOf = (issuer: string) => `${documentContext(type, issuer).url}#${type.type}`
      const typeValues = issuers.map((issuer) => [baseType, typeOf(issuer)])
      return typeValues.length === 0 ? {} : { ldp_vc: { format: 'ldp_vc', typeValues } }
    },
  },
  jwt_vc_json: {
    verifier: ({ resolveIssuerKey, resolveDid, content }) =>
      jwtVcVerifier({ resolveIssuerKey, resolveDid, content }),
    queries: ({ type }) => ({
      jwt_vc: { format: 'jwt_vc_json', typeValues: [['VerifiableCredential', type.type]] },
    }),
  },
} as const satisfies Record<string, AcceptedFormat>

export type FormatName = keyof typeof formats
export const formatNames = Object.keys(formats) as readonly FormatName[]

export function createFormats(names: readonly FormatName[], parts: FormatParts): readonly VerifierFormat[] {
  return names.map((name) => formats[name].verifier(parts))
}

/** Verifies Bitstring Status Lists of those who may speak of the statuses. */
export function statusListVerifier({ resolveIssuerKey }: FormatParts): VerifyListCredential {
  // What is no UTF-8 is no credential either, and refused as such.
  return (body, _contentType, { isTrusted }) =>
    verifyLdpVc(new TextDecoder().decode(body), { resolveIssuerKey, isTrusted })
}

/** In which formats, and of which issuers, documents are asked for. */
export interface Asking {
  readonly formats: readonly FormatName[]
  readonly issuers: readonly string[]
  /** Key identifiers of the authorities under which mdocs must be issued; any that the verifier trusts when absent. */
  readonly authorities?: readonly string[]
}

/** The question as DCQL: the document in whichever of the formats the wallet has it. */
export function queryOf(preset: QueryPreset, { formats: names, issuers, authorities }: Asking): JsonObject {
  const document = documentOf(preset.document ?? thaiNationalId.id)
  const urls = issuers.filter((id) => /^https?:/.test(id))
  const queries = names.flatMap((name) => {
    const named: AcceptedFormat = formats[name]
    return Object.entries(named.queries(document, urls))
  })
  return {
    credentials: queries.map(([id, as]) => ({
      ...presetCredentialQuery(preset, id, as),
      ...(authorities &&
        as.format === 'mso_mdoc' && { trusted_authorities: [{ type: 'aki', values: authorities }] }),
    })),
    credential_sets: [{ options: queries.map(([id]) => [id]) }],
  }
}
