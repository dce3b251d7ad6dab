/** What a QR or a pasted link asks of the wallet. */
export type LinkKind = 'offer' | 'request'

/** Told by the parameters, not by the scheme: wallets are also opened by https links. */
export function kindOfLink(text: string): LinkKind | undefined {
  const link = text.trim()
  if (link.length > 16_384 || !/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined
  const at = link.indexOf('?')
  if (at < 0) return undefined
  const parameters = new URLSearchParams(link.slice(at + 1))
  if (parameters.has('credential_offer') || parameters.has('credential_offer_uri')) return 'offer'
  if (parameters.has('client_id') || parameters.has('request_uri')) return 'request'
  return undefined
}

/**
 * The link that this page was opened with: `#offer=<link>`, `#request=<link>`, the same in the query, or the
 * parameters of the protocols themselves, where another program takes this page for the wallet's endpoint.
 */
export function linkOfPage(location: { readonly search: string; readonly hash: string }): string | undefined {
  for (const text of [location.hash.replace(/^#(?!\/)/, ''), location.search.slice(1)]) {
    const parameters = new URLSearchParams(text)
    const given = parameters.get('offer') ?? parameters.get('request')
    if (given !== null && kindOfLink(given)) return given
    const own = kindOfLink(`wallet:?${text}`)
    if (own) return `${own === 'offer' ? 'openid-credential-offer' : 'openid4vp'}://?${text}`
  }
  return undefined
}
