export { backupSqliteStore, restoreSqliteStore, type SqliteBackup } from './backup.ts'
export * from './errors.ts'
export { type CreateSqliteStoreOptions, createSqliteStore, type SqliteStore } from './sqlite-store.ts'
