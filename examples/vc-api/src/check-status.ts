import {
  type CheckStatus,
  type Fetch,
  type IsTrusted,
  type ResolveIssuerKey,
  trustAnyone,
} from '@ekkasan/core'
import { fromUtf8 } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { type ContextRegistry, verifyLdpVc } from '@ekkasan/data-integrity'
import { type BitstringStatusLists, createStatusChecker } from '@ekkasan/status'
import { verifyVcCose, verifyVcJwt } from '@ekkasan/vc-jose-cose'

export interface ReadStatusOptions {
  /** Guarded. */
  readonly fetch: Fetch
  /** The program's own, which it does not ask for over the network. */
  readonly lists: BitstringStatusLists
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  readonly contexts: ContextRegistry
}

/** Reads Bitstring Status Lists in any securing that credentials have here, and Status List Tokens. */
export function readStatus({
  fetch,
  lists,
  resolveIssuerKey,
  isTrusted,
  contexts,
}: ReadStatusOptions): CheckStatus {
  const options = {
    resolveIssuerKey,
    isTrusted: trustAnyone('whether the issuer of a list is trusted is asked for status issuers'),
    contexts,
  }
  return createStatusChecker({
    fetch: async (url, init) => (await lists.fetch(new Request(url))) ?? fetch(url, init),
    resolveIssuerKey,
    isTrusted,
    async verifyListCredential(body, contentType) {
      if (contentType === 'application/vc+cose') return verifyVcCose(body, options)
      const text = fromUtf8(body)
      if (text.trimStart().startsWith('{')) return verifyLdpVc(parseJsonObject(text), options)
      return verifyVcJwt(text.trim(), options)
    },
  })
}
