import { hex } from '@ekkasan/core/bytes'
import { AsnConvert } from '@peculiar/asn1-schema'
import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509'

const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.97': 'organizationIdentifier',
}

/** RFC 4514: the most specific part first. */
export function nameText(name: Name): string {
  const parts = [...name].map((part) =>
    [...part].map(({ type, value }) => `${attributeNames[type] ?? type}=${valueText(value)}`).join('+'),
  )
  return parts.reverse().join(',')
}

/** What is no text stands as its hexadecimal, marked so (RFC 4514 section 2.4). */
function valueText(value: AttributeValue): string {
  return value.anyValue ? `#${hexOf(value)}` : escaped(String(value))
}

/**
 * The parts of a name from the top down, so that two names are the same when these texts are (RFC 5280 section 7.1):
 * in whichever string type, and whatever the case, spaces and Unicode form.
 */
export function nameKey(name: Name): readonly string[] {
  return [...name].map((part) =>
    [...part]
      .map(({ type, value }) => {
        const text = value.utf8String ?? value.printableString ?? value.bmpString ?? value.universalString
        const written = text ?? value.ia5String
        return `${type}=${written === undefined ? `#${hexOf(value)}` : `"${prepared(written)}"`}`
      })
      .sort()
      .join('+'),
  )
}

/** Whether two names, as `nameKey` has them, are the same. */
export function isSameName(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index])
}

/** The addresses in attributes emailAddress (PKCS #9), to which constraints of names apply too. */
export function emailsIn(name: Name): readonly string[] {
  const attributes = [...name].flatMap((part) => [...part])
  return attributes.filter(({ type }) => type === '1.2.840.113549.1.9.1').map(({ value }) => String(value))
}

/** String preparation of RFC 4518 for comparing without case: map, normalise, drop insignificant spaces. */
function prepared(text: string): string {
  const mapped = text
    .replaceAll(/[\s\u0085]/gu, ' ')
    .replaceAll(/\p{Cc}|\p{Cf}|\u034F|\u1806|[\u180B-\u180D]|[\uFE00-\uFE0F]|\uFFFC/gu, '')
  const folded = mapped.normalize('NFKC').toLowerCase().normalize('NFKC')
  return JSON.stringify(folded.replaceAll(/ +/g, ' ').trim()).slice(1, -1)
}

function hexOf(value: AttributeValue): string {
  return hex(new Uint8Array(AsnConvert.serialize(value)))
}

function escaped(value: string): string {
  return value
    .replaceAll(/[\\,+"<>;=]/g, (character) => `\\${character}`)
    .replace(/^[# ]|(?<=.) $/g, (character) => `\\${character}`)
    .replaceAll('\0', '\\00')
}

/** Who a certificate is for. */
export interface SubjectName {
  readonly commonName: string
  readonly organization?: string
  /** Name, or the ISO 3166-2 code of a part of the country. */
  readonly stateOrProvince?: string
  /** Two capital letters, ISO 3166-1. */
  readonly country?: string
}

/** @throws TypeError when the country is not a code of two capital letters */
export function createName({ commonName, organization, stateOrProvince, country }: SubjectName): Name {
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) {
    throw new TypeError('a country is two capital letters (ISO 3166-1)')
  }
  const part = (type: string, value: AttributeValue) =>
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value })])
  const text = (type: string, value: string | undefined) =>
    value === undefined ? [] : [part(type, new AttributeValue({ utf8String: value }))]
  return new Name([
    ...(country === undefined ? [] : [part('2.5.4.6', new AttributeValue({ printableString: country }))]),
    ...text('2.5.4.8', stateOrProvince),
    ...text('2.5.4.10', organization),
    ...text('2.5.4.3', commonName),
  ])
}
