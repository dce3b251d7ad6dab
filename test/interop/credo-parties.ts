import type { AddressInfo } from 'node:net'
import {
  type Agent,
  ClaimFormat,
  DidKey,
  Kms,
  type SdJwtVcRecord,
  type X509Certificate,
} from '@credo-ts/core'
import { OpenId4VcModule } from '@credo-ts/openid4vc'
import express from 'express'
import { createCredoAgent } from './credo-agent.ts'

async function listen() {
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return { app, url, close: () => server.close() }
}

/** Credo as a wallet; `trustedCertificates` are base64 DER roots for issuers and verifiers. */
export async function createCredoHolder(trustedCertificates: readonly string[] = []) {
  const agent = await createCredoAgent({ openid4vc: new OpenId4VcModule({}) })
  agent.x509.config.setTrustedCertificates?.([...trustedCertificates])
  return {
    agent,
    /** Redeems an offer and keeps what comes. */
    async receive(offerUri: string, options: { txCode?: string; binding?: 'jwk' | 'did:key' } = {}) {
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
            const key = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
            const created = await agent.dids.create({
              method: 'key',
              options: { keyId: key.keyId },
            })
            const did = created.didState.did as string
            return { method: 'did', didUrls: [`${did}#${DidKey.fromDid(did).publicJwk.fingerprint}`] }
          }
          const key = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
          return { method: 'jwk', keys: [Kms.PublicJwk.fromPublicJwk(key.publicJwk)] }
        },
      })
      for (const { record, notificationId } of credentials) {
        if (record.type === 'SdJwtVcRecord') await agent.sdJwtVc.store({ record: record as SdJwtVcRecord })
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

type CredoTools = Pick<Agent, 'kms' | 'x509'>

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

/** Credo as an issuer of one SD-JWT VC, pre-authorized code with a transaction code. */
export async function startCredoIssuer(vct: string, claims: Record<string, unknown>) {
  const { app, url, close } = await listen()
  const state: { certificate?: X509Certificate } = {}
  const agent = await createCredoAgent({
    openid4vc: new OpenId4VcModule({
      app,
      issuer: {
        baseUrl: `${url}/oid4vci`,
        credentialRequestToCredentialMapper: ({ holderBinding }) => ({
          type: 'credentials',
          format: ClaimFormat.SdJwtDc,
          credentials: holderBinding.keys.map((key) => ({
            payload: { vct, ...claims },
            holder: key,
            issuer: { method: 'x5c', x5c: [state.certificate as X509Certificate], issuer: `${url}/oid4vci` },
            disclosureFrame: { _sd: Object.keys(claims) },
          })),
        }),
      },
    }),
  })
  const certificate = await createCertificate(agent, `${url}/oid4vci`)
  state.certificate = certificate
  const record = await agent.openid4vc.issuer.createIssuer({
    issuerId: 'interop',
    credentialConfigurationsSupported: {
      Interop: {
        format: 'dc+sd-jwt',
        vct,
        cryptographic_binding_methods_supported: ['jwk'],
        credential_signing_alg_values_supported: ['ES256'],
        proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
        credential_metadata: { display: [{ name: 'Interop', locale: 'en' }] },
      },
    },
  })
  return {
    agent,
    url: `${url}/oid4vci/interop`,
    certificate: certificate.toString('base64'),
    async createOffer() {
      const { credentialOffer, issuanceSession } = await agent.openid4vc.issuer.createCredentialOffer({
        issuerId: record.issuerId,
        credentialConfigurationIds: ['Interop'],
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
