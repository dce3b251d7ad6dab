import { ResolveError } from '@ekkasan/core'
import { isJsonObject, parseJson } from '@ekkasan/core/json'
import { createDidResolver, didJwkOf, didJwkUrlOf } from '@ekkasan/did'
import { publicJwkOf, signJws } from '@ekkasan/keys'
import {
  buildRequestReference,
  buildRequestUriPost,
  multiSignDcApiRequest,
  PresentationError,
  PresentationRequestError,
  parseClientId,
  parseRequestObject,
  parseRequestReference,
  parseRequestUriPost,
  requestObjectType,
  requireResponseUriOfClient,
  responseEncryption,
  signDcApiRequest,
  signRequestObject,
  staticDiscoveryAudience,
  verifyDcApiRequest,
  verifyRequestObject,
} from '@ekkasan/openid4vc'
import { readClientCertificate, X509Error } from '@ekkasan/x509'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, insistSame, textOf, tryParse, tryVerify } from '../target.ts'

const jwk = publicJwkOf(fuzzKey('verifier'))
const clientId = `decentralized_identifier:${didJwkOf(jwk)}`
const named = { kid: didJwkUrlOf(jwk) }
const origin = 'https://verifier.example'
const ports = { resolveDid: createDidResolver(), readCertificate: readClientCertificate }
const request = {
  client_id: clientId,
  response_type: 'vp_token',
  response_mode: 'direct_post.jwt',
  response_uri: 'https://verifier.example/response',
  nonce: 'n-1',
  state: 's-1',
  wallet_nonce: 'w-1',
  dcql_query: {
    credentials: [
      { id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['v'] }, claims: [{ path: ['name'] }] },
    ],
  },
  transaction_data: [Buffer.from('{"type":"t","credential_ids":["a"]}').toString('base64url')],
  client_metadata: {
    jwks: { keys: [{ ...jwk, alg: 'ECDH-ES', kid: 'e' }] },
    encrypted_response_enc_values_supported: ['A256GCM'],
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'] } },
  },
} as const

export const target: FuzzTarget = {
  reads:
    'presentation requests: the reference in a link or QR, what a wallet posts for it, request objects, requests of the Digital Credentials API (@ekkasan/openid4vc)',
  async seeds() {
    const signer = await fuzzSigner('verifier', named)
    const times = { issuedAt: new Date(), expiresAt: new Date(Date.now() + 300 * 86_400_000) }
    const { client_id: _client, response_uri: _uri, state: _state, wallet_nonce: _nonce, ...common } = request
    const ofPage = { ...common, response_mode: 'dc_api.jwt' } as const
    const options = { request: ofPage, expectedOrigins: [origin], ...times }
    return [
      buildRequestReference({
        client_id: clientId,
        request_uri: 'https://v.example/r',
        request_uri_method: 'post',
      }),
      buildRequestUriPost({
        wallet_nonce: 'n',
        wallet_metadata: { response_modes_supported: ['direct_post'], jwks: { keys: [jwk] } },
      }).toString(),
      await signRequestObject({ request, signer, ...times }),
      JSON.stringify({ ...request, aud: staticDiscoveryAudience, iat: 1_700_000_000, exp: 4_000_000_000 }),
      JSON.stringify(ofPage),
      JSON.stringify(await signDcApiRequest({ signer, clientId }, options)),
      JSON.stringify(await multiSignDcApiRequest([{ signer, clientId }], options)),
    ]
  },
  async read(input) {
    const text = textOf(input)
    tryParse(() => parseClientId(text), PresentationRequestError)
    const reference = tryParse(() => parseRequestReference(text), PresentationRequestError)
    if (reference)
      insistSame(
        parseRequestReference(buildRequestReference(reference)),
        reference,
        'a reference is read as the same',
      )
    const post = tryParse(() => parseRequestUriPost(text), PresentationError)
    if (post)
      insistSame(
        parseRequestUriPost(buildRequestUriPost(post).toString()),
        post,
        'what a wallet posts is read as the same',
      )
    await readRequestObject(text)
    const json = tryParse(() => parseJson(text, { maxDepth: 40 }), SyntaxError)
    if (!isJsonObject(json)) return
    // As the payload of a request that its client signed.
    const signer = await fuzzSigner('verifier', named)
    const header = { typ: requestObjectType, ...named }
    await readRequestObject(await signJws({ signer, header, payload: json }))
    for (const protocol of ['openid4vp-v1-unsigned', 'openid4vp-v1-signed', 'openid4vp-v1-multisigned'])
      await tryVerify(
        () => verifyDcApiRequest({ protocol, data: json }, { origin, ...ports }),
        PresentationRequestError,
        ResolveError,
      )
  },
}

async function readRequestObject(compact: string): Promise<void> {
  const parsed = tryParse(() => parseRequestObject(compact), PresentationRequestError)
  if (!parsed) return
  tryParse(() => responseEncryption(parsed.request), PresentationRequestError)
  const verified = await tryVerify(
    () => verifyRequestObject(compact, { clientId: parsed.request.client_id, ...ports }),
    PresentationRequestError,
    ResolveError,
    X509Error,
  )
  if (!verified) return
  tryParse(() => requireResponseUriOfClient(verified), PresentationRequestError)
  insist(verified.request.nonce !== '', 'a request that is accepted has a nonce')
}
