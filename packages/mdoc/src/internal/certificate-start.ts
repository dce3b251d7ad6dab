import { fromBase64 } from '@ekkasan/core/bytes'

/**
 * `notBefore` of a certificate in base64 DER (RFC 5280 section 4.1.2.5): nothing else of it is read here, and nothing is
 * validated. Undefined where it cannot be read.
 */
export function certificateStart(certificate: string): Date | undefined {
  try {
    const [body] = contentsOf(contentsOf(fromBase64(certificate))[0]?.content)
    const fields = contentsOf(body?.content)
    // [0] version, serialNumber, signature, issuer, validity
    const validity = fields[fields[0]?.tag === 0xa0 ? 4 : 3]
    const [notBefore] = contentsOf(validity?.content)
    return notBefore && dateOf(notBefore)
  } catch {
    return undefined
  }
}

interface DerValue {
  readonly tag: number
  readonly content: Uint8Array
}

function contentsOf(bytes: Uint8Array | undefined): readonly DerValue[] {
  const values: DerValue[] = []
  let at = 0
  while (bytes && at + 1 < bytes.length) {
    const tag = bytes[at] as number
    let length = bytes[at + 1] as number
    at += 2
    if (length > 127) {
      const size = length - 128
      length = bytes.subarray(at, at + size).reduce((all, byte) => all * 256 + byte, 0)
      at += size
    }
    values.push({ tag, content: bytes.subarray(at, at + length) })
    at += length
  }
  return values
}

/** UTCTime has two digits of the year, of 1950 to 2049; GeneralizedTime four. */
function dateOf({ tag, content }: DerValue): Date | undefined {
  const text = String.fromCharCode(...content)
  const century = tag === 0x17 ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') : ''
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(`${century}${text}`) ?? []
  return year === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
