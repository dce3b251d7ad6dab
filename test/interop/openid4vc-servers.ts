import { createHash, randomInt, randomUUID } from 'node:crypto'
import { signerFromJwk } from '@ekkasan/keys'
import { createCertificateAuthority } from '@ekkasan/x509'
import {
  type HttpMethod,
  Oauth2AuthorizationServer,
  Oauth2ResourceServer,
  Oauth2ServerErrorResponseError,
  preAuthorizedCodeGrantIdentifier,
} from '@openid4vc/oauth2'
import {
  type CredentialConfigurationsSupported,
  Openid4vciIssuer,
  Openid4vciVersion,
} from '@openid4vc/openid4vci'
import { Openid4vpVerifier } from '@openid4vc/openid4vp'
import type { JWK } from 'jose'
import { serve } from '../serve.ts'
import { createCallbacks, createPeerKey } from './openid4vc-callbacks.ts'
import { issuePeerJwt, issuePeerSdJwt } from './peer-credentials.ts'
import type { PeerBinding, PeerKey } from './peer-dids.ts'

// The certificates of both come from our authority: material, not what is tested.
export async function createCertificate({ publicJwk }: PeerKey, uri: string) {
  const root = await createPeerKey()
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(root.privateJwk as never),
    subject: { commonName: 'Interop root' },
  })
  const x5c = await authority.issue({
    subject: { commonName: 'Interop' },
    publicJwk: publicJwk as never,
    dnsNames: ['localhost'],
    uris: [uri],
  })
  return { x5c: [...x5c], root: authority.certificate }
}

/** A format, and of its binding methods those that are not the usual one. */
export type Openid4vcConfiguration =
  | 'dc+sd-jwt'
  | 'dc+sd-jwt by did:jwk'
  | 'dc+sd-jwt by did:key'
  | 'jwt_vc_json'
  | 'jwt_vc_json by did:key'

/** An issuer of @openid4vc: `dc+sd-jwt` made by @sd-jwt under `x5c`, `jwt_vc_json` as a bare JWT under did:jwk. */
export async function startOpenid4vcIssuer(vct: string, claims: Readonly<Record<string, unknown>>) {
  const key = await createPeerKey()
  const callbacks = createCallbacks(key)
  const issuer = new Openid4vciIssuer({ callbacks })
  const server = new Oauth2AuthorizationServer({ callbacks })
  const resource = new Oauth2ResourceServer({ callbacks })
  const offers = new Map<string, string>()
  const nonces = new Set<string>()
  const notified: unknown[] = []
  let certificate: Awaited<ReturnType<typeof createCertificate>> | undefined
  let metadata: Parameters<Openid4vciIssuer['createCredentialOffer']>[0]['issuerMetadata'] | undefined

  async function issue(format: string, holder: { kid?: string | undefined; jwk?: unknown }, url: string) {
    if (format === 'jwt_vc_json') {
      return issuePeerJwt(key, { claims, sub: holder.kid?.split('#')[0], type: 'InteropCredential' })
    }
    const signer = { key, x5c: certificate?.x5c ?? [] }
    const cnf = holder.kid === undefined ? { jwk: holder.jwk as JWK } : { kid: holder.kid }
    return issuePeerSdJwt(signer, { claims, cnf, iss: url, vct })
  }

  const { origin, close } = await serve(async (at) => {
    const url = at.replace('127.0.0.1', 'localhost')
    certificate = await createCertificate(key, url)
    const supported = (more: object) => ({
      credential_signing_alg_values_supported: ['ES256'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
      credential_metadata: { display: [{ name: 'Interop', locale: 'en' }] },
      ...more,
    })
    const sdJwt = (binding: PeerBinding) =>
      supported({ format: 'dc+sd-jwt', vct, cryptographic_binding_methods_supported: [binding] })
    const jwt = (binding: PeerBinding) =>
      supported({
        format: 'jwt_vc_json',
        credential_definition: { type: ['VerifiableCredential', 'InteropCredential'] },
        cryptographic_binding_methods_supported: [binding],
      })
    const configurations = {
      'dc+sd-jwt': sdJwt('jwk'),
      'dc+sd-jwt by did:jwk': sdJwt('did:jwk'),
      'dc+sd-jwt by did:key': sdJwt('did:key'),
      jwt_vc_json: jwt('did:jwk'),
      'jwt_vc_json by did:key': jwt('did:key'),
    } as unknown as CredentialConfigurationsSupported
    const credentialIssuer = issuer.createCredentialIssuerMetadata({
      credential_issuer: url,
      credential_endpoint: `${url}/credential`,
      nonce_endpoint: `${url}/nonce`,
      notification_endpoint: `${url}/notification`,
      display: [{ name: 'Interop', locale: 'en' }],
      credential_configurations_supported: configurations,
    })
    const authorizationServer = server.createAuthorizationServerMetadata({
      issuer: url,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      grant_types_supported: [preAuthorizedCodeGrantIdentifier],
      'pre-authorized_grant_anonymous_access_supported': true,
    })
    metadata = {
      originalDraftVersion: Openid4vciVersion.V1,
      credentialIssuer,
      authorizationServers: [authorizationServer],
      knownCredentialConfigurations: issuer.getKnownCredentialConfigurationsSupported(credentialIssuer),
    }
    const issuerMetadata = metadata

    async function authorize(request: Request) {
      const { tokenPayload } = await resource.verifyResourceRequest({
        authorizationServers: [authorizationServer],
        request: requestLike(request),
        resourceServer: url,
      })
      return tokenPayload
    }

    return answering({
      'GET /.well-known/openid-credential-issuer': async () => credentialIssuer,
      'GET /.well-known/oauth-authorization-server': async () => authorizationServer,
      'GET /jwks': async () => ({ keys: [{ ...key.publicJwk, use: 'sig', alg: 'ES256' }] }),
      async 'POST /nonce'() {
        const cNonce = randomUUID()
        nonces.add(cNonce)
        return issuer.createNonceResponse({ cNonce })
      },
      async 'POST /token'(request) {
        const body = Object.fromEntries(new URLSearchParams(await request.text()))
        const { grant, accessTokenRequest } = server.parseAccessTokenRequest({
          accessTokenRequest: body,
          request: requestLike(request),
        })
        if (grant.grantType !== preAuthorizedCodeGrantIdentifier) throw new Error('another grant')
        await server.verifyPreAuthorizedCodeAccessTokenRequest({
          grant,
          accessTokenRequest,
          authorizationServerMetadata: authorizationServer,
          request: requestLike(request),
          expectedPreAuthorizedCode: offers.has(grant.preAuthorizedCode) ? grant.preAuthorizedCode : '',
          expectedTxCode: offers.get(grant.preAuthorizedCode) as string,
        })
        return server.createAccessTokenResponse({
          audience: url,
          authorizationServer: url,
          expiresInSeconds: 300,
          subject: grant.preAuthorizedCode,
          signer: { method: 'custom', alg: 'ES256' },
        })
      },
      async 'POST /credential'(request) {
        await authorize(request)
        const parsed = issuer.parseCredentialRequest({
          issuerMetadata,
          credentialRequest: (await request.json()) as Record<string, unknown>,
        })
        const [jwt] = parsed.proofs?.jwt ?? []
        const nonce = JSON.parse(
          Buffer.from((jwt as string).split('.')[1] as string, 'base64url').toString(),
        ).nonce
        const { header, signer } = await issuer.verifyCredentialRequestJwtProof({
          issuerMetadata,
          jwt: jwt as string,
          expectedNonce: nonces.delete(nonce) ? nonce : 'none',
        })
        const format = parsed.credentialConfiguration?.format as string
        const holder = { kid: header.kid, jwk: signer.publicJwk }
        return issuer.createCredentialResponse({
          credentialRequest: parsed,
          credentials: [{ credential: await issue(format, holder, url) }],
          notificationId: randomUUID(),
        })
      },
      async 'POST /notification'(request) {
        await authorize(request)
        notified.push(await request.json())
        return undefined
      },
    })
  })
  return {
    url: origin.replace('127.0.0.1', 'localhost'),
    certificate: certificate?.root as string,
    notified,
    close,
    async createOffer(configurationId: Openid4vcConfiguration) {
      const code = randomUUID()
      const txCode = String(randomInt(100_000, 1_000_000))
      offers.set(code, txCode)
      const { credentialOffer } = await issuer.createCredentialOffer({
        issuerMetadata: metadata as NonNullable<typeof metadata>,
        credentialConfigurationIds: [configurationId],
        grants: {
          [preAuthorizedCodeGrantIdentifier]: {
            'pre-authorized_code': code,
            tx_code: { input_mode: 'numeric', length: 6 },
          },
        },
      })
      return { uri: credentialOffer, txCode }
    },
  }
}

/** A verifier of @openid4vc with `x509_hash`; what it received is checked by @sd-jwt and jose, in the test. */
export async function startOpenid4vcVerifier() {
  const key = await createPeerKey()
  const encryptionKey = await createPeerKey()
  const callbacks = { ...createCallbacks(key), decryptJwe: createCallbacks(encryptionKey).decryptJwe }
  const verifier = new Openid4vpVerifier({ callbacks })
  type Created = Awaited<ReturnType<typeof verifier.createOpenId4vpAuthorizationRequest>>
  const asked = new Map<string, Created>()
  const answers = new Map<string, { readonly encrypted: boolean; readonly presentations: Presentations }>()
  let certificate: Awaited<ReturnType<typeof createCertificate>> | undefined

  const { origin, close } = await serve(async (at) => {
    certificate = await createCertificate(key, at)
    return answering({
      async 'GET /request'(_request, id) {
        const jwt = asked.get(id)?.jar?.authorizationRequestJwt
        return new Response(jwt, { headers: { 'content-type': 'application/oauth-authz-req+jwt' } })
      },
      async 'POST /response'(request, id) {
        const authorizationResponse = Object.fromEntries(new URLSearchParams(await request.text()))
        const parsed = await verifier.parseOpenid4vpAuthorizationResponse({
          authorizationResponse,
          authorizationRequestPayload: asked.get(id)?.authorizationRequestPayload as never,
          callbacks,
        })
        if (parsed.type !== 'dcql') throw new Error('not an answer to DCQL')
        const { presentations } = parsed.dcql
        answers.set(id, {
          encrypted: parsed.jarm !== undefined,
          presentations: presentations as Presentations,
        })
        return {}
      },
    })
  })
  const url = origin.replace('127.0.0.1', 'localhost')
  const leaf = certificate?.x5c[0] as string
  const hash = createHash('sha256').update(Buffer.from(leaf, 'base64')).digest('base64url')
  const clientId = `x509_hash:${hash}`
  return {
    url,
    clientId,
    close,
    answer: (id: string) => answers.get(id),
    async ask(query: object, options: { responseMode: 'direct_post' | 'direct_post.jwt'; aud?: string }) {
      const id = randomUUID()
      const nonce = randomUUID()
      const created = await verifier.createOpenId4vpAuthorizationRequest({
        authorizationRequestPayload: {
          response_type: 'vp_token',
          client_id: clientId,
          response_mode: options.responseMode,
          response_uri: `${url}/response?${id}`,
          nonce,
          state: id,
          dcql_query: query,
          client_metadata: {
            vp_formats_supported: {
              'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
              jwt_vc_json: { alg_values: ['ES256'] },
              mso_mdoc: { issuerauth_alg_values: [-7], deviceauth_alg_values: [-7] },
            },
            ...(options.responseMode === 'direct_post.jwt' && {
              jwks: { keys: [{ ...encryptionKey.publicJwk, kid: 'enc', use: 'enc', alg: 'ECDH-ES' }] },
              encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
            }),
          },
        } as never,
        jar: {
          jwtSigner: { method: 'x5c', alg: 'ES256', x5c: certificate?.x5c ?? [] },
          requestUri: `${url}/request?${id}`,
          expiresInSeconds: 300,
          ...(options.aud && { additionalJwtPayload: { aud: options.aud } }),
        },
      })
      asked.set(id, created)
      return {
        id,
        nonce,
        uri: created.authorizationRequest,
        request: created.authorizationRequestPayload,
      }
    },
  }
}

type Presentations = Readonly<Record<string, readonly string[]>>
type Answer = (request: Request, query: string) => Promise<object | undefined>

/** Answers by method and path; what a route throws as a protocol error of @openid4vc is answered as one. */
export function answering(routes: Readonly<Record<string, Answer>>) {
  return async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    try {
      const answer = await routes[`${request.method} ${pathname}`]?.(request, search.slice(1))
      if (answer instanceof Response) return answer
      return answer ? Response.json(answer) : new Response(null, { status: 204 })
    } catch (error) {
      if (!(error instanceof Oauth2ServerErrorResponseError)) throw error
      return Response.json(error.errorResponse, { status: error.status })
    }
  }
}

function requestLike(request: Request) {
  return {
    headers: request.headers,
    method: request.method as HttpMethod,
    url: request.url.replace('127.0.0.1', 'localhost'),
  }
}
