import {
  cached,
  type Fetch,
  type IsTrusted,
  type ResolveDid,
  type ResolveIssuerKey,
  resolveIssuerKeyBy,
  type TrustedAuthorities,
  trustOnly,
} from '@ekkasan/core'
import { type ContextRegistry, createContextRegistry, documentContext } from '@ekkasan/data-integrity'
import { resolveDidIssuer } from '@ekkasan/did'
import { resolveJwtVcIssuer } from '@ekkasan/sd-jwt-vc'
import {
  createCrlChecker,
  isIssuedUnderAki,
  mdocIssuerProfile,
  parseCertificate,
  resolveX5c,
  trustAnchors,
  trustIssuerCertificates,
} from '@ekkasan/x509'
import { documents } from './documents.ts'

/** Whose documents are accepted. */
export interface TrustedIssuers {
  /** Exact issuer identifiers: https URLs or DIDs. */
  readonly issuers: readonly string[]
  /** Authorities that certify issuers of mdocs: PEM or base64 DER. */
  readonly certificates: readonly string[]
}

const minutes = 60_000

/** Finds issuers' keys by URL, DID, or a certificate by ISO/IEC 18013-5 Annex B that is not revoked. */
export function issuerKeys(options: {
  readonly fetch: Fetch
  readonly resolveDid: ResolveDid
  readonly allowHttp: boolean
  readonly certificates: readonly string[]
}): ResolveIssuerKey {
  const { fetch, resolveDid, allowHttp } = options
  return resolveIssuerKeyBy({
    https: resolveJwtVcIssuer({ fetch, allowHttp }),
    did: cached(resolveDidIssuer(resolveDid), { lifetime: 5 * minutes }),
    x5c: cached(
      resolveX5c({
        anchors: anchorsOf(options.certificates),
        profile: mdocIssuerProfile,
        checkRevocation: createCrlChecker({ fetch, maxAge: 5 * minutes }),
      }),
      { lifetime: 5 * minutes },
    ),
  })
}

/**
 * Trusts the issuers named and those certified. A certified issuer's statuses may be signed by the issuer whose
 * identifier stands in its certificate.
 */
export function trustIssuers({ issuers, certificates }: TrustedIssuers): IsTrusted {
  const named = trustOnly(issuers.map((id) => ({ role: 'credential-issuer', id })))
  const certified = trustIssuerCertificates({ anchors: anchorsOf(certificates) })
  return async (question) => {
    const { role, id, issuer, onBehalfOf } = question
    if (issuer?.method === 'x5c') return certified(question)
    const leaf = onBehalfOf?.x5c?.[0]
    if (role === 'status-issuer' && leaf !== undefined && parseCertificate(leaf).uris.includes(id)) {
      return { trusted: true, detail: 'named in the certificate of the issuer' }
    }
    return named(question)
  }
}

/** Authorities are told by the identifiers of their keys (OpenID4VP section 6.1.1.1). */
export const trustedAuthorities: TrustedAuthorities = {
  aki: ({ x5c = [] }, values) => isIssuedUnderAki(x5c, values),
}

/**
 * The key identifiers of authorities, as `trusted_authorities` name them.
 * @throws Error that says which of them has none
 */
export function authorityKeysOf(certificates: readonly string[]): readonly string[] {
  return certificates.map((certificate) => {
    const { subject, subjectKeyIdentifier } = parseCertificate(certificate)
    if (subjectKeyIdentifier === undefined) throw new Error(`the authority ${subject} has no key identifier`)
    return subjectKeyIdentifier
  })
}

/** The contexts of the catalogue as each of the issuers publishes them. */
export function documentContexts(issuers: readonly string[]): ContextRegistry {
  const urls = issuers.filter((id) => /^https?:/.test(id))
  return createContextRegistry(
    urls.flatMap((issuer) => documents.map(({ type }) => documentContext(type, issuer))),
  )
}

const anchorsOf = (certificates: readonly string[]) =>
  trustAnchors(certificates.map((certificate) => ({ role: 'credential-issuer', certificate })))
