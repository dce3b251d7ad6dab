import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { mdoc, viewMdoc } from '@ekkasan/mdoc'
import { createCertificateAuthority } from '@ekkasan/x509'
import { createCitizens } from '@ekkasan-examples/citizens'
import {
  authorityKeysOf,
  claimsOf,
  documentOf,
  documentOfTypes,
  documents,
  pictureOf,
  trustedAuthorities,
  trustIssuers,
} from '@ekkasan-examples/documents'
import { expect, it } from 'vitest'

const at = new Date()
const records = createCitizens(at).flatMap(({ record, refused }) => (refused ? [] : [record]))

async function documentSigner() {
  const jwk = await generateJwk('ES256')
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Authority' },
  })
  const x5c = await authority.issue({
    subject: { commonName: 'Signer' },
    publicJwk: publicJwkOf(jwk),
    uris: ['https://issuer.example'],
  })
  return { authority, x5c, signer: await signerFromJwk(jwk, { x5c }) }
}

it('reads from an mdoc what the document says in every other format', async () => {
  const { signer } = await documentSigner()
  const holder = { jwk: publicJwkOf(await generateJwk('ES256')) }
  for (const document of documents) {
    const format = mdoc({ signer, type: ({ id }) => documentOf(id).mdoc })
    const issued = records.filter((record) => document.type.id === 'ThaiNationalID' || record.licence)
    expect(issued.length).toBeGreaterThan(0)
    for (const record of issued.slice(0, 4)) {
      const claims = document.claims(record, at)
      const credential = await format.issue({
        document: document.type,
        issuer: 'https://issuer.example',
        claims,
        holder,
        validity: { from: at },
        id: 'urn:x',
      })
      expect(claimsOf(document, 'mso_mdoc', viewMdoc(credential).claims)).toEqual(claims)
    }
  }
})

it('leaves out what is around the claims of a W3C body', () => {
  const [document] = documents
  if (!document) throw new Error('the catalogue is empty')
  const inner = { id: 'did:jwk:x', name_th: 'ก' }
  expect(claimsOf(document, 'ldp_vc', { '@context': [], credentialSubject: inner })).toEqual({ name_th: 'ก' })
})

it('finds a document by its type in every format', () => {
  for (const types of [
    ['https://a.example/vct/ThaiNationalIDCredential/v1'],
    ['VerifiableCredential', 'ThaiNationalIDCredential'],
    ['https://a.example/contexts/ThaiNationalIDCredential/v1.json#ThaiNationalIDCredential'],
    ['example.agency.nationalid.1'],
  ])
    expect(documentOfTypes(types)?.type.id).toBe('ThaiNationalID')
  expect(documentOfTypes(['org.iso.18013.5.1.mDL'])?.type.id).toBe('ThaiDrivingLicence')
  expect(documentOfTypes(['Other'])).toBeUndefined()
})

it('shows bytes as a picture only where they are one', () => {
  expect(pictureOf('_9j_4AAQ')).toBe('data:image/jpeg;base64,/9j/4AAQ')
  expect(pictureOf('AAAA')).toBe('AAAA')
})

it('tells authorities by their keys, as `trusted_authorities` name them', async () => {
  const [{ authority, x5c }, other] = await Promise.all([documentSigner(), documentSigner()])
  const isUnder = (certificates: readonly string[]) =>
    trustedAuthorities.aki?.({ x5c } as never, authorityKeysOf(certificates))
  expect(isUnder([other.authority.certificate])).toBe(false)
  expect(isUnder([other.authority.certificate, authority.certificate])).toBe(true)
})

it('takes the statuses of a certified issuer from the issuer that its certificate names, and from no other', async () => {
  const { authority, x5c } = await documentSigner()
  const isTrusted = trustIssuers({
    issuers: ['https://other.example'],
    certificates: [authority.certificate],
  })
  const certified = { id: 'CN=Signer', method: 'x5c', x5c } as const
  expect(await isTrusted({ role: 'credential-issuer', id: 'CN=Signer', issuer: certified })).toMatchObject({
    trusted: true,
  })
  const statusOf = (id: string) => {
    const issuer = { id, method: 'jwt-vc-issuer' } as const
    return isTrusted({ role: 'status-issuer', id, issuer, onBehalfOf: certified })
  }
  expect(await statusOf('https://issuer.example')).toMatchObject({ trusted: true })
  expect(await statusOf('https://other.example')).toMatchObject({ trusted: false })
})
