export { createVerifier } from './create-verifier.ts'
export * from './errors.ts'
export type * from './types.ts'
export { type VerifiedVpToken, type VerifyVpTokenOptions, verifyVpToken } from './verify-vp-token.ts'
