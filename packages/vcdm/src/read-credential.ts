import type { Claims } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'

/** The types of a body, as it writes them. Shape only. */
export function typesOf({ type }: JsonObject): readonly string[] {
  return listOf(type).filter((name) => typeof name === 'string')
}

/** The subject, a list of one being one; undefined where there are several, or none. */
export function subjectOf({ credentialSubject }: JsonObject): JsonObject | undefined {
  const [subject, ...others] = listOf(credentialSubject)
  return others.length === 0 && isJsonObject(subject) ? subject : undefined
}

/** The claims of the subject without its `id`; of several subjects, all of them under `credentialSubject`. */
export function subjectClaims(body: JsonObject): Claims {
  const { credentialSubject } = body
  const subject = subjectOf(body)
  if (!subject) return credentialSubject === undefined ? {} : { credentialSubject }
  const { id, ...claims } = subject
  return claims
}

/** The subject's DID, by which its holder is named, where it is one and has one. */
export function subjectDid(body: JsonObject): string | undefined {
  const id = subjectOf(body)?.id
  return typeof id === 'string' && id.startsWith('did:') ? id : undefined
}

/** Of an issuer or holder, a URL or an object with one as `id`: that text. */
export function identifierOf(value: JsonValue | undefined): string | undefined {
  const id = isJsonObject(value) ? value.id : value
  return typeof id === 'string' && id !== '' ? id : undefined
}
