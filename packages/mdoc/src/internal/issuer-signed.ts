import { equalBytes, hash } from '@ekkasan/core/bytes'
import {
  algorithmOf,
  type CborValue,
  type CoseAlgorithm,
  type CoseMessage,
  decodeCbor,
  type EmbeddedCbor,
  parseCose,
  x5cOf,
} from '@ekkasan/cose'
import { MdocError, type MdocErrorCode } from '../errors.ts'
import { type MobileSecurityObject, parseMobileSecurityObject } from './mobile-security-object.ts'
import {
  malformed,
  requireArray,
  requireEmbedded,
  requireMap,
  requireText,
  requireTextKeys,
} from './shape.ts'

/** One data element with its salt, ISO/IEC 18013-5 section 8.3.2.1.2.2. */
export interface IssuerSignedItem {
  readonly digestId: number
  readonly element: string
  readonly value: CborValue
  /** What its digest is over. */
  readonly bytes: EmbeddedCbor
}

export interface IssuerSigned {
  /** Namespace -> elements. */
  readonly namespaces: ReadonlyMap<string, readonly IssuerSignedItem[]>
  /** As it stood. */
  readonly issuerAuthValue: CborValue
  readonly issuerAuth: CoseMessage
  readonly alg: CoseAlgorithm
  /** The issuer's chain, leaf first, base64 DER. */
  readonly x5c: readonly string[]
  /** MobileSecurityObjectBytes: what the issuer signed. */
  readonly payload: Uint8Array
  readonly mso: MobileSecurityObject
}

const shortestRandom = 16

/** Shape only. @throws MdocError `mdoc.structure`, `mdoc.element.repeated`; CoseError */
export function parseIssuerSigned(value: CborValue | undefined): IssuerSigned {
  const issuerSigned = requireMap(value, 'IssuerSigned')
  const issuerAuthValue = issuerSigned.get('issuerAuth') ?? null
  const issuerAuth = parseCose(issuerAuthValue)
  const { payload } = issuerAuth
  if (payload === null) throw malformed('issuerAuth has no payload')
  return {
    namespaces: parseNamespaces(issuerSigned.get('nameSpaces')),
    issuerAuthValue,
    issuerAuth,
    alg: algorithmOf(issuerAuth.alg),
    x5c: x5cOf(issuerAuth.unprotected),
    payload,
    mso: parseMobileSecurityObject(decodeCbor(payload)),
  }
}

function parseNamespaces(value: CborValue | undefined): IssuerSigned['namespaces'] {
  const namespaces = new Map<string, readonly IssuerSignedItem[]>()
  if (value === undefined) return namespaces
  for (const [name, list] of requireTextKeys(requireMap(value, 'nameSpaces'), 'nameSpaces')) {
    const items = requireArray(list, 'a namespace').map(parseItem)
    if (new Set(items.map(({ element }) => element)).size !== items.length) {
      throw new MdocError('mdoc.element.repeated', 'an element stands twice in a namespace')
    }
    // Of a name without elements nothing is signed.
    if (items.length > 0) namespaces.set(name, items)
  }
  return namespaces
}

function parseItem(value: CborValue): IssuerSignedItem {
  const bytes = requireEmbedded(value, 'IssuerSignedItemBytes')
  const item = requireMap(decodeCbor(bytes.content), 'IssuerSignedItem')
  const digestId = item.get('digestID')
  const random = item.get('random')
  const elementValue = item.get('elementValue')
  if (typeof digestId !== 'number' || !Number.isInteger(digestId) || digestId < 0) throw malformed('digestID')
  if (!(random instanceof Uint8Array) || random.length < shortestRandom) throw malformed('random')
  if (elementValue === undefined) throw malformed('elementValue')
  return {
    digestId,
    element: requireText(item.get('elementIdentifier'), 'elementIdentifier'),
    value: elementValue,
    bytes,
  }
}

/** Why an element is not what the issuer signed, if one is not (ISO/IEC 18013-5 section 9.3.1). */
export function digestFault({ namespaces, mso }: IssuerSigned): MdocErrorCode | undefined {
  for (const [name, items] of namespaces) {
    const digests = mso.valueDigests.get(name)
    for (const { digestId, bytes } of items) {
      const digest = digests?.get(digestId)
      if (!digest) return 'mdoc.digest.missing'
      if (!equalBytes(hash(mso.hashAlgorithm, bytes.encoded), digest)) return 'mdoc.digest.mismatch'
    }
  }
  return undefined
}
