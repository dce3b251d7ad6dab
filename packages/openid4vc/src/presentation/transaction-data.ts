import type { JsonObject } from '@ekkasan/core'
import { fromBase64url, fromUtf8 } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { requireTexts } from '../shape.ts'
import type { DcqlQuery } from './dcql.ts'
import { PresentationRequestError } from './errors.ts'

/** One entry of `transaction_data`, OpenID4VP section 8.4. */
export interface TransactionData {
  /** As it stood in the request: what the holder's proof hashes. */
  readonly encoded: string
  readonly type: string
  /** The credential queries by whose credential it can be authorised. */
  readonly credentialIds: readonly string[]
  readonly content: JsonObject
}

/** @throws PresentationRequestError `openid4vc.request.transaction-data` */
export function parseTransactionData(value: unknown, query: DcqlQuery): readonly TransactionData[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 16)
    throw malformed('not a list of 1 to 16')
  return value.map((encoded: unknown) => {
    if (typeof encoded !== 'string') throw malformed('an entry is not a text')
    let content: JsonObject
    try {
      content = parseJsonObject(fromUtf8(fromBase64url(encoded)), { maxLength: 65_536 })
    } catch {
      throw malformed('an entry is not base64url of a JSON object')
    }
    if (typeof content.type !== 'string' || content.type === '') throw malformed('an entry has no type')
    const credentialIds = requireTexts(content.credential_ids, 'credential_ids', malformed)
    for (const id of credentialIds) {
      const asked = query.credentials.find((credential) => credential.id === id)
      if (!asked) throw malformed('an entry names a credential that is not asked for')
      if (asked.require_cryptographic_holder_binding === false) {
        throw malformed('an entry names a credential that is asked for without holder binding')
      }
    }
    return { encoded, type: content.type, credentialIds, content }
  })
}

function malformed(what: string): PresentationRequestError {
  return new PresentationRequestError(
    'openid4vc.request.transaction-data',
    `not acceptable transaction data: ${what}`,
    { error: 'invalid_transaction_data' },
  )
}
