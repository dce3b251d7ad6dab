import {
  type Check,
  type CheckStatus,
  checkIssuerTrust,
  checkValidity,
  createChecks,
  EkkasanError,
  type IsTrusted,
  RejectedError,
  type ResolveDid,
  ResolveError,
  type ResolveIssuerKey,
  UnavailableError,
} from '@ekkasan/core'
import { isJsonObject, type JsonObject, listOf } from '@ekkasan/core/json'
import { type ContextRegistry, verifyLdpVc, verifyProofs } from '@ekkasan/data-integrity'
import { verifyEnvelopedVc, verifyEnvelopedVp } from '@ekkasan/vc-jose-cose'
import {
  type CredentialContentOptions,
  checkContent,
  identifierOf,
  type ProblemDetails,
  parseDateTime,
  typesOf,
  validatePresentation,
} from '@ekkasan/vcdm'
import { problemOf, problemsOf } from './problem.ts'

export interface VerifierOptions {
  readonly resolveDid: ResolveDid
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  readonly checkStatus?: CheckStatus
  readonly content?: CredentialContentOptions
  readonly contexts: ContextRegistry
}

/** `verified`: every check passed. `unknown`: none failed, and not every one could be made. */
export interface Verdict {
  readonly outcome: 'verified' | 'refused' | 'unknown'
  readonly checks: readonly Check[]
  readonly problems: readonly ProblemDetails[]
}

export interface PresentationVerdict extends Verdict {
  /** Of the presentation itself. */
  readonly presentation: Verdict
  /** Of the credentials in it, in their order; none where the presentation itself is refused. */
  readonly credentials: readonly (Verdict & { readonly credential: JsonObject })[]
}

export interface Verifier {
  /** A credential with proofs, or an enveloped one. */
  verifyCredential(credential: JsonObject): Promise<Verdict>
  /** A presentation, and all credentials in it. */
  verifyPresentation(
    presentation: JsonObject,
    expected: { readonly challenge?: string; readonly domain?: string },
  ): Promise<PresentationVerdict>
}

export function createVerifier(options: VerifierOptions): Verifier {
  const verifyCredential: Verifier['verifyCredential'] = (credential) =>
    verdictOf(async () => {
      if (!isEnveloped(credential, 'Credential')) return (await verifyLdpVc(credential, options)).checks
      requireBareEnvelope(credential)
      return (await verifyEnvelopedVc(credential, options)).checks
    })

  // Issued by the holder, secured by his presentation alone (VCDM 2.0 section 4.13): its shape was looked at with it.
  const verifyOwn: Verifier['verifyCredential'] = (credential) =>
    verdictOf(async () => {
      const { issuer, validFrom, validUntil, credentialStatus } = credential
      const id = identifierOf(issuer) ?? ''
      const from = parseDateTime(validFrom)
      const until = parseDateTime(validUntil)
      const checks = createChecks()
      checkValidity(checks, { ...(from && { from }), ...(until && { until }) }, new Date())
      await checkIssuerTrust(checks, options.isTrusted, { id, method: 'did' }, typesOf(credential))
      await checkContent(checks, credential, options.content ?? {})
      if (credentialStatus !== undefined) checks.unknown('status', 'core.status.unsupported')
      return checks.conclude()
    })

  return {
    verifyCredential,
    async verifyPresentation(presentation, expected) {
      if (isEnveloped(presentation, 'Presentation')) {
        const { challenge: nonce, domain: clientId } = expected
        const verdict = await verdictOf(async () => {
          requireBareEnvelope(presentation)
          if (!nonce || !clientId)
            return refuse('vc-api.options', 'an envelope needs a challenge and a domain')
          return (await verifyEnvelopedVp(presentation, { ...options, binding: { nonce, clientId } })).checks
        })
        return { ...verdict, presentation: verdict, credentials: [] }
      }
      const verdict = await verdictOf(async () => {
        const [violation] = validatePresentation(presentation)
        if (violation) return refuse(violation.code, `${violation.path}: ${violation.message}`)
        if (proofsIn(presentation) > maxProofs) {
          return refuse('vc-api.structure.credentials', `credentials with more than ${maxProofs} proofs`)
        }
        const { resolveDid, contexts } = options
        const { document, proofs } = await verifyProofs(presentation, {
          resolveDid,
          contexts,
          proofPurpose: 'authentication',
          ...expected,
        })
        const holder = identifierOf(document.holder)
        if (
          holder !== undefined &&
          !proofs.some(({ verificationMethod }) => verificationMethod.startsWith(`${holder}#`))
        ) {
          return refuse('keys.holder.mismatch', 'no proof is the holder’s')
        }
        return []
      })
      const credentials: (Verdict & { readonly credential: JsonObject })[] = []
      for (const credential of verdict.outcome === 'refused' ? [] : credentialsIn(presentation)) {
        const isOwn = credential.proof === undefined && !isEnveloped(credential, 'Credential')
        credentials.push({ credential, ...(await (isOwn ? verifyOwn : verifyCredential)(credential)) })
      }
      return { ...worst([verdict, ...credentials]), presentation: verdict, credentials }
    },
  }
}

/** Each costs a signature, and may cost the fetching of a status: whoever asks is not known. */
const maxProofs = 16

/** Of the credentials of a presentation; one without counts as one. */
function proofsIn(presentation: JsonObject): number {
  const counts = credentialsIn(presentation).map(({ proof }) => listOf(proof).length)
  return counts.reduce((sum, count) => sum + Math.max(count, 1), 0)
}

function credentialsIn({ verifiableCredential: held }: JsonObject): readonly JsonObject[] {
  return listOf(held).filter(isJsonObject)
}

function worst(verdicts: readonly Verdict[]): Verdict {
  const outcomes = verdicts.map(({ outcome }) => outcome)
  const outcome = outcomes.includes('refused')
    ? 'refused'
    : outcomes.includes('unknown')
      ? 'unknown'
      : 'verified'
  return {
    outcome,
    checks: verdicts[0]?.checks ?? [],
    problems: verdicts.flatMap(({ problems }) => problems),
  }
}

async function verdictOf(verify: () => Promise<readonly Check[]>): Promise<Verdict> {
  try {
    return { outcome: 'verified', checks: await verify(), problems: [] }
  } catch (error) {
    if (error instanceof RejectedError || error instanceof UnavailableError) {
      const outcome = error instanceof RejectedError ? 'refused' : 'unknown'
      return { outcome, checks: error.checks, problems: problemsOf(error.checks) }
    }
    if (!(error instanceof EkkasanError)) throw error
    const unavailable = error instanceof ResolveError && error.code === 'core.resolve.unavailable'
    return {
      outcome: unavailable ? 'unknown' : 'refused',
      checks: [],
      problems: [problemOf(error.code, error.message)],
    }
  }
}

function refuse(code: string, detail: string): never {
  const checks = createChecks()
  checks.fail('structure', code, detail)
  checks.conclude()
  throw new TypeError('a failed check concluded')
}

/** What stands beside the enveloped is secured by nothing, and would be answered as verified with it. */
function requireBareEnvelope(envelope: JsonObject): void {
  const { '@context': _context, type: _type, id: _id, ...others } = envelope
  if (Object.keys(others).length > 0) {
    refuse('vc-api.structure.envelope', 'the envelope says something beside what is enveloped')
  }
}

function isEnveloped(document: JsonObject, what: 'Credential' | 'Presentation'): boolean {
  return typesOf(document).includes(`EnvelopedVerifiable${what}`)
}
