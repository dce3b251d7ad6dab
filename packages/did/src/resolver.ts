import {
  type Clock,
  createGuardedFetch,
  type DidDocument,
  type Fetch,
  type ResolveDid,
  ResolveError,
} from '@ekkasan/core'
import { checkOptions, functionRule, listRule, objectRule, optional, textRule } from '@ekkasan/core/options'
import { Resolver, type ResolverRegistry } from 'did-resolver'
import { readDidJwk, readDidKey } from './did-of-key.ts'
import { fetchDidWeb } from './did-web.ts'
import { parseDidDocument, withMethodsInUse } from './document.ts'
import { DidError } from './errors.ts'

export interface DidMethodsOptions {
  /** Fetches documents of did:web; default: the guarded fetch of core. */
  readonly fetch?: Fetch
  /** Hosts (as `allowHosts` of the guarded fetch names them) of did:web that are asked by http: loopback in development only. */
  readonly allowHttp?: readonly string[]
}

/** did:key, did:jwk and did:web as entries of a DIF `Resolver`: `new Resolver(didMethods())`. */
export function didMethods(options: DidMethodsOptions = {}): ResolverRegistry {
  const { allowHttp = [] } = options
  const fetch = options.fetch ?? createGuardedFetch({ allowHosts: allowHttp })
  const entry = (read: (did: string) => DidDocument | Promise<DidDocument>): ResolverRegistry[string] => {
    return async (_did, parsed) => {
      try {
        const didDocument = await read(parsed.did)
        return {
          didDocument: didDocument as never,
          didDocumentMetadata: {},
          didResolutionMetadata: { contentType: 'application/did+json' },
        }
      } catch (error) {
        return {
          didDocument: null,
          didDocumentMetadata: {},
          didResolutionMetadata: { error: errorName(error), message: (error as Error).message },
        }
      }
    }
  }
  return {
    key: entry(readDidKey),
    jwk: entry(readDidJwk),
    web: entry((did) => fetchDidWeb(did, { fetch, allowHttp })),
  }
}

export interface CreateDidResolverOptions extends DidMethodsOptions {
  /** Further methods, or others in place of ours, as entries of a DIF `Resolver`. */
  readonly methods?: ResolverRegistry
  readonly clock?: Clock
}

/**
 * Resolves did:key, did:jwk, did:web and the methods given. Every document is compared with the DID and bounded,
 * whoever resolved it; keys that have expired or were revoked are left out of it. Nothing is cached: wrap the resolver of issuer keys (`cached(resolveDidIssuer(…), …)`).
 */
export function createDidResolver(options: CreateDidResolverOptions = {}): ResolveDid {
  checkOptions<CreateDidResolverOptions>(options, 'createDidResolver', {
    fetch: optional(functionRule),
    allowHttp: optional(listRule(textRule)),
    methods: optional(objectRule),
    clock: optional(functionRule),
  })
  const { clock = () => new Date() } = options
  // Nothing inherited: `constructor` is the name of a method as any other.
  const registry: ResolverRegistry = Object.create(null)
  Object.assign(registry, didMethods(options), options.methods)
  const resolver = new Resolver(registry, { legacyResolvers: {} })
  return async (did) => {
    const { didDocument, didDocumentMetadata, didResolutionMetadata } = await resolver.resolve(did)
    if (didResolutionMetadata.error !== undefined || !didDocument) {
      throw resolveError(didResolutionMetadata.error, didResolutionMetadata.message)
    }
    if (didDocumentMetadata.deactivated) {
      throw new ResolveError('core.resolve.not-found', 'the DID is deactivated')
    }
    try {
      return withMethodsInUse(parseDidDocument(didDocument, did), clock())
    } catch (cause) {
      throw new ResolveError('core.resolve.invalid', (cause as Error).message, { cause })
    }
  }
}

// Names of DID Resolution's errors; `internalError` where the outside did not answer.
function errorName(error: unknown): string {
  if (error instanceof DidError) {
    return error.code === 'did.document.invalid' ? 'invalidDidDocument' : 'invalidDid'
  }
  const code = error instanceof ResolveError ? error.code : undefined
  if (code === 'core.resolve.not-found') return 'notFound'
  return code === 'core.resolve.invalid' ? 'invalidDidDocument' : 'internalError'
}

function resolveError(name: string | undefined, message: unknown): ResolveError {
  const detail = typeof message === 'string' && message.length < 300 ? message : 'the DID was not resolved'
  if (name === 'unsupportedDidMethod') {
    return new ResolveError('core.resolve.not-configured', 'no resolver of this DID method is configured')
  }
  if (name === 'notFound') return new ResolveError('core.resolve.not-found', detail)
  if (name === 'invalidDid' || name === 'invalidDidDocument') {
    return new ResolveError('core.resolve.invalid', detail)
  }
  return new ResolveError('core.resolve.unavailable', detail)
}
