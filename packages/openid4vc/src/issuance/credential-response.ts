import type { Credential, JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { optionalText, parseObject, requireList, requireObject, requireText } from '../shape.ts'
import { IssuanceMessageError } from './errors.ts'

/** OpenID4VCI section 8.3. */
export type CredentialResponse =
  | {
      readonly credentials: readonly { readonly credential: Credential }[]
      readonly notification_id?: string
    }
  /** Not ready yet: to be asked for again at the deferred credential endpoint. */
  | { readonly transaction_id: string; readonly interval: number }

const malformed = (what: string) =>
  new IssuanceMessageError(
    'openid4vc.credential-response.malformed',
    `not an acceptable credential response: ${what}`,
  )

/**
 * Reads a credential response with credentials of at most 1 MiB each, texts or objects, at most 8 MiB in all.
 * @throws IssuanceMessageError `openid4vc.credential-response.malformed`
 */
export function parseCredentialResponse(json: string): CredentialResponse {
  // An object as a credential may be nested 32 deep, as all JSON from outside.
  const object = parseObject(json, 'the response', malformed, 8_388_608, { maxDepth: 3 + 32 })
  const { credentials, transaction_id, interval } = object
  if ((credentials === undefined) === (transaction_id === undefined)) {
    throw malformed('not exactly one of credentials and transaction_id')
  }
  if (transaction_id !== undefined) {
    if (typeof interval !== 'number' || !(interval > 0)) throw malformed('interval is not a positive number')
    return { transaction_id: requireText(transaction_id, 'transaction_id', malformed), interval }
  }
  const notificationId = optionalText(object.notification_id, 'notification_id', malformed)
  return {
    credentials: requireList(credentials, 'credentials', malformed, 1000).map((entry) => ({
      credential: credentialOf(requireObject(entry, 'an item of credentials', malformed).credential),
    })),
    ...(notificationId !== undefined && { notification_id: notificationId }),
  }
}

const maxCredential = 1_048_576

function credentialOf(value: JsonValue | undefined): Credential {
  if (!isJsonObject(value)) return requireText(value, 'credential', malformed, maxCredential)
  if (JSON.stringify(value).length > maxCredential) throw malformed('a credential is longer than 1 MiB')
  return value
}
