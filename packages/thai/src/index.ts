export * from './address.ts'
export * from './age.ts'
export * from './citizen-number.ts'
export * from './dates.ts'
export type * from './document-element.ts'
export * from './document-type.ts'
export * from './driving-licence.ts'
export * from './driving-licence-claims.ts'
export * from './driving-licence-mdoc.ts'
export * from './driving-licence-queries.ts'
export * from './errors.ts'
export * from './names.ts'
export * from './national-id.ts'
export * from './national-id-claims.ts'
export * from './national-id-mdoc.ts'
export * from './national-id-queries.ts'
export {
  type PresetClaim,
  presetCredentialQuery,
  type QueryFormat,
  type QueryPreset,
} from './query-preset.ts'
export type * from './registry-record.ts'
export * from './thai-text.ts'
