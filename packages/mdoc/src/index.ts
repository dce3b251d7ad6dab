export { CborTag } from '@ekkasan/cose'
export { type AcceptMdocOptions, acceptMdoc, viewMdoc } from './accept.ts'
export { type AgeAttestationsOptions, ageAttestations, nearestAgeAttestation } from './age-attestation.ts'
export * from './dc-api.ts'
export * from './dc-api-protocol.ts'
export * from './elements.ts'
export * from './errors.ts'
export * from './format.ts'
export type { MdocElementErrors } from './internal/device-response.ts'
export { dateTime, type MdocValidity } from './internal/mobile-security-object.ts'
export * from './issue.ts'
export * from './key-agreement.ts'
export { mobileDrivingLicence } from './mdl.ts'
export { type PresentedDocument, type PresentMdocOptions, presentMdoc, presentMdocs } from './present.ts'
export * from './reader-authentication.ts'
export * from './session-transcript.ts'
export {
  type MdocAlgorithm,
  mdocAlgorithms,
  type VerifiedMdoc,
  type VerifyMdocOptions,
  verifyMdoc,
} from './verify.ts'
export * from './verify-response.ts'
