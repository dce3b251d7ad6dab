export * from './cached.ts'
export * from './check.ts'
export * from './check-credential.ts'
export * from './check-issuer.ts'
export * from './dc-api.ts'
export { fetchDirectly } from './direct-fetch.ts'
export * from './document.ts'
export {
  ClaimsError,
  type ClaimsErrorCode,
  isDeclaredClaim,
  requireClaims,
  requireDocument,
} from './document-claims.ts'
export * from './errors.ts'
export * from './format.ts'
export * from './guarded-fetch.ts'
export {
  defaultTimeZone,
  type IssuedTimes,
  issuedTimes,
  requirePeriod,
  requireTimeZone,
  startOfDay,
} from './issued-times.ts'
export * from './issuer-key.ts'
export type { JsonObject, JsonValue } from './json.ts'
export { distinctLanguages, textIn } from './language.ts'
export { createMemoryStore } from './memory-store.ts'
export * from './outage.ts'
export { createParts, type Parts } from './parts.ts'
export * from './period.ts'
export * from './ports.ts'
export { createPurgeLimit, type PurgeLimit, type PurgeState } from './purge-limit.ts'
export { findReferred } from './referred-schema.ts'
export * from './shown-claims.ts'
export type * from './status-journal.ts'
export * from './store-rules.ts'
export * from './trust.ts'
export { sharedWait, withinTime } from './within-time.ts'
export { createWorkBudget, statementsOfAnAnswer, type WorkBudget } from './work-budget.ts'
