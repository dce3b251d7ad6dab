import { generateJwk, signerFromJwk, signJws } from '@ekkasan/keys'
import {
  createProof,
  parseCredentialRequest,
  parseDcqlQuery,
  parseNonceResponse,
  parseProof,
  parseTokenRequest,
} from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'

const issuer = 'https://issuer.example'

describe('an explicit null stays refused where it is not unsigned metadata or an offer [F4]', () => {
  it.each<[string, object]>([
    ['proofs', { credential_configuration_id: 'a', proofs: null }],
    [
      'credential_response_encryption',
      { credential_configuration_id: 'a', credential_response_encryption: null },
    ],
    ['the identifier', { credential_configuration_id: null }],
    ['one identifier beside the other', { credential_configuration_id: 'a', credential_identifier: null }],
  ])('in a credential request: %s', (_what, request) => {
    expect(() => parseCredentialRequest(JSON.stringify(request), { maxProofs: 1 })).toThrow()
  })

  it.each<[string, object]>([
    ['claims', { claims: null }],
    ['credential_sets', { credential_sets: null }],
    ['values', { claims: [{ path: ['a'], values: null }] }],
    ['multiple', { multiple: null }],
  ])('in a DCQL query: %s', (name, more) => {
    const credential = { id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['a'] }, ...more }
    const query =
      name === 'credential_sets' ? { credentials: [credential], ...more } : { credentials: [credential] }
    expect(() => parseDcqlQuery(query)).toThrow()
  })

  it.each(['exp', 'nbf', 'iat', 'nonce', 'aud'])('in a key proof: %s', async (name) => {
    const signer = await signerFromJwk(await generateJwk('ES256'))
    const now = new Date()
    const good = await createProof({ signer, issuer, nonce: 'n', binding: 'jwk', now })
    const options = { issuer, algorithms: ['ES256'] as const, maxAge: 300, now }
    expect(parseProof(good, options).nonce).toBe('n')
    const [header = '', payload = ''] = good
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    const forged = await signJws({
      signer,
      header: JSON.parse(header),
      payload: { ...JSON.parse(payload), [name]: null },
    })
    expect(() => parseProof(forged, options)).toThrow(
      expect.objectContaining({ code: 'openid4vc.credential.invalid_proof' }),
    )
  })

  it('in a nonce response and in authorization details', () => {
    expect(() => parseNonceResponse('{"c_nonce":null}')).toThrow()
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': 'c',
      authorization_details: '[{"type":"openid_credential","credential_configuration_id":null}]',
    })
    expect(() => parseTokenRequest(form, issuer)).toThrow()
  })
})
