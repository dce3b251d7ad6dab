import { type PublicJwk, type ResolveIssuerKey, type Signer, trustOnly } from '@ekkasan/core'
import { issueJwtVc, verifyJwtVc } from '@ekkasan/jwt-vc'
import { type PrivateJwk, signerFromJwk } from '@ekkasan/keys'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import { issueSdJwtVc, presentSdJwtVc, verifySdJwtVc } from '@ekkasan/sd-jwt-vc'
import { issueVcJwt, verifyVcJwt } from '@ekkasan/vc-jose-cose'
import type { Contender } from './contest.ts'
import { createPair, now, type Pair, selective, twelveClaims } from './material.ts'

// Ours, used as a program would use it: every check made, the issuer's key found by a port that remembers it.

const iss = 'https://issuer.example'
const vct = `${iss}/vct/ThaiNationalIDCredential/v1`
const type = 'ThaiNationalIDCredential'
const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'nonce-of-the-request' }
const isTrusted = trustOnly([{ role: 'credential-issuer', id: iss, types: [vct, type] }])

async function createIssuer(): Promise<{
  readonly signer: Signer
  readonly resolveIssuerKey: ResolveIssuerKey
}> {
  const pair = createPair()
  const key = {
    jwk: pair.publicJwk as unknown as PublicJwk,
    identity: { id: iss, method: 'jwt-vc-issuer' as const },
  }
  return { signer: await signerOf(pair, 'key-1'), resolveIssuerKey: async () => key }
}

const signerOf = (pair: Pair, kid?: string): Promise<Signer> =>
  signerFromJwk({ ...pair.privateJwk, alg: 'ES256' } as unknown as PrivateJwk, kid ? { kid } : {})

const dateTime = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000', '')

export function vcdm20(seed: number) {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', `${vct}/context.json`],
    type: ['VerifiableCredential', type],
    issuer: iss,
    validFrom: dateTime(now() - 60),
    validUntil: dateTime(now() + 86_400),
    credentialSubject: { id: 'did:example:holder', ...twelveClaims(seed) },
  }
}

const vcdm11 = (seed: number) => ({
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiableCredential', type],
  issuer: iss,
  issuanceDate: dateTime(now() - 60),
  expirationDate: dateTime(now() + 86_400),
  credentialSubject: { id: 'did:example:holder', ...twelveClaims(seed) },
})

const range = async <T>(count: number, make: (seed: number) => T | Promise<T>): Promise<T[]> => {
  const items: T[] = []
  for (let seed = 0; seed < count; seed++) items.push(await make(seed))
  return items
}

export async function vcJwtIssue(): Promise<Contender<ReturnType<typeof vcdm20>>> {
  const { signer } = await createIssuer()
  return {
    name: 'ours: vc+jwt',
    count: 400,
    prepare: (count) => range(count, vcdm20),
    run: (credential) => issueVcJwt({ signer, credential }),
  }
}

export async function vcJwtVerify(): Promise<Contender<string>> {
  const { signer, resolveIssuerKey } = await createIssuer()
  return {
    name: 'ours: vc+jwt',
    count: 400,
    prepare: (count) => range(count, (seed) => issueVcJwt({ signer, credential: vcdm20(seed) })),
    run: (credential) => verifyVcJwt(credential, { resolveIssuerKey, isTrusted }),
  }
}

export async function jwtVcIssue(): Promise<Contender<ReturnType<typeof vcdm11>>> {
  const { signer } = await createIssuer()
  return {
    name: 'ours: jwt_vc_json',
    count: 400,
    prepare: (count) => range(count, vcdm11),
    run: (credential) => issueJwtVc({ signer, credential }),
  }
}

export async function jwtVcVerify(): Promise<Contender<string>> {
  const { signer, resolveIssuerKey } = await createIssuer()
  return {
    name: 'ours: jwt_vc_json',
    count: 400,
    prepare: (count) => range(count, (seed) => issueJwtVc({ signer, credential: vcdm11(seed) })),
    run: (credential) => verifyJwtVc(credential, { resolveIssuerKey, isTrusted }),
  }
}

export type Body = 'plain' | 'with a W3C body'

const frame = createDisclosureFrame({ selective: selective.map((name) => [name]) })

function issueOne(signer: Signer, body: Body, seed: number, holder: PublicJwk): Promise<string> {
  return issueSdJwtVc({
    signer,
    vct,
    issuer: iss,
    claims: twelveClaims(seed),
    frame,
    holderJwk: holder,
    validity: { from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 86_400_000) },
    id: 'urn:uuid:9a1bb0a4-0000-4000-8000-000000000001',
    ...(body !== 'plain' && {
      body: { types: [type], contexts: [`${vct}/context.json`], schema: `${vct}/schema.json` },
    }),
  })
}

/** To another holder's key each time. */
export async function sdJwtVcIssue(body: Body): Promise<Contender<{ seed: number; holder: PublicJwk }>> {
  const { signer } = await createIssuer()
  return {
    name: `ours: SD-JWT VC, ${body}`,
    count: 400,
    prepare: (count) =>
      range(count, (seed) => ({ seed, holder: createPair().publicJwk as unknown as PublicJwk })),
    run: ({ seed, holder }) => issueOne(signer, body, seed, holder),
  }
}

/** Presentations with all eight disclosures and a KB-JWT, each by a holder whose key was never seen before. */
export async function sdJwtVcVerify(body: Body): Promise<Contender<string>> {
  const { signer, resolveIssuerKey } = await createIssuer()
  const disclose = selective.map((name) => (body === 'plain' ? [name] : ['credentialSubject', name]))
  return {
    name: `ours: SD-JWT VC, ${body}`,
    count: 300,
    prepare: (count) =>
      range(count, async (seed) => {
        const pair = createPair()
        const credential = await issueOne(signer, body, seed, pair.publicJwk as unknown as PublicJwk)
        return presentSdJwtVc({ credential, disclose, binding, holder: await signerOf(pair) })
      }),
    run: (presentation) => verifySdJwtVc(presentation, { resolveIssuerKey, isTrusted, binding }),
  }
}
