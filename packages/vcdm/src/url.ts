/** An absolute URL, DIDs and URNs among them, as one word. */
export function isUrl(value: unknown): value is string {
  return typeof value === 'string' && /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+$/.test(value) && URL.canParse(value)
}
