import { ResolveError } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { createDidResolver, didJwkUrlOf } from '@ekkasan/did'
import { bareJwk, isSameKey, publicJwkOf, signJws } from '@ekkasan/keys'
import {
  createProof,
  IssuanceError,
  parseAuthorizationDetails,
  parseCredentialRequest,
  parseNotificationRequest,
  parseProof,
  parseTokenRequest,
  preAuthorizedCodeGrant,
  verifyProof,
} from '@ekkasan/openid4vc'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, linesOf, textOf, tryParse, tryVerify } from '../target.ts'

const issuer = 'https://issuer.example'
const jwk = publicJwkOf(fuzzKey('holder'))
const now = new Date(1_800_000_000_000)
const options = { issuer, algorithms: ['ES256', 'EdDSA'], maxAge: 300, now } as const
const resolveDid = createDidResolver()
const details = [
  { type: 'openid_credential', credential_configuration_id: 'ThaiNationalID', locations: [issuer] },
]

export const target: FuzzTarget = {
  reads:
    'what an issuer is sent: token requests, credential requests with their proofs, notifications (@ekkasan/openid4vc)',
  async seeds() {
    const signer = await fuzzSigner('holder', { kid: didJwkUrlOf(jwk) })
    const common = { signer, issuer, nonce: 'n', now }
    const proofs = [
      await createProof({ ...common, binding: 'jwk' }),
      await createProof({ ...common, binding: 'kid', clientId: 'c' }),
    ]
    const [header, payload] = (proofs[0] as string).split('.').map((part) => Buffer.from(part, 'base64url'))
    const encryption = { jwk: { ...bareJwk(jwk), alg: 'ECDH-ES' }, enc: 'A256GCM' }
    return [
      new URLSearchParams({
        grant_type: preAuthorizedCodeGrant,
        'pre-authorized_code': 'c',
        tx_code: '123456',
        client_id: 'wallet',
        authorization_details: JSON.stringify(details),
      }).toString(),
      JSON.stringify(details),
      JSON.stringify({ credential_configuration_id: 'ThaiNationalID', proofs: { jwt: proofs } }),
      JSON.stringify({ credential_identifier: 'x', credential_response_encryption: encryption }),
      JSON.stringify({ credential_identifier: 'x', proof: { proof_type: 'jwt', jwt: proofs[0] } }),
      '{"notification_id":"n","event":"credential_accepted","event_description":"x"}',
      ...proofs,
      `${header}\n${payload}`,
    ]
  },
  async read(input) {
    const text = textOf(input)
    tryParse(() => parseTokenRequest(new URLSearchParams(text), issuer), IssuanceError)
    tryParse(() => parseAuthorizationDetails(text, issuer), IssuanceError)
    tryParse(() => parseNotificationRequest(text), IssuanceError)
    for (const acceptSingleProof of [false, true]) {
      const encryption = ['A256GCM', 'A128GCM'] as const
      const request = tryParse(
        () => parseCredentialRequest(text, { maxProofs: 4, acceptSingleProof, encryption }),
        IssuanceError,
      )
      for (const proof of request?.proofs ?? []) await readProof(proof)
    }
    await readProof(text)
    const [header = '', payload = ''] = linesOf(input)
    const [head, body] = [header, payload].map((line) => tryParse(() => parseJsonObject(line), SyntaxError))
    if (!head || !body) return
    await readProof(`${base64url(header)}.${base64url(payload)}.AAAA`)
    const { alg: _alg, ...others } = head
    await readProof(await signJws({ signer: await fuzzSigner('holder'), header: others, payload: body }))
  },
}

async function readProof(jwt: string): Promise<void> {
  const proof = tryParse(() => parseProof(jwt, options), IssuanceError)
  if (!proof) return
  // A DID that would be fetched is left alone.
  const bindingMethods = ['jwk', 'did:key', 'did:jwk'] as const
  const holder = await tryVerify(
    () => verifyProof(proof, { bindingMethods, resolveDid }),
    IssuanceError,
    ResolveError,
  )
  insist(!holder || isSameKey(holder.jwk, jwk), 'nobody proves a key that he has not')
}
