const thaiZero = '๐'.charCodeAt(0)

/**
 * A transaction code as it is sent (OpenID4VCI section 4.1.1). A text code is sent as it was typed. Of a numeric one
 * white space and hyphens are left out and Thai digits become 0 to 9: people type it in groups and with the keyboard
 * that they have.
 *
 * @example normalizeTxCode('๑๒๓-456', 'numeric') // '123456'
 */
export function normalizeTxCode(typed: string, inputMode: 'numeric' | 'text' = 'numeric'): string {
  if (inputMode === 'text') return typed
  return typed
    .replace(/[\s\p{Pd}\p{Cf}]/gu, '')
    .replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - thaiZero))
}
