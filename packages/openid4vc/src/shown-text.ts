/** The longest text of others that a screen shows, in UTF-16 code units. */
const maxLength = 500

// Controls (a line break is one), halves of characters, and what turns the direction of what stands beside it.
const unshown = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

/** Of others, for a screen: no longer than it can show, no controls, nothing that turns the direction of what stands beside it. */
export function isShownText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxLength && !unshown.test(value)
}

/**
 * A text of others made fit for a screen: what `isShownText` refuses becomes spaces, and the rest after `longest` code
 * units is cut off, never through the middle of a character.
 */
export function shownText(text: string, longest = maxLength): string {
  const cut = text.length <= longest ? text : text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')
  return cut.replace(new RegExp(unshown, 'gu'), ' ')
}
