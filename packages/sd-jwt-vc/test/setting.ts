import {
  type CheckStatus,
  type DocumentType,
  type Fetch,
  type JsonObject,
  type RejectedError,
  ResolveError,
  trustOnly,
} from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import {
  type IssueSdJwtVcOptions,
  issueSdJwtVc,
  presentSdJwtVc,
  resolveJwtVcIssuer,
  type VerifySdJwtVcOptions,
  verifySdJwtVc,
} from '@ekkasan/sd-jwt-vc'

export const iss = 'https://issuer.example/dopa'
export const vct = 'https://issuer.example/dopa/vct/TestCredential/v1'
export const now = new Date('2026-06-01T00:00:00Z')
export const clock = () => now

const issuerJwk = { ...(await generateJwk('ES256')), kid: 'key-1' }
export const issuer = await signerFromJwk(issuerJwk)
export const stranger = await signerFromJwk({ ...(await generateJwk('ES256')), kid: 'key-1' })
export const holder = await signerFromJwk(await generateJwk('ES256'))
export const holderKey = { jwk: holder.key.publicJwk }

/** A web of JSON documents; counts how often each was asked for. */
export function webOf(documents: Record<string, unknown>): Fetch & { readonly asked: string[] } {
  const asked: string[] = []
  return Object.assign(
    async (input: string | URL) => {
      asked.push(String(input))
      const document = documents[String(input)]
      if (document === undefined) return new Response('', { status: 404 })
      if (document instanceof Error) throw document
      return new Response(typeof document === 'string' ? document : JSON.stringify(document))
    },
    { asked },
  )
}

export const metadataUrl = 'https://issuer.example/.well-known/jwt-vc-issuer/dopa'
export const metadata = { issuer: iss, jwks: { keys: [publicJwkOf(issuerJwk)] } }

export const body = { types: ['TestCredential'], issuerName: 'กรมการปกครอง' }

export async function issue(options: Partial<IssueSdJwtVcOptions> = {}): Promise<string> {
  return issueSdJwtVc({
    signer: issuer,
    vct,
    issuer: iss,
    claims: { name: 'สมชาย', address: { province: 'นนทบุรี', country: 'TH' }, issuing_country: 'TH' },
    frame: createDisclosureFrame({ selective: [['name']], deep: [['address']] }),
    body,
    holderJwk: holderKey.jwk,
    status: { uri: 'https://issuer.example/status/1', index: 7 },
    validity: { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') },
    id: 'urn:uuid:9a1bb0a4-0000-4000-8000-000000000001',
    clock,
    ...options,
  })
}

export const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'nonce-1' }

export async function present(credential: string, options: Partial<typeof binding> = {}): Promise<string> {
  return presentSdJwtVc({ credential, disclose: [], binding: { ...binding, ...options }, holder, clock })
}

/** Signs any payload under any header, with nothing selective. */
export async function forge(payload: JsonObject, header: JsonObject = {}): Promise<string> {
  return `${await signJws({ signer: issuer, header: { typ: 'dc+sd-jwt', kid: 'key-1', ...header }, payload })}~`
}

export const isTrusted = trustOnly([{ role: 'credential-issuer', id: iss, types: [vct] }])
export const checkStatus: CheckStatus = async () => ({ status: 'valid', asOf: now })
export const down = async () => {
  throw new ResolveError('core.resolve.unavailable', 'no answer')
}

export function verifying(options: Partial<VerifySdJwtVcOptions> = {}): VerifySdJwtVcOptions {
  const resolveIssuerKey = resolveJwtVcIssuer({ fetch: webOf({ [metadataUrl]: metadata }), clock })
  return { resolveIssuerKey, isTrusted, checkStatus, binding, clock, ...options }
}

/** `name outcome code` of every check that did not pass. */
export async function faultsOf(
  presentation: unknown,
  options: Partial<VerifySdJwtVcOptions> = {},
): Promise<readonly string[]> {
  const checks = await verifySdJwtVc(presentation, verifying(options)).then(
    ({ checks: list }) => list,
    (error: RejectedError) => error.checks,
  )
  return checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, outcome, code }) => `${name} ${outcome} ${code}`)
}

export const document: DocumentType = {
  id: 'Test',
  type: 'TestCredential',
  version: '1.0.0',
  names: { th: 'บัตรทดสอบ', en: 'Test card' },
  description: { en: 'For tests' },
  claims: [
    { path: ['name'], names: { th: 'ชื่อ', en: 'Name' }, disclosure: 'selective', mandatory: true },
    { path: ['address'], names: { en: 'Address' }, disclosure: 'selective' },
    { path: ['address', 'country'], names: { en: 'Country' }, disclosure: 'always' },
    { path: ['children'], names: { en: 'Children' }, disclosure: 'selective' },
    { path: ['issuing_country'], names: { en: 'Issued in' }, disclosure: 'always', mandatory: true },
  ],
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      address: { properties: { province: {}, country: {}, lines: { items: { type: 'string' } } } },
      children: { items: { properties: { name: { type: 'string' } } } },
    },
  },
  display: { backgroundColor: '#1b3a6b', textColor: '#ffffff' },
}
