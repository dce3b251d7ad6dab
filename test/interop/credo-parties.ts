import type { AddressInfo } from 'node:net'
import {
  type Agent,
  ClaimFormat,
  DidKey,
  Kms,
  type MdocRecord,
  type SdJwtVcRecord,
  W3cCredential,
  W3cCredentialSubject,
  type X509Certificate,
} from '@credo-ts/core'
import { OpenId4VcModule } from '@credo-ts/openid4vc'
import express from 'express'
import { createCredoAgent } from './credo-agent.ts'
import { dataIntegrityModules } from './credo-data-integrity.ts'
import { interopContext } from './ours.ts'

const baseContextV1 = 'https://www.w3.org/2018/credentials/v1'

async function listen() {
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return { app, url, close: () => server.close() }
}

/** Credo as a wallet; `trustedCertificates` are base64 DER roots for issuers and verifiers. */
export async function createCredoHolder(trustedCertificates: readonly string[] = []) {
  const agent = await createCredoAgent({ ...dataIntegrityModules(), openid4vc: new OpenId4VcModule({}) })
  agent.x509.config.setTrustedCertificates?.([...trustedCertificates])
  return {
    agent,
    /** Redeems an offer and keeps what comes. */
    async receive(
      offerUri: string,
      options: { txCode?: string; binding?: 'jwk' | 'did:jwk' | 'did:key' } = {},
    ) {
      const { holder } = agent.openid4vc
      const resolvedCredentialOffer = await holder.resolveCredentialOffer(offerUri)
      const token = await holder.requestToken({
        resolvedCredentialOffer,
        ...(options.txCode && { txCode: options.txCode }),
      })
      const { credentials } = await holder.requestCredentials({
        resolvedCredentialOffer,
        ...token,
        verifyCredentialStatus: false,
        async credentialBindingResolver() {
          if (options.binding === 'did:key') {
            return { method: 'did', didUrls: [await createDidKey(agent)] }
          }
          if (options.binding === 'did:jwk') {
            return { method: 'did', didUrls: [await createDidJwk(agent)] }
          }
          const key = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
          return { method: 'jwk', keys: [Kms.PublicJwk.fromPublicJwk(key.publicJwk)] }
        },
      })
      for (const { record, notificationId } of credentials) {
        if (record.type === 'SdJwtVcRecord') await agent.sdJwtVc.store({ record: record as SdJwtVcRecord })
        else if (record.type === 'MdocRecord') await agent.mdoc.store({ record: record as MdocRecord })
        else await agent.w3cCredentials.store({ record: record as never })
        if (notificationId) {
          await holder.sendNotification({
            metadata: resolvedCredentialOffer.metadata,
            notificationId,
            accessToken: token.accessToken,
            notificationEvent: 'credential_accepted',
          })
        }
      }
      return credentials
    },
    /** Answers a presentation request with whatever fits. */
    async present(requestUri: string) {
      const { holder } = agent.openid4vc
      const request = await holder.resolveOpenId4VpAuthorizationRequest(requestUri)
      if (!request.dcql) throw new Error('no DCQL query in the request')
      const credentials = holder.selectCredentialsForDcqlRequest(request.dcql.queryResult)
      return holder.acceptOpenId4VpAuthorizationRequest({
        authorizationRequestPayload: request.authorizationRequestPayload,
        dcql: { credentials },
      })
    },
  }
}

type CredoTools = Pick<Agent, 'kms' | 'x509' | 'dids'>

/** The DID URL of a new P-256 key. */
async function createDidKey(agent: CredoTools): Promise<string> {
  const key = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const created = await agent.dids.create({ method: 'key', options: { keyId: key.keyId } })
  const did = created.didState.did as string
  return `${did}#${DidKey.fromDid(did).publicJwk.fingerprint}`
}

async function createDidJwk(agent: CredoTools): Promise<string> {
  const key = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const created = await agent.dids.create({ method: 'jwk', options: { keyId: key.keyId } })
  return `${created.didState.did as string}#0`
}

async function createCertificate(agent: CredoTools, uri: string) {
  const key = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const certificate = await agent.x509.createCertificate({
    authorityKey: Kms.PublicJwk.fromPublicJwk(key.publicJwk),
    issuer: { commonName: 'Interop', countryName: 'TH' },
    validity: { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) },
    extensions: {
      subjectAlternativeName: {
        name: [
          { type: 'dns', value: 'localhost' },
          { type: 'url', value: uri },
        ],
      },
    },
  })
  certificate.publicJwk.keyId = key.keyId
  return certificate
}

export type CredoFormat = 'dc+sd-jwt' | 'jwt_vc_json' | 'ldp_vc' | 'mso_mdoc'
/** What its issuer offers: a format, and of its binding methods those that are not the usual one. */
export type CredoConfiguration =
  | CredoFormat
  | 'dc+sd-jwt by did:jwk'
  | 'dc+sd-jwt by did:key'
  | 'jwt_vc_json by did:key'
  | 'ldp_vc by did:jwk'

/**
 * Credo as an issuer of one document in four formats, each a credential configuration of its format's name, and again by
 * other binding methods; pre-authorized code with a transaction code. `type` is the `vct`, the type of the W3C body, the doctype and its
 * namespace.
 */
export async function startCredoIssuer(type: string, claims: Record<string, unknown>) {
  const { app, url, close } = await listen()
  const state: { certificate?: X509Certificate; method?: string } = {}
  const agent = await createCredoAgent({
    ...dataIntegrityModules(),
    openid4vc: new OpenId4VcModule({
      app,
      issuer: {
        baseUrl: `${url}/oid4vci`,
        credentialRequestToCredentialMapper: async ({ holderBinding, credentialConfigurationId }) => {
          const certificate = state.certificate as X509Certificate
          const [format] = credentialConfigurationId.split(' ')
          if (format === 'mso_mdoc') {
            const signed = new Date(Date.now() - 60_000)
            return {
              type: 'credentials',
              format: ClaimFormat.MsoMdoc,
              credentials: holderBinding.keys.map(({ jwk }) => ({
                docType: type,
                namespaces: { [type]: claims },
                issuerCertificate: certificate,
                holderKey: jwk,
                validityInfo: { signed, validFrom: signed, validUntil: new Date(Date.now() + 3_600_000) },
              })),
            }
          }
          if (format === 'jwt_vc_json' || format === 'ldp_vc') {
            const method = state.method as string
            return {
              type: 'credentials',
              format: format === 'ldp_vc' ? ClaimFormat.LdpVc : ClaimFormat.JwtVc,
              credentials: holderBinding.keys.map((key) => ({
                verificationMethod: method,
                credential: new W3cCredential({
                  id: 'urn:uuid:5d2b6a1c-0000-4000-8000-000000000001',
                  context: [baseContextV1, interopContext.url],
                  type: ['VerifiableCredential', type],
                  issuer: method.split('#')[0] as string,
                  issuanceDate: new Date(Date.now() - 60_000).toISOString(),
                  expirationDate: new Date(Date.now() + 3_600_000).toISOString(),
                  credentialSubject: new W3cCredentialSubject({
                    id: (key as { didUrl: string }).didUrl.split('#')[0] as string,
                    claims: claims as never,
                  }),
                }),
              })),
            }
          }
          return {
            type: 'credentials',
            format: ClaimFormat.SdJwtDc,
            credentials: holderBinding.keys.map((key) => ({
              payload: { vct: type, ...claims },
              holder: key,
              issuer: { method: 'x5c', x5c: [certificate], issuer: `${url}/oid4vci` },
              disclosureFrame: { _sd: Object.keys(claims) },
            })),
          }
        },
      },
    }),
  })
  const certificate = await createCertificate(agent, `${url}/oid4vci`)
  state.certificate = certificate
  state.method = await createDidKey(agent)
  const shared = (binding: string, algorithm: string | number) => ({
    cryptographic_binding_methods_supported: [binding],
    credential_signing_alg_values_supported: [algorithm] as never,
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    credential_metadata: { display: [{ name: 'Interop', locale: 'en' }] },
  })
  const definition = {
    '@context': [baseContextV1, interopContext.url],
    type: ['VerifiableCredential', type] as [string, ...string[]],
  }
  const sdJwt = (binding: string) => ({
    format: 'dc+sd-jwt' as const,
    vct: type,
    ...shared(binding, 'ES256'),
  })
  const jwt = (binding: string) => ({
    format: 'jwt_vc_json' as const,
    credential_definition: { type: definition.type },
    ...shared(binding, 'ES256'),
  })
  const linkedData = (binding: string) => ({
    format: 'ldp_vc' as const,
    credential_definition: definition,
    ...shared(binding, 'DataIntegrityProof'),
    // A Credo wallet looks among the algorithms of JWT proofs for the type of a Linked Data proof.
    proof_types_supported: {
      jwt: { proof_signing_alg_values_supported: ['ES256', 'DataIntegrityProof'] },
    },
  })
  const record = await agent.openid4vc.issuer.createIssuer({
    issuerId: 'interop',
    credentialConfigurationsSupported: {
      'dc+sd-jwt': sdJwt('jwk'),
      'dc+sd-jwt by did:jwk': sdJwt('did:jwk'),
      'dc+sd-jwt by did:key': sdJwt('did:key'),
      jwt_vc_json: jwt('did:jwk'),
      'jwt_vc_json by did:key': jwt('did:key'),
      ldp_vc: linkedData('did:key'),
      'ldp_vc by did:jwk': linkedData('did:jwk'),
      mso_mdoc: { format: 'mso_mdoc', doctype: type, ...shared('cose_key', -7) },
    },
  })
  return {
    agent,
    url: `${url}/oid4vci/interop`,
    certificate: certificate.toString('base64'),
    async createOffer(configuration: CredoConfiguration = 'dc+sd-jwt') {
      const { credentialOffer, issuanceSession } = await agent.openid4vc.issuer.createCredentialOffer({
        issuerId: record.issuerId,
        credentialConfigurationIds: [configuration],
        preAuthorizedCodeFlowConfig: { txCode: { input_mode: 'numeric', length: 6 } },
      })
      return { uri: credentialOffer, txCode: issuanceSession.userPin as string }
    },
    async close() {
      await agent.shutdown()
      close()
    },
  }
}

/** Credo as a verifier; asks with a request signed under a certificate. */
export async function startCredoVerifier(trustedCertificates: readonly string[] = []) {
  const { app, url, close } = await listen()
  const agent = await createCredoAgent({
    ...dataIntegrityModules(),
    openid4vc: new OpenId4VcModule({ app, verifier: { baseUrl: `${url}/oid4vp` } }),
  })
  agent.x509.config.setTrustedCertificates?.([...trustedCertificates])
  const certificate = await createCertificate(agent, `${url}/oid4vp`)
  const verifier = await agent.openid4vc.verifier.createVerifier({
    verifierId: 'interop',
    clientMetadata: { client_name: 'Interop' },
  })
  return {
    agent,
    certificate: certificate.toString('base64'),
    async ask(
      query: object,
      options: {
        prefix?: 'x509_hash' | 'x509_san_dns'
        responseMode?: 'direct_post' | 'direct_post.jwt'
      } = {},
    ) {
      const { authorizationRequest, verificationSession } =
        await agent.openid4vc.verifier.createAuthorizationRequest({
          verifierId: verifier.verifierId,
          requestSigner: { method: 'x5c', x5c: [certificate], clientIdPrefix: options.prefix ?? 'x509_hash' },
          dcql: { query: query as never },
          responseMode: options.responseMode ?? 'direct_post.jwt',
        })
      return { uri: authorizationRequest, id: verificationSession.id }
    },
    result: (id: string) => agent.openid4vc.verifier.getVerifiedAuthorizationResponse(id),
    state: async (id: string) => (await agent.openid4vc.verifier.getVerificationSessionById(id)).state,
    async close() {
      await agent.shutdown()
      close()
    },
  }
}
