import type { ClaimPath, Claims, DocumentType, JsonValue } from '@ekkasan/core'
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
 * @throws TypeError when a claim is not what `as` says
 */
export function elementsOf({ elements }: MdocType, claims: Claims): MdocNamespaces {
  const namespaces: Record<string, Record<string, ElementValue>> = {}
  for (const { namespace, element, path, as } of elements) {
    const value = claimAt(claims, path)
    if (value === undefined) continue
    const members = namespaces[namespace] ?? {}
    namespaces[namespace] = members
    members[element] = typeof as === 'function' ? as(value) : as ? encodeElement(value, as) : value
  }
  return namespaces
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
