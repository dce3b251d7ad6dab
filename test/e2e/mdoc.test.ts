// Our three roles with mso_mdoc over OpenID4VCI and OpenID4VP; between them requests and responses of HTTP.
import { createMemoryStore, type IssuerKeyQuestion, trustAnyone, trustOnly } from '@ekkasan/core'
import { createIssuer } from '@ekkasan/issuer'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { mdoc, mdocHolder, mdocVerifier } from '@ekkasan/mdoc'
import { resolveJwtVcIssuer } from '@ekkasan/sd-jwt-vc'
import { createStatusChecker, createStatusLists } from '@ekkasan/status'
import { nationalIdMdoc } from '@ekkasan/thai'
import { createVerifier } from '@ekkasan/verifier'
import { createMemoryHolderKeys, createWallet, requireReceived } from '@ekkasan/wallet'
import {
  createCertificateAuthority,
  parseCertificate,
  readClientCertificate,
  resolveX5c,
  subjectIdentifier,
  trustAnchors,
} from '@ekkasan/x509'
import { expect, it } from 'vitest'
import { partialNationalId } from '../partial-documents.ts'

const issuerUrl = 'https://issuer.example'
const verifierUrl = 'https://verifier.example'
const docType = 'example.agency.nationalid.1'
const claims = {
  citizen_id: '1999900000013',
  name_th: 'นาย สมมุติ ตัวอย่างดี',
  birthdate: '1990-02',
  picture: 'data:image/jpeg;base64,/9j/4A==',
  age_equal_or_over: { '20': true },
  address: { province: 'นนทบุรี' },
  date_of_issuance: '2024-05-01',
  issuing_country: 'TH',
}

const authority = await createCertificateAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  subject: { commonName: 'Root', country: 'TH' },
})
const certified = async (commonName: string, dnsNames: readonly string[] = []) => {
  const jwk = { ...(await generateJwk('ES256')), kid: commonName }
  const x5c = await authority.issue({ subject: { commonName }, publicJwk: publicJwkOf(jwk), dnsNames })
  return { jwk, signer: await signerFromJwk(jwk, { x5c }) }
}
const { jwk, signer } = await certified('DOPA')
// Of the status list's publisher and of its reader.
let ahead = 0
const clock = () => new Date(Date.now() + ahead)
const store = createMemoryStore()
const issuer = createIssuer({
  url: issuerUrl,
  names: { th: 'กรมการปกครอง', en: 'DOPA' },
  credentials: [partialNationalId.as(mdoc({ signer, type: () => nationalIdMdoc(docType) }))],
  store,
  getClaims: async () => ({ claims }),
  keys: [publicJwkOf(jwk)],
  status: createStatusLists({
    url: `${issuerUrl}/status-lists`,
    signer: await signerFromJwk(jwk),
    issuer: issuerUrl,
    store,
    ttl: 60,
    clock,
  }),
})
const routed = async (input: string | URL, init?: RequestInit): Promise<Response> => {
  const request = new Request(input, init)
  return request.url.startsWith(issuerUrl) ? issuer.fetch(request) : verifier.fetch(request)
}
const byChain = resolveX5c({
  anchors: trustAnchors([{ role: 'credential-issuer', certificate: authority.certificate }]),
})
const byMetadata = resolveJwtVcIssuer({ fetch: routed })
const resolveIssuerKey = (question: IssuerKeyQuestion) => (question.x5c ? byChain : byMetadata)(question)
const dopa = subjectIdentifier('CN=DOPA', parseCertificate(authority.certificate))
const isTrusted = trustOnly([
  { role: 'credential-issuer', id: dopa, types: [docType] },
  { role: 'status-issuer', id: issuerUrl, onBehalfOf: [dopa] },
])
const verifier = createVerifier({
  url: verifierUrl,
  names: { th: 'ผู้ตรวจ', en: 'Verifier' },
  identity: { prefix: 'x509_hash', signer: (await certified('Verifier', ['verifier.example'])).signer },
  formats: [mdocVerifier({ resolveIssuerKey })],
  store: createMemoryStore(),
  isTrusted,
  checkStatus: createStatusChecker({ fetch: routed, resolveIssuerKey, isTrusted, clock }),
})
const wallet = createWallet({
  formats: [mdocHolder({ resolveIssuerKey })],
  keys: createMemoryHolderKeys(),
  store: createMemoryStore(),
  isTrusted: trustAnyone('a test'),
  readCertificate: readClientCertificate,
  fetch: routed,
})

it('names the configuration as OpenID4VCI Appendix A.2.2 has it', async () => {
  const response = await issuer.fetch(new Request(`${issuerUrl}/.well-known/openid-credential-issuer`))
  const { 'ThaiNationalID-mdoc': configuration } = (await response.json()).credential_configurations_supported
  expect(configuration).toMatchObject({
    format: 'mso_mdoc',
    doctype: docType,
    cryptographic_binding_methods_supported: ['cose_key'],
    credential_signing_alg_values_supported: [-7, -9],
    proof_types_supported: { jwt: {} },
  })
  const paths = configuration.credential_metadata.claims.map(({ path }: { path: string[] }) => path)
  expect(paths).toContainEqual([docType, 'age_over_20'])
  expect(paths.every((path: string[]) => path.length === 2)).toBe(true)
})

it('issues, presents and verifies the national ID, until it is revoked', async () => {
  const offer = await issuer.createOffer({
    credentials: ['ThaiNationalID-mdoc'],
    subject: 'one',
    txCode: true,
  })
  const received = await wallet.readOffer(offer.uriByReference)
  const [kept] = requireReceived(await wallet.receive(received, { txCode: offer.txCode as string }))
  expect(kept?.view.claims).toEqual({
    [docType]: {
      citizen_id: '1999900000013',
      name_th: 'นาย สมมุติ ตัวอย่างดี',
      birth_date: '1990-02',
      portrait: '_9j_4A',
      age_over_20: true,
      address_province: 'นนทบุรี',
      issue_date: '2024-05-01',
      issuing_country: 'TH',
    },
  })
  const present = async () => {
    const started = await verifier.start({
      query: {
        credentials: [
          {
            id: 'id',
            format: 'mso_mdoc',
            meta: { doctype_value: docType },
            claims: [{ path: [docType, 'age_over_20'], values: [true], intent_to_retain: false }],
          },
        ],
      },
    })
    const request = await wallet.readRequest(started.requestUri)
    const candidate = request.options[0]?.candidates[0]
    await wallet.present(request, { id: [candidate?.credentialId as string] }).catch(() => undefined)
    return verifier.result(started.id)
  }
  const result = await present()
  expect(result).toMatchObject({
    state: 'verified',
    presentations: {
      id: [{ format: 'mso_mdoc', types: [docType], claims: { [docType]: { age_over_20: true } } }],
    },
  })
  const { issuances } = await issuer.issuances({ subject: 'one' })
  await issuer.revoke(issuances[0]?.id as string)
  ahead = 61_000
  const rejected = await present()
  expect(rejected.state).toBe('rejected')
  expect(JSON.stringify(rejected)).toContain('core.status.revoked')
})
