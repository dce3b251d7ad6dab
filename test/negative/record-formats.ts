import type { Algorithm, DocumentType, IssuerFormat, StatusKind, StatusReference } from '@ekkasan/core'
import { type CryptosuiteName, ldpVc } from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { createDidResolver, didJwkUrlOf, didKeyUrlOf } from '@ekkasan/did'
import type { CreateIssuerOptions } from '@ekkasan/issuer'
import { jwtVc } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { mdoc, namedAsClaims } from '@ekkasan/mdoc'
import { sdJwtVc } from '@ekkasan/sd-jwt-vc'
import { createCertificateAuthority } from '@ekkasan/x509'

// A document of one's own, in every format, each suite of ldp_vc among them.

const names = (name: string) => ({ th: name, en: name })

export const card: DocumentType = {
  id: 'Card',
  type: 'CardCredential',
  version: '1',
  names: names('Card'),
  description: names('A card'),
  claims: [
    { path: ['name'], names: names('Name'), disclosure: 'selective', mandatory: true },
    { path: ['born'], names: names('Born'), disclosure: 'selective' },
    { path: ['holder'], names: names('Holder'), disclosure: 'selective' },
    { path: ['vessels'], names: names('Vessels'), disclosure: 'selective' },
    { path: ['office', 'code'], names: names('Office'), disclosure: 'selective' },
  ],
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1 },
      born: { type: 'string', format: 'date' },
      holder: {
        type: 'object',
        properties: { title: { type: 'string' }, address: { $ref: '#/$defs/address' } },
      },
      vessels: { type: 'array', items: { type: 'object', properties: { reg_no: { type: 'string' } } } },
      office: { type: 'object', properties: { code: { type: 'string' } } },
    },
    $defs: { address: { type: 'object', properties: { city: { type: 'string' } } } },
  },
  display: { backgroundColor: '#ffffff', textColor: '#000000' },
}

export const good = {
  name: 'สมมุติ',
  born: '1990-01-15',
  holder: { title: 'นาย', address: { city: 'นนทบุรี' } },
  vessels: [{ reg_no: 'ก1' }, { reg_no: 'ก2' }],
  office: { code: '1001' },
}

const url = 'https://issuer.example/tenant'
const authority = await createCertificateAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  subject: { commonName: 'Root', country: 'TH' },
  clock: () => new Date('2026-01-01T00:00:00Z'),
})
const jwk = await generateJwk('ES256')
const x5c = await authority.issue({
  subject: { commonName: 'Issuer' },
  publicJwk: publicJwkOf(jwk),
  uris: [url],
})
export const signer = await signerFromJwk(jwk, { kid: 'key-1' })
/** What an issuer of these formats publishes. */
export const keys = [{ ...publicJwkOf(jwk), kid: 'key-1' }]
const certified = await signerFromJwk(jwk, { x5c })
const byDid = async (alg: Algorithm) => {
  const key = await generateJwk(alg)
  return signerFromJwk(key, { kid: didKeyUrlOf(publicJwkOf(key)) })
}
const bbsJwk = generateBbsJwk()
const suites: readonly (readonly [CryptosuiteName, Algorithm])[] = [
  ['eddsa-rdfc-2022', 'EdDSA'],
  ['eddsa-jcs-2022', 'EdDSA'],
  ['ecdsa-rdfc-2019', 'ES256'],
  ['ecdsa-jcs-2019', 'ES256'],
  ['ecdsa-sd-2023', 'ES256'],
]

export type Options = { readonly timeZone?: string; readonly clock?: () => Date }

/** Each with its own keys; `options` reach all of them. */
export const formats: Readonly<Record<string, (options?: Options) => IssuerFormat>> = {
  'dc+sd-jwt': (options) => sdJwtVc({ signer, ...options }),
  'dc+sd-jwt with a W3C body': (options) => sdJwtVc({ signer, vcdm: true, ...options }),
  jwt_vc_json: (options) => jwtVc({ signer, ...options }),
  mso_mdoc: (options) => mdoc({ signer: certified, type: namedAsClaims('example.card.1'), ...options }),
  'ldp_vc bbs-2023': (options) =>
    ldpVc({ signer: bbsSignerFromJwk(bbsJwk, { kid: didKeyUrlOf(publicJwkOf(bbsJwk)) }), ...options }),
  ...Object.fromEntries(
    await Promise.all(
      suites.map(async ([cryptosuite, alg]) => {
        const own = await byDid(alg)
        return [
          `ldp_vc ${cryptosuite}`,
          (options?: Options) => ldpVc({ signer: own, cryptosuite, ...options }),
        ]
      }),
    ),
  ),
}

/** A wallet's key, as every format can be bound to it. */
const holderJwk = await generateJwk('ES256')
export const holder = await signerFromJwk(holderJwk, { kid: didJwkUrlOf(publicJwkOf(holderJwk)) })
export const unnamedHolder = await signerFromJwk(holderJwk)
export const resolveDid = createDidResolver()

/** Counts what it gives. */
export function countingStatuses(): NonNullable<CreateIssuerOptions['status']> & {
  readonly given: () => number
} {
  let taken = 0
  const of = (kind: StatusKind) => ({
    kind,
    async allocate(): Promise<StatusReference> {
      taken += 1
      if (kind === 'token') return { uri: `${url}/status/1`, index: taken }
      const entry = {
        statusPurpose: 'revocation',
        statusListIndex: String(taken),
        statusListCredential: `${url}/status/1`,
      }
      return { credentialStatus: [{ type: 'BitstringStatusListEntry', ...entry }] }
    },
    set: async () => undefined,
    get: async () => 'valid' as const,
    fetch: async () => undefined,
  })
  return Object.assign([of('token'), of('bitstring')], { given: () => taken })
}
