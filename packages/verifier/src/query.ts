import type { VerifierFormat } from '@ekkasan/core'
import {
  type DcqlQuery,
  PresentationRequestError,
  parseDcqlQuery,
  parseTransactionData,
} from '@ekkasan/openid4vc'

/** The query of a programmer: what is wrong with it is a TypeError. */
export function parseQuery(value: unknown, formats: readonly VerifierFormat[]): DcqlQuery {
  const query = asMisuse(() => parseDcqlQuery(value))
  for (const { format } of query.credentials) {
    if (!formats.some((known) => known.format === format)) {
      throw new TypeError(`the query asks for the format ${format}, which was not given to the verifier`)
    }
  }
  return query
}

/** Each entry of transaction data has to name one credential, so that it is known whose proof must cover it. */
export function requireTransactionData(value: readonly string[], query: DcqlQuery): void {
  for (const { credentialIds } of asMisuse(() => parseTransactionData(value, query))) {
    if (credentialIds.length !== 1) throw new TypeError('transaction data has to name exactly one credential')
  }
}

function asMisuse<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof PresentationRequestError) throw new TypeError(error.message)
    throw error
  }
}
