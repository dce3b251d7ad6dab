import { base64url, utf8 } from '@ekkasan/core/bytes'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'

/** Claims an offer over raw HTTP, as a wallet does; resolves to the credential as it was issued. */
export async function claim(link: string, txCode: string, confirm = true): Promise<string> {
  const reference = new URL(link).searchParams.get('credential_offer_uri')
  const offer = await json(await fetch(reference!))
  const metadata = await json(await fetch(`${offer.credential_issuer}/.well-known/openid-credential-issuer`))
  const server = await json(await fetch(`${offer.credential_issuer}/.well-known/oauth-authorization-server`))
  const grant = offer.grants['urn:ietf:params:oauth:grant-type:pre-authorized_code']
  const token = await json(
    await fetch(server.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
        'pre-authorized_code': grant['pre-authorized_code'],
        tx_code: txCode,
      }),
    }),
  )
  const { c_nonce } = await json(await fetch(metadata.nonce_endpoint, { method: 'POST' }))
  const key = await generateJwk('ES256')
  const header = { typ: 'openid4vci-proof+jwt', alg: 'ES256', jwk: publicJwkOf(key) }
  const payload = { aud: offer.credential_issuer, iat: Math.floor(Date.now() / 1000), nonce: c_nonce }
  const signingInput = [header, payload].map((part) => base64url(utf8(JSON.stringify(part)))).join('.')
  const signature = await (await signerFromJwk(key)).sign(utf8(signingInput))
  const headers = { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' }
  const answer = await json(
    await fetch(metadata.credential_endpoint, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        credential_configuration_id: offer.credential_configuration_ids[0],
        proofs: { jwt: [`${signingInput}.${base64url(signature)}`] },
      }),
    }),
  )
  if (confirm) {
    await fetch(metadata.notification_endpoint, {
      method: 'POST',
      headers,
      body: JSON.stringify({ notification_id: answer.notification_id, event: 'credential_accepted' }),
    })
  }
  return answer.credentials[0].credential
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they come
async function json(answer: Response): Promise<any> {
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text}`)
  return JSON.parse(text)
}
