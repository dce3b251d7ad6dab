import type { StatusJournalLine } from '@ekkasan/core'
import { isJsonObject, type JsonValue } from '@ekkasan/core/json'

const isNumber = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isText = (value: unknown) => typeof value === 'string'
const isStatus = (value: unknown) => value === 'valid' || value === 'revoked' || value === 'suspended'

type Line = Readonly<Record<string, JsonValue | undefined>>

/** Of each event what its line must say beside its number and time. */
const events: Readonly<Record<StatusJournalLine['event'], (line: Line) => boolean>> = {
  begun: ({ list, size, bits }) => isText(list) && isNumber(size) && isNumber(bits),
  given: ({ list, index, count }) => isText(list) && isNumber(index) && isNumber(count),
  set: ({ list, index, status, message, refresh }) =>
    isText(list) && isNumber(index) && (isStatus(status) || isNumber(message) || refresh === true),
  'revoked-all': ({ list }) => isText(list),
  peer: ({ replica }) => isText(replica),
}

/** Whether a value out of a journal is a line that this version understands in whole. */
export function isJournalLine(value: unknown): value is StatusJournalLine {
  if (!isJsonObject(value)) return false
  const { event, number, time } = value
  if (!isNumber(number) || !isNumber(time) || typeof event !== 'string') return false
  return Object.hasOwn(events, event) && events[event as StatusJournalLine['event']](value)
}
