import type {
  BitstringStatusListEntry,
  BitstringStatusReference,
  StatusReference,
  TokenStatusReference,
} from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { isUrl } from './url.ts'
import type { Report } from './violation.ts'

const entryType = 'BitstringStatusListEntry'
const maxEntries = 16
/** Beyond it a credential would carry more than 256 messages. */
const maxSize = 8

/**
 * Where a body says that its status stands: all entries of its `credentialStatus` (Bitstring Status List section 2.1),
 * or what the format around it says beside the body (`parseStatusClaim` of a JWT's claims). `unsupported` when an
 * entry is of another type or malformed, or when both are there: none of several statuses may hide another.
 * @example
 * const status = parseCredentialStatus(body, parseStatusClaim(payload))
 */
export function parseCredentialStatus(
  body: JsonObject,
  claim?: undefined,
): BitstringStatusReference | 'unsupported' | undefined
export function parseCredentialStatus(
  body: JsonObject,
  claim: TokenStatusReference | 'unsupported' | undefined,
): StatusReference | 'unsupported' | undefined
export function parseCredentialStatus(
  { credentialStatus }: JsonObject,
  claim?: TokenStatusReference | 'unsupported',
): StatusReference | 'unsupported' | undefined {
  if (credentialStatus === undefined) return claim
  if (claim !== undefined) return 'unsupported'
  const entries = listOf(credentialStatus)
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

/** Reports what makes an entry that says it is a BitstringStatusListEntry malformed. */
export function validateStatus(report: Report, body: JsonObject): void {
  const { credentialStatus: value } = body
  for (const [index, entry] of listOf(value).entries()) {
    if (!isJsonObject(entry)) continue
    const { type } = entry
    if (type !== entryType && !(Array.isArray(type) && type.includes(entryType))) continue
    const member = malformedMember(entry)
    const path = Array.isArray(value) ? `/credentialStatus/${index}` : '/credentialStatus'
    if (member) report.add(`${path}/${member}`, 'vcdm.status.invalid', `${member} is not what it must be`)
  }
}

function isEntry(entry: JsonValue): boolean {
  return isJsonObject(entry) && malformedMember(entry) === undefined
}

function malformedMember(entry: JsonObject): string | undefined {
  const { id, type, statusPurpose, statusListIndex, statusListCredential, statusSize } = entry
  const { statusMessage, statusReference } = entry
  if (type !== entryType) return 'type'
  if (id !== undefined && (!isUrl(id) || id === statusListCredential)) return 'id'
  if (typeof statusPurpose !== 'string' || !/\S/.test(statusPurpose)) return 'statusPurpose'
  if (typeof statusListIndex !== 'string' || !/^(?:0|[1-9][0-9]{0,77})$/.test(statusListIndex)) {
    return 'statusListIndex'
  }
  if (!isUrl(statusListCredential)) return 'statusListCredential'
  const size = statusSize ?? 1
  if (!Number.isInteger(size) || (size as number) < 1 || (size as number) > maxSize) return 'statusSize'
  if (statusMessage === undefined ? size !== 1 : !isMessages(statusMessage, 2 ** (size as number))) {
    return 'statusMessage'
  }
  return listOf(statusReference).every(isUrl) ? undefined : 'statusReference'
}

/** A message for each of the values, none of them twice. */
function isMessages(messages: JsonValue, count: number): boolean {
  if (!Array.isArray(messages) || messages.length !== count) return false
  const values = new Set<number>()
  for (const item of messages) {
    const { status, message } = isJsonObject(item) ? item : {}
    if (typeof status !== 'string' || typeof message !== 'string') return false
    if (!/^0x[0-9a-fA-F]{1,16}$/.test(status)) return false
    values.add(Number(status))
  }
  return values.size === count && Math.max(...values) < count
}
