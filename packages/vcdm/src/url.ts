// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const pattern = /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s\u0000-\u001f\u007f-\u009f"<>\\^`{|}]+$/

/** An absolute URL, DIDs and URNs among them, as one word; characters that no URL has are not taken in silence. */
export function isUrl(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value) && value.isWellFormed() && URL.canParse(value)
}
