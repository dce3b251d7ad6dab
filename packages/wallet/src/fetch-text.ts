import { type Fetch, FetchError, fetchDirectly } from '@ekkasan/core'
import { fromUtf8, readAtMost } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { foreignCode, WalletError, type WalletErrorCode } from './errors.ts'

export interface TextAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** How long the other side may take for one answer, in milliseconds. */
const timeout = 15_000

/**
 * One exchange with bounds: no redirects, no cookies, a time limit, a longest body, UTF-8.
 * @throws WalletError `wallet.fetch.unavailable`; `wallet.fetch.invalid`, for a redirect too
 */
export async function fetchText(
  fetch: Fetch,
  url: string,
  init: RequestInit = {},
  maxBytes = 1_048_576,
): Promise<TextAnswer> {
  let response: Response
  let bytes: Uint8Array | undefined
  try {
    response = await fetchDirectly(fetch, url, { signal: AbortSignal.timeout(timeout), ...init })
    bytes = await readAtMost(response.body, maxBytes)
  } catch (cause) {
    if (isRedirect(cause)) {
      throw new WalletError('wallet.fetch.invalid', 'the other side redirects, which is not followed', {
        cause,
      })
    }
    throw new WalletError('wallet.fetch.unavailable', 'the other side did not answer', { cause })
  }
  if (!bytes) throw new WalletError('wallet.fetch.invalid', 'the answer is too long')
  const contentType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  try {
    return { status: response.status, contentType, text: fromUtf8(bytes) }
  } catch (cause) {
    throw new WalletError('wallet.fetch.invalid', 'the answer is not UTF-8', { cause })
  }
}

const isRedirect = (error: unknown) =>
  error instanceof FetchError && error.code === 'core.fetch.redirect-refused'

/** Whether the other side answered with a redirect, which browsers show no status of. */
export function isRedirectRefused(error: unknown): boolean {
  return error instanceof WalletError && isRedirect(error.cause)
}

export interface FetchJsonOptions {
  readonly init?: RequestInit
  /** The error that 410 means, where what is fetched is a reference that may have come to its end. */
  readonly ended?: WalletErrorCode
}

/** As `fetchText`, for what must be answered with 200 and JSON. */
export async function fetchJson(
  fetch: Fetch,
  url: string,
  { init, ended }: FetchJsonOptions = {},
): Promise<string> {
  return requireJson(await fetchText(fetch, url, init), ended)
}

/**
 * The text of an answer of 200 with JSON.
 * @throws WalletError `wallet.fetch.unavailable`, `wallet.fetch.invalid`, or `ended` for 410
 */
export function requireJson(answer: TextAnswer, ended?: WalletErrorCode): string {
  if (answer.status !== 200) throw unexpectedAnswer(answer, ended)
  if (answer.contentType !== 'application/json') {
    throw new WalletError('wallet.fetch.invalid', 'the answer is not application/json')
  }
  return answer.text
}

/** What an answer that is not 200 means: what was asked for is over, the other side is out of order, or at fault. */
export function unexpectedAnswer({ status, text }: TextAnswer, ended?: WalletErrorCode): WalletError {
  const message = `the other side answered with status ${status}`
  const isLater = status >= 500 || status === 429
  const code = isLater ? 'wallet.fetch.unavailable' : 'wallet.fetch.invalid'
  if (ended === undefined) return new WalletError(code, message, { status })
  const issuerError = errorOf(text)
  // Of offers other issuers answer 404; what an offer's reference answers is about that offer.
  const isOver = status === 410 || (status === 404 && ended === 'wallet.offer.ended')
  return new WalletError(isOver ? ended : code, message, {
    status,
    ...(issuerError !== undefined && { issuerError }),
  })
}

function errorOf(text: string): string | undefined {
  try {
    return foreignCode(parseJsonObject(text).error, '') || undefined
  } catch {
    return undefined
  }
}
