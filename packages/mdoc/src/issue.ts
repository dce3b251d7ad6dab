import {
  type Clock,
  type HashAlgorithm,
  type Period,
  type PublicJwk,
  type RandomBytes,
  requirePeriod,
  type Signer,
  type StatusReference,
  startOfDay,
} from '@ekkasan/core'
import { base64url, hash, platformRandomBytes } from '@ekkasan/core/bytes'
import { checkOptions } from '@ekkasan/core/options'
import {
  type CborInput,
  CborTag,
  type EmbeddedCbor,
  embedCbor,
  encodeCbor,
  signCose,
  x5chainHeader,
} from '@ekkasan/cose'
import { certificateStart } from './internal/certificate-start.ts'
import { createMobileSecurityObject, type MdocValidity } from './internal/mobile-security-object.ts'
import { issueRules } from './internal/option-rules.ts'

/**
 * The value of a data element: JSON, bytes, or `fullDate` and `dateTime`, which CBOR writes with a tag; lists and
 * objects of them.
 */
export type ElementValue = CborInput

/** Namespace -> data element -> value. */
export type MdocNamespaces = Readonly<Record<string, Readonly<Record<string, ElementValue>>>>

export interface IssueMdocOptions {
  /** ES256, ES384, ES512 or EdDSA, with the certificate chain in `key.x5c`, without its root. */
  readonly signer: Signer
  /** `org.iso.18013.5.1.mDL` */
  readonly docType: string
  readonly namespaces: MdocNamespaces
  /** The holder's key: `deviceKey` of the signed object. */
  readonly holderJwk: PublicJwk
  /**
   * Default start: the beginning of the day. `signed` is that too, or a start before it, so that it does not tell one
   * credential from another (RFC 9901 section 10.1); neither is before the signer's certificate begins. What is given here
   * stands as it is, and `issuedTimes` of @ekkasan/core rounds it.
   */
  readonly validity: Period & { readonly until: Date; readonly expectedUpdate?: Date }
  /** Where the day begins that `signed` is rounded down to; default: Asia/Bangkok. */
  readonly timeZone?: string
  readonly status?: StatusReference
  /** Elements that the device may sign itself; default: none. */
  readonly keyAuthorizations?: {
    readonly namespaces?: readonly string[]
    readonly elements?: Readonly<Record<string, readonly string[]>>
  }
  /** Of the elements; default: sha-256. */
  readonly hashAlgorithm?: HashAlgorithm
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

const randomLength = 32

/**
 * Issues an mdoc: base64url of IssuerSigned, as OpenID4VCI Appendix A.2 has it (ISO/IEC 18013-5 sections 8.3.2.1.2.2
 * and 9.1.2). Digest ids are dealt at random, so that the id of one element tells nothing of the others.
 * @throws TypeError for an option that is none or malformed, when the signer has no certificate chain or an algorithm that no mdoc has, when there is no
 *   element, or when a value has no form in CBOR
 */
export async function issueMdoc(options: IssueMdocOptions): Promise<string> {
  checkOptions(options, 'issueMdoc', issueRules)
  const { signer, docType, validity, holderJwk, status, hashAlgorithm = 'sha-256' } = options
  const { clock = () => new Date(), randomBytes = platformRandomBytes, keyAuthorizations = {} } = options
  const { x5c } = signer.key
  if (!x5c?.length)
    throw new TypeError('an mdoc names its issuer by a certificate chain: the signer has no x5c')
  const times = validityOf(validity, clock(), x5c[0] as string, options.timeZone)
  const { items, digests } = createItems(options.namespaces, hashAlgorithm, randomBytes)
  const mso = createMobileSecurityObject({
    hashAlgorithm,
    valueDigests: digests,
    deviceKey: holderJwk,
    keyAuthorizations: {
      namespaces: new Set(keyAuthorizations.namespaces),
      elements: new Map(
        Object.entries(keyAuthorizations.elements ?? {}).map(([name, allowed]) => [name, new Set(allowed)]),
      ),
    },
    docType,
    validity: times,
    ...(status && { status }),
  })
  const issuerAuth = await signCose({
    signer,
    payload: embedCbor(mso).encoded,
    unprotected: x5chainHeader(x5c),
  })
  return base64url(encodeCbor({ nameSpaces: items, issuerAuth }))
}

/** ISO/IEC 18013-5 section 9.1.2.4: the signature lies within the certificate's validity, and the start is not before it. */
function validityOf(
  { from: given, until, expectedUpdate }: IssueMdocOptions['validity'],
  now: Date,
  leaf: string,
  timeZone: string | undefined,
): MdocValidity {
  requirePeriod({ ...(given && { from: given }), until })
  const today = startOfDay(now, timeZone)
  const start = given ?? today
  const earliest = new Date(Math.min(start.getTime(), today.getTime()))
  const signed = later(earliest, certificateStart(leaf))
  const from = later(start, signed)
  if (!(from < until)) throw new TypeError('validity: `until` must be after `from`')
  return { signed, from, until, ...(expectedUpdate && { expectedUpdate }) }
}

function later(one: Date, other: Date | undefined): Date {
  return other && other > one ? other : one
}

function createItems(
  namespaces: MdocNamespaces,
  hashAlgorithm: HashAlgorithm,
  randomBytes: RandomBytes,
): { items: Map<string, EmbeddedCbor[]>; digests: Map<string, Map<number, Uint8Array>> } {
  const items = new Map<string, EmbeddedCbor[]>()
  const digests = new Map<string, Map<number, Uint8Array>>()
  for (const [name, elements] of Object.entries(namespaces)) {
    const entries = Object.entries(elements)
    if (entries.length === 0) continue
    const salts = randomBytes(randomLength * entries.length)
    const ids = shuffledIds(entries.length, randomBytes)
    const ofNamespace = new Map<number, Uint8Array>()
    items.set(
      name,
      entries.map(([elementIdentifier, elementValue], i) => {
        const digestID = ids[i] as number
        const random = salts.subarray(randomLength * i, randomLength * (i + 1))
        const item = embedCbor({ random, digestID, elementValue, elementIdentifier })
        ofNamespace.set(digestID, hash(hashAlgorithm, item.encoded))
        return item
      }),
    )
    digests.set(name, ofNamespace)
  }
  if (items.size === 0) throw new TypeError('an mdoc has at least one data element')
  return { items, digests }
}

/** 0 to count - 1 in random order. */
function shuffledIds(count: number, randomBytes: RandomBytes): readonly number[] {
  const bytes = randomBytes(4 * count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const keys = Array.from({ length: count }, (_, i) => view.getUint32(4 * i))
  return Array.from(keys.keys()).sort((a, b) => (keys[a] as number) - (keys[b] as number))
}

/**
 * A day as a data element: `full-date` of RFC 3339 with tag 1004 (RFC 8943).
 * @throws TypeError when it is not `yyyy-mm-dd` or no such day exists
 */
export function fullDate(day: string): CborTag {
  const date = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined
  if (!date || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) {
    throw new TypeError('not a day of the calendar')
  }
  return new CborTag(1004, day)
}
