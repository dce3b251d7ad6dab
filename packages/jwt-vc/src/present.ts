import { checkOptions } from '@ekkasan/core/options'
import { audienceOf, numericDate, signJws } from '@ekkasan/keys'
import { baseContextV1 } from '@ekkasan/vcdm'
import { presentRules } from './internal/option-rules.ts'
import { parseCredential } from './internal/parse.ts'
import type { PresentJwtVpOptions } from './types.ts'

/** For how long a presentation may be shown, in seconds. */
const lifetime = 300

/**
 * Presents a credential to one verifier, as a JWT that the holder signs (VCDM 1.1 section 6.3.1, OpenID4VP
 * Appendix B.1.3.1). The whole credential is disclosed.
 *
 * @throws JwtVcError when the credential is not one of this format
 */
export async function presentJwtVp(options: PresentJwtVpOptions): Promise<string> {
  checkOptions(options, 'presentJwtVp', presentRules)
  const { credential, holder, binding, clock = () => new Date() } = options
  const { holder: named } = parseCredential(credential)
  const now = numericDate(clock())
  const did = named && 'did' in named ? named.did : undefined
  const { kid } = holder.key
  return signJws({
    signer: holder,
    header: { typ: 'JWT', ...(did !== undefined && kid?.startsWith(`${did}#`) && { kid }) },
    payload: {
      ...(did !== undefined && { iss: did }),
      aud: audienceOf(binding),
      nonce: binding.nonce,
      iat: now,
      exp: now + lifetime,
      vp: {
        '@context': [baseContextV1],
        type: ['VerifiablePresentation'],
        ...(did !== undefined && { holder: did }),
        verifiableCredential: [credential],
      },
    },
  })
}
