import {
  anyRule,
  bindingRule,
  checkOptions,
  functionRule,
  listRule,
  type OptionRules,
  optional,
  signerRule,
} from '@ekkasan/core/options'
import { keyBindingTo, presentSdJwt } from '@ekkasan/sd-jwt'
import type { PresentSdJwtVcOptions } from './types.ts'

const rules: OptionRules<PresentSdJwtVcOptions> = {
  credential: anyRule,
  disclose: listRule(anyRule),
  binding: optional(bindingRule),
  holder: optional(signerRule),
  clock: optional(functionRule),
}

/**
 * Presents an SD-JWT VC, bound to a request by a KB-JWT.
 * @throws SdJwtError, KeysError as `presentSdJwt`
 */
export function presentSdJwtVc(options: PresentSdJwtVcOptions): Promise<string> {
  checkOptions(options, 'presentSdJwtVc', rules)
  const { credential, disclose, binding, holder, clock } = options
  if (!binding && !holder) return presentSdJwt(credential, { disclose })
  if (!binding || !holder) throw new TypeError('a binding needs the holder, and the holder a binding')
  return presentSdJwt(credential, {
    disclose,
    keyBinding: { holder, ...keyBindingTo(binding), ...(clock && { clock }) },
  })
}
