import type { BitstringStatusListEntry, BitstringStatusReference, StatusReference } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'

const maxEntries = 16
const maxMessages = 256

/**
 * Where the `credentialStatus` of a body says that its status stands (Bitstring Status List section 2.1): all its
 * entries, one for each purpose. `unsupported` when one of them is of another type, or malformed; undefined without any.
 * @example
 * const status = parseCredentialStatus(body)
 */
export function parseCredentialStatus(
  body: JsonObject,
): BitstringStatusReference | 'unsupported' | undefined {
  const { credentialStatus } = body
  if (credentialStatus === undefined) return undefined
  const entries = Array.isArray(credentialStatus) ? credentialStatus : [credentialStatus]
  if (entries.length === 0 || entries.length > maxEntries || !entries.every(isEntry)) return 'unsupported'
  return { credentialStatus: entries as unknown as readonly BitstringStatusListEntry[] }
}

/**
 * What `credentialStatus` holds for a reference: one entry is an object, several are a list.
 * @throws TypeError when the reference is of another kind
 */
export function credentialStatusOf(reference: StatusReference): JsonValue {
  if (!('credentialStatus' in reference)) throw new TypeError('a W3C body carries a Bitstring status only')
  const { credentialStatus } = reference
  const [entry, another] = credentialStatus
  return (another === undefined ? entry : credentialStatus) as unknown as JsonValue
}

function isEntry(entry: JsonValue): boolean {
  if (!isJsonObject(entry)) return false
  const { id, type, statusPurpose, statusListIndex, statusListCredential, statusSize, statusMessage } = entry
  const isMessage = (item: JsonValue) =>
    isJsonObject(item) && typeof item.status === 'string' && typeof item.message === 'string'
  return (
    type === 'BitstringStatusListEntry' &&
    typeof statusPurpose === 'string' &&
    typeof statusListIndex === 'string' &&
    typeof statusListCredential === 'string' &&
    (id === undefined || typeof id === 'string') &&
    (statusSize === undefined || (Number.isSafeInteger(statusSize) && (statusSize as number) > 0)) &&
    (statusMessage === undefined ||
      (Array.isArray(statusMessage) && statusMessage.length <= maxMessages && statusMessage.every(isMessage)))
  )
}
