import { RejectedError, ResolveError, trustAnyone, UnavailableError } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { DataIntegrityError, deriveProof, issueLdpVc, verifyLdpVc } from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { createDidResolver, didKeyOf, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { type FuzzTarget, insist, tryVerify } from '../target.ts'

// The same key in each process, as those of keys.ts.
const jwk = generateBbsJwk((length) => new Uint8Array(length).fill(7))
const key = publicJwkOf(jwk)
const [issuer, kid] = [didKeyOf(key), didKeyUrlOf(key)]
const resolveDid = createDidResolver({ fetch: async () => new Response('', { status: 404 }) })
const collaborators = {
  resolveIssuerKey: resolveDidIssuer(resolveDid),
  isTrusted: trustAnyone('the fuzzer'),
}
const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: issuer, name: 'สมชาย' },
}
const pointers = ['/credentialSubject']

export const target: FuzzTarget = {
  reads: 'proof values of bbs-2023, base and derived, in CBOR (@ekkasan/data-integrity)',
  async seeds() {
    const base = await issueLdpVc({ signer: bbsSignerFromJwk(jwk, { kid }), credential })
    const derived = await deriveProof({ credential: base, pointers })
    return [base, derived].map(({ proof }) =>
      fromBase64url(String((proof as JsonObject).proofValue).slice(1)),
    )
  },
  async read(input) {
    const proof = {
      type: 'DataIntegrityProof',
      cryptosuite: 'bbs-2023',
      verificationMethod: kid,
      proofPurpose: 'assertionMethod',
      proofValue: `u${base64url(input)}`,
    }
    const secured = { ...credential, proof }
    const verified = await tryVerify(
      () => verifyLdpVc(secured, collaborators),
      RejectedError,
      UnavailableError,
    )
    insist(!verified || verified.issuer.id === issuer, 'the issuer is who has the key')
    await tryVerify(() => deriveProof({ credential: secured, pointers }), DataIntegrityError, ResolveError)
  },
}
