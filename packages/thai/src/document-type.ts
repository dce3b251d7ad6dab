import {
  type CredentialConfiguration,
  credentialConfiguration,
  type DocumentType,
  type IssuerFormat,
} from '@ekkasan/core'

/** An entry of the catalogue. */
export interface CatalogueDocument extends DocumentType {
  /** Offers it in a format: `thaiNationalId.as(sdJwtVc({ signer }))`. */
  as(format: IssuerFormat): CredentialConfiguration
}

export function documentType(document: DocumentType): CatalogueDocument {
  return { ...document, as: (format) => credentialConfiguration(document, format) }
}
