import {
  type HashAlgorithm,
  type PublicJwk,
  requireTokenStatus,
  type StatusReference,
  type TokenStatusReference,
} from '@ekkasan/core'
import { type CborInput, CborTag, type CborValue, coseKeyOf, jwkOfCoseKey } from '@ekkasan/cose'
import {
  decodeEmbedded,
  malformed,
  requireArray,
  requireBytes,
  requireDate,
  requireMap,
  requireText,
  requireTextKeys,
  requireVersion,
} from './shape.ts'

const hashNames = { 'SHA-256': 'sha-256', 'SHA-384': 'sha-384', 'SHA-512': 'sha-512' } as const
const digestLengths = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const

/** Namespace -> digest id -> digest. */
export type ValueDigests = ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>

/** What the issuer signs, ISO/IEC 18013-5 section 9.1.2.4. */
export interface MobileSecurityObject {
  readonly hashAlgorithm: HashAlgorithm
  readonly valueDigests: ValueDigests
  readonly deviceKey: PublicJwk
  readonly keyAuthorizations: KeyAuthorizations
  readonly docType: string
  readonly validity: MdocValidity
  readonly status?: StatusReference | 'unsupported'
}

export interface MdocValidity {
  readonly signed: Date
  readonly from: Date
  readonly until: Date
  readonly expectedUpdate?: Date
}

/** Which elements the device may sign itself. */
export interface KeyAuthorizations {
  readonly namespaces: ReadonlySet<string>
  readonly elements: ReadonlyMap<string, ReadonlySet<string>>
}

/** @throws MdocError `mdoc.structure`, `mdoc.version`; CoseError */
export function parseMobileSecurityObject(value: CborValue): MobileSecurityObject {
  const mso = requireMap(decodeEmbedded(value, 'MobileSecurityObjectBytes'), 'the MobileSecurityObject')
  requireVersion(mso.get('version'))
  const hashAlgorithm = parseHashAlgorithm(mso.get('digestAlgorithm'))
  const keyInfo = requireMap(mso.get('deviceKeyInfo'), 'deviceKeyInfo')
  const status = parseStatus(mso.get('status'))
  return {
    hashAlgorithm,
    valueDigests: parseValueDigests(mso.get('valueDigests'), digestLengths[hashAlgorithm]),
    deviceKey: jwkOfCoseKey(keyInfo.get('deviceKey')),
    keyAuthorizations: parseKeyAuthorizations(keyInfo.get('keyAuthorizations')),
    docType: requireText(mso.get('docType'), 'docType'),
    validity: parseValidity(mso.get('validityInfo')),
    ...(status !== undefined && { status }),
  }
}

function parseHashAlgorithm(value: CborValue | undefined): keyof typeof digestLengths {
  if (typeof value !== 'string' || !Object.hasOwn(hashNames, value)) throw malformed('digestAlgorithm')
  return hashNames[value as keyof typeof hashNames]
}

function parseValueDigests(value: CborValue | undefined, length: number): ValueDigests {
  const namespaces = requireTextKeys(requireMap(value, 'valueDigests'), 'valueDigests')
  for (const digests of namespaces.values()) {
    for (const [id, digest] of requireMap(digests, 'DigestIDs')) {
      if (typeof id !== 'number' || id < 0) throw malformed('a digest id')
      if (requireBytes(digest, 'a digest').length !== length) throw malformed('the length of a digest')
    }
  }
  return namespaces as ValueDigests
}

function parseKeyAuthorizations(value: CborValue | undefined): KeyAuthorizations {
  if (value === undefined) return { namespaces: new Set(), elements: new Map() }
  const authorizations = requireMap(value, 'keyAuthorizations')
  const namespaces = authorizations.get('nameSpaces') ?? []
  const elements = authorizations.get('dataElements') ?? new Map()
  const texts = (list: CborValue) =>
    new Set(requireArray(list, 'keyAuthorizations').map((item) => requireText(item, 'keyAuthorizations')))
  return {
    namespaces: texts(namespaces),
    elements: new Map(
      Array.from(requireTextKeys(requireMap(elements, 'dataElements'), 'dataElements'), ([name, list]) => [
        name,
        texts(list),
      ]),
    ),
  }
}

function parseValidity(value: CborValue | undefined): MdocValidity {
  const info = requireMap(value, 'validityInfo')
  const expectedUpdate = info.get('expectedUpdate')
  return {
    signed: requireDate(info.get('signed'), 'signed'),
    from: requireDate(info.get('validFrom'), 'validFrom'),
    until: requireDate(info.get('validUntil'), 'validUntil'),
    ...(expectedUpdate !== undefined && { expectedUpdate: requireDate(expectedUpdate, 'expectedUpdate') }),
  }
}

/** Token Status List section 6.3. */
function parseStatus(value: CborValue | undefined): TokenStatusReference | 'unsupported' | undefined {
  if (value === undefined) return undefined
  const list = requireMap(value, 'status').get('status_list')
  if (list === undefined) return 'unsupported'
  const index = requireMap(list, 'status_list').get('idx')
  const uri = requireText(requireMap(list, 'status_list').get('uri'), 'uri')
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) throw malformed('idx')
  return { uri, index }
}

export interface CreateMobileSecurityObjectOptions extends Omit<MobileSecurityObject, 'status'> {
  readonly status?: StatusReference
}

export function createMobileSecurityObject(options: CreateMobileSecurityObjectOptions): CborInput {
  const { hashAlgorithm, deviceKey, keyAuthorizations, validity, status } = options
  const { namespaces, elements } = keyAuthorizations
  const isAuthorized = namespaces.size > 0 || elements.size > 0
  return {
    version: '1.0',
    digestAlgorithm: hashAlgorithm.toUpperCase(),
    valueDigests: options.valueDigests,
    deviceKeyInfo: {
      deviceKey: coseKeyOf(deviceKey),
      ...(isAuthorized && {
        keyAuthorizations: {
          ...(namespaces.size > 0 && { nameSpaces: [...namespaces] }),
          ...(elements.size > 0 && {
            dataElements: new Map(Array.from(elements, ([name, allowed]) => [name, [...allowed]])),
          }),
        },
      }),
    },
    docType: options.docType,
    validityInfo: {
      signed: dateTime(validity.signed),
      validFrom: dateTime(validity.from),
      validUntil: dateTime(validity.until),
      ...(validity.expectedUpdate && { expectedUpdate: dateTime(validity.expectedUpdate) }),
    },
    ...(status && { status: statusElement(requireTokenStatus(status)) }),
  }
}

function statusElement({ index, uri }: TokenStatusReference) {
  return { status_list: { idx: index, uri } }
}

/** A tdate as ISO/IEC 18013-5 section 9.1.2.4 wants it: whole seconds, in UTC. */
export function dateTime(date: Date): CborTag {
  return new CborTag(0, `${date.toISOString().slice(0, 19)}Z`)
}
