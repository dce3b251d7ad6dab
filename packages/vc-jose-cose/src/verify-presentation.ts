import {
  type Check,
  type Checks,
  checkParsed,
  createChecks,
  type HolderKey,
  type IssuerKey,
} from '@ekkasan/core'
import { checkOptions } from '@ekkasan/core/options'
import { checkJwtHolder, isSignedBy, type NamedHolder } from '@ekkasan/keys'
import { validatePresentation } from '@ekkasan/vcdm'
import { openEnvelope } from './internal/envelope.ts'
import { mergeChecks } from './internal/merge-checks.ts'
import { verifyPresentationRules } from './internal/option-rules.ts'
import { type ParsedPresentation, parsePresentation } from './internal/presentation.ts'
import type { Secured } from './internal/secured.ts'
import type { VerifiedVp, VerifyVpOptions } from './types.ts'
import { checkIssued, checkPublished, verifiedVc } from './verify.ts'

/**
 * Verifies a `vp+jwt` (VC-JOSE-COSE section 3.1.2): each credential that it holds, in any of the three securings, and
 * that the holder whom all of them name made the presentation for this verifier, in answer to this request, just now.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export function verifyVpJwt(secured: unknown, options: VerifyVpOptions): Promise<VerifiedVp> {
  return verifyVp(() => parsePresentation('vp+jwt', secured), options)
}

/** As `verifyVpJwt`, of a `vp+sd-jwt` (section 3.2.2). @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed */
export function verifyVpSdJwt(secured: unknown, options: VerifyVpOptions): Promise<VerifiedVp> {
  return verifyVp(() => parsePresentation('vp+sd-jwt', secured), options)
}

/** As `verifyVpJwt`, of a `vp+cose` (section 3.3.2). @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed */
export function verifyVpCose(secured: unknown, options: VerifyVpOptions): Promise<VerifiedVp> {
  return verifyVp(() => parsePresentation('vp+cose', secured), options)
}

/**
 * Verifies an EnvelopedVerifiablePresentation (VCDM 2.0 section 4.13), an object with a `data:` URL of any of the three.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export function verifyEnvelopedVp(envelope: unknown, options: VerifyVpOptions): Promise<VerifiedVp> {
  return verifyVp(() => {
    const { mediaType, content } = openEnvelope(envelope, 'vp')
    return parsePresentation(mediaType, content)
  }, options)
}

async function verifyVp(parse: () => ParsedPresentation, options: VerifyVpOptions): Promise<VerifiedVp> {
  checkOptions(options, 'verifyVp', verifyPresentationRules)
  const checks = createChecks()
  const parsed = checkParsed(checks, parse)
  const { credentials, document, layers } = parsed
  const keys: (IssuerKey | undefined)[] = []
  const issued: (readonly Check[])[] = []
  for (const credential of credentials) {
    const own = createChecks()
    keys.push(await checkIssued(own, credential, options, document))
    issued.push(own.list)
  }
  mergeChecks(checks, [...issued, ...checkEnvelopes(layers)])
  const holder = await checkHolder(checks, parsed, options)
  const outside: (readonly Check[])[] = []
  for (const [index, credential] of credentials.entries()) {
    // Nothing is fetched for any of them when anything is wrong with the whole.
    const own = createChecks()
    for (const check of checks.list) own.record(check)
    await checkPublished(own, credential, keys[index], options)
    outside.push(own.list.slice(checks.list.length))
  }
  mergeChecks(checks, outside)
  checks.conclude()
  if (!holder) throw new TypeError('a holder who was not found passed')
  return {
    mediaType: layers[0].mediaType,
    presentation: document,
    credentials: credentials.map((credential, index) => {
      const list = [...(issued[index] ?? []), ...(outside[index] ?? [])]
      return verifiedVc({ list }, credential, keys[index])
    }),
    holder,
    checks: checks.list,
  }
}

/** The data model of envelopes around a presentation. */
function checkEnvelopes(layers: readonly Secured[]): readonly (readonly Check[])[] {
  const [violation] = layers.slice(0, -1).flatMap(({ document }) => validatePresentation(document))
  if (!violation) return []
  return [[{ name: 'data-model', outcome: 'failed', code: violation.code, detail: violation.path }]]
}

/**
 * Records the holder's checks: of every holder whom a credential names, and of each envelope around the presentation,
 * which are one holder's. Audience, nonce and time are the outermost envelope's.
 */
async function checkHolder(
  checks: Checks,
  { layers, presenter, credentials }: ParsedPresentation,
  { binding, resolveDid, clock = () => new Date() }: VerifyVpOptions,
): Promise<HolderKey | undefined> {
  const [outermost, ...inner] = layers
  const named = new Map<string, NamedHolder | undefined>()
  for (const { holder } of credentials) named.set(JSON.stringify(holder) ?? '', holder)
  const parts: (readonly Check[])[] = []
  let found: HolderKey | undefined
  for (const holder of named.values()) {
    const own = createChecks()
    found = await checkJwtHolder(own, outermost.signed, {
      named: holder,
      presenter,
      binding,
      resolveDid,
      isSound: checks.isSound,
      clock,
    })
    parts.push(own.list)
  }
  for (const layer of inner) {
    if (found && !(await isSignedBy(layer.signed, found.jwk))) {
      parts.push([{ name: 'holder-signature', outcome: 'failed', code: 'keys.holder.signature' }])
    }
  }
  mergeChecks(checks, parts, 'holder')
  return found
}
