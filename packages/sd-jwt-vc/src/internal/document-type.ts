import {
  type ClaimPath,
  type DocumentType,
  distinctLanguages,
  type JsonObject,
  type ServedDocument,
  textIn,
  typeVersionOf,
} from '@ekkasan/core'
import { createDisclosureFrame, type DisclosureFrame } from '@ekkasan/sd-jwt'
import { credentialSchemaOf, integrityOf } from '@ekkasan/vcdm'

/** A document of the catalogue as an SD-JWT VC type: what is computed once for all its credentials. */
export interface SdJwtVcType {
  readonly vct: string
  readonly vctIntegrity: string
  readonly frame: DisclosureFrame
  readonly schemaUrl: string
  /** The context that gives the claims of the W3C body their meaning. */
  readonly contextUrl: string
  readonly served: readonly ServedDocument[]
}

export interface CreateTypeOptions {
  readonly issuer: string
  /** The whole `vct`, where it does not stand below the issuer's URL. */
  readonly typeUrl?: string | undefined
  /** The claims stand in `credentialSubject` of a W3C body. */
  readonly vcdm: boolean
}

/** The `vct` of a document below its issuer's URL: what is issued, and what a verifier asks for. */
export function vctOf(document: DocumentType, { issuer, vcdm }: Omit<CreateTypeOptions, 'typeUrl'>): string {
  const url = `${issuer.replace(/\/$/, '')}/vct/${document.type}/${typeVersionOf(document)}`
  return vcdm ? url : `${url}/plain`
}

export function createType(document: DocumentType, options: CreateTypeOptions): SdJwtVcType {
  const issuer = options.issuer.replace(/\/$/, '')
  const vct = options.typeUrl ?? vctOf(document, options)
  const schemaUrl = `${vct}/schema.json`
  const contextUrl = `${vct}/context.json`
  const schema = options.vcdm
    ? credentialSchemaOf(document, schemaUrl)
    : { $id: schemaUrl, ...document.schema }
  const schemaText = JSON.stringify(schema)
  const metadata = JSON.stringify({
    ...typeMetadataOf(document, vct, options.vcdm ? ['credentialSubject'] : []),
    schema_uri: schemaUrl,
    'schema_uri#integrity': integrityOf(schemaText),
  })
  const documents = [
    { url: vct, contentType: 'application/json', body: metadata },
    { url: schemaUrl, contentType: 'application/schema+json', body: schemaText },
    ...(options.vcdm ? [{ url: contextUrl, contentType: 'application/ld+json', body: contextOf(vct) }] : []),
  ]
  return {
    vct,
    vctIntegrity: integrityOf(metadata),
    frame: frameOf(document),
    schemaUrl,
    contextUrl,
    served: documents
      .filter(({ url }) => url.startsWith(`${issuer}/`))
      .map(({ url, ...rest }) => ({ path: url.slice(issuer.length), ...rest })),
  }
}

// Every member of a selective claim and every item of it is a disclosure of its own, itself among them.
function frameOf(document: DocumentType): DisclosureFrame {
  const paths = (disclosure: 'always' | 'selective') =>
    document.claims.filter((claim) => claim.disclosure === disclosure).map(({ path }) => path)
  return createDisclosureFrame({ deep: paths('selective'), plain: paths('always') }, document)
}

/** The type metadata document, SD-JWT VC section 4.2. */
function typeMetadataOf(document: DocumentType, vct: string, prefix: ClaimPath): JsonObject {
  const { backgroundColor, textColor, logo } = document.display
  const simple = {
    background_color: backgroundColor,
    text_color: textColor,
    ...(logo !== undefined && { logo: { uri: logo } }),
  }
  return {
    vct,
    name: document.type,
    display: distinctLanguages(document.names).map(([locale, name]) => ({
      locale,
      name,
      ...descriptionIn(document, locale),
      rendering: { simple },
    })),
    claims: document.claims.map(({ path, names, disclosure, mandatory }) => ({
      path: [...prefix, ...path],
      display: distinctLanguages(names).map(([locale, label]) => ({ locale, label })),
      sd: disclosure === 'selective' ? 'always' : 'never',
      ...(mandatory !== undefined && { mandatory }),
    })),
  }
}

function descriptionIn({ description }: DocumentType, locale: string): { readonly description?: string } {
  const text = textIn(description, locale)
  return text === undefined ? {} : { description: text }
}

function contextOf(vct: string): string {
  return JSON.stringify({ '@context': { '@vocab': `${vct}#` } })
}
