import { createHash, randomBytes } from 'node:crypto'
import { trustAnyone } from '@ekkasan/core'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import {
  createProof,
  parseCredentialIssuerMetadata,
  parseCredentialResponse,
  parseGrantedIdentifiers,
  parseNonceResponse,
  wellKnownUrl,
} from '@ekkasan/openid4vc'
import { sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { requireReceived } from '@ekkasan/wallet'
import { resolveX5c, trustAnchors } from '@ekkasan/x509'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { followLogin, redirectUri, startProviderIssuer, walletClient } from './oidc-provider-issuer.ts'
import { createOurWallet } from './ours.ts'

// oidc-provider 9.13.3 (panva) as authorization server and credential issuer, by its experimental `openid4vci`. What it
// shares with us: jose, under it for proofs and tokens, under our `keys` for JWE alone, which is not used here.

const type = 'InteropDocument'
const claims = { name: 'สมชาย ใจดี', age: 20 }
let theirs: Awaited<ReturnType<typeof startProviderIssuer>>
beforeAll(async () => {
  theirs = await startProviderIssuer(type, claims)
})
afterAll(() => theirs?.close())

const walletOf = (clientId?: string) =>
  createOurWallet({
    hosts: [new URL(theirs.url).host],
    issuerCertificates: [theirs.certificate],
    ...(clientId !== undefined && { clientId }),
  })

describe('oidc-provider by pre-authorized code', () => {
  it.each([
    ['dc+sd-jwt', claims],
    ['mso_mdoc', { [type]: claims }],
  ] as const)('our wallet, as a client that it knows, receives %s', async (id, expected) => {
    const wallet = walletOf(walletClient)
    const offer = await theirs.createOffer(id)
    const read = await wallet.readOffer(offer.uri)
    expect(read.issuer).toMatchObject({ id: theirs.url, names: { en: 'Interop' } })
    const [credential] = requireReceived(await wallet.receive(read, { txCode: offer.txCode }))
    expect(credential?.view.claims).toMatchObject(expected)
  })

  it('our wallet receives a batch, each bound to a key of its own', async () => {
    const wallet = walletOf(walletClient)
    const offer = await theirs.createOffer('dc+sd-jwt')
    const read = await wallet.readOffer(offer.uri)
    const credentials = requireReceived(await wallet.receive(read, { txCode: offer.txCode, batchSize: 3 }))
    expect(credentials).toHaveLength(3)
    expect(new Set(theirs.holders.slice(-3).map(({ x }) => x)).size).toBe(3)
  })

  it('an anonymous wallet is told why it is refused, and the code is not spent [N5]', async () => {
    const offer = await theirs.createOffer('dc+sd-jwt')
    const anonymous = walletOf()
    const refused = anonymous.receive(await anonymous.readOffer(offer.uri), { txCode: offer.txCode })
    await expect(refused.then(requireReceived)).rejects.toMatchObject({
      code: 'wallet.receive.refused',
      message: expect.stringContaining('this wallet has no clientId'),
    })
    const wallet = walletOf(walletClient)
    const read = await wallet.readOffer(offer.uri)
    expect(requireReceived(await wallet.receive(read, { txCode: offer.txCode }))).toHaveLength(1)
  })

  it('it ends the offer at the first wrong transaction code, and our wallet says so', async () => {
    const wallet = walletOf(walletClient)
    const offer = await theirs.createOffer('dc+sd-jwt')
    const read = await wallet.readOffer(offer.uri)
    const wrong = offer.txCode === '000000' ? '000001' : '000000'
    for (const txCode of [wrong, offer.txCode]) {
      await expect(wallet.receive(read, { txCode }).then(requireReceived)).rejects.toMatchObject({
        code: 'wallet.receive.grant-refused',
        issuerError: 'invalid_grant',
      })
    }
  })
})

describe('oidc-provider by authorization code', () => {
  it('our wallet says that it does not take such an offer', async () => {
    await expect(
      walletOf(walletClient).readOffer(theirs.createLoginOffer('dc+sd-jwt')),
    ).rejects.toMatchObject({
      code: 'wallet.offer.unsupported',
      message: 'the offer has no pre-authorized code',
    })
  })

  /** The login in a browser with PKCE, and the token, by oauth4webapi. */
  async function logIn(asked: Readonly<Record<string, string>>) {
    const insecure = { [oauth.allowInsecureRequests]: true }
    const issuer = new URL(theirs.url)
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
    )
    const client = { client_id: walletClient }
    const verifier = randomBytes(32).toString('base64url')
    const start = new URL(server.authorization_endpoint as string)
    start.search = new URLSearchParams({
      ...asked,
      client_id: walletClient,
      response_type: 'code',
      redirect_uri: redirectUri,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }).toString()
    const parameters = oauth.validateAuthResponse(server, client, await followLogin(start))
    return oauth.processAuthorizationCodeResponse(
      server,
      client,
      await oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        parameters,
        redirectUri,
        verifier,
        insecure,
      ),
    )
  }

  it.each([
    { asked: { scope: 'document' }, identifiers: 0 },
    {
      asked: {
        authorization_details: JSON.stringify([
          { type: 'openid_credential', credential_configuration_id: 'dc+sd-jwt' },
        ]),
      },
      identifiers: 1,
    },
  ])(
    'our messages and our format take the credential with the token of a login ($identifiers identifiers)',
    async ({ asked, identifiers }) => {
      const token = await logIn(asked)
      const metadata = parseCredentialIssuerMetadata(
        await (await fetch(wellKnownUrl(theirs.url, 'openid-credential-issuer'))).text(),
        theirs.url,
      )
      const granted = parseGrantedIdentifiers(token as never).get('dc+sd-jwt') ?? []
      expect(granted).toHaveLength(identifiers)
      const { c_nonce: nonce } = parseNonceResponse(
        await (await fetch(metadata.nonce_endpoint as string, { method: 'POST' })).text(),
      )
      const signer = await signerFromJwk(await generateJwk('ES256'))
      const proof = { signer, issuer: theirs.url, nonce, clientId: walletClient, binding: 'jwk' as const }
      const answer = await fetch(metadata.credential_endpoint, {
        method: 'POST',
        headers: { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          ...(granted.length > 0
            ? { credential_identifier: granted[0] }
            : { credential_configuration_id: 'dc+sd-jwt' }),
          proofs: { jwt: [await createProof({ ...proof, now: new Date() })] },
        }),
      })
      const response = parseCredentialResponse(await answer.text())
      const credential = 'credentials' in response ? response.credentials[0] : undefined
      const anchors = trustAnchors([{ role: 'credential-issuer', certificate: theirs.certificate }])
      const format = sdJwtVcHolder({ resolveIssuerKey: resolveX5c({ anchors }) })
      const held = await format.accept(credential?.credential as string, {
        holder: { jwk: signer.key.publicJwk },
        issuer: theirs.url,
        isTrusted: trustAnyone('an interop test'),
      })
      expect(held.view.claims).toMatchObject(claims)
    },
  )
})
