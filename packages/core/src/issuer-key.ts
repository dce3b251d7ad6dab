import { identifyIssuer } from './check-issuer.ts'
import { ResolveError } from './errors.ts'
import { checkOptions, functionRule, optional } from './option-rules.ts'
import type { IssuerIdentity, IssuerKeyQuestion, ResolveIssuerKey } from './ports.ts'

/**
 * Chooses the means by which an issuer's key is found: a certificate chain where the credential carries one,
 * else by the scheme of `iss`. A means that was not given is not tried.
 */
export function resolveIssuerKeyBy(means: {
  readonly x5c?: ResolveIssuerKey
  readonly did?: ResolveIssuerKey
  readonly https?: ResolveIssuerKey
}): ResolveIssuerKey {
  checkOptions<typeof means>(means, 'resolveIssuerKeyBy', {
    x5c: optional(functionRule),
    did: optional(functionRule),
    https: optional(functionRule),
  })
  const choose = ({ iss, x5c }: IssuerKeyQuestion) => {
    const kind = x5c ? 'x5c' : iss?.startsWith('did:') ? 'did' : 'https'
    return { kind, resolve: means[kind] } as const
  }
  const resolveBy: ResolveIssuerKey = async (question) => {
    const { kind, resolve } = choose(question)
    if (!resolve) {
      throw new ResolveError(
        'core.resolve.not-configured',
        `no means to find issuers by ${kind} is configured`,
      )
    }
    return resolve(question)
  }
  return Object.assign(resolveBy, {
    async identify(question: IssuerKeyQuestion) {
      const { resolve } = choose(question)
      return resolve && identifyIssuer(resolve, question)
    },
    keep(identity: IssuerIdentity) {
      for (const resolve of Object.values(means)) resolve?.keep?.(identity)
    },
  })
}
