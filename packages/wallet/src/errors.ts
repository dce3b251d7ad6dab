import { EkkasanError } from '@ekkasan/core'

export type WalletErrorCode =
  /**
   * The issuer or its authorization server asks for what this wallet does not have: a format, a key binding, a proof type
   * or algorithm, encryption, a grant, a client's name or authentication. The message names it; no code was spent.
   */
  | 'wallet.offer.unsupported'
  /** The offer names a configuration or an authorization server that the issuer's metadata does not. */
  | 'wallet.offer.inconsistent'
  /**
   * The offer can no longer be redeemed: its reference answers 410, or 404. `issuerError` says why where it does:
   * `offer_expired`, `offer_used`, `offer_replaced`, `offer_withdrawn`, `offer_locked`.
   */
  | 'wallet.offer.ended'
  /** The issuer is not trusted: nothing is asked of it. Or it names another's authorization server, and is not trusted with that one's token. */
  | 'wallet.offer.untrusted'
  /** Whether the issuer is trusted could not be found out: nothing is asked of it. The offer may be read again. */
  | 'wallet.offer.trust-unknown'
  /** The issuer wants the transaction code that was given to the person. */
  | 'wallet.receive.tx-code-missing'
  /**
   * The code of the offer or the transaction code is wrong, used or too old (`invalid_grant`). Where the offer asks for a
   * transaction code, `wrongCodes` says how many were refused for it.
   */
  | 'wallet.receive.grant-refused'
  /** The issuer refused; `issuerError` holds its code. */
  | 'wallet.receive.refused'
  /** Not ready yet, and waiting for it is not supported. */
  | 'wallet.receive.deferred'
  /** The other side did not answer, or not with what the protocol says. */
  | 'wallet.fetch.unavailable'
  | 'wallet.fetch.invalid'
  /** The request can no longer be answered: its reference answers 410; `issuerError` as the verifier says. */
  | 'wallet.request.ended'
  /** No credential of this id is kept here. */
  | 'wallet.credential.unknown'
  /** The one who asks is not trusted: nothing is presented to him. */
  | 'wallet.present.untrusted'
  /** The verifier did not accept the answer; `redirectUri` is where it explains, if anywhere. */
  | 'wallet.present.refused'
  /** The verifier could not check the answer now; it may be given again. */
  | 'wallet.present.unavailable'

/** Receiving or presenting did not come to its end; the credential at which it happened was not kept. */
export class WalletError extends EkkasanError<WalletErrorCode> {
  /** The `error` that the other side answered with. */
  readonly issuerError?: string
  /** What the reference of an offer or a request answered with, where that was not 200: 404 of what is not there. */
  readonly status?: number
  /** Where the verifier wants the person to be sent. */
  readonly redirectUri?: string
  /** How many transaction codes this wallet has sent for this offer that were refused, this one among them. */
  readonly wrongCodes?: number

  constructor(
    code: WalletErrorCode,
    message: string,
    options: {
      readonly cause?: unknown
      readonly issuerError?: string
      readonly status?: number
      readonly redirectUri?: string
      readonly wrongCodes?: number
    } = {},
  ) {
    super(code, message, options)
    if (options.issuerError !== undefined) this.issuerError = options.issuerError
    if (options.status !== undefined) this.status = options.status
    if (options.redirectUri !== undefined) this.redirectUri = options.redirectUri
    if (options.wrongCodes !== undefined) this.wrongCodes = options.wrongCodes
  }
}

/** A code that the other side sent, fit to stand in a message or a log. */
export function foreignCode(error: unknown, otherwise: string): string {
  return typeof error === 'string' && /^[\x21-\x7e]{1,100}$/.test(error) ? error : otherwise
}
