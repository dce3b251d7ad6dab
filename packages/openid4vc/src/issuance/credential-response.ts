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
 * Reads a credential response with texts of at most 1 MiB or objects as credentials, at most 8 MiB in all.
 * @throws IssuanceMessageError `openid4vc.credential-response.malformed`
 */
export function parseCredentialResponse(json: string): CredentialResponse {
  const object = parseObject(json, 'the response', malformed, 8_388_608)
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

function credentialOf(value: JsonValue | undefined): Credential {
  return isJsonObject(value) ? value : requireText(value, 'credential', malformed, 1_048_576)
}
