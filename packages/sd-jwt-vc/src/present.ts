import { keyBindingTo, presentSdJwt } from '@ekkasan/sd-jwt'
import type { PresentSdJwtVcOptions } from './types.ts'

/**
 * Presents an SD-JWT VC, bound to a request by a KB-JWT.
 * @throws SdJwtError, KeysError as `presentSdJwt`
 */
export function presentSdJwtVc(options: PresentSdJwtVcOptions): Promise<string> {
  const { credential, disclose, binding, holder, clock } = options
  if (!binding && !holder) return presentSdJwt(credential, { disclose })
  if (!binding || !holder) throw new TypeError('a binding needs the holder, and the holder a binding')
  return presentSdJwt(credential, {
    disclose,
    keyBinding: { holder, ...keyBindingTo(binding), ...(clock && { clock }) },
  })
}
