import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import type { JsonValue } from '@ekkasan/core/json'
import { createStatusList, type StatusBits, type StatusList } from './status-list.ts'

/** Bytes of a list that stand under one key: changes to different ones never meet. */
export const chunkLength = 4096

export interface ListChunk {
  readonly list: StatusList
  /** Of each journal the last line whose change is in these bytes. */
  readonly applied: ReadonlyMap<string, number>
}

export function chunkEntries(bits: StatusBits): number {
  return (chunkLength * 8) / bits
}

// The text is the bytes in base64url, then `;replica=number` for each journal. Earlier versions wrote the bytes alone;
// they refuse a text with more in it, and so do not take a list that they cannot read for one in which nothing is set.

export function parseChunk(value: JsonValue | undefined, bits: StatusBits): ListChunk {
  const list = createStatusList(chunkEntries(bits), bits)
  if (typeof value !== 'string') return { list, applied: new Map() }
  const [bytes = '', ...marks] = value.split(';')
  list.bytes.set(fromBase64url(bytes))
  const applied = new Map(
    marks.map((mark) => {
      const [replica = '', number = ''] = mark.split('=')
      return [replica, Number(number)]
    }),
  )
  return { list, applied }
}

export function chunkText({ list, applied }: ListChunk): string {
  const marks = [...applied].map(([replica, number]) => `;${replica}=${number}`)
  return base64url(list.bytes) + marks.join('')
}
