import { preAuthorizedCodeGrantIdentifier } from '@openid4vc/oauth2'
import { Openid4vciClient } from '@openid4vc/openid4vci'
import { Openid4vpClient } from '@openid4vc/openid4vp'
import { digest, ES256, generateSalt } from '@sd-jwt/crypto-nodejs'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { createCallbacks, createPeerKey, signJwt } from './openid4vc-callbacks.ts'
import { didUrlOf, type PeerBinding } from './peer-dids.ts'

/** A wallet of @openid4vc for the messages and @sd-jwt (or a bare JWT) for the presentation. */
export async function createOpenid4vcHolder() {
  const key = await createPeerKey()
  const callbacks = createCallbacks(key)
  const vci = new Openid4vciClient({ callbacks })
  const vp = new Openid4vpClient({ callbacks })
  const now = () => Math.floor(Date.now() / 1000)

  return {
    key,
    callbacks,
    /** Redeems an offer; how many credentials at once is how many proofs, here all of one key. */
    async receive(offer: string, options: { txCode: string; binding: PeerBinding }) {
      const didUrl = didUrlOf(key, options.binding)
      const credentialOffer = await vci.resolveCredentialOffer(offer)
      const issuerMetadata = await vci.resolveIssuerMetadata(credentialOffer.credential_issuer)
      const { accessTokenResponse } = await vci.retrievePreAuthorizedCodeAccessTokenFromOffer({
        credentialOffer,
        issuerMetadata,
        txCode: options.txCode,
      })
      const { c_nonce: nonce } = await vci.requestNonce({ issuerMetadata })
      const credentialConfigurationId = credentialOffer.credential_configuration_ids[0] as string
      const { jwt } = await vci.createCredentialRequestJwtProof({
        issuerMetadata,
        credentialConfigurationId,
        nonce,
        issuedAt: new Date(),
        signer:
          didUrl === undefined
            ? { method: 'jwk', alg: 'ES256', publicJwk: key.publicJwk }
            : { method: 'did', alg: 'ES256', didUrl },
      })
      const { access_token: accessToken } = accessTokenResponse
      const { credentialResponse } = await vci.retrieveCredentials({
        issuerMetadata,
        accessToken,
        credentialConfigurationId,
        proofs: { jwt: [jwt] },
      })
      const { credentials = [], notification_id: notificationId } = credentialResponse
      return {
        version: issuerMetadata.originalDraftVersion,
        txCode: credentialOffer.grants?.[preAuthorizedCodeGrantIdentifier]?.tx_code,
        credentials: (credentials as { credential: string }[]).map((each) => each.credential),
        notify: (event: 'credential_accepted' | 'credential_deleted') =>
          vci.sendNotification({
            issuerMetadata,
            accessToken,
            notification: { notificationId: notificationId as string, event },
          }),
      }
    },

    async readRequest(uri: string, wallet?: { metadata: object; nonce: string }) {
      const { params } = vp.parseOpenid4vpAuthorizationRequest({ authorizationRequest: uri })
      return vp.resolveOpenId4vpAuthorizationRequest({
        authorizationRequestPayload: params,
        ...(wallet && { wallet: wallet as never }),
      })
    },

    /** Presents an SD-JWT VC with @sd-jwt: the claims in `frame`, bound to the request. */
    async presentSdJwt(credential: string, frame: object, binding: { aud: string; nonce: string }) {
      const instance = new SDJwtVcInstance({
        hasher: digest,
        saltGenerator: generateSalt,
        kbSignAlg: 'ES256',
        kbSigner: await ES256.getSigner(key.privateJwk),
      })
      return instance.present(credential, frame as never, { kb: { payload: { iat: now(), ...binding } } })
    },

    /** Presents a `jwt_vc_json` whole (VCDM 1.1 section 6.3.1). */
    presentJwt(credential: string, binding: { aud: string; nonce: string }, named: PeerBinding = 'did:jwk') {
      const kid = didUrlOf(key, named) as string
      const vpClaim = {
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        type: ['VerifiablePresentation'],
        verifiableCredential: [credential],
      }
      const payload = {
        iss: kid.split('#')[0],
        iat: now(),
        nbf: now(),
        exp: now() + 60,
        ...binding,
        vp: vpClaim,
      }
      return signJwt(key, { typ: 'JWT', kid }, payload)
    },

    /** Answers in the response mode of the request. */
    async respond(
      request: Awaited<ReturnType<typeof vp.resolveOpenId4vpAuthorizationRequest>>,
      vpToken: Record<string, string[]>,
    ) {
      const { authorizationRequestPayload } = request
      const serverMetadata = {
        authorization_signing_alg_values_supported: ['ES256'],
        authorization_encryption_alg_values_supported: ['ECDH-ES'],
        authorization_encryption_enc_values_supported: ['A256GCM'],
      }
      const { authorizationResponsePayload, jarm } = await vp.createOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: authorizationRequestPayload as never,
        authorizationResponsePayload: { vp_token: vpToken as never },
        ...(authorizationRequestPayload.response_mode === 'direct_post.jwt' && {
          jarm: { encryption: { nonce: '' }, serverMetadata },
        }),
      })
      const { response } = await vp.submitOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: authorizationRequestPayload as never,
        authorizationResponsePayload,
        ...(jarm && { jarm }),
      })
      return response
    },
  }
}
