import {
  type ClaimPath,
  type CredentialConfiguration,
  type DocumentType,
  distinctLanguages,
  type JsonObject,
  scopeOf,
  textIn,
} from '@ekkasan/core'
import {
  type AuthorizationServerMetadata,
  authorizationServerMetadata,
  type CredentialConfigurationMetadata,
  type CredentialIssuerMetadata,
  displayFromNames,
} from '@ekkasan/openid4vc'
import type { Context } from './context.ts'

/** OpenID4VCI section 12.2.4. */
export function issuerMetadata(context: Context): CredentialIssuerMetadata {
  const { endpoints } = context
  return {
    credential_issuer: context.url,
    credential_endpoint: endpoints.credential,
    nonce_endpoint: endpoints.nonce,
    notification_endpoint: endpoints.notification,
    ...(context.batchSize > 1 && { batch_credential_issuance: { batch_size: context.batchSize } }),
    display: displayFromNames(context.options.names),
    credential_configurations_supported: Object.fromEntries(
      Array.from(context.configurations.values(), (configuration) => [
        configuration.id,
        configurationMetadata(context, configuration),
      ]),
    ),
  }
}

export function serverMetadata(context: Context): AuthorizationServerMetadata {
  return authorizationServerMetadata({ issuer: context.url, tokenEndpoint: context.endpoints.token })
}

/** `/.well-known/jwt-vc-issuer`, SD-JWT VC section 3.2. */
export function keyMetadata(context: Context): JsonObject | undefined {
  const { keys } = context.options
  return keys && { issuer: context.url, jwks: { keys: keys as unknown as JsonObject[] } }
}

function descriptionIn({ description }: DocumentType, locale: string): { readonly description?: string } {
  const text = textIn(description, locale)
  return text === undefined ? {} : { description: text }
}

function configurationMetadata(
  context: Context,
  configuration: CredentialConfiguration,
): CredentialConfigurationMetadata {
  const { document, format } = configuration
  const bindingMethods = context.bindingMethods(configuration)
  const { backgroundColor, textColor, logo } = document.display
  const pathsOf = (path: ClaimPath) =>
    format.claimPaths?.(document, path) ?? [[...(format.claimsAt ?? []), ...path]]
  return {
    format: format.format,
    scope: scopeOf(configuration),
    ...(bindingMethods.length > 0 && {
      cryptographic_binding_methods_supported: bindingMethods,
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: context.proofAlgorithms } },
    }),
    credential_signing_alg_values_supported: format.signingAlgorithms,
    credential_metadata: {
      display: distinctLanguages(document.names).map(([locale, name]) => ({
        name,
        locale,
        ...descriptionIn(document, locale),
        background_color: backgroundColor,
        text_color: textColor,
        ...(logo !== undefined && { logo: { uri: logo } }),
      })),
      claims: document.claims.flatMap(({ path, mandatory, names }) =>
        pathsOf(path).map((found) => ({
          path: found,
          ...(mandatory !== undefined && { mandatory }),
          display: displayFromNames(names),
        })),
      ),
    },
    ...format.configuration(document, context.url),
  }
}
