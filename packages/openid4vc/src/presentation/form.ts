/**
 * Reads an `application/x-www-form-urlencoded` body; no parameter may stand twice (RFC 6749 section 3.1).
 */
export function parseForm(body: string, refuse: (what: string) => Error): ReadonlyMap<string, string> {
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name)) throw refuse('a parameter stands twice')
    if (form.size === 100) throw refuse('too many parameters')
    form.set(name, value)
  }
  return form
}
