import { EkkasanError } from '@ekkasan/core'

export type WalletErrorCode =
  /** Neither a format of this wallet, nor a key binding or algorithm that it has. */
  | 'wallet.offer.unsupported'
  /** The offer names a configuration or an authorization server that the issuer's metadata does not. */
  | 'wallet.offer.inconsistent'
  /** The issuer wants the transaction code that was given to the person. */
  | 'wallet.receive.tx-code-missing'
  /** The code of the offer or the transaction code is wrong, used or too old (`invalid_grant`). */
  | 'wallet.receive.grant-refused'
  /** The issuer refused; `issuerError` holds its code. */
  | 'wallet.receive.refused'
  /** Not ready yet, and waiting for it is not supported. */
  | 'wallet.receive.deferred'
  /** The other side did not answer, or not with what the protocol says. */
  | 'wallet.fetch.unavailable'
  | 'wallet.fetch.invalid'
  /** No credential of this id is kept here. */
  | 'wallet.credential.unknown'

/** Receiving did not come to its end; nothing of it was kept. */
export class WalletError extends EkkasanError<WalletErrorCode> {
  /** The `error` that the other side answered with. */
  readonly issuerError?: string

  constructor(
    code: WalletErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly issuerError?: string } = {},
  ) {
    super(code, message, options)
    if (options.issuerError !== undefined) this.issuerError = options.issuerError
  }
}
