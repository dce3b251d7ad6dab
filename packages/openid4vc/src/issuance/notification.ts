import type { JsonObject } from '@ekkasan/core'
import { parseObject } from '../shape.ts'
import { notificationError } from './errors.ts'

export type NotificationEvent = 'credential_accepted' | 'credential_failure' | 'credential_deleted'

/** OpenID4VCI section 11.1. */
export interface NotificationRequest {
  readonly notification_id: string
  readonly event: NotificationEvent
  readonly event_description?: string
}

const events: readonly unknown[] = ['credential_accepted', 'credential_failure', 'credential_deleted']
const malformed = (what: string) => notificationError('invalid_notification_request', what)

/** @throws IssuanceError `invalid_notification_request` */
export function parseNotificationRequest(json: string): NotificationRequest {
  const object: JsonObject = parseObject(json, 'the request', malformed, 16_384)
  const { notification_id, event, event_description } = object
  if (typeof notification_id !== 'string' || notification_id === '' || notification_id.length > 512) {
    throw malformed('notification_id is missing')
  }
  if (!events.includes(event)) throw malformed('event is not one of the three events')
  if (event_description !== undefined) {
    const isAscii =
      typeof event_description === 'string' &&
      event_description.length <= 1024 &&
      /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(event_description)
    if (!isAscii) throw malformed('event_description is not a short ASCII text')
  }
  return {
    notification_id,
    event: event as NotificationEvent,
    ...(typeof event_description === 'string' && { event_description }),
  }
}
