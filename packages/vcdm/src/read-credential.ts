import type { Claims } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'

/** The types of a body, as it writes them. Shape only. */
export function typesOf({ type }: JsonObject): readonly string[] {
  return listOf(type).filter((name) => typeof name === 'string')
}

/** The claims of the subject without its `id`; of several subjects, all of them under `credentialSubject`. */
export function subjectClaims({ credentialSubject: subject }: JsonObject): Claims {
  if (!isJsonObject(subject)) return subject === undefined ? {} : { credentialSubject: subject }
  const { id, ...claims } = subject
  return claims
}

/** The subject's DID, by which its holder is named, where it is one and has one. */
export function subjectDid({ credentialSubject: subject }: JsonObject): string | undefined {
  const id = isJsonObject(subject) ? subject.id : undefined
  return typeof id === 'string' && id.startsWith('did:') ? id : undefined
}

/** Of an issuer or holder, a URL or an object with one as `id`: that text. */
export function identifierOf(value: JsonValue | undefined): string | undefined {
  const id = isJsonObject(value) ? value.id : value
  return typeof id === 'string' && id !== '' ? id : undefined
}
