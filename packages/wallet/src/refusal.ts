import { parseJsonObject } from '@ekkasan/core/json'
import { foreignCode, WalletError, type WalletErrorCode } from './errors.ts'
import type { TextAnswer } from './fetch-text.ts'

/** The error code of an answer other than success, or its HTTP status where it has no code that can be shown. */
export function refusalCode({ status, text }: Pick<TextAnswer, 'status' | 'text'>): string {
  try {
    return foreignCode(parseJsonObject(text).error, String(status))
  } catch {
    // An answer that is not JSON is known by its status.
    return String(status)
  }
}

/** One who was asked for a token or a credential answered with an error. */
export function refusal(
  answer: Pick<TextAnswer, 'status' | 'text'>,
  { by, code, hint = '' }: { readonly by: string; readonly code: WalletErrorCode; readonly hint?: string },
): WalletError {
  const issuerError = refusalCode(answer)
  const { status } = answer
  const message = `${by} refused: ${issuerError} (status ${status})${hint}`
  return new WalletError(code, message, { issuerError, status })
}
