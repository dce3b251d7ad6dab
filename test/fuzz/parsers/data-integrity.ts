import { RejectedError, ResolveError, trustAnyone, UnavailableError } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject, parseJson } from '@ekkasan/core/json'
import {
  DataIntegrityError,
  deriveProof,
  issueLdpVc,
  presentLdpVp,
  verifyLdpVc,
  verifyLdpVp,
  verifyProofs,
} from '@ekkasan/data-integrity'
import { createDidResolver, didKeyOf, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { KeysError, publicJwkOf } from '@ekkasan/keys'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, textOf, tryParse, tryVerify } from '../target.ts'

const key = publicJwkOf(fuzzKey('issuer'))
const [issuer, kid] = [didKeyOf(key), didKeyUrlOf(key)]
// By its key alone: nothing is fetched.
const resolveDid = createDidResolver({ fetch: async () => new Response('', { status: 404 }) })
const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n' }
const collaborators = {
  resolveIssuerKey: resolveDidIssuer(resolveDid),
  isTrusted: trustAnyone('the fuzzer'),
  resolveDid,
  binding,
}
const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential'],
  issuer,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: issuer, name: 'สมชาย' },
}

export const target: FuzzTarget = {
  reads:
    'credentials and presentations with Data Integrity proofs, base and derived values of ecdsa-sd-2023 (@ekkasan/data-integrity)',
  async seeds() {
    const signer = await fuzzSigner('issuer', { kid })
    const body: JsonObject = credential
    const suites = ['ecdsa-rdfc-2019', 'ecdsa-jcs-2019', 'ecdsa-sd-2023'] as const
    const made = await Promise.all(
      suites.map((cryptosuite) => issueLdpVc({ signer, credential: body, cryptosuite })),
    )
    const [whole, jcs, base] = made as [JsonObject, JsonObject, JsonObject]
    const derived = await deriveProof({ credential: base, pointers: ['/credentialSubject'] })
    const presented = await presentLdpVp({ credential: whole, holder: signer, binding })
    const values = [base, derived].map(({ proof }) => String((proof as JsonObject).proofValue))
    return [
      ...[whole, jcs, base, derived, presented].map((json) => JSON.stringify(json)),
      ...values.map((value) => fromBase64url(value.slice(1))),
    ]
  },
  async read(input) {
    const json = tryParse(() => parseJson(textOf(input)), SyntaxError)
    // What is no JSON is the proof value, in CBOR, of a credential that is otherwise right.
    const secured = isJsonObject(json) ? json : withValue(input)
    const refusals = [RejectedError, UnavailableError]
    const verified = await tryVerify(() => verifyLdpVc(secured, collaborators), ...refusals)
    if (verified) insist(verified.issuer.id !== '', 'who signed is known')
    await tryVerify(() => verifyLdpVp(secured, collaborators), ...refusals)
    await tryVerify(
      () => verifyProofs(secured, { resolveDid, proofPurpose: 'assertionMethod' }),
      DataIntegrityError,
      ResolveError,
    )
    const pointers = ['/credentialSubject/name']
    const derived = await tryVerify(
      () => deriveProof({ credential: secured, pointers }),
      DataIntegrityError,
      KeysError,
    )
    if (derived) insist(isJsonObject(derived.proof), 'what is derived has a proof')
  },
}

function withValue(value: Uint8Array): JsonObject {
  const proof = {
    type: 'DataIntegrityProof',
    cryptosuite: 'ecdsa-sd-2023',
    created: '2026-01-01T00:00:00Z',
    verificationMethod: kid,
    proofPurpose: 'assertionMethod',
    proofValue: `u${base64url(value)}`,
  }
  return { ...credential, proof }
}
