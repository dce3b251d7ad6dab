import { createMemoryStore, credentialConfiguration } from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { paper, paperDocument } from '../../packages/issuer/test/paper.ts'
import { serve } from '../serve.ts'

// oauth4webapi is a strict OAuth client by others; nothing of the issuer stands on it. (Our wallet's token request
// does, which is why the issuer is also tested by raw HTTP in test/wire.)

const grantType = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const insecure = { [oauth.allowInsecureRequests]: true }

describe.each(['', '/tenant', '/a/b'])('oauth4webapi against an issuer with path "%s"', (path) => {
  let issuer: Issuer
  let origin: string
  let close: () => Promise<void>

  beforeAll(async () => {
    const signer = await signerFromJwk(await generateJwk('ES256'))
    const served = await serve((at) => {
      issuer = createIssuer({
        url: `${at}${path}`,
        names: { en: 'Department' },
        credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
        store: createMemoryStore(),
        getClaims: async () => ({ claims: { name: 'x' } }),
      })
      return issuer.fetch
    })
    origin = served.origin
    close = served.close
  })
  afterAll(() => close())

  const discover = async () => {
    const identifier = new URL(`${origin}${path}`)
    const response = await oauth.discoveryRequest(identifier, { algorithm: 'oauth2', ...insecure })
    return oauth.processDiscoveryResponse(identifier, response)
  }

  const codeAndTxCode = async () => {
    const offer = await issuer.createOffer({ credentials: ['Paper-paper+jwt'], subject: 's', txCode: true })
    const { grants } = JSON.parse(new URL(offer.uri).searchParams.get('credential_offer') ?? '')
    return { 'pre-authorized_code': grants[grantType]['pre-authorized_code'], tx_code: offer.txCode ?? '' }
  }

  it('reads the authorization server metadata', async () => {
    const server = await discover()
    expect(server.issuer).toBe(`${origin}${path}`)
    expect(server.token_endpoint).toBe(`${origin}${path}/token`)
    expect(server.grant_types_supported).toContain(grantType)
  })

  const client = { client_id: 'a-wallet' }
  const request = async (parameters: Record<string, string>) =>
    oauth.genericTokenEndpointRequest(await discover(), client, oauth.None(), grantType, parameters, insecure)

  it('takes a token, and a Bearer challenge where it is not enough', async () => {
    const token = await oauth.processGenericTokenEndpointResponse(
      await discover(),
      client,
      await request(await codeAndTxCode()),
    )
    expect(token).toMatchObject({ token_type: 'bearer', expires_in: 300 })
    const endpoint = new URL(`${origin}${path}/credential`)
    const headers = new Headers({ 'Content-Type': 'application/json' })
    const response = await oauth.protectedResourceRequest(
      token.access_token,
      'POST',
      endpoint,
      headers,
      '{"credential_configuration_id":"x"}',
      insecure,
    )
    expect(await response.json()).toMatchObject({ error: 'unknown_credential_configuration' })
    await expect(
      oauth.protectedResourceRequest('wrong', 'POST', endpoint, headers, '{}', insecure),
    ).rejects.toMatchObject({
      name: 'WWWAuthenticateChallengeError',
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
    })
  })

  it('reads the error of a wrong tx_code', async () => {
    const parameters = await codeAndTxCode()
    const tx_code = parameters.tx_code === '000000' ? '000001' : '000000'
    const response = await request({ ...parameters, tx_code })
    await expect(
      oauth.processGenericTokenEndpointResponse(await discover(), client, response),
    ).rejects.toMatchObject({ name: 'ResponseBodyError', error: 'invalid_grant', status: 400 })
  })
})
