import { ResolveError } from './errors.ts'
import type { ResolveIssuerKey } from './ports.ts'

/**
 * Chooses the means by which an issuer's key is found: a certificate chain where the credential carries one,
 * else by the scheme of `iss`. A means that was not given is not tried.
 */
export function resolveIssuerKeyBy(means: {
  readonly x5c?: ResolveIssuerKey
  readonly did?: ResolveIssuerKey
  readonly https?: ResolveIssuerKey
}): ResolveIssuerKey {
  return async (question) => {
    const kind = question.x5c ? 'x5c' : question.iss?.startsWith('did:') ? 'did' : 'https'
    const resolve = means[kind]
    if (!resolve) {
      throw new ResolveError(
        'core.resolve.not-configured',
        `no means to find issuers by ${kind} is configured`,
      )
    }
    return resolve(question)
  }
}
