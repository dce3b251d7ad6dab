import { EkkasanError, type JsonObject } from '@ekkasan/core'

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
