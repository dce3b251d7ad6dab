import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'

export type ViolationCode =
  | 'vcdm.context.missing'
  /** The first context is not the base context of 2.0 or 1.1. */
  | 'vcdm.context.first'
  /** A context that is neither a URL nor an object. */
  | 'vcdm.context.invalid'
  /** A context is named twice; accepted in `jwt_vc_json`, which reads no JSON-LD. */
  | 'vcdm.context.repeated'
  /** A version of the data model that the format does not carry. */
  | 'vcdm.context.version'
  /** The context of undefined terms is not the last. */
  | 'vcdm.context.order'
  | 'vcdm.type.missing'
  | 'vcdm.type.invalid'
  /** `VerifiableCredential` or `VerifiablePresentation` is not among the types. */
  | 'vcdm.type.base'
  | 'vcdm.id.missing'
  | 'vcdm.id.invalid'
  | 'vcdm.issuer.missing'
  | 'vcdm.issuer.invalid'
  | 'vcdm.subject.missing'
  | 'vcdm.subject.invalid'
  /** A subject without a claim. */
  | 'vcdm.subject.empty'
  | 'vcdm.date.missing'
  | 'vcdm.date.invalid'
  /** The end of validity lies before its start. */
  | 'vcdm.date.order'
  /** A value that must be an object, or a list of them, is something else or empty. */
  | 'vcdm.object.invalid'
  /** A BitstringStatusListEntry with a member that is not what it must be. */
  | 'vcdm.status.invalid'
  /** Text that is neither a string nor a language value object. */
  | 'vcdm.text.invalid'
  /** A media type that is none. */
  | 'vcdm.media-type.invalid'
  /** Two related resources with one id. */
  | 'vcdm.related-resource.repeated'
  /** A related resource or a schema without a digest, or with one that is not of its kind. */
  | 'vcdm.related-resource.digest'
  | 'vcdm.holder.missing'
  | 'vcdm.holder.invalid'
  /** A presentation holds something that is not a credential. */
  | 'vcdm.credential.invalid'
  /** A presentation holds a credential that nothing secures. */
  | 'vcdm.credential.unsecured'
  /** An enveloped object whose `id` is not a `data:` URL. */
  | 'vcdm.envelope.invalid'
  /** A `vc` or `vp` member, the JWT claims of 1.1, in a 2.0 body. */
  | 'vcdm.claim.nested'
  /** A keyword of JSON-LD where the data model has a name of its own: not the compacted form. */
  | 'vcdm.member.keyword'
  /** A member of the other version of the data model. */
  | 'vcdm.member.version'

/** One rule of the data model that a body breaks. */
export interface Violation {
  /** JSON pointer (RFC 6901) into the body. */
  readonly path: string
  readonly code: ViolationCode
  /** For people; holds no value of the body. */
  readonly message: string
}

/** Collects violations while a body is walked. */
export interface Report {
  readonly violations: Violation[]
  add(path: string, code: ViolationCode, message: string): void
}

/** A body can break a rule in as many places as it has. */
const maxViolations = 100

export function createReport(): Report {
  const violations: Violation[] = []
  const add = (path: string, code: ViolationCode, message: string) => {
    if (violations.length < maxViolations) violations.push({ path, code, message })
  }
  return { violations, add }
}

/** The objects of a member that holds one or several; what is not an object is reported. */
export function objectsOf(report: Report, path: string, value: JsonValue): [string, JsonObject][] {
  const found: [string, JsonObject][] = []
  const items = listOf(value)
  if (items.length === 0) report.add(path, 'vcdm.object.invalid', 'an empty list')
  for (const [index, item] of items.entries()) {
    const at = Array.isArray(value) ? `${path}/${index}` : path
    if (isJsonObject(item)) found.push([at, item])
    else report.add(at, 'vcdm.object.invalid', 'not an object')
  }
  return found
}
