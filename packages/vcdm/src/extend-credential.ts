import type { DocumentType, ServedDocument } from '@ekkasan/core'
import { isJsonObject, type JsonObject, listOf } from '@ekkasan/core/json'
import { integrityOf } from './integrity.ts'

/**
 * The body of a credential with further members of an issuer's own choice: `evidence`, `termsOfUse`,
 * `refreshService`, `renderMethod`, `name`, `description`, `relatedResource`, and whatever a context of his defines.
 * Contexts named here are added after those of the body.
 * @throws TypeError when one of them is a member that the body has already, or that only a format may write
 */
export function extendCredential(body: JsonObject, members: JsonObject | undefined): JsonObject {
  if (members === undefined) return body
  const { '@context': contexts = [], ...others } = members
  const taken = Object.keys(others).find((name) => Object.hasOwn(body, name) || reserved.has(name))
  if (taken !== undefined) throw new TypeError(`${taken} of a credential is not for an extension to write`)
  const own = body['@context']
  return {
    ...body,
    ...(Array.isArray(own) && { '@context': [...own, ...listOf(contexts)] }),
    ...others,
  }
}

/**
 * For formats whose claims stand in `credentialSubject`, when a document is built for one.
 * @throws TypeError when a claim would stand for the subject itself
 */
export function requireSubjectClaims({ id, claims }: DocumentType): void {
  if (claims.some(({ path: [name] }) => name === 'id')) {
    throw new TypeError(`the document ${id} has a claim named id, which in a W3C body stands for the subject`)
  }
}

// What a format writes itself, from what it is told elsewhere.
const reserved: ReadonlySet<string> = new Set([
  'id',
  'type',
  'issuer',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'credentialSubject',
  'credentialStatus',
  'proof',
  'vc',
  'vp',
  // Claims of a JWT and of an SD-JWT, where the body is their claims set.
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'cnf',
  'status',
  'vct',
  'vct#integrity',
  'aka_vcts',
  '_sd',
  '_sd_alg',
  '...',
])

/** How a credential names the JSON Schema of its document, and where that is served below the issuer's URL. */
export interface DocumentSchema {
  /** The value of `credentialSchema`. */
  readonly credentialSchema: JsonObject
  readonly served: ServedDocument
}

const schemas = new WeakMap<DocumentType, Map<string, DocumentSchema>>()

/** The JSON Schema of a document's credentials: that of its claims, in `credentialSubject` (vc-json-schema section 2.1). */
export function documentSchema(document: DocumentType, issuer: string): DocumentSchema {
  const known = schemas.get(document) ?? new Map<string, DocumentSchema>()
  schemas.set(document, known)
  const schema = known.get(issuer) ?? createSchema(document, issuer)
  known.set(issuer, schema)
  return schema
}

function createSchema(document: DocumentType, issuer: string): DocumentSchema {
  const path = `/schemas/${document.type}/v${document.version.split('.')[0]}.json`
  const id = `${issuer.replace(/\/$/, '')}${path}`
  const body = JSON.stringify(credentialSchemaOf(document, id))
  return {
    credentialSchema: { id, type: 'JsonSchema', digestSRI: integrityOf(body) },
    served: { path, contentType: 'application/schema+json', body },
  }
}

/** The JSON Schema of a whole credential of a document: its claims stand in `credentialSubject`, beside an `id`. */
export function credentialSchemaOf(document: DocumentType, id: string): JsonObject {
  const { $schema = 'https://json-schema.org/draft/2020-12/schema', ...claims } = document.schema
  const properties = isJsonObject(claims.properties) ? claims.properties : {}
  return {
    $schema,
    $id: id,
    title: document.type,
    type: 'object',
    properties: {
      // A resource of its own, so that its references stay within it.
      credentialSubject: {
        ...claims,
        $id: `${id}/claims`,
        properties: { id: { type: 'string' }, ...properties },
      },
    },
    required: ['credentialSubject'],
  }
}
