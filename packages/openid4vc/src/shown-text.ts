/** Of others, for a screen: no longer than it can show, no controls, nothing that turns the direction of what stands beside it. */
export function isShownText(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length <= 500 && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(value)
  )
}
