import { RejectedError, ResolveError, trustAnyone, UnavailableError } from '@ekkasan/core'
import { parseJsonObject } from '@ekkasan/core/json'
import { signCoseSign1 } from '@ekkasan/cose'
import { createDidResolver, didKeyOf, didKeyUrlOf } from '@ekkasan/did'
import { issueJwtVc, JwtVcError, jwtVcHolder, presentJwtVp, verifyJwtVc, verifyJwtVp } from '@ekkasan/jwt-vc'
import { KeysError, publicJwkOf, signJws } from '@ekkasan/keys'
import {
  createEnvelope,
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  openEnvelope,
  presentVpJwt,
  resolveControlledIdentifier,
  VcJoseCoseError,
  verifyEnvelopedVc,
  verifyEnvelopedVp,
  verifyVcCose,
  verifyVcJwt,
  verifyVcSdJwt,
  verifyVpCose,
  verifyVpJwt,
} from '@ekkasan/vc-jose-cose'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, linesOf, textOf, tryParse, tryVerify } from '../target.ts'

const key = publicJwkOf(fuzzKey('issuer'))
const [did, kid] = [didKeyOf(key), didKeyUrlOf(key)]
const identity = { id: did, method: 'did' } as const
const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n' }
// By its key alone: nothing is fetched.
const resolveDid = createDidResolver({ fetch: async () => new Response('', { status: 404 }) })
const options = {
  resolveIssuerKey: async () => ({ jwk: key, identity }),
  isTrusted: trustAnyone('the fuzzer'),
  resolveDid,
  binding,
}
const body = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'A'],
  issuer: did,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: did, name: 'A' },
}
const old = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiableCredential', 'A'],
  issuer: did,
  issuanceDate: '2026-01-01T00:00:00Z',
  credentialSubject: { id: did, name: 'A' },
}
const holder = jwtVcHolder({ resolveIssuerKey: options.resolveIssuerKey })

export const target: FuzzTarget = {
  reads:
    'W3C credentials and presentations as JWT, SD-JWT and COSE, VCDM 1.1 JWTs, envelopes, controlled identifier documents (@ekkasan/jwt-vc, @ekkasan/vc-jose-cose)',
  async seeds() {
    const signer = await fuzzSigner('issuer', { kid })
    const credential = await issueVcJwt({ signer, credential: body })
    const jwtVc = await issueJwtVc({ signer, credential: old })
    const presentations = [
      await presentVpJwt({ credentials: [credential], holder: signer, binding }),
      await presentJwtVp({ credential: jwtVc, holder: signer, binding }),
    ]
    const spelled = [credential, jwtVc, ...presentations].map((jwt) =>
      jwt
        .split('.', 2)
        .map((part) => Buffer.from(part, 'base64url').toString())
        .join('\n'),
    )
    return [
      credential,
      jwtVc,
      ...presentations,
      ...spelled,
      await issueVcSdJwt({ signer, credential: body }),
      await issueVcCose({ signer, credential: body }),
      JSON.stringify(createEnvelope(credential)),
      JSON.stringify({
        '@context': ['https://www.w3.org/ns/cid/v1'],
        id: 'https://issuer.example',
        verificationMethod: [
          {
            id: '#k',
            type: 'JsonWebKey',
            controller: 'https://issuer.example',
            publicKeyJwk: { ...key, kid: 'k' },
          },
        ],
        assertionMethod: ['#k'],
      }),
    ]
  },
  async read(input) {
    const text = textOf(input)
    await readAll(text)
    for (const verify of [verifyVcCose, verifyVpCose])
      await tryVerify((): Promise<unknown> => verify(input, options), RejectedError, UnavailableError)
    const [header = '', payload = ''] = linesOf(input)
    const head = tryParse(() => parseJsonObject(header), SyntaxError)
    if (!head) return
    await readJson(head, header)
    const document = tryParse(() => parseJsonObject(payload), SyntaxError)
    if (!document) return
    // As somebody signed it who means harm.
    const signer = await fuzzSigner('issuer', { kid })
    const { alg: _alg, ...others } = head
    const jwt = await signJws({ signer, header: others, payload: document })
    await readAll(jwt)
    await readAll(`${jwt}~`)
    const labels = new Map([[16, typeof head.typ === 'string' ? head.typ : 'application/vc+cose']])
    const cose = await signCoseSign1({ signer, payload: Buffer.from(payload), header: labels })
    for (const verify of [verifyVcCose, verifyVpCose])
      await tryVerify((): Promise<unknown> => verify(cose, options), RejectedError, UnavailableError)
  },
}

async function readAll(text: string): Promise<void> {
  for (const verify of [verifyVcJwt, verifyVcSdJwt, verifyJwtVc]) {
    const verified = await tryVerify(
      (): Promise<{ issuer: { id: string } }> => verify(text, options),
      RejectedError,
      UnavailableError,
    )
    insist(verified === undefined || verified.issuer.id === did, 'the issuer is who has the key')
  }
  for (const verify of [verifyVpJwt, verifyJwtVp])
    await tryVerify((): Promise<unknown> => verify(text, options), RejectedError, UnavailableError)
  tryParse(() => holder.view(text), JwtVcError, KeysError)
}

async function readJson(json: ReturnType<typeof parseJsonObject>, text: string): Promise<void> {
  for (const kind of ['vc', 'vp'] as const) tryParse(() => openEnvelope(json, kind), VcJoseCoseError)
  await tryVerify(() => verifyEnvelopedVc(json, options), RejectedError, UnavailableError)
  await tryVerify(() => verifyEnvelopedVp(json, options), RejectedError, UnavailableError)
  const resolve = resolveControlledIdentifier({ fetch: async () => new Response(text) })
  const question = { iss: 'https://issuer.example', kid: 'https://issuer.example#k', alg: 'ES256' } as const
  await tryVerify(() => resolve(question), ResolveError)
}
