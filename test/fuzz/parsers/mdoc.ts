import { type Claims, RejectedError, trustAnyone, UnavailableError } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { CoseError, decodeCbor, encodeCbor } from '@ekkasan/cose'
import { publicJwkOf } from '@ekkasan/keys'
import {
  acceptMdoc,
  fullDate,
  issueMdoc,
  MdocError,
  presentMdoc,
  type VerifiedMdoc,
  verifyDeviceResponse,
  verifyMdoc,
  viewMdoc,
} from '@ekkasan/mdoc'
import { createMdocAuthority } from '@ekkasan/x509'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insistSame, textOf, tryParse, tryVerify } from '../target.ts'

const binding = {
  clientId: 'x509_san_dns:verifier.example',
  nonce: 'nonce-1',
  responseUri: 'https://verifier.example/response',
}
const namespace = 'org.iso.18013.5.1'
const issued: Claims = {
  [namespace]: { family_name: 'ใจดี', birth_date: '2001-02-03', portrait: '_9j_', age_over_20: true },
}
const device = publicJwkOf(fuzzKey('device'))
// By the issuer's key, whatever chain stands there: so that more than the first check is tried.
const issuer = { jwk: publicJwkOf(fuzzKey('issuer')), identity: { id: 'issuer', method: 'x5c' } as const }
const options = { resolveIssuerKey: async () => issuer, isTrusted: trustAnyone('the fuzzer') }

export const target: FuzzTarget = {
  reads: 'mdocs: IssuerSigned, MobileSecurityObject and DeviceResponse (@ekkasan/mdoc)',
  async seeds() {
    const { credential, presentation } = await issue()
    return [credential, presentation].map(fromBase64url)
  },
  async read(input) {
    for (const text of [base64url(input), textOf(input)]) await readOne(text)
  },
}

async function readOne(text: string): Promise<void> {
  const view = tryParse(() => viewMdoc(text), MdocError, CoseError)
  if (view) {
    const again = base64url(encodeCbor(decodeCbor(fromBase64url(text))))
    insistSame(viewMdoc(again).claims, view.claims, 'an mdoc encoded anew has the same claims')
    const held = { ...options, holder: { jwk: device }, issuer: 'https://issuer.example' }
    const accepted = await tryVerify(() => acceptMdoc(text, held), RejectedError, UnavailableError)
    if (accepted) insistSigned(accepted.view.claims)
  }
  const refusals = [RejectedError, UnavailableError]
  const verified: (VerifiedMdoc | undefined)[] = [
    await tryVerify(() => verifyMdoc(text, { ...options, binding }), ...refusals),
  ]
  const response = await tryVerify(() => verifyDeviceResponse(text, options), ...refusals)
  for (const document of response?.documents ?? [])
    if ('verified' in document) verified.push(document.verified)
  for (const document of verified) if (document) insistSigned(document.claims)
}

/** Nobody else has the key of the issuer. */
function insistSigned(claims: Claims): void {
  for (const [name, elements] of Object.entries(claims))
    for (const [element, value] of Object.entries(elements as Claims))
      insistSame(value, (issued[name] as Claims)?.[element], 'an element that is accepted was signed')
}

async function issue() {
  const authority = await createMdocAuthority({
    signer: await fuzzSigner('authority'),
    commonName: 'Issuing authority',
    country: 'TH',
    contact: 'https://iaca.example',
    crlUrl: 'https://iaca.example/crl',
  })
  const x5c = await authority.issueDocumentSigner({ commonName: 'Signer', publicJwk: issuer.jwk })
  const credential = await issueMdoc({
    signer: await fuzzSigner('issuer', { x5c }),
    docType: 'org.iso.18013.5.1.mDL',
    namespaces: {
      [namespace]: {
        family_name: 'ใจดี',
        birth_date: fullDate('2001-02-03'),
        portrait: Uint8Array.of(255, 216, 255),
        age_over_20: true,
      },
    },
    holderJwk: device,
    validity: { until: new Date(Date.now() + 300 * 86_400_000) },
    keyAuthorizations: { namespaces: ['own'], elements: { other: ['one'] } },
  })
  const presentation = await presentMdoc({
    credential,
    disclose: [
      [namespace, 'family_name'],
      [namespace, 'portrait'],
    ],
    holder: await fuzzSigner('device'),
    deviceNamespaces: { own: { now: 1 } },
    binding,
  })
  return { credential, presentation }
}
