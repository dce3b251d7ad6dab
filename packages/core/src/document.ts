import { requireDocument } from './document-claims.ts'
import type { CredentialConfiguration, IssuerFormat } from './format.ts'
import type { JsonObject } from './json.ts'
import { issuerFormatRule } from './option-ports.ts'
import type { ClaimPath, LanguageMap } from './ports.ts'

/**
 * A kind of document, as data: what a catalogue's entry holds. Knows no format and no key. What `claims` and, below them,
 * `schema` do not have, is never issued.
 */
export interface DocumentType {
  /** Prefix of its credential configuration ids: `ThaiNationalID`. */
  readonly id: string
  /** Its name as a type: the second `type` of a W3C body, and the alias of its `vct`: `ThaiNationalIDCredential`. */
  readonly type: string
  readonly version: string
  readonly names: LanguageMap
  readonly description: LanguageMap
  readonly claims: readonly ClaimDefinition[]
  /** JSON Schema 2020-12 of the claims, without those of the envelope. */
  readonly schema: JsonObject
  readonly display: { readonly backgroundColor: string; readonly textColor: string; readonly logo?: string }
}

export interface ClaimDefinition {
  readonly path: ClaimPath
  readonly names: LanguageMap
  /** `always`: in every presentation; `selective`: the holder chooses. */
  readonly disclosure: 'always' | 'selective'
  /**
   * Format identifiers (`mso_mdoc`) in which the holder chooses all the same, for a claim that is `always` disclosed:
   * where every claim is selective, a document that does not say so is refused. Whoever needs such a claim asks for it.
   */
  readonly selectiveIn?: readonly string[]
  /** In every credential: a record without it is not issued. */
  readonly mandatory?: boolean
}

/**
 * Offers a document in a format: one credential configuration of an issuer.
 * @throws TypeError that names what the document lacks, the claim that it declares wrongly, or what came in place of the format
 */
export function credentialConfiguration(
  document: DocumentType,
  format: IssuerFormat,
): CredentialConfiguration {
  issuerFormatRule(format, 'credentialConfiguration: format')
  for (const member of ['id', 'type', 'version', 'names', 'claims', 'schema', 'display'] as const) {
    if (document[member] === undefined) throw new TypeError(`the document ${document.id} has no ${member}`)
  }
  requireDocument(document)
  return { id: format.configurationId(document), document, format }
}
