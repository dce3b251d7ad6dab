export * from './certificate-chain.ts'
export * from './claims.ts'
export * from './documents.ts'
export * from './trust.ts'
