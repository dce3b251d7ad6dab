import type { Fetch } from '@ekkasan/core'
import {
  parseCredentialIssuerMetadata,
  type ReadCredentialIssuerMetadata,
  wellKnownUrl,
} from '@ekkasan/openid4vc'
import { fetchText, requireJson } from './fetch-text.ts'

const name = 'openid-credential-issuer'

/**
 * The metadata of a credential issuer (OpenID4VCI section 12.2.2). An identifier that ends with a slash is looked for as
 * it is published, and where nothing is there (404) without the slash. `credential_issuer` has to be the identifier,
 * character by character, in either case.
 * @throws IssuanceMessageError, WalletError
 */
export async function fetchIssuerMetadata(
  fetch: Fetch,
  issuer: string,
): Promise<ReadCredentialIssuerMetadata> {
  const headers = { Accept: 'application/json' }
  const without = wellKnownUrl(issuer, name)
  let answer = await fetchText(fetch, issuer.endsWith('/') ? `${without}/` : without, { headers })
  if (answer.status === 404 && issuer.endsWith('/')) answer = await fetchText(fetch, without, { headers })
  return parseCredentialIssuerMetadata(requireJson(answer), issuer)
}
