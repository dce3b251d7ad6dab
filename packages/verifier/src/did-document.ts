import type { CreateVerifierOptions } from './types.ts'

/**
 * The path at which a did:web document is found, when the DID is of the host that the verifier is on (did:web
 * section 2.5.2); undefined when there is none to serve.
 */
export function didDocumentPath({ identity, url }: Pick<CreateVerifierOptions, 'identity' | 'url'>) {
  if (identity.prefix !== 'decentralized_identifier' || !identity.document) return undefined
  const [scheme, method, host, ...path] = identity.did.split(':')
  if (scheme !== 'did' || method !== 'web' || decodeURIComponent(host ?? '') !== new URL(url).host)
    return undefined
  return path.length === 0 ? '/.well-known/did.json' : `/${path.join('/')}/did.json`
}
