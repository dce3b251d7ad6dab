import type { PresentationBinding } from '@ekkasan/core'

/** Whom a presentation is for: the client identifier, or with the DC API the origin (OpenID4VP Appendix A.4). */
export function audienceOf({ clientId, origin }: PresentationBinding): string {
  return origin === undefined ? clientId : `origin:${origin}`
}
