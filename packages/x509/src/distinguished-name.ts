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
    [...part].map(({ type, value }) => `${attributeNames[type] ?? type}=${escaped(String(value))}`).join('+'),
  )
  return parts.reverse().join(',')
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
  /** Two letters, ISO 3166-1. */
  readonly country?: string
}

export function createName({ commonName, organization, country }: SubjectName): Name {
  const part = (type: string, value: AttributeValue) =>
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value })])
  const text = (value: string) => new AttributeValue({ utf8String: value })
  return new Name([
    ...(country === undefined ? [] : [part('2.5.4.6', new AttributeValue({ printableString: country }))]),
    ...(organization === undefined ? [] : [part('2.5.4.10', text(organization))]),
    part('2.5.4.3', text(commonName)),
  ])
}
