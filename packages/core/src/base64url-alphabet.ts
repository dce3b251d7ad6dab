/**
 * Whether a text is base64url without padding in its only canonical spelling (RFC 4648 section 5, RFC 7515
 * section 2): a second spelling of the same bytes would let a signed text be changed without breaking it.
 */
export function isCanonicalBase64url(text: string): boolean {
  const rest = text.length % 4
  if (rest === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) return false
  if (rest === 0) return true
  const last = alphabet.indexOf(text.charAt(text.length - 1))
  return rest === 2 ? (last & 15) === 0 : (last & 3) === 0
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
