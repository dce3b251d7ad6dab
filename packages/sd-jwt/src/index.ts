export { type DisclosedClaims, type Disclosure, discloseClaims, type PartialArray } from './disclosures.ts'
export * from './errors.ts'
export * from './frame.ts'
export * from './issue.ts'
export { type FlattenedSdJwt, flattenedSdJwt, type GeneralSdJwt, generalSdJwt } from './json-serialization.ts'
export {
  checkKeyBinding,
  confirmationKey,
  type KeyBindingExpectation,
  keyBindingTo,
  type SignKeyBindingOptions,
  signKeyBinding,
} from './key-binding.ts'
export { type ParsedSdJwt, parseSdJwt } from './parse.ts'
export { type PresentSdJwtOptions, presentSdJwt } from './present.ts'
export * from './select.ts'
export * from './shown-claims.ts'
export * from './verify.ts'
