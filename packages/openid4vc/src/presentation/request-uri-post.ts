import type { JsonObject, PublicJwk } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { parsePublicJwk } from '@ekkasan/keys'
import { parseObject, requireObject, withoutNulls } from '../shape.ts'
import { requestUriError } from './errors.ts'
import { parseForm } from './form.ts'

/** The slice of wallet metadata that a verifier heeds, OpenID4VP section 10.1. */
export interface WalletMetadata {
  readonly vp_formats_supported?: JsonObject
  readonly client_id_prefixes_supported?: readonly string[]
  readonly request_object_signing_alg_values_supported?: readonly string[]
  readonly response_modes_supported?: readonly string[]
  readonly authorization_encryption_alg_values_supported?: readonly string[]
  readonly authorization_encryption_enc_values_supported?: readonly string[]
  /** A key to encrypt the request object to. */
  readonly jwks?: { readonly keys: readonly PublicJwk[] }
}

/** What a wallet posts to `request_uri`, OpenID4VP section 5.10. */
export interface RequestUriPost {
  readonly wallet_metadata?: WalletMetadata
  readonly wallet_nonce?: string
}

export function buildRequestUriPost(post: RequestUriPost): URLSearchParams {
  const form = new URLSearchParams()
  if (post.wallet_metadata) form.set('wallet_metadata', JSON.stringify(post.wallet_metadata))
  if (post.wallet_nonce !== undefined) form.set('wallet_nonce', post.wallet_nonce)
  return form
}

/** @throws PresentationError `openid4vc.request-uri.invalid_request` */
export function parseRequestUriPost(body: string): RequestUriPost {
  const form = parseForm(body, invalid)
  const nonce = form.get('wallet_nonce')
  if (nonce !== undefined && (nonce === '' || nonce.length > 1024)) throw invalid('bad wallet_nonce')
  const metadata = form.get('wallet_metadata')
  return {
    ...(nonce !== undefined && { wallet_nonce: nonce }),
    ...(metadata !== undefined && { wallet_metadata: parseWalletMetadata(metadata) }),
  }
}

const lists = [
  'client_id_prefixes_supported',
  'request_object_signing_alg_values_supported',
  'response_modes_supported',
  'authorization_encryption_alg_values_supported',
  'authorization_encryption_enc_values_supported',
] as const

function parseWalletMetadata(text: string): WalletMetadata {
  const value = withoutNulls(parseObject(text, 'wallet_metadata', invalid, 65_536))
  const metadata: Record<string, unknown> = {}
  for (const name of lists) {
    const list = value[name]
    if (list === undefined) continue
    if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) {
      throw invalid(`${name} is not a list of texts`)
    }
    metadata[name] = list
  }
  const { vp_formats_supported, jwks } = value
  if (vp_formats_supported !== undefined) {
    metadata.vp_formats_supported = requireObject(vp_formats_supported, 'vp_formats_supported', invalid)
  }
  if (jwks !== undefined) metadata.jwks = { keys: walletKeys(jwks) }
  return metadata as WalletMetadata
}

function walletKeys(jwks: unknown): readonly PublicJwk[] {
  const keys = isJsonObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > 32) throw invalid('jwks holds no keys')
  return keys.map((key) => {
    try {
      return parsePublicJwk(key)
    } catch {
      throw invalid('a key in jwks is not acceptable')
    }
  })
}

function invalid(what: string): Error {
  return requestUriError('invalid_request', what)
}
