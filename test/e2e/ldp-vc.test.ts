// Our three roles with ldp_vc over OpenID4VCI and OpenID4VP; between them requests and responses of HTTP.
import { createMemoryStore, trustAnyone } from '@ekkasan/core'
import {
  type CryptosuiteName,
  createContextRegistry,
  documentContext,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
} from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { createDidResolver, didJwkUrlOf, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import { createMemoryHolderKeys, createWallet, requireReceived } from '@ekkasan/wallet'
import { createCertificateAuthority, readClientCertificate } from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'
import { claims } from '../interop/ours.ts'
import { partialNationalId } from '../partial-documents.ts'
import { serve } from '../serve.ts'

const resolveDid = createDidResolver()
const resolveIssuerKey = resolveDidIssuer(resolveDid)
const isTrusted = trustAnyone('a test')

async function createSigner(cryptosuite: CryptosuiteName) {
  if (cryptosuite === 'bbs-2023') {
    const jwk = generateBbsJwk()
    return { jwk, signer: bbsSignerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) }) }
  }
  const jwk = await generateJwk(cryptosuite.startsWith('eddsa') ? 'EdDSA' : 'ES256')
  return { jwk, signer: await signerFromJwk(jwk, { kid: didJwkUrlOf(publicJwkOf(jwk)) }) }
}

async function startRoles(cryptosuite: CryptosuiteName) {
  const { signer, jwk } = await createSigner(cryptosuite)
  let issuer: Issuer | undefined
  const atIssuer = await serve((url) => {
    issuer = createIssuer({
      url: url.replace('127.0.0.1', 'localhost'),
      names: { th: 'กรมการปกครอง', en: 'DOPA' },
      credentials: [partialNationalId.as(ldpVc({ signer, cryptosuite }))],
      store: createMemoryStore(),
      getClaims: async () => ({ claims }),
      keys: [publicJwkOf(jwk)],
      resolveDid,
    })
    return issuer.fetch
  })
  const issuerUrl = atIssuer.origin.replace('127.0.0.1', 'localhost')
  const contexts = createContextRegistry([documentContext(partialNationalId, issuerUrl)])
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Root' },
  })
  const verifierJwk = await generateJwk('ES256')
  const x5c = await authority.issue({
    subject: { commonName: 'Verifier' },
    publicJwk: publicJwkOf(verifierJwk),
    dnsNames: ['localhost'],
  })
  const verifierSigner = await signerFromJwk(verifierJwk, { x5c })
  let verifier: Verifier | undefined
  const atVerifier = await serve((url) => {
    verifier = createVerifier({
      url: url.replace('127.0.0.1', 'localhost'),
      names: { th: 'ผู้ตรวจ', en: 'Verifier' },
      identity: { prefix: 'x509_hash', signer: verifierSigner },
      formats: [ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts })],
      store: createMemoryStore(),
      isTrusted,
    })
    return verifier.fetch
  })
  const seen: { readonly url: string; readonly body: string }[] = []
  const wallet = createWallet({
    formats: [ldpVcHolder({ resolveIssuerKey, contexts })],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted,
    readCertificate: readClientCertificate,
    resolveDid,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      seen.push({ url: String(input), body: await response.clone().text() })
      return response
    },
  })
  return {
    issuer: issuer as unknown as Issuer,
    verifier: verifier as unknown as Verifier,
    wallet,
    seen,
    close: () => Promise.all([atIssuer.close(), atVerifier.close()]),
  }
}

const selective: readonly CryptosuiteName[] = ['ecdsa-sd-2023', 'bbs-2023']

describe.each<CryptosuiteName>(['eddsa-rdfc-2022', 'ecdsa-jcs-2019', 'ecdsa-sd-2023', 'bbs-2023'])(
  '%s',
  (cryptosuite) => {
    it('is issued, kept, asked for by DCQL, presented and verified as JSON objects (OpenID4VCI A.1.2, OpenID4VP B.1.3.2)', async () => {
      const { issuer, verifier, wallet, seen, close } = await startRoles(cryptosuite)
      try {
        const offer = await issuer.createOffer({
          credentials: ['ThaiNationalID-ldp-vc'],
          subject: 'one',
          txCode: true,
        })
        const received = await wallet.readOffer(offer.uriByReference)
        const [kept] = requireReceived(await wallet.receive(received, { txCode: offer.txCode as string }))
        const answer = seen.find(({ url }) => url.endsWith('/credential'))
        const { credential } = JSON.parse(answer?.body as string).credentials[0]
        expect(credential.proof).toMatchObject({ type: 'DataIntegrityProof', cryptosuite })
        expect(kept?.view.claims.credentialSubject).toMatchObject({
          citizen_id: claims.citizen_id,
        })

        const started = await verifier.start({
          query: {
            credentials: [
              {
                id: 'id',
                format: 'ldp_vc',
                meta: { type_values: [['ThaiNationalIDCredential']] },
                claims: [{ path: ['credentialSubject', 'birthdate'] }],
              },
            ],
          },
        })
        const request = await wallet.readRequest(started.requestUri)
        const candidate = request.options[0]?.candidates[0]
        const isSelective = selective.includes(cryptosuite)
        const shown = JSON.stringify(candidate?.shown)
        expect(shown).toContain(claims.birthdate)
        expect(shown.includes(String(claims.citizen_id))).toBe(!isSelective)
        await wallet.present(request, { id: [candidate?.credentialId as string] })
        expect(await verifier.result(started.id)).toMatchObject({
          state: 'verified',
          presentations: { id: [{ format: 'ldp_vc', claims: { birthdate: claims.birthdate } }] },
        })
      } finally {
        await close()
      }
    })
  },
)
