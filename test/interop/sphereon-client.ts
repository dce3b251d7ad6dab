import {
  CredentialRequestClientBuilderV1_0_15,
  OpenID4VCIClientV1_0_15,
  ProofOfPossessionBuilder,
} from '@sphereon/oid4vci-client'
import { Alg, type Jwt, OpenId4VCIVersion } from '@sphereon/oid4vci-common'
import { createPeerKey, signJwt } from './openid4vc-callbacks.ts'
import { didUrlOf, type PeerBinding } from './peer-dids.ts'

/** A wallet of Sphereon's client 0.20.1, which speaks draft 15; the signature under its proofs is jose's. */
export async function createSphereonWallet() {
  const key = await createPeerKey()
  return {
    key,
    /**
     * Redeems an offer. Its credential request has the `proof` of a draft; `shim` puts it into the `proofs` of 1.0, and
     * is the only thing that is changed.
     */
    async receive(
      uri: string,
      options: { readonly txCode?: string; readonly binding: PeerBinding; readonly shim: boolean },
    ) {
      const client = await OpenID4VCIClientV1_0_15.fromURI({ uri, resolveOfferUri: true })
      const accessTokenResponse = await client.acquireAccessToken({ pin: options.txCode as string })
      const nonce = await client.acquireNonce()
      const [configurationId = ''] = client.getCredentialOfferConfigurationIds()
      const metadata = client.endpointMetadata
      const requests = CredentialRequestClientBuilderV1_0_15.fromCredentialOffer({
        credentialOffer: client.credentialOffer as NonNullable<typeof client.credentialOffer>,
        metadata,
      })
        .withTokenFromResponse(accessTokenResponse)
        .withCredentialConfigurationId(configurationId)
        .build()
      const builder = ProofOfPossessionBuilder.fromAccessTokenResponse({
        accessTokenResponse: { ...accessTokenResponse, c_nonce: nonce },
        callbacks: {
          signCallback: ({ header, payload }: Jwt) => signJwt(key, header, payload),
        },
        version: OpenId4VCIVersion.VER_1_0_15,
      })
        .withIssuer(client.getIssuer())
        .withAlg(Alg.ES256)
      const kid = didUrlOf(key, options.binding)
      const proofInput = kid === undefined ? builder.withJWK(key.publicJwk as never) : builder.withKid(kid)
      const { proof, ...request } = (await requests.createCredentialRequest({
        proofInput,
        credentialConfigurationId: configurationId,
        version: OpenId4VCIVersion.VER_1_0_15,
      })) as { proof?: { jwt: string } }
      const sent = options.shim ? { ...request, proofs: { jwt: [proof?.jwt] } } : { ...request, proof }
      const { successBody, errorBody, origResponse } = await requests.acquireCredentialsUsingRequest(
        sent as never,
        'dc+sd-jwt',
      )
      const credentials = (successBody?.credentials ?? []) as readonly { readonly credential: string }[]
      return {
        version: client.version(),
        status: origResponse.status,
        error: errorBody?.error,
        credentials: credentials.map(({ credential }) => credential),
        notify: () =>
          client.sendNotification(
            { notificationEndpoint: metadata.credentialIssuerMetadata?.notification_endpoint as string },
            { notification_id: successBody?.notification_id as string, event: 'credential_accepted' },
          ),
      }
    },
  }
}
