export { createIssuer } from './create-issuer.ts'
export * from './errors.ts'
export type * from './types.ts'
