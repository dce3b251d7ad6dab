export * from './authorization-server-metadata.ts'
export type { ClaimDescription } from './claims-description.ts'
export {
  type CredentialConfigurationMetadata,
  type ProofTypeMetadata,
  parseCredentialConfiguration,
} from './credential-configuration.ts'
export * from './credential-offer.ts'
export * from './credential-request.ts'
export * from './credential-response.ts'
export { type Display, displayFromNames, namesFromDisplay } from './display.ts'
export * from './errors.ts'
export * from './issuer-metadata.ts'
export type { MetadataFault, MetadataFaultCode, MetadataPath } from './metadata-diagnosis.ts'
export * from './nonce.ts'
export * from './notification.ts'
export * from './proof.ts'
export * from './token.ts'
export * from './well-known.ts'
