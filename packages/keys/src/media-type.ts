/**
 * Whether a JOSE header's `typ` or `cty` is this type (RFC 7515 sections 4.1.9, 4.1.10): letters in any case, and
 * `application/` is meant before a value without a slash. A type with parameters is another one.
 */
export function isJoseType(value: unknown, type: string): boolean {
  return typeof value === 'string' && fullType(value) === fullType(type)
}

/**
 * Whether a COSE header's `typ` or content type is this one (RFC 9596 section 2): the full media type, or its number in
 * the registry of CoAP Content-Formats where it has one.
 */
export function isCoseType(value: unknown, type: string, contentFormat?: number): boolean {
  if (typeof value === 'number') return value === contentFormat
  return typeof value === 'string' && value.toLowerCase() === type.toLowerCase()
}

function fullType(value: string): string {
  const type = value.toLowerCase()
  return type.includes('/') ? type : `application/${type}`
}
