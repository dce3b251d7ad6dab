export { backupPostgresStore, type PostgresBackup, restorePostgresStore } from './backup.ts'
export * from './errors.ts'
export type { PostgresIdentity } from './identity.ts'
export { type CreatePostgresStoreOptions, createPostgresStore, type PostgresStore } from './postgres-store.ts'
