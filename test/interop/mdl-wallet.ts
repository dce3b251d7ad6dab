import { createHash } from 'node:crypto'
import { DeviceResponse } from '@auth0/mdl'
import { cborDecode, cborEncode, DataItem } from '@auth0/mdl/lib/cbor/index.js'
import * as jose from 'jose'

// @auth0/mdl 3.0.1 as wallet and verifier over OpenID4VP. It speaks no protocol: HTTP, the request object's signature and
// JWE are fetch and jose here; CBOR, selection of elements and COSE are its own.

/** What an mdoc wallet reads of a request object. */
export interface MdlRequest {
  readonly client_id: string
  readonly nonce: string
  readonly response_uri: string
  readonly response_mode: 'direct_post' | 'direct_post.jwt'
  readonly state?: string
  readonly dcql_query: {
    readonly credentials: readonly {
      readonly id: string
      readonly meta: { readonly doctype_value: string }
      readonly claims: readonly { readonly path: readonly [string, string] }[]
    }[]
  }
  readonly client_metadata?: {
    readonly jwks?: { readonly keys: readonly jose.JWK[] }
    readonly encrypted_response_enc_values_supported?: readonly string[]
  }
}

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest()

/** Fetches a request by reference; its signer is the certificate that `client_id` names (`x509_hash`). */
export async function readMdlRequest(uri: string): Promise<MdlRequest> {
  const parameters = new URL(uri).searchParams
  const jwt = await (await fetch(parameters.get('request_uri') as string)).text()
  const leaf = jose.decodeProtectedHeader(jwt).x5c?.[0] as string
  const hash = sha256(Buffer.from(leaf, 'base64')).toString('base64url')
  const pem = `-----BEGIN CERTIFICATE-----\n${leaf}\n-----END CERTIFICATE-----`
  const { payload } = await jose.jwtVerify<MdlRequest>(jwt, await jose.importX509(pem, 'ES256'), {
    typ: 'oauth-authz-req+jwt',
  })
  if (payload.client_id !== `x509_hash:${hash}` || payload.client_id !== parameters.get('client_id')) {
    throw new Error(`the request names ${payload.client_id}, its certificate is ${hash}`)
  }
  return payload
}

const encryptionKeyOf = ({ client_metadata }: MdlRequest) => client_metadata?.jwks?.keys[0]

/** The session transcript of OpenID4VP 1.0 Annex B.2.6.1, in the CBOR of @auth0/mdl. */
export async function mdlSessionTranscript(request: MdlRequest): Promise<Buffer> {
  const { client_id, nonce, response_uri, response_mode } = request
  const key = response_mode === 'direct_post.jwt' ? encryptionKeyOf(request) : undefined
  const thumbprint = key ? Buffer.from(await jose.calculateJwkThumbprint(key), 'base64url') : null
  const info = cborEncode([client_id, nonce, thumbprint, response_uri])
  return cborEncode(DataItem.fromData([null, null, ['OpenID4VPHandover', sha256(info)]]))
}

/** Its holder wants the credential as it came from an issuer inside a response. */
export function wrapIssuerSigned(docType: string, issuerSigned: string): Buffer {
  const document = { docType, issuerSigned: cborDecode(Buffer.from(issuerSigned, 'base64url')) }
  return cborEncode({ version: '1.0', documents: [document], status: 0 })
}

export interface MdlPresentation {
  readonly request: MdlRequest
  /** A response with the whole document, as CBOR. */
  readonly mdoc: Buffer
  readonly deviceJwk: jose.JWK
}

/** A response to the one query of the request, base64url, bound by the transcript of OpenID4VP 1.0 or by `withTranscript`. */
export async function presentMdl(
  { request, mdoc, deviceJwk }: MdlPresentation,
  withTranscript?: (response: DeviceResponse) => DeviceResponse,
): Promise<string> {
  const [asked] = request.dcql_query.credentials
  const definition = {
    id: asked?.id,
    input_descriptors: [
      {
        id: asked?.meta.doctype_value,
        format: { mso_mdoc: { alg: ['ES256'] } },
        constraints: {
          limit_disclosure: 'required',
          fields: asked?.claims.map(({ path: [namespace, element] }) => ({
            path: [`$['${namespace}']['${element}']`],
            intent_to_retain: false,
          })),
        },
      },
    ],
  }
  const transcript = await mdlSessionTranscript(request)
  const builder = DeviceResponse.from(mdoc).usingPresentationDefinition(definition as never)
  const bound = withTranscript?.(builder) ?? builder.usingSessionTranscriptBytes(transcript)
  const signed = await bound.authenticateWithSignature(deviceJwk as never, 'ES256').sign()
  return signed.encode().toString('base64url')
}

/** Posts a presentation to the verifier in the response mode of the request. */
export async function answerMdl(request: MdlRequest, presentation: string): Promise<Response> {
  const { state, response_uri, response_mode, client_metadata } = request
  const vp_token = { [request.dcql_query.credentials[0]?.id as string]: [presentation] }
  if (response_mode === 'direct_post') {
    const body = new URLSearchParams({ vp_token: JSON.stringify(vp_token), ...(state && { state }) })
    return fetch(response_uri, { method: 'POST', body })
  }
  const key = encryptionKeyOf(request) as jose.JWK
  const [enc = 'A128GCM'] = client_metadata?.encrypted_response_enc_values_supported ?? []
  const payload = Buffer.from(JSON.stringify({ vp_token, ...(state && { state }) }))
  const response = await new jose.CompactEncrypt(payload)
    .setProtectedHeader({ alg: 'ECDH-ES', enc, kid: key.kid as string })
    .encrypt(await jose.importJWK(key, 'ECDH-ES'))
  return fetch(response_uri, { method: 'POST', body: new URLSearchParams({ response }) })
}
