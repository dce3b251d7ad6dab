import {
  type CredentialConfiguration,
  type CredentialConfigurationOptions,
  credentialConfiguration,
  type DocumentType,
  type IssuerFormat,
} from '@ekkasan/core'

/** An entry of the catalogue. */
export interface CatalogueDocument extends DocumentType {
  /** Offers it in a format: `thaiNationalId.as(sdJwtVc({ signer }))`. */
  as(format: IssuerFormat, options?: CredentialConfigurationOptions): CredentialConfiguration
}

export function documentType(document: DocumentType): CatalogueDocument {
  return { ...document, as: (format, options) => credentialConfiguration(document, format, options) }
}
