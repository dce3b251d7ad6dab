export * from './errors.ts'
export { createMemoryHolderKeys } from './holder-keys-memory.ts'
export type * from './types.ts'
export { createWallet } from './wallet.ts'
