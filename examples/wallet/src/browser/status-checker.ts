import type { CheckStatus, Fetch, IsTrusted, ResolveIssuerKey } from '@ekkasan/core'
import { verifyLdpVc } from '@ekkasan/data-integrity'
import { createStatusChecker } from '@ekkasan/status'

/** With what the statuses of documents are looked up, of both kinds of list; lists are kept for their own time. */
export function createStatusLookup(parts: {
  readonly fetch: Fetch
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
}): CheckStatus {
  const { resolveIssuerKey } = parts
  return createStatusChecker({
    ...parts,
    verifyListCredential: (body, _contentType, { isTrusted }) =>
      verifyLdpVc(new TextDecoder().decode(body), { resolveIssuerKey, isTrusted }),
  })
}
