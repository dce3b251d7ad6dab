import type { ClaimPath, Clock, PresentationBinding, Signer } from '@ekkasan/core'
import { audienceOf } from '@ekkasan/keys'
import { presentSdJwt } from '@ekkasan/sd-jwt'

export interface PresentSdJwtVcOptions {
  /** What to disclose beside what is always disclosed: paths into the credential's claims. */
  readonly disclose: readonly ClaimPath[]
  /** Both, or neither: then the presentation is not bound to a holder. */
  readonly binding?: PresentationBinding
  readonly holder?: Signer
  readonly clock?: Clock
}

/**
 * Presents an SD-JWT VC, bound to a request by a KB-JWT.
 * @throws SdJwtError, KeysError as `presentSdJwt`
 */
export function presentSdJwtVc(credential: string, options: PresentSdJwtVcOptions): Promise<string> {
  const { disclose, binding, holder, clock } = options
  if ((binding === undefined) !== (holder === undefined)) {
    throw new TypeError('a binding needs the holder, and the holder a binding')
  }
  if (!binding || !holder) return presentSdJwt(credential, { disclose })
  return presentSdJwt(credential, {
    disclose,
    keyBinding: {
      holder,
      audience: audienceOf(binding),
      nonce: binding.nonce,
      ...(binding.transactionData && { transactionData: binding.transactionData }),
      ...(clock && { clock }),
    },
  })
}
