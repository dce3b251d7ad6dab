import type { CredentialConfiguration, IssuerFormat } from './format.ts'
import type { JsonObject } from './json.ts'
import type { ClaimPath, LanguageMap } from './ports.ts'

/** A kind of document, as data: what a catalogue's entry holds. Knows no format and no key. */
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
  readonly mandatory?: boolean
}

/**
 * Offers a document in a format: one credential configuration of an issuer.
 * @throws TypeError that names what the document lacks
 */
export function credentialConfiguration(
  document: DocumentType,
  format: IssuerFormat,
): CredentialConfiguration {
  for (const member of ['id', 'type', 'version', 'names', 'claims', 'schema', 'display'] as const) {
    if (document[member] === undefined) throw new TypeError(`the document ${document.id} has no ${member}`)
  }
  return { id: format.configurationId(document), document, format }
}
