import { type ClaimPath, type Claims, ClaimsError, type DocumentType, type JsonValue } from '@ekkasan/core'
import { fromBase64, fromBase64url } from '@ekkasan/core/bytes'
import { isJsonObject } from '@ekkasan/core/json'
import { dateTime } from './internal/mobile-security-object.ts'
import { type ElementValue, fullDate, type MdocNamespaces } from './issue.ts'

/** A document as an mdoc: its document type, and which claim becomes which data element. */
export interface MdocType {
  /** `org.iso.18013.5.1.mDL` */
  readonly docType: string
  readonly elements: readonly MdocElement[]
}

export interface MdocElement {
  readonly namespace: string
  readonly element: string
  /** Of the document's claims; names only. A claim that is not there becomes no element. */
  readonly path: ClaimPath
  /** How JSON becomes CBOR where it is not written as it stands. */
  readonly as?: ElementEncoding | ((value: JsonValue) => ElementValue)
}

/**
 * `full-date`: `yyyy-mm-dd`. `known-date`: so, or a text where the day is not known. `date-time`: RFC 3339. `bytes`:
 * base64url, or a data URL in base64.
 */
export type ElementEncoding = 'full-date' | 'known-date' | 'date-time' | 'bytes'

/**
 * The plainest mapping: each claim at the top of a document is an element of its name, in one namespace. Those that
 * the document's schema calls a `date` or a `date-time` are such in CBOR.
 * @example
 * mdoc({ signer, type: namedAsClaims('th.go.example.card.1') })
 */
export function namedAsClaims(docType: string, namespace = docType): (document: DocumentType) => MdocType {
  return ({ claims, schema }) => {
    const names = new Set(claims.flatMap(({ path: [name] }) => (typeof name === 'string' ? [name] : [])))
    const elements = Array.from(names, (element): MdocElement => {
      const as = encodingOf(isJsonObject(schema.properties) ? schema.properties[element] : undefined)
      return { namespace, element, path: [element], ...(as && { as }) }
    })
    return { docType, elements }
  }
}

function encodingOf(property: JsonValue | undefined): ElementEncoding | undefined {
  const format = isJsonObject(property) ? property.format : undefined
  if (format === 'date') return 'full-date'
  return format === 'date-time' ? format : undefined
}

/**
 * The data elements of a document's claims.
 * @throws TypeError that names the claim when it is not what `as` says
 */
export function elementsOf({ elements }: MdocType, claims: Claims): MdocNamespaces {
  const namespaces: Record<string, Record<string, ElementValue>> = {}
  for (const { namespace, element, path, as } of elements) {
    const value = claimAt(claims, path)
    if (value === undefined) continue
    const members = namespaces[namespace] ?? {}
    namespaces[namespace] = members
    members[element] = encoded(value, as, path)
  }
  return namespaces
}

/** A claim that has no form as the data element that it is to become. */
class NoElementError extends TypeError {
  readonly path: ClaimPath

  constructor(path: ClaimPath, cause: unknown) {
    super(`the claim ${path.join('.')} has no form as data element: ${(cause as Error).message}`, { cause })
    this.path = path
  }
}

function encoded(value: JsonValue, as: MdocElement['as'], path: ClaimPath): ElementValue {
  try {
    return typeof as === 'function' ? as(value) : as ? encodeElement(value, as) : value
  } catch (cause) {
    throw new NoElementError(path, cause)
  }
}

/** As `elementsOf`, for the claims of a record. @throws ClaimsError `core.claims.schema` */
export function issuableElements(type: MdocType, claims: Claims): MdocNamespaces {
  try {
    return elementsOf(type, claims)
  } catch (cause) {
    if (!(cause instanceof NoElementError)) throw cause
    throw new ClaimsError('core.claims.schema', cause.path, cause.message, { cause })
  }
}

/**
 * Every data element is selective (OpenID4VP section 6.4): what a document always discloses cannot be so in an mdoc.
 * @throws TypeError that names the claim and what to do
 */
export function requireSelective({ id, claims }: DocumentType): void {
  const always = claims.find(
    ({ disclosure, selectiveIn }) => disclosure === 'always' && !selectiveIn?.includes('mso_mdoc'),
  )
  if (!always) return
  throw new TypeError(
    `the claim ${always.path.join('.')} of the document ${id} is always disclosed, and an mdoc has no such claim: each of its elements is for the holder to choose. Declare it with \`selectiveIn: ['mso_mdoc']\`, and ask for it`,
  )
}

function claimAt(claims: Claims, path: ClaimPath): JsonValue | undefined {
  let value: JsonValue | undefined = claims
  for (const name of path) {
    value =
      isJsonObject(value) && typeof name === 'string' && Object.hasOwn(value, name) ? value[name] : undefined
  }
  return value
}

/**
 * One claim as a data element.
 * @throws TypeError when it is not a text of that kind
 */
export function encodeElement(value: JsonValue, as: ElementEncoding): ElementValue {
  if (typeof value !== 'string') throw new TypeError(`a claim that becomes ${as} is a text`)
  if (as === 'known-date' && value.length < 'yyyy-mm-dd'.length) return value
  if (as === 'full-date' || as === 'known-date') return fullDate(value)
  if (as === 'date-time') {
    const date = new Date(value)
    if (Number.isNaN(date.getTime())) throw new TypeError('a claim that becomes date-time is a time')
    return dateTime(date)
  }
  const [, base64] = /^data:[^,]*;base64,(.*)$/s.exec(value) ?? []
  return base64 === undefined ? fromBase64url(value) : fromBase64(base64)
}
