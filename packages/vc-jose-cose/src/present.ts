import { audienceOf, numericDate, signJws } from '@ekkasan/keys'
import { baseContextV2 } from '@ekkasan/vcdm'
import { envelopePrefix, parseCredential } from './internal/parse.ts'
import type { PresentVpJwtOptions } from './types.ts'

/** For how long a presentation may be shown, in seconds. */
const lifetime = 300

/**
 * Presents a credential to one verifier as `vp+jwt` (VC-JOSE-COSE section 3.1.2), the credential in an
 * EnvelopedVerifiableCredential. The whole credential is disclosed.
 *
 * @throws VcJoseCoseError when the credential is not one of this format
 */
export async function presentVpJwt(options: PresentVpJwtOptions): Promise<string> {
  const { credential, holder, binding, clock = () => new Date() } = options
  const { holder: named } = parseCredential(credential)
  const did = named && 'did' in named ? named.did : undefined
  const { kid } = holder.key
  const now = numericDate(clock())
  return signJws({
    signer: holder,
    header: { typ: 'vp+jwt', cty: 'vp', ...(kid !== undefined && { kid }) },
    payload: {
      '@context': [baseContextV2],
      type: ['VerifiablePresentation'],
      ...(did !== undefined && { holder: did, iss: did }),
      verifiableCredential: [
        {
          '@context': [baseContextV2],
          type: ['EnvelopedVerifiableCredential'],
          id: `${envelopePrefix}${credential}`,
        },
      ],
      aud: audienceOf(binding),
      nonce: binding.nonce,
      iat: now,
      exp: now + lifetime,
    },
  })
}
