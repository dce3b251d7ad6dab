import type { Signer } from '@ekkasan/core'
import type { Issuer, Offer } from '@ekkasan/issuer'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { createProof, parseCredentialOfferUri, preAuthorizedCodeGrant } from '@ekkasan/openid4vc'

// The steps of a wallet, one by one, against an issuer's fetch.

export const url = 'https://issuer.example/tenant'
export const paperId = 'Paper-paper+jwt'

export function codeOf(offer: Offer): string {
  const link = parseCredentialOfferUri(offer.uri)
  if (!('offer' in link)) throw new Error('by reference')
  return link.offer.grants?.[preAuthorizedCodeGrant]?.['pre-authorized_code'] ?? ''
}

export function postToken(issuer: Issuer, parameters: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ grant_type: preAuthorizedCodeGrant, ...parameters })
  return issuer.fetch(new Request(`${url}/token`, { method: 'POST', body }))
}

export async function takeToken(
  issuer: Issuer,
  offer: Offer,
  more: Record<string, string> = {},
): Promise<string> {
  const response = await postToken(issuer, {
    'pre-authorized_code': codeOf(offer),
    ...(offer.txCode !== undefined && { tx_code: offer.txCode }),
    ...more,
  })
  if (response.status !== 200) throw new Error(await response.text())
  return (await response.json()).access_token
}

export async function takeNonce(issuer: Issuer): Promise<string> {
  const response = await issuer.fetch(new Request(`${url}/nonce`, { method: 'POST' }))
  return (await response.json()).c_nonce
}

export const newSigner = async (kid?: string): Promise<Signer> =>
  signerFromJwk(await generateJwk('ES256'), kid === undefined ? {} : { kid })

export async function postCredential(
  issuer: Issuer,
  token: string,
  options: {
    readonly id?: string
    readonly nonce?: string
    readonly signer?: Signer
    readonly now?: Date
  } = {},
): Promise<Response> {
  const signer = options.signer ?? (await newSigner())
  const proof = await createProof({
    signer,
    issuer: url,
    nonce: options.nonce ?? (await takeNonce(issuer)),
    binding: signer.key.kid === undefined ? 'jwk' : 'kid',
    now: options.now ?? new Date(),
  })
  return postJson(issuer, 'credential', token, {
    credential_configuration_id: options.id ?? paperId,
    proofs: { jwt: [proof] },
  })
}

export function postJson(issuer: Issuer, path: string, token: string, body: object): Promise<Response> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return issuer.fetch(new Request(`${url}/${path}`, init))
}

/** The whole way at once. */
export async function claim(
  issuer: Issuer,
  offer: Offer,
  now?: Date,
): Promise<{ notification_id: string; token: string }> {
  const token = await takeToken(issuer, offer)
  const response = await postCredential(issuer, token, now ? { now } : {})
  if (response.status !== 200) throw new Error(await response.text())
  return { ...(await response.json()), token }
}
