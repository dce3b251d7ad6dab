import type { Signer } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { checkOptions } from '@ekkasan/core/options'
import { signCoseSign1 } from '@ekkasan/cose'
import { audienceOf, numericDate, signJws } from '@ekkasan/keys'
import { issueSdJwt, keyBindingTo, presentSdJwt } from '@ekkasan/sd-jwt'
import { baseContextV2 } from '@ekkasan/vcdm'
import { coseHeader } from './internal/cose-header.ts'
import { parseCredential } from './internal/credential.ts'
import { createEnvelope, mediaTypeOf } from './internal/envelope.ts'
import { presentRules, presentSdJwtRules, presentVpSdJwtRules } from './internal/option-rules.ts'
import { maxCredentials } from './internal/presentation.ts'
import type { PresentVcSdJwtOptions, PresentVpOptions, PresentVpSdJwtOptions } from './types.ts'

/** For how long a presentation may be shown, in seconds. */
const lifetime = 300

/**
 * Presents some of the claims of a `vc+sd-jwt`: bound to a request by a KB-JWT (RFC 9901 section 7.2), or for a
 * presentation to hold.
 * @throws SdJwtError, KeysError as `presentSdJwt`; TypeError for a binding without its holder, or the reverse
 */
export function presentVcSdJwt(options: PresentVcSdJwtOptions): Promise<string> {
  checkOptions(options, 'presentVcSdJwt', presentSdJwtRules)
  const { credential, disclose, binding, holder, clock } = options
  if (!binding && !holder) return presentSdJwt(credential, { disclose })
  if (!binding || !holder) throw new TypeError('a binding needs the holder, and the holder a binding')
  return presentSdJwt(credential, {
    disclose,
    keyBinding: { holder, ...keyBindingTo(binding), ...(clock && { clock }) },
  })
}

/**
 * Presents credentials to one verifier as `vp+jwt` (VC-JOSE-COSE section 3.1.2), each in an
 * EnvelopedVerifiableCredential. What the credentials hold is disclosed.
 *
 * @throws VcJoseCoseError, KeysError, SdJwtError, CoseError when one of them is not one of this standard; TypeError
 *   for none or too many
 */
export async function presentVpJwt(options: PresentVpOptions): Promise<string> {
  checkOptions(options, 'presentVpJwt', presentRules)
  const { presentation, claims } = prepare(options)
  return signJws({
    signer: options.holder,
    header: headerOf('vp+jwt', options.holder),
    payload: { ...presentation, ...claims },
  })
}

/**
 * As `presentVpJwt`, as `vp+sd-jwt` (section 3.2.2).
 * @throws TypeError also when `frame` conceals a claim of the envelope
 */
export async function presentVpSdJwt(options: PresentVpSdJwtOptions): Promise<string> {
  checkOptions(options, 'presentVpSdJwt', presentVpSdJwtRules)
  const { frame } = options
  const { presentation, claims } = prepare(options)
  const concealed = Object.keys(claims).find((name) => frame?.members.has(name))
  if (concealed !== undefined) throw new TypeError(`${concealed} is a claim of the envelope`)
  return issueSdJwt({
    signer: options.holder,
    header: headerOf('vp+sd-jwt', options.holder),
    payload: { ...presentation, ...claims },
    ...(frame && { frame }),
  })
}

/**
 * As `presentVpJwt`, as `vp+cose` (section 3.3.2): a COSE_Sign1 with tag 18, audience, nonce and times in the CWT
 * claims of its header.
 */
export async function presentVpCose(options: PresentVpOptions): Promise<Uint8Array> {
  checkOptions(options, 'presentVpCose', presentRules)
  const { presentation, claims } = prepare(options)
  return signCoseSign1({
    signer: options.holder,
    header: coseHeader('vp', options.holder.key, claims),
    payload: utf8(JSON.stringify(presentation)),
  })
}

function headerOf(typ: string, { key: { kid } }: Signer): JsonObject {
  return { typ, cty: 'vp', ...(kid !== undefined && { kid }) }
}

/** The presentation to sign, and the claims of its envelope. */
function prepare(options: PresentVpOptions): { presentation: JsonObject; claims: JsonObject } {
  const { credentials, binding, clock = () => new Date() } = options
  if (credentials.length === 0 || credentials.length > maxCredentials) {
    throw new TypeError(`a presentation holds 1 to ${maxCredentials} credentials`)
  }
  const dids = new Set<string>()
  const envelopes = credentials.map((credential) => {
    const mediaType = mediaTypeOf(credential)
    const { holder } = parseCredential(mediaType, credential)
    if (holder && 'did' in holder) dids.add(holder.did)
    return createEnvelope(credential)
  })
  const [did, another] = dids
  if (another !== undefined) throw new TypeError('the credentials name two holders')
  const now = numericDate(clock())
  return {
    presentation: {
      '@context': [baseContextV2],
      type: ['VerifiablePresentation'],
      ...(did !== undefined && { holder: did }),
      verifiableCredential: envelopes,
    },
    claims: {
      ...(did !== undefined && { iss: did }),
      aud: audienceOf(binding),
      nonce: binding.nonce,
      iat: now,
      exp: now + lifetime,
    },
  }
}
