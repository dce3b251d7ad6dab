// The structures that the ASN.1 packages do not serve: lists of any length, and what must be read to the byte.

/** One value of a DER encoding. */
export interface DerValue {
  readonly tag: number
  readonly content: Uint8Array<ArrayBuffer>
  /** With its tag and length. */
  readonly whole: Uint8Array<ArrayBuffer>
}

export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const

/** The values that stand one after the other. Throws a SyntaxError unless they are DER with one-byte tags. */
export function readDer(bytes: Uint8Array<ArrayBuffer>): readonly DerValue[] {
  const values: DerValue[] = []
  let at = 0
  while (at < bytes.length) {
    const value = readOne(bytes, at)
    values.push(value)
    at += value.whole.length
  }
  return values
}

/** The only value, which must be of this tag. */
export function readOnly(bytes: Uint8Array<ArrayBuffer>, tag: number): DerValue {
  const values = readDer(bytes)
  const [value] = values
  if (!value || values.length !== 1 || value.tag !== tag) throw new SyntaxError('another structure')
  return value
}

/** The values in a SEQUENCE. */
export function readSequence({ tag, content }: DerValue): readonly DerValue[] {
  if (tag !== derTags.sequence) throw new SyntaxError('another structure')
  return readDer(content)
}

function readOne(bytes: Uint8Array<ArrayBuffer>, at: number): DerValue {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new SyntaxError('not DER')
  let length = first
  let from = at + 2
  if (first > 127) {
    const size = first - 128
    if (size === 0 || size > 4) throw new SyntaxError('a length is indefinite or too long')
    length = 0
    for (let index = 0; index < size; index++) length = length * 256 + (bytes[from + index] ?? 0)
    from += size
    if (length < 128 || length < 256 ** (size - 1)) throw new SyntaxError('a length is not minimal')
  }
  const to = from + length
  if (to > bytes.length) throw new SyntaxError('cut off')
  return { tag, content: bytes.subarray(from, to), whole: bytes.subarray(at, to) }
}

/** One value over the parts given; parts of any number go as a list, since arguments lie on the stack. */
export function writeDer(
  tag: number,
  ...given: readonly (Uint8Array | readonly Uint8Array[])[]
): Uint8Array<ArrayBuffer> {
  const parts = given.flat()
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const size: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest & 255)
  const head = length < 128 ? [tag, length] : [tag, 0x80 | size.length, ...size]
  const value = new Uint8Array(head.length + length)
  value.set(head)
  let at = head.length
  for (const part of parts) {
    value.set(part, at)
    at += part.length
  }
  return value
}

/** UTCTime up to 2049, GeneralizedTime after it (RFC 5280 section 4.1.2.5). */
export function writeTime(date: Date): Uint8Array<ArrayBuffer> {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  const isShort = date.getUTCFullYear() < 2050
  const text = isShort ? digits.slice(2) : digits
  return writeDer(isShort ? derTags.utcTime : derTags.generalizedTime, new TextEncoder().encode(text))
}

export function isTime({ tag }: DerValue): boolean {
  return tag === derTags.utcTime || tag === derTags.generalizedTime
}

/** The two forms of RFC 5280 section 4.1.2.5 and no others: with seconds, in UTC. */
export function readTime(value: DerValue): Date {
  const text = String.fromCharCode(...value.content.subarray(0, 16))
  const pattern = value.tag === derTags.utcTime ? /^(\d{2})(\d{10})Z$/ : /^(\d{4})(\d{10})Z$/
  const [, year = '', rest = ''] = pattern.exec(text) ?? []
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19'
  const [month, day, hour, minute, second] = rest.match(/\d\d/g) ?? []
  const iso = `${century}${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const date = new Date(iso)
  // A Date takes the 30th of February for the 2nd of March.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw new SyntaxError('a date is none')
  return date
}
