import type { TrustRole } from '@ekkasan/core'
import {
  listRule,
  type OptionRules,
  optional,
  optionsRule,
  portRule,
  textRule,
  trustRoleRule,
} from '@ekkasan/core/options'
import { type Certificate, parseCertificate } from './certificate.ts'

export interface TrustAnchor {
  /** For whom this authority issues. */
  readonly role: TrustRole
  /** Base64 DER or PEM of the authority's own certificate; of a single party's, to trust that one alone. */
  readonly certificate: string
  /**
   * With `credential-issuer`: those below it are trusted for these types only (`vct`, doctype, `type` of a W3C body);
   * for all when absent. A credential of several types needs all of them here, beside the `VerifiableCredential`
   * that every W3C credential is.
   */
  readonly types?: readonly string[]
}

export interface TrustAnchors {
  /** All of a role; with types, those of the role that are trusted for credentials of these types. */
  of(role: TrustRole, types?: readonly string[]): readonly Certificate[]
}

export const anchorsRule = portRule('trust anchors, as trustAnchors([…]) makes them', ['of'])

// A misspelt `types` would trust for all of them.
const anchorRules: OptionRules<TrustAnchor> = {
  role: trustRoleRule,
  certificate: textRule,
  types: optional(listRule(textRule)),
}

/**
 * The certificates from which trust starts, for each role on its own: who may issue verifiers' certificates says
 * nothing about credential issuers.
 * @throws X509Error when one of them does not parse; TypeError when an entry has another member than these
 */
export function trustAnchors(anchors: readonly TrustAnchor[]): TrustAnchors {
  listRule(optionsRule(anchorRules))(anchors, 'trustAnchors')
  const parsed = anchors.map(({ role, certificate, types }) => {
    if (types && role !== 'credential-issuer')
      throw new TypeError('only credential issuers are trusted by type')
    return { role, types, certificate: parseCertificate(certificate) }
  })
  return {
    of(role, types) {
      const ofRole = parsed.filter((anchor) => anchor.role === role)
      const special = types?.filter((type) => type !== 'VerifiableCredential') ?? []
      const claimed = special.length > 0 ? special : (types ?? [])
      const fitting = ofRole.filter(
        ({ types: limit }) =>
          types === undefined ||
          limit === undefined ||
          (claimed.length > 0 && claimed.every((type) => limit.includes(type))),
      )
      return fitting.map(({ certificate }) => certificate)
    },
  }
}
