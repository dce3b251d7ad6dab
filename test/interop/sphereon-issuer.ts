import { randomUUID } from 'node:crypto'
import {
  type CredentialConfigurationSupportedV1_0_15,
  type Jwt,
  type JwtVerifyResult,
  TokenError,
} from '@sphereon/oid4vci-common'
import {
  assertValidAccessTokenRequest,
  createAccessTokenResponse,
  IssuerMetadataBuilderV1_15,
  MemoryStates,
  VcIssuer,
} from '@sphereon/oid4vci-issuer'
import * as jose from 'jose'
import { serve } from '../serve.ts'
import { createPeerKey, signJwt } from './openid4vc-callbacks.ts'
import { answering, createCertificate } from './openid4vc-servers.ts'
import { issuePeerJwt, issuePeerMdoc, issuePeerSdJwt } from './peer-credentials.ts'
import { jwkOfDid, type PeerBinding } from './peer-dids.ts'

const preAuthorized = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** Of each format one configuration for each way to name the holder's key. */
export const sphereonConfigurations = {
  'dc+sd-jwt': { format: 'dc+sd-jwt', binding: 'jwk' },
  'dc+sd-jwt by did:jwk': { format: 'dc+sd-jwt', binding: 'did:jwk' },
  'dc+sd-jwt by did:key': { format: 'dc+sd-jwt', binding: 'did:key' },
  'jwt_vc_json by did:jwk': { format: 'jwt_vc_json', binding: 'did:jwk' },
  'jwt_vc_json by did:key': { format: 'jwt_vc_json', binding: 'did:key' },
  mso_mdoc: { format: 'mso_mdoc', binding: 'cose_key' },
} as const satisfies Record<string, { format: string; binding: PeerBinding }>
/** The configuration that its own builder makes. */
export const asBuilt = 'as built'
export type SphereonConfiguration = keyof typeof sphereonConfigurations

/** An issuer of Sphereon's library: offers, tokens, proofs and sessions are its own; the credentials are not. */
export async function startSphereonIssuer(type: string, claims: Readonly<Record<string, unknown>>) {
  const key = await createPeerKey()
  const notified: unknown[] = []
  let issuer: VcIssuer | undefined
  let root = ''

  const { origin, close } = await serve(async (at) => {
    const url = at.replace('127.0.0.1', 'localhost')
    const certificate = await createCertificate(key, url)
    root = certificate.root
    const signer = { key, x5c: certificate.x5c }
    const builder = new IssuerMetadataBuilderV1_15()
      .withCredentialIssuer(url)
      .withCredentialEndpoint(`${url}/credential`)
      .withNonceEndpoint(`${url}/nonce`)
      .withIssuerDisplay({ name: 'Interop', locale: 'en' })
    // Not by its builder of configurations, which leaves `proof_types_supported` out.
    for (const [id, { format, binding }] of Object.entries(sphereonConfigurations)) {
      builder.addCredentialConfigurationsSupported(id, {
        format,
        ...(format === 'dc+sd-jwt' && { vct: type }),
        ...(format === 'mso_mdoc' && { doctype: type }),
        ...(format === 'jwt_vc_json' && { credential_definition: { type: ['VerifiableCredential', type] } }),
        cryptographic_binding_methods_supported: [binding],
        proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
        display: [{ name: 'Interop document', locale: 'en' }],
      } as unknown as CredentialConfigurationSupportedV1_0_15)
    }
    builder
      .newSupportedCredentialBuilder()
      .withFormat('dc+sd-jwt')
      .withCredentialName(asBuilt)
      .withVct(type)
      .withCryptographicBindingMethod('jwk')
      .withCredentialSigningAlgValuesSupported('ES256')
      .addProofTypesSupported('jwt', { proof_signing_alg_values_supported: ['ES256'] })
    // It has no way to name a notification endpoint, and takes notifications nevertheless.
    const metadata = { ...builder.build(), notification_endpoint: `${url}/notification` }
    const server = {
      issuer: url,
      token_endpoint: `${url}/token`,
      response_types_supported: [],
      grant_types_supported: [preAuthorized],
      'pre-authorized_grant_anonymous_access_supported': true,
    }
    const sessions = new MemoryStates<never>()
    issuer = new VcIssuer(metadata as never, server as never, {
      credentialOfferSessions: sessions as never,
      cNonces: new MemoryStates(),
      uris: new MemoryStates(),
      cNonceExpiresIn: 300,
      jwtVerifyCallback: ({ jwt }) => verifyProof(jwt),
      credentialDataSupplier: async ({ format }) => ({
        format,
        credential: (format === 'dc+sd-jwt' ? { vct: type, iss: url } : {}) as never,
      }),
      async credentialSignerCallback({ credential, format, jwtVerifyResult }) {
        const { cnf } = credential as unknown as { cnf?: { jwk?: jose.JWK; kid?: string } }
        const holderJwk = jwtVerifyResult.jwk as jose.JWK
        const signed = {
          'dc+sd-jwt': () => issuePeerSdJwt(signer, { claims, iss: url, vct: type, cnf: cnf ?? {} }),
          mso_mdoc: () => issuePeerMdoc(signer, { claims, holderJwk, docType: type }),
          jwt_vc_json: () => issuePeerJwt(key, { claims, sub: jwtVerifyResult.did, type }),
        }
        return signed[format as keyof typeof signed]()
      },
    })
    const made = issuer

    /** The session is found by what its access tokens carry. */
    async function codeOf(request: Request): Promise<string> {
      const token = request.headers.get('authorization')?.replace('Bearer ', '') as string
      const { payload } = await jose.jwtVerify(token, await jose.importJWK(key.publicJwk, 'ES256'))
      return payload.preAuthorizedCode as string
    }

    return answering({
      'GET /.well-known/openid-credential-issuer': async () => metadata,
      'GET /.well-known/oauth-authorization-server': async () => server,
      async 'POST /nonce'() {
        const cNonce = randomUUID()
        await made.cNonces.set(cNonce, { cNonce, createdAt: Date.now() })
        return { c_nonce: cNonce }
      },
      async 'POST /token'(request) {
        const body = Object.fromEntries(new URLSearchParams(await request.text())) as never
        try {
          const { credentialOfferSessions, cNonces } = made
          await assertValidAccessTokenRequest(body, { credentialOfferSessions, expirationDuration: 300 })
          return await createAccessTokenResponse(body, {
            credentialOfferSessions,
            cNonces,
            cNonceExpiresIn: 300,
            tokenExpiresIn: 300,
            accessTokenIssuer: url,
            accessTokenSignerCallback: ({ header, payload }: Jwt) => signJwt(key, header, payload),
          })
        } catch (error) {
          if (!(error instanceof TokenError)) throw error
          const description = error.getDescription()
          return Response.json(
            { error: error.responseError, error_description: description },
            { status: error.statusCode },
          )
        }
      },
      async 'POST /credential'(request) {
        const issuerCorrelation = { preAuthorizedCode: await codeOf(request) }
        return made.issueCredential({ credentialRequest: await request.json(), issuerCorrelation })
      },
      async 'POST /notification'(request) {
        const notification = await request.json()
        await made.processNotification({ preAuthorizedCode: await codeOf(request), notification })
        notified.push(notification)
        return undefined
      },
    })
  })
  return {
    url: origin.replace('127.0.0.1', 'localhost'),
    certificate: root,
    notified,
    close,
    async createOffer(id: SphereonConfiguration | typeof asBuilt) {
      const grant = {
        'pre-authorized_code': randomUUID(),
        tx_code: { input_mode: 'numeric' as const, length: 6 },
      }
      const offer = await (issuer as VcIssuer).createCredentialOfferURI({
        credential_configuration_ids: [id],
        grants: { [preAuthorized]: grant },
      })
      return { uri: offer.uri, txCode: offer.userPin as string }
    },
  }
}

/** The signature of a proof, by jose; the claims are the library's to check. */
async function verifyProof(jwt: string): Promise<JwtVerifyResult> {
  const header = jose.decodeProtectedHeader(jwt)
  const did = header.kid?.split('#')[0]
  const jwk = did === undefined ? (header.jwk as jose.JWK) : jwkOfDid(did)
  const { payload } = await jose.jwtVerify(jwt, await jose.importJWK(jwk, header.alg))
  return {
    jwt: { header, payload } as never,
    alg: header.alg as string,
    ...(did === undefined
      ? { jwk: jwk as never }
      : { did, kid: header.kid as string, didDocument: { id: did } }),
  }
}
