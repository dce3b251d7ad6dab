import { type CredentialConfiguration, credentialConfiguration, type IssuerFormat } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { type CatalogueDocument, thaiDrivingLicence, thaiNationalId } from '@ekkasan/thai'

/** A document of the catalogue of which a record need not have every part, for tests that show a few claims. */
function partial(document: CatalogueDocument) {
  const type = {
    ...document,
    claims: document.claims.map(({ mandatory: _mandatory, ...claim }) => claim),
    schema: withoutRequired(document.schema) as JsonObject,
  }
  return {
    ...type,
    as: (format: IssuerFormat): CredentialConfiguration => credentialConfiguration(type, format),
  }
}

function withoutRequired(schema: JsonValue): JsonValue {
  if (!isJsonObject(schema)) return schema
  const kept = Object.entries(schema).filter(([name]) => name !== 'required' && name !== 'oneOf')
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutRequired(part)]))
}

export const partialNationalId = partial(thaiNationalId)
export const partialDrivingLicence = partial(thaiDrivingLicence)
