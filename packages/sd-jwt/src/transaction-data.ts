import type { HashAlgorithm, JsonObject } from '@ekkasan/core'
import { fromBase64url, fromUtf8, hashBase64url } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { SdJwtError } from './errors.ts'

const supported: readonly HashAlgorithm[] = ['sha-256', 'sha-384', 'sha-512']

/** What transaction data lets a wallet hash with; undefined: it names nothing, which means SHA-256. */
function algorithmsOf(transactionData: readonly string[]): readonly HashAlgorithm[] | undefined {
  let common: readonly HashAlgorithm[] | undefined
  for (const encoded of transactionData) {
    let named: JsonObject[string] | undefined
    try {
      named = parseJsonObject(fromUtf8(fromBase64url(encoded))).transaction_data_hashes_alg
    } catch {
      throw new SdJwtError('sd-jwt.transaction-data', 'transaction data is not base64url of a JSON object')
    }
    if (named === undefined) continue
    if (!Array.isArray(named)) {
      throw new SdJwtError('sd-jwt.transaction-data', 'transaction_data_hashes_alg is not an array')
    }
    const list: readonly unknown[] = named
    common = (common ?? supported).filter((alg) => list.includes(alg))
  }
  return common
}

/**
 * The members of a KB-JWT that answer transaction data, OpenID4VP Appendix B.3.3.1.
 * @throws SdJwtError `sd-jwt.transaction-data`
 */
export function transactionDataClaims(transactionData: readonly string[]): JsonObject {
  const allowed = algorithmsOf(transactionData)
  const alg = allowed ? allowed[0] : 'sha-256'
  if (!alg) throw new SdJwtError('sd-jwt.transaction-data', 'no hash algorithm asked for is supported')
  return {
    transaction_data_hashes: transactionData.map((encoded) => hashBase64url(alg, encoded)),
    ...(allowed && { transaction_data_hashes_alg: alg }),
  }
}

/** Whether a KB-JWT covers exactly this transaction data, each once, hashed as the request allowed. */
export function coversTransactionData(payload: JsonObject, transactionData: readonly string[]): boolean {
  const { transaction_data_hashes: hashes, transaction_data_hashes_alg: alg } = payload
  const allowed = algorithmsOf(transactionData)
  if (allowed ? alg === undefined : alg !== undefined && alg !== 'sha-256') return false
  const used = (allowed ?? supported).find((name) => name === (alg ?? 'sha-256'))
  if (!used || !Array.isArray(hashes) || hashes.length !== transactionData.length) return false
  const left: unknown[] = [...hashes]
  return transactionData.every((encoded) => {
    const at = left.indexOf(hashBase64url(used, encoded))
    return at >= 0 && left.splice(at, 1)
  })
}
