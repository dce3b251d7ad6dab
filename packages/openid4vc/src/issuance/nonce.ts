import { parseObject, requireText } from '../shape.ts'
import { IssuanceMessageError } from './errors.ts'

/** OpenID4VCI section 7.2. */
export interface NonceResponse {
  readonly c_nonce: string
}

/** @throws IssuanceMessageError `openid4vc.nonce-response.malformed` */
export function parseNonceResponse(json: string): NonceResponse {
  const malformed = (what: string) =>
    new IssuanceMessageError(
      'openid4vc.nonce-response.malformed',
      `not an acceptable nonce response: ${what}`,
    )
  const { c_nonce } = parseObject(json, 'the response', malformed, 16_384)
  return { c_nonce: requireText(c_nonce, 'c_nonce', malformed, 4096) }
}
