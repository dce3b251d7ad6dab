import { AsnConvert } from '@peculiar/asn1-schema'
import { Name } from '@peculiar/asn1-x509'
import { type DerValue, readDer } from './der.ts'
import { nameKey } from './distinguished-name.ts'

/** GeneralNames of RFC 5280 section 4.2.1.6, by kind. */
export interface GeneralNames {
  readonly emails: readonly string[]
  readonly dnsNames: readonly string[]
  readonly uris: readonly string[]
  /** Bytes of addresses; in constraints, of an address and its mask. */
  readonly ipAddresses: readonly Uint8Array[]
  /** Each as `nameKey` has it. */
  readonly directoryNames: readonly (readonly string[])[]
  /** Whether there are names of other kinds. */
  readonly hasOthers: boolean
}

export const noNames: GeneralNames = {
  emails: [],
  dnsNames: [],
  uris: [],
  ipAddresses: [],
  directoryNames: [],
  hasOthers: false,
}

const kinds = { email: 0x81, dnsName: 0x82, directoryName: 0xa4, uri: 0x86, ipAddress: 0x87 } as const

/** Throws a SyntaxError or the ASN.1 parser's error when a name is not what its kind says. */
export function readGeneralNames(values: readonly DerValue[]): GeneralNames {
  const of = (kind: number) => values.filter(({ tag }) => tag === kind)
  return {
    emails: of(kinds.email).map(ia5Text),
    dnsNames: of(kinds.dnsName).map((value) => ia5Text(value).toLowerCase()),
    uris: of(kinds.uri).map(ia5Text),
    ipAddresses: of(kinds.ipAddress).map(({ content }) => content),
    directoryNames: of(kinds.directoryName).map(({ content }) =>
      nameKey(AsnConvert.parse(Uint8Array.from(content), Name)),
    ),
    hasOthers: values.some(({ tag }) => !Object.values<number>(kinds).includes(tag)),
  }
}

/** The URIs among the names in a DER value. */
export function urisIn({ content }: DerValue): readonly string[] {
  return readGeneralNames(readDer(content)).uris
}

function ia5Text({ content }: DerValue): string {
  let text = ''
  for (const byte of content) {
    if (byte > 126 || byte < 32) throw new SyntaxError('a name is not in ASCII')
    text += String.fromCharCode(byte)
  }
  return text
}
