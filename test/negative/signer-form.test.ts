import { createMemoryStore, type IssuerFormat, type Signer } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { signCoseSign1 } from '@ekkasan/cose'
import { addProof, ldpVc } from '@ekkasan/data-integrity'
import { didKeyUrlOf } from '@ekkasan/did'
import { jwtVc, presentJwtVp } from '@ekkasan/jwt-vc'
import { derToJose, generateJwk, joseToDer, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import { mdoc } from '@ekkasan/mdoc'
import { signRequestObject } from '@ekkasan/openid4vc'
import { presentSdJwtVc, sdJwtVc } from '@ekkasan/sd-jwt-vc'
import { createStatusLists } from '@ekkasan/status'
import { issueVcCose, issueVcJwt } from '@ekkasan/vc-jose-cose'
import { createCertificateAuthority } from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'

// A KMS returns ECDSA signatures in DER: whatever signs with it says so at the first signature.

const url = 'https://issuer.example'
const jwk = await generateJwk('ES256')
const good = await signerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
const authority = await createCertificateAuthority({ signer: good, subject: { commonName: 'Root' } })
const x5c = await authority.issue({ subject: { commonName: 'Issuer' }, publicJwk: publicJwkOf(jwk) })

const kms = async (data: Uint8Array) => joseToDer(await good.sign(data))
const inDer: Signer = { ...good, sign: kms }
const tooShort: Signer = { ...good, sign: async (data) => (await good.sign(data)).subarray(1) }
const converted: Signer = { ...good, sign: async (data) => derToJose(await kms(data), 'ES256') }

const issue = (format: IssuerFormat) =>
  format.issue({
    document: paperDocument,
    issuer: url,
    claims: { name: 'สมชาย' },
    holder: { jwk: publicJwkOf(jwk), ...(good.key.kid !== undefined && { kid: good.key.kid }) },
    validity: { from: new Date() },
    id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  })
const binding = { clientId: 'x509_hash:a', nonce: 'n' }
const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer: url,
  credentialSubject: { id: 'did:example:a' },
}
const withChain = (signer: Signer): Signer => ({ ...signer, key: { publicJwk: publicJwkOf(jwk), x5c } })
const type = () => ({ docType: 'paper', elements: [{ path: ['name'], namespace: 'paper', element: 'name' }] })

async function fetchList(signer: Signer, accept: string): Promise<unknown> {
  const lists = createStatusLists({ url: `${url}/lists`, signer, store: createMemoryStore() })
  const { uri } = await lists.allocate()
  return lists.fetch(new Request(uri, { headers: { accept } }))
}

const users: Readonly<Record<string, (signer: Signer) => Promise<unknown>>> = {
  JWS: (signer) => signJws({ signer, header: {}, payload: {} }),
  COSE: (signer) => signCoseSign1({ signer, payload: utf8('a') }),
  'SD-JWT VC': (signer) => issue(sdJwtVc({ signer })),
  'KB-JWT': async (holder) =>
    presentSdJwtVc({
      credential: (await issue(sdJwtVc({ signer: good }))) as string,
      disclose: [],
      binding,
      holder,
    }),
  jwt_vc_json: (signer) => issue(jwtVc({ signer })),
  'VP as JWT': async (holder) =>
    presentJwtVp({ credential: (await issue(jwtVc({ signer: good }))) as string, binding, holder }),
  'ldp_vc, ecdsa-rdfc-2019': (signer) => issue(ldpVc({ signer })),
  'ldp_vc, ecdsa-sd-2023': (signer) => issue(ldpVc({ signer, cryptosuite: 'ecdsa-sd-2023' })),
  'ldp_vc, ecdsa-jcs-2019': (signer) =>
    addProof({ signer, document: credential, cryptosuite: 'ecdsa-jcs-2019' }),
  mso_mdoc: (signer) => issue(mdoc({ signer: withChain(signer), type })),
  'VC-JOSE-COSE, JOSE': (signer) => issueVcJwt({ signer, credential }),
  'VC-JOSE-COSE, COSE': (signer) => issueVcCose({ signer, credential }),
  'status list as JWT': (signer) => fetchList(signer, 'application/statuslist+jwt'),
  'status list as CWT': (signer) => fetchList(signer, 'application/statuslist+cwt'),
  'request object': (signer) =>
    signRequestObject({
      request: {
        client_id: 'x509_hash:a',
        response_type: 'vp_token',
        response_mode: 'direct_post',
        response_uri: 'https://verifier.example/r',
        nonce: 'n-0S6_WzA2Mj',
        dcql_query: {},
        client_metadata: {},
      },
      signer: withChain(signer),
      issuedAt: new Date(),
      expiresAt: new Date(),
    }),
  certificate: (signer) => createCertificateAuthority({ signer, subject: { commonName: 'Root' } }),
}

describe.each(Object.entries(users))('%s [C4]', (_name, use) => {
  it('is not signed in DER, nor at another length; the message says so', async () => {
    await expect(use(inDer)).rejects.toThrow(
      /the signer \(ES256\) returned DER \(\d+ bytes\); expected r \|\| s of 64 bytes: convert it with derToJose/,
    )
    await expect(use(tooShort)).rejects.toThrow('returned a signature of 63 bytes; expected 64')
  })

  it('is signed once the DER is converted', async () => {
    await expect(use(converted)).resolves.toBeDefined()
  })
})
