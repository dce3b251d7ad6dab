const pattern = /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s\p{Cc}\p{Cs}"<>\\^`{|}]+$/u

/** An absolute URL, DIDs and URNs among them, as one word; characters that no URL has are not taken in silence. */
export function isUrl(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value) && URL.canParse(value)
}
