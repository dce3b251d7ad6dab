/** @throws TypeError unless it is a name that needs no quoting */
export function requireSchemaName(schema: string): void {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new TypeError('schema must be lower-case letters, digits and underscores')
  }
}
