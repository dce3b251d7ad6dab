import { notificationError, parseNotificationRequest } from '@ekkasan/openid4vc'
import type { Authorized } from './access-token.ts'
import type { Context } from './context.ts'
import { confirmIssuance, revokeUnconfirmed } from './issuance.ts'

/**
 * The notification step, OpenID4VCI section 11; saying the same twice changes nothing. What a wallet says it did
 * not keep, and never said it kept, is revoked.
 * @throws IssuanceError
 */
export async function receiveNotification(
  context: Context,
  { redeemed }: Authorized,
  body: string,
): Promise<void> {
  const { notification_id, event } = parseNotificationRequest(body)
  const entry = redeemed.issued.find(({ notificationId }) => notificationId === notification_id)
  if (!entry) throw notificationError('invalid_notification_id', 'no such notification_id')
  const tell = event === 'credential_accepted' ? confirmIssuance : revokeUnconfirmed
  await Promise.all(entry.issuances.map((issuance) => tell(context, issuance)))
}
