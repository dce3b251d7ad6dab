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
  /** Authorities that certify issuers, of mdocs and of whatever else carries certificates: PEM or base64 DER. */
  readonly certificates: readonly string[]
}

const minutes = 60_000

export interface IssuerKeysOptions {
  readonly fetch: Fetch
  readonly resolveDid: ResolveDid
  readonly allowHttp: boolean
  readonly certificates: readonly string[]
}

/** How the keys of issuers are found: of mdocs by a certificate of ISO/IEC 18013-5 Annex B alone, of others as they say. */
export interface IssuerKeys {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly resolveMdocIssuer: ResolveIssuerKey
}

/** By URL, DID, or a certificate under one of the authorities that is not revoked. */
export function issuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { fetch, resolveDid, allowHttp } = options
  const certified = {
    anchors: anchorsOf(options.certificates),
    checkRevocation: createCrlChecker({ fetch, maxAge: 5 * minutes }),
  }
  return {
    resolveIssuerKey: resolveIssuerKeyBy({
      https: resolveJwtVcIssuer({ fetch, allowHttp }),
      did: cached(resolveDidIssuer(resolveDid), { lifetime: 5 * minutes }),
      x5c: resolveX5c(certified),
    }),
    resolveMdocIssuer: resolveX5c({ ...certified, profile: mdocIssuerProfile }),
  }
}

/**
 * Trusts the issuers named and those certified. Statuses are signed by the issuer itself, by another certificate of its
 * authority that is made for statuses, and by the issuer whose identifier stands in its certificate.
 */
export function trustIssuers({ issuers, certificates }: TrustedIssuers): IsTrusted {
  const named = trustOnly(
    issuers.flatMap((id) => [
      { role: 'credential-issuer', id },
      // What its published keys signed has its statuses signed under a certificate that names it.
      { role: 'status-issuer', id, onBehalfOf: [id] },
    ]),
  )
  const certified = trustIssuerCertificates({ anchors: anchorsOf(certificates) })
  return async (question) => {
    const { role, id, issuer, onBehalfOf } = question
    if (issuer?.method === 'x5c') {
      const isForKeys = role === 'status-issuer' && onBehalfOf?.method !== 'x5c'
      return isForKeys ? named(question) : certified(question)
    }
    // Nobody is named: which certificate the credentials carry, they will show.
    if (!issuer && role === 'credential-issuer' && issuers.length === 0 && certificates.length > 0) {
      return certified(question)
    }
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
