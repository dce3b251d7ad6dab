export {
  type ContentCheckCode,
  type CredentialContentOptions,
  checkContent,
  contentRule,
} from './check-content.ts'
export {
  type CheckDataModelOptions,
  checkDataModel,
  requireCredential,
} from './check-data-model.ts'
export { baseContextV1, baseContextV2, type ModelVersion, versionOf } from './context.ts'
export { credentialStatusOf, parseCredentialStatus } from './credential-status.ts'
export { dateTimeStamp, parseDateTime, parseDateTimeStamp } from './date-time.ts'
export {
  credentialSchemaOf,
  type DocumentSchema,
  documentSchema,
  extendCredential,
  requireSubjectClaims,
} from './extend-credential.ts'
export { integrityOf, matchesIntegrity } from './integrity.ts'
export { type ProblemDetails, problemDetails } from './problem-details.ts'
export { identifierOf, subjectClaims, subjectDid, subjectOf, typesOf } from './read-credential.ts'
export { type ResolveResource, type ResolveResourcesOptions, resolveResources } from './resolve-resources.ts'
export { validateCredential } from './validate-credential.ts'
export { validatePresentation } from './validate-presentation.ts'
export type { Violation, ViolationCode } from './violation.ts'
