import type { CheckStatus, Fetch, IsTrusted, ResolveIssuerKey } from '@ekkasan/core'
import { type ContextRegistry, verifyLdpVc } from '@ekkasan/data-integrity'
import { type BitstringStatusLists, createStatusChecker } from '@ekkasan/status'
import { verifyVcCose, verifyVcJwt } from '@ekkasan/vc-jose-cose'

export interface ReadStatusOptions {
  /** Of this program. */
  readonly url: string
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
  url,
  fetch,
  lists,
  resolveIssuerKey,
  isTrusted,
  contexts,
}: ReadStatusOptions): CheckStatus {
  return createStatusChecker({
    async fetch(asked, init) {
      const own = String(asked).startsWith(`${url}/`) ? await lists.fetch(new Request(asked)) : undefined
      return own ?? fetch(asked, init)
    },
    resolveIssuerKey,
    isTrusted,
    async verifyListCredential(body, contentType, asked) {
      const options = { resolveIssuerKey, contexts, isTrusted: asked.isTrusted }
      if (contentType === 'application/vc+cose') return verifyVcCose(body, options)
      // What is no UTF-8 is no credential either, and refused as such.
      const text = new TextDecoder().decode(body).trim()
      return text.startsWith('{') ? verifyLdpVc(text, options) : verifyVcJwt(text, options)
    },
  })
}
