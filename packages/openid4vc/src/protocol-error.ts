import { EkkasanError, type JsonObject, retryAfterSeconds } from '@ekkasan/core'

/** The HTTP answer that a protocol error stands for. */
export interface ProtocolAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
}

/**
 * A fault of the other side, with the answer the standard wants sent. Its `cause` is for the log of the one who
 * runs it and never leaves in the answer.
 */
export class ProtocolError<Code extends string = string> extends EkkasanError<Code> {
  readonly answer: ProtocolAnswer

  constructor(code: Code, answer: ProtocolAnswer, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options)
    this.answer = answer
  }
}

/**
 * The answer where a service cannot do its part now: its store is away, or too much comes at once. 503 with `Retry-After`
 * (RFC 9110 sections 15.6.4 and 10.2.3) and the error code that RFC 6749 section 4.1.2.1 has for it.
 */
export function temporarilyUnavailable(): ProtocolAnswer {
  return {
    status: 503,
    headers: { 'Cache-Control': 'no-store', 'Retry-After': String(retryAfterSeconds) },
    body: { error: 'temporarily_unavailable', error_description: 'try again in a few seconds' },
  }
}
