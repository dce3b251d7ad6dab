import type { TrustedAuthorities, VerifierFormat } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import {
  type DcqlQuery,
  PresentationRequestError,
  parseOwnDcqlQuery,
  parseTransactionData,
  type TransactionData,
} from '@ekkasan/openid4vc'
import type { TransactionDataOption } from './types.ts'

/** The query of a programmer: what is wrong with it, misspelt members too, is a TypeError. */
export function parseQuery(
  value: unknown,
  known: {
    readonly formats: readonly VerifierFormat[]
    readonly trustedAuthorities?: TrustedAuthorities
    readonly queryExtensions?: readonly string[]
  },
): DcqlQuery {
  const query = asMisuse(() => parseOwnDcqlQuery(value, { extensions: known.queryExtensions ?? [] }))
  for (const { format, trusted_authorities: authorities = [] } of query.credentials) {
    if (!known.formats.some((one) => one.format === format)) {
      throw new TypeError(`the query asks for the format ${format}, which was not given to the verifier`)
    }
    for (const { type } of authorities) {
      if (!Object.hasOwn(known.trustedAuthorities ?? {}, type)) {
        throw new TypeError(`the query names authorities by ${type}, for which no means was given`)
      }
    }
  }
  return query
}

/** Transaction data as it stands in a request. */
export function encodeTransactionData(value: TransactionDataOption): readonly string[] {
  return value.map((entry) => (typeof entry === 'string' ? entry : base64url(JSON.stringify(entry))))
}

/**
 * Each entry of transaction data has to name one credential, so that it is known whose proof must cover it, of a
 * format whose proofs can.
 */
export function requireTransactionData(
  value: readonly string[],
  query: DcqlQuery,
  formats: readonly VerifierFormat[],
): readonly TransactionData[] {
  const entries = asMisuse(() => parseTransactionData(value, query))
  for (const { credentialIds } of entries) {
    if (credentialIds.length !== 1) throw new TypeError('transaction data has to name exactly one credential')
    const asked = query.credentials.find(({ id }) => id === credentialIds[0])
    if (!formats.find(({ format }) => format === asked?.format)?.coversTransactionData) {
      throw new TypeError(`credentials of the format ${asked?.format} cannot cover transaction data`)
    }
  }
  return entries
}

function asMisuse<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof PresentationRequestError) throw new TypeError(error.message)
    throw error
  }
}
