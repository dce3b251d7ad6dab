import { type CheckStatus, type DidDocument, type ResolveDid, ResolveError, trustAnyone } from '@ekkasan/core'
import { base64url, fromBase64url, fromUtf8, utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { generateJwk, type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'

// A party of each kind, and did:jwk in five lines.

export const now = new Date('2026-11-21T10:00:00Z')
export const clock = () => now
export const issuerUrl = 'https://issuer.example'

export const issuerJwk: PrivateJwk = await generateJwk('ES256')
export const issuer = await signerFromJwk(issuerJwk, { kid: 'k1' })
export const holderJwk: PrivateJwk = await generateJwk('ES256')
export const holderDid = `did:jwk:${base64url(JSON.stringify(publicJwkOf(holderJwk)))}`
export const holder = await signerFromJwk(holderJwk, { kid: `${holderDid}#0` })
export const stranger = await signerFromJwk(await generateJwk('ES256'), { kid: `${holderDid}#0` })

export const resolveDid: ResolveDid = async (did): Promise<DidDocument> => {
  if (!did.startsWith('did:jwk:')) throw new ResolveError('core.resolve.not-configured', 'not did:jwk')
  const publicKeyJwk = JSON.parse(fromUtf8(fromBase64url(did.slice('did:jwk:'.length)))) as object
  const method = { id: `${did}#0`, type: 'JsonWebKey2020', controller: did, publicKeyJwk }
  return { id: did, verificationMethod: [method], authentication: [method.id] }
}

const issuerKey = {
  jwk: publicJwkOf(issuerJwk),
  identity: { id: issuerUrl, method: 'jwt-vc-issuer' as const },
}
export const collaborators = {
  resolveIssuerKey: async () => issuerKey,
  resolveDid,
  isTrusted: trustAnyone('a test'),
  checkStatus: (async () => ({ status: 'valid', asOf: now })) as CheckStatus,
  clock,
}

export const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n-0S6_WzA2Mj' }

/** Signs whatever is given, as an issuer or holder who does not follow the rules would. */
export async function sign(signer: typeof issuer, header: JsonObject, payload: JsonObject): Promise<string> {
  const input = `${base64url(JSON.stringify({ alg: signer.alg, ...header }))}.${base64url(JSON.stringify(payload))}`
  return `${input}.${base64url(await signer.sign(utf8(input)))}`
}

/** Header and payload of a compact JWS, to be changed and signed again. */
export function open(compact: string): { header: JsonObject; payload: JsonObject } {
  const [header = '', payload = ''] = compact.split('.')
  const read = (part: string) => JSON.parse(fromUtf8(fromBase64url(part))) as JsonObject
  return { header: read(header), payload: read(payload) }
}

/** Names of the checks that did not pass, in the order made, with their codes. */
export async function faults(verification: Promise<unknown>): Promise<string[]> {
  const { checks } = await verification.then(
    (result) => result as { checks: Check[] },
    (error: { checks?: Check[] }) => {
      if (!error.checks) throw error
      return { checks: error.checks }
    },
  )
  return checks
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    .map(({ name, outcome, code }) => `${name} ${outcome} ${code}`)
}

interface Check {
  readonly name: string
  readonly outcome: string
  readonly code?: string
}
