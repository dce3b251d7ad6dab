import { type Check, trustAnyone } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { createContextRegistry, issueLdpVc, presentLdpVp } from '@ekkasan/data-integrity'
import { createDidResolver, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'

export const now = new Date('2026-11-21T10:00:00Z')
export const clock = () => now

export async function createSigner(alg: 'ES256' | 'ES384' | 'EdDSA') {
  const jwk = await generateJwk(alg)
  return signerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
}
export const didOf = ({ key }: Awaited<ReturnType<typeof createSigner>>) => key.kid?.split('#')[0] as string

export const issuer = await createSigner('ES256')
export const holder = await createSigner('ES256')
export const stranger = await createSigner('ES256')

const registered = [
  {
    url: 'https://issuer.example/contexts/id.json',
    document: {
      '@context': {
        '@protected': true,
        ThaiNationalID: 'https://issuer.example/id#ThaiNationalID',
        givenName: 'https://issuer.example/id#givenName',
        names: { '@id': 'https://issuer.example/id#names', '@container': '@list' },
        address: 'https://issuer.example/id#address',
        province: 'https://issuer.example/id#province',
        photo: { '@id': 'https://issuer.example/id#photo', '@type': '@id' },
        raw: { '@id': 'https://issuer.example/id#raw', '@type': '@json' },
      },
    },
  },
]
export const contexts = createContextRegistry(registered)
/** Takes contexts that are written into documents too. */
export const openContexts = createContextRegistry(registered, { inlineContexts: 'accepted' })

export const body = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://issuer.example/contexts/id.json'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'ThaiNationalID'],
  issuer: didOf(issuer),
  validFrom: '2026-11-20T00:00:00Z',
  validUntil: '2027-11-20T00:00:00Z',
  credentialSubject: {
    id: didOf(holder),
    givenName: 'สมชาย',
    names: ['ก', 'ข'],
    address: { province: 'เชียงใหม่' },
  },
} satisfies JsonObject

export const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n-0S6_WzA2Mj' }
export const resolveDid = createDidResolver()
/** What the plugs are made with. */
export const plugged = { resolveIssuerKey: resolveDidIssuer(resolveDid), resolveDid, contexts }
export const collaborators = { ...plugged, isTrusted: trustAnyone('a test'), clock }
export const options = { ...collaborators, binding }

export const issued = (change: JsonObject = {}, more: object = {}) =>
  issueLdpVc({ signer: issuer, credential: { ...body, ...change }, contexts, clock, ...more })
export const presented = (credential: JsonObject, more: object = {}) =>
  presentLdpVp({ credential, holder, binding, contexts, clock, ...more })

/** Names of the checks that did not pass, with their codes. */
export async function faults(
  verification: Promise<{ readonly checks: readonly Check[] }>,
): Promise<string[]> {
  const { checks } = await verification.catch((error: { checks?: readonly Check[] }) => {
    if (!error.checks) throw error
    return { checks: error.checks }
  })
  return checks
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    .map(({ name, outcome, code }) => `${name} ${outcome} ${code}`)
}
