export * from './errors.ts'
export { type CreatePostgresStoreOptions, createPostgresStore, type PostgresStore } from './postgres-store.ts'
