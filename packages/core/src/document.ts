import { requireDocument } from './document-claims.ts'
import type { CredentialConfiguration, IssuerFormat } from './format.ts'
import type { JsonObject } from './json.ts'
import { issuerFormatRule } from './option-ports.ts'
import { anyRule, checkOptions } from './option-rules.ts'
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
  /** In every credential, with a value: a record that lacks it is not issued. Null is one where its schema names it. */
  readonly mandatory?: boolean
}

export interface CredentialConfigurationOptions {
  /** The scope of the configuration, RFC 6749 section 3.3. Default: its id, percent-encoded where a scope cannot hold it. */
  readonly scope?: string
}

/**
 * The version in the URLs of a document's type, schema and context: `v1` of version `1.1`. A document is issued and asked
 * for under the same ones, which change with its major version alone.
 */
export function typeVersionOf({ version }: Pick<DocumentType, 'version'>): string {
  return `v${version.split('.')[0]}`
}

/**
 * Offers a document in a format: one credential configuration of an issuer.
 * @throws TypeError that names what the document lacks, the claim that it declares wrongly, an invalid scope, or what came in place of the format
 */
export function credentialConfiguration(
  document: DocumentType,
  format: IssuerFormat,
  options: CredentialConfigurationOptions = {},
): CredentialConfiguration {
  checkOptions<CredentialConfigurationOptions>(options, 'credentialConfiguration', { scope: anyRule })
  issuerFormatRule(format, 'credentialConfiguration: format')
  for (const member of ['id', 'type', 'version', 'names', 'claims', 'schema', 'display'] as const) {
    if (document[member] === undefined) throw new TypeError(`the document ${document.id} has no ${member}`)
  }
  requireDocument(document)
  const id = format.configurationId(document)
  const { scope } = options
  if (scope !== undefined && !isScope(scope)) {
    throw new TypeError(
      `${id}: scope is ${JSON.stringify(scope)}, but has to be one or more printable ASCII characters without space, " and \\`,
    )
  }
  return { id, ...(scope !== undefined && { scope }), document, format }
}

/**
 * The scope of a configuration (OpenID4VCI section 12.2.4; HAIP section 4.1 wants one for each): the one that was set,
 * else its id, percent-encoded where a scope cannot hold it.
 */
export function scopeOf({ id, scope }: Pick<CredentialConfiguration, 'id' | 'scope'>): string {
  return scope ?? (isScope(id) ? id : encodeURIComponent(id))
}

/** `scope-token` of RFC 6749 section 3.3. */
function isScope(text: unknown): text is string {
  return typeof text === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]{1,512}$/.test(text)
}
