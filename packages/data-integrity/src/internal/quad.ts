// Terms of RDF stand as they do in N-Quads: `<iri>`, `_:b0`, `"text"^^<type>`; the graph is empty for the default one.

export interface Quad {
  readonly subject: string
  readonly predicate: string
  readonly object: string
  readonly graph: string
}

export const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
export const xsd = 'http://www.w3.org/2001/XMLSchema#'

export function isBlank(term: string): boolean {
  return term.charCodeAt(0) === 0x5f
}

/** One line of canonical N-Quads, RDF Dataset Canonicalization section 5. */
export function lineOf({ subject, predicate, object, graph }: Quad): string {
  return graph === ''
    ? `${subject} ${predicate} ${object} .\n`
    : `${subject} ${predicate} ${object} ${graph} .\n`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const escaped = /["\\\u0000-\u001f\u007f]/g
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

export function literal(text: string, type: string, language?: string): string {
  const quoted = `"${text.replace(
    escaped,
    (unit) => escapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )}"`
  if (language !== undefined) return `${quoted}@${language}`
  return type === `${xsd}string` ? quoted : `${quoted}^^<${type}>`
}
