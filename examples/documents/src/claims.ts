import type { Claims, JsonObject, JsonValue } from '@ekkasan/core'
import { documents, type ProgramDocument } from './documents.ts'

/** What a credential says, under the names of its document, without what is around it. */
export function claimsOf(document: ProgramDocument, format: string, claims: Claims): Claims {
  if (format === 'mso_mdoc') return claimsOfElements(document, claims)
  const { id, ...subject } = (claims.credentialSubject ?? claims) as JsonObject
  return subject
}

function claimsOfElements({ mdoc }: ProgramDocument, namespaces: Claims): Claims {
  const found: Record<string, JsonValue> = {}
  for (const { namespace, element, path, as } of mdoc.elements) {
    const members = namespaces[namespace] as JsonObject | undefined
    const value = members?.[element]
    if (value === undefined) continue
    const parts = path as readonly string[]
    let at = found
    for (const part of parts.slice(0, -1)) {
      const inner = (at[part] ?? {}) as Record<string, JsonValue>
      at[part] = inner
      at = inner
    }
    at[parts.at(-1) as string] = as === 'bytes' ? pictureOf(value) : value
  }
  return found
}

const beginnings: readonly (readonly [string, string])[] = [
  ['_9j_', 'image/jpeg'],
  ['iVBORw0KGgo', 'image/png'],
  ['PHN2Zy', 'image/svg+xml'],
  ['UklGR', 'image/webp'],
]

/** Bytes of an mdoc, base64url in JSON, as a data URL where they begin as a picture does; else as they are. */
export function pictureOf(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value
  const type = beginnings.find(([beginning]) => value.startsWith(beginning))?.[1]
  if (type === undefined) return value
  const base64 = value.replaceAll('-', '+').replaceAll('_', '/')
  return `data:${type};base64,${base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')}`
}

/** The document that a credential of these types is; undefined for one that is not in the catalogue. */
export function documentOfTypes(types: readonly string[]): ProgramDocument | undefined {
  return documents.find(({ type, mdoc }) =>
    types.some(
      (name) =>
        name === mdoc.docType ||
        name === type.type ||
        name.endsWith(`/vct/${type.type}/v${type.version}`) ||
        name.endsWith(`#${type.type}`),
    ),
  )
}
