import {
  type Check,
  type Checks,
  type Credential,
  type ResolveErrorCode,
  recordResolveError,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { functionRule, type OptionRule, optional, optionsRule } from '@ekkasan/core/options'
import { findSchemaFault } from './credential-schema.ts'
import { findResourceFault } from './related-resource.ts'
import type { ResolveResource } from './resolve-resources.ts'

/** Codes of the checks `credential-schema` and `related-resources`, beside those of a ResolveError. */
export type ContentCheckCode =
  /** Skipped: nothing was handed in to find schemas with. */
  | 'vcdm.schema.not-configured'
  /** Skipped: another check failed, so that nothing is fetched for this credential. */
  | 'vcdm.schema.not-asked'
  /** Skipped: neither a JsonSchema nor a JsonSchemaCredential. */
  | 'vcdm.schema.type'
  /** A schema in a secured credential that was not verified; skipped where nothing was handed in to verify it with. */
  | 'vcdm.schema.unverified'
  /** Skipped: claims are concealed, so that the schema can be held against the whole alone. */
  | 'vcdm.schema.concealed'
  /** Failed: the credential does not fit the schema; the detail is where. */
  | 'vcdm.schema.mismatch'
  /** Failed: the schema is not the one whose digest the credential names. */
  | 'vcdm.schema.digest'
  /** Failed: what was found is not a JSON Schema, or not a credential that holds one. */
  | 'vcdm.schema.malformed'
  /** Unknown: a version of JSON Schema, or a part of it, that is not understood here. */
  | 'vcdm.schema.unsupported'
  /** Unknown: the schema asks for more work than is done for one. */
  | 'vcdm.schema.bounds'
  /** Skipped: nothing was handed in to find resources with. */
  | 'vcdm.related-resource.not-configured'
  /** Skipped: another check failed, so that nothing is fetched for this credential. */
  | 'vcdm.related-resource.not-asked'
  /** Failed: a resource has another digest. */
  | 'vcdm.related-resource.mismatch'
  /** Failed: more resources than are looked at. */
  | 'vcdm.related-resource.too-many'

/** What the content of a credential is held against; each may be absent. Goes into a format's options as `content`. */
export interface CredentialContentOptions {
  /** Finds the JSON Schemas that `credentialSchema` names. */
  readonly resolveSchema?: ResolveResource
  /**
   * Verifies a credential that holds a schema (`JsonSchemaCredential`), and gives its body; told a text, or an object
   * with a proof. Without it only those that are not secured are read. It verifies without this option itself: such a
   * credential may name itself as its schema.
   * @throws RejectedError, UnavailableError
   */
  readonly verifySchemaCredential?: (credential: Credential) => Promise<JsonObject>
  /** Finds what `relatedResource` names. The base context of 2.0 is known without it. */
  readonly resolveRelatedResource?: ResolveResource
}

/** Of the option `content`: a misspelt member would be a check that is not made. */
export const contentRule: OptionRule = optionsRule<CredentialContentOptions>({
  resolveSchema: optional(functionRule),
  verifySchemaCredential: optional(functionRule),
  resolveRelatedResource: optional(functionRule),
})

/** Why a check of the content did not pass. */
export interface ContentFault extends Omit<Check, 'name'> {
  readonly outcome: 'failed' | 'unknown' | 'skipped'
  readonly code: ContentCheckCode | ResolveErrorCode
}

/**
 * Records `credential-schema` and `related-resources`, each where the body names any. Every W3C format calls it after
 * its checks of the signature and before `status`: nothing is fetched for a credential that is refused already.
 * `partial` says that claims were concealed by selective disclosure. `onLists` is for a body in which a single value may
 * stand for a list of one: it is told the body with the lists that a schema asks for.
 */
export async function checkContent(
  checks: Checks,
  body: JsonObject,
  options: CredentialContentOptions & {
    readonly partial?: boolean
    readonly onLists?: (body: JsonObject) => void
  } = {},
): Promise<void> {
  const { credentialSchema, relatedResource } = body
  if (credentialSchema !== undefined) {
    await record(checks, 'credential-schema', 'vcdm.schema.not-asked', () => findSchemaFault(body, options))
  }
  if (relatedResource !== undefined) {
    await record(checks, 'related-resources', 'vcdm.related-resource.not-asked', () =>
      findResourceFault(relatedResource, options.resolveRelatedResource),
    )
  }
}

async function record(
  checks: Checks,
  name: 'credential-schema' | 'related-resources',
  notAsked: ContentCheckCode,
  find: () => Promise<ContentFault | undefined>,
): Promise<void> {
  if (!checks.isSound) {
    checks.skip(name, notAsked)
    return
  }
  try {
    const fault = await find()
    checks.record(fault ? { name, ...fault } : { name, outcome: 'passed' })
  } catch (error) {
    recordResolveError(checks, name, error)
  }
}
