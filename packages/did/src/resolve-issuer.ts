import { type IssuerKeyQuestion, type ResolveDid, ResolveError, type ResolveIssuerKey } from '@ekkasan/core'
import { keyUrlOf } from '@ekkasan/keys'
import { findVerificationKey, listVerificationKeys } from './document.ts'
import { DidError } from './errors.ts'

/**
 * Finds an issuer's key in the DID document of `iss`. `kid` is a DID URL of that very DID, absolute or relative
 * (`#key-1`), or the DID itself where that is a did:key or did:jwk; it may be absent only where the document authorizes exactly one key to issue. A key that the
 * document no longer lists under `assertionMethod` is refused.
 *
 * Cache it as a whole, so that a kid not seen before asks for a fresh document:
 * `cached(resolveDidIssuer(createDidResolver()), { lifetime: 300_000 })`.
 */
export function resolveDidIssuer(resolveDid: ResolveDid): ResolveIssuerKey {
  const resolve: ResolveIssuerKey = async (question) => {
    const did = didOf(question)
    const { kid } = question
    const document = await resolveDid(did)
    const url = kid ?? onlyKey(listVerificationKeys(document, 'assertionMethod'))
    try {
      return {
        jwk: findVerificationKey(document, url, 'assertionMethod'),
        identity: { id: did, method: 'did' },
      }
    } catch (cause) {
      if (!(cause instanceof DidError)) throw cause
      const code = cause.code === 'did.key.unsupported' ? 'core.resolve.invalid' : 'core.resolve.not-found'
      throw new ResolveError(code, cause.message, { cause })
    }
  }
  return Object.assign(resolve, {
    identify: async (question: IssuerKeyQuestion) => ({
      identity: { id: didOf(question), method: 'did' } as const,
    }),
  })
}

/** The DID that is asked. @throws ResolveError */
function didOf({ iss, kid, x5c }: IssuerKeyQuestion): string {
  if (x5c) throw invalid('with x5c the key is found by certificate alone')
  const did = iss ?? kid?.split('#')[0]
  if (!did?.startsWith('did:') || /[/?#]/.test(did)) throw invalid('the issuer is not named by a DID')
  if (kid !== undefined && !kid.startsWith('#') && !keyUrlOf(kid).startsWith(`${did}#`)) {
    throw invalid('kid is not a DID URL of the issuer')
  }
  return did
}

function onlyKey(urls: readonly string[]): string {
  const [url] = urls
  if (url === undefined || urls.length > 1) throw invalid('no kid says which of the keys of the issuer it is')
  return url
}

function invalid(message: string): ResolveError {
  return new ResolveError('core.resolve.invalid', message)
}
