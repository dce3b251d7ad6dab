export * from './errors.ts'
export { type CreateSqliteStoreOptions, createSqliteStore, type SqliteStore } from './sqlite-store.ts'
