import type { JsonValue } from '@ekkasan/core'

const beginnings: readonly (readonly [string, string])[] = [
  ['_9j_', 'image/jpeg'],
  ['iVBORw0KGgo', 'image/png'],
  ['PHN2Zy', 'image/svg+xml'],
  ['UklGR', 'image/webp'],
]

/** Bytes of an mdoc, base64url in JSON, as a data URL where they begin as a picture does; else as they are. */
export function pictureOf(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value
  const type = beginnings.find(([beginning]) => value.startsWith(beginning))?.[1]
  if (type === undefined) return value
  const base64 = value.replaceAll('-', '+').replaceAll('_', '/')
  return `data:${type};base64,${base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')}`
}

/** A picture that a page may show. */
export function isPicture(value: JsonValue): value is string {
  return typeof value === 'string' && /^data:image\/(png|jpeg|webp|svg\+xml);base64,/.test(value)
}
