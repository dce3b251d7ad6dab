import {
  type CheckStatus,
  cached,
  type IsTrusted,
  RejectedError,
  trustOnly,
  UnavailableError,
} from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { type CborInput, type CborMap, decodeCbor, encodeCbor } from '@ekkasan/cose'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import {
  fullDate,
  type IssueMdocOptions,
  issueMdoc,
  type PresentMdocOptions,
  presentMdoc,
  type VerifyMdocOptions,
  verifyMdoc,
} from '@ekkasan/mdoc'
import {
  createMdocAuthority,
  mdocIssuerProfile,
  mdocPurposes,
  parseCertificate,
  resolveX5c,
  subjectIdentifier,
  trustAnchors,
} from '@ekkasan/x509'

export const now = new Date('2026-06-01T00:00:00Z')
export const clock = () => now
export const docType = 'org.iso.18013.5.1.mDL'
export const namespace = 'org.iso.18013.5.1'

export const authority = await createMdocAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  commonName: 'Issuing authority',
  country: 'TH',
  contact: 'https://iaca.example',
  crlUrl: 'https://iaca.example/crl',
  clock: () => new Date('2025-12-15T00:00:00Z'),
})

/** Named by its certificate and the anchor above it. */
export const issuerName = subjectIdentifier(
  'CN=Document signer,C=TH',
  parseCertificate(authority.certificate),
)

export async function issuerOf(alg: 'ES256' | 'ES384' | 'ES512' | 'EdDSA') {
  const jwk = await generateJwk(alg)
  const publicJwk = publicJwkOf(jwk)
  return signerFromJwk(jwk, {
    x5c: await authority.issueDocumentSigner({ commonName: 'Document signer', publicJwk }),
  })
}

export const issuer = await issuerOf('ES256')
export const deviceJwk = await generateJwk('ES256')
export const device = await signerFromJwk(deviceJwk)
export const stranger = await signerFromJwk(await generateJwk('ES256'))

export const binding = {
  clientId: 'x509_san_dns:verifier.example',
  nonce: 'nonce-1',
  responseUri: 'https://verifier.example/response',
}

export const elements = {
  family_name: 'ใจดี',
  given_name: 'Somchai',
  birth_date: fullDate('2001-02-03'),
  portrait: Uint8Array.of(255, 216, 255),
  age_over_20: true,
  driving_privileges: [{ vehicle_category_code: 'B', issue_date: fullDate('2020-01-01') }],
}

export const status = { uri: 'https://issuer.example/status/1', index: 7 }

export function issue(options: Partial<IssueMdocOptions> = {}): Promise<string> {
  return issueMdoc({
    signer: issuer,
    docType,
    namespaces: { [namespace]: elements, 'th.example': { office: '1003' } },
    holderJwk: device.key.publicJwk,
    validity: { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') },
    status,
    clock,
    ...options,
  })
}

export const everything = [
  ...Object.keys(elements).map((element) => [namespace, element]),
  ['th.example', 'office'],
]

export async function present(
  credential?: string,
  options: Partial<PresentMdocOptions> = {},
): Promise<string> {
  return presentMdoc({
    credential: credential ?? (await issue()),
    disclose: everything,
    binding,
    holder: device,
    ...options,
  })
}

export const isTrusted: IsTrusted = trustOnly([
  { role: 'credential-issuer', id: issuerName, types: [docType] },
])
export const checkStatus: CheckStatus = async () => ({ status: 'valid', asOf: now })
export const anchors = trustAnchors([{ role: 'credential-issuer', certificate: authority.certificate }])

const resolveIssuerKey = cached(
  resolveX5c({ anchors, clock, profile: mdocIssuerProfile, purposes: [mdocPurposes.documentSigner] }),
  { lifetime: 300_000 },
)

export function verifying(options: Partial<VerifyMdocOptions> = {}): VerifyMdocOptions {
  return {
    resolveIssuerKey,
    isTrusted,
    checkStatus,
    binding,
    clock,
    ...options,
  }
}

/** The checks of a presentation that did not pass, as text. */
export async function faultsOf(
  presentation: unknown,
  options: Partial<VerifyMdocOptions> = {},
): Promise<readonly string[]> {
  const checks = await verifyMdoc(presentation, verifying(options)).then(
    (verified) => verified.checks,
    (error: unknown) => {
      if (error instanceof RejectedError || error instanceof UnavailableError) return error.checks
      throw error
    },
  )
  return checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, outcome, code }) => `${name} ${outcome} ${code}`)
}

/** Plain maps and lists that a test may change, and back. */
export const open = (encoded: string) => decodeCbor(fromBase64url(encoded)) as OpenMap
export const close = (value: OpenMap | CborMap) => base64url(encodeCbor(value as CborInput))
// biome-ignore lint/suspicious/noExplicitAny: a test reaches into structures of any kind
export type OpenMap = Map<string, any>
