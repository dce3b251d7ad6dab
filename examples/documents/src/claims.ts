import { type Claims, type JsonObject, type JsonValue, typeVersionOf } from '@ekkasan/core'
import { documents, type ProgramDocument } from './documents.ts'
import { pictureOf } from './picture.ts'

/** What a credential says, under the names of its document, without what is around it. */
export function claimsOf(document: ProgramDocument, format: string, claims: Claims): Claims {
  if (format === 'mso_mdoc') return claimsOfElements(document, claims)
  const subject = (claims.credentialSubject ?? claims) as JsonObject
  const names = new Set(document.type.claims.map(({ path }) => path[0]))
  return Object.fromEntries(Object.entries(subject).filter(([name]) => names.has(name)))
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

/** The document that a credential of these types is; undefined for one that is not in the catalogue. */
export function documentOfTypes(types: readonly string[]): ProgramDocument | undefined {
  return documents.find(({ type, mdoc }) =>
    types.some(
      (name) =>
        name === mdoc.docType ||
        name === type.type ||
        `${name}/`.includes(`/vct/${type.type}/${typeVersionOf(type)}/`) ||
        name.endsWith(`#${type.type}`),
    ),
  )
}
