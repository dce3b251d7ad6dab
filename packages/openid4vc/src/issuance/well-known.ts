/**
 * Where an identifier's document stands: the well-known segment goes between host and path
 * (OpenID4VCI section 12.2.2, RFC 8414 section 3.1, SD-JWT VC section 3).
 *
 * `wellKnownUrl('https://issuer.example/tenant', 'openid-credential-issuer')` is
 * `https://issuer.example/.well-known/openid-credential-issuer/tenant`.
 */
export function wellKnownUrl(identifier: string, name: string): string {
  const url = new URL(identifier)
  return `${url.origin}/.well-known/${name}${url.pathname.replace(/\/$/, '')}${url.search}`
}
