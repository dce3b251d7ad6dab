export * from './issuance/index.ts'
export * from './presentation/index.ts'
export * from './protocol-error.ts'
export * from './read-body.ts'
