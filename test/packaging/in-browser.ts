import {
  createMemoryStore,
  ignoreStatus,
  type PresentationBinding,
  resolveIssuerKeyBy,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import { createDidResolver, didJwkOf, didKeyOf, resolveDidIssuer } from '@ekkasan/did'
import { createIssuer } from '@ekkasan/issuer'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { algorithms, generateJwk, signerFromJwk, supportedAlgorithms, verifySignature } from '@ekkasan/keys'
import { resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createStatusChecker, createStatusLists } from '@ekkasan/status'
import { thaiNationalId } from '@ekkasan/thai'
import { issueVcJwt, presentVpJwt, verifyVpJwt } from '@ekkasan/vc-jose-cose'
import { createVerifier } from '@ekkasan/verifier'
import { createBrowserHolderKeys, createWallet } from '@ekkasan/wallet'
import { createCertificateAuthority, readClientCertificate } from '@ekkasan/x509'

// Runs in a page, bundled from the packed packages: the three roles talk to one another inside it.

const url = 'https://issuer.example'
const verifierUrl = 'https://verifier.example'
const claims = { citizen_id: '1999900000013', name_th: 'นาย สมมุติ ตัวอย่างดี', issuing_country: 'TH' }

async function roles(): Promise<string[]> {
  const jwk = { ...(await generateJwk('ES256')), kid: 'first' }
  const { d: _d, ...publicJwk } = jwk
  const signer = await signerFromJwk(jwk)
  const did = didJwkOf(publicJwk)
  const store = createMemoryStore()
  const issuer = createIssuer({
    url,
    names: { th: 'กรมการปกครอง', en: 'DOPA' },
    credentials: [
      thaiNationalId.as(sdJwtVc({ signer, vcdm: true })),
      thaiNationalId.as(jwtVc({ signer: await signerFromJwk(jwk, { kid: `${did}#0` }), issuer: did })),
    ],
    store,
    getClaims: async () => ({ claims }),
    keys: [publicJwk],
    status: createStatusLists({ url: `${url}/status-lists`, signer, issuer: url, store, ttl: 1 }),
  })
  const routed = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    return request.url.startsWith(url) ? issuer.fetch(request) : verifier.fetch(request)
  }
  const resolveDid = createDidResolver({ fetch: routed })
  const resolveIssuerKey = resolveIssuerKeyBy({
    https: resolveJwtVcIssuer({ fetch: routed }),
    did: resolveDidIssuer(resolveDid),
  })
  const isTrusted = trustOnly([
    { role: 'credential-issuer', id: url },
    { role: 'credential-issuer', id: did },
    { role: 'status-issuer', id: url, onBehalfOf: [did] },
  ])
  const requestJwk = await generateJwk('ES256')
  const { d: _secret, ...requestPublicJwk } = requestJwk
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Root' },
  })
  const x5c = await authority.issue({
    subject: { commonName: 'Verifier' },
    publicJwk: requestPublicJwk,
    dnsNames: ['verifier.example'],
  })
  const verifier = createVerifier({
    url: verifierUrl,
    names: { th: 'ผู้ตรวจ', en: 'Verifier' },
    identity: { prefix: 'x509_hash', signer: await signerFromJwk(requestJwk, { x5c }) },
    formats: [sdJwtVcVerifier({ resolveIssuerKey }), jwtVcVerifier({ resolveIssuerKey, resolveDid })],
    store: createMemoryStore(),
    isTrusted,
    checkStatus: createStatusChecker({ fetch: routed, resolveIssuerKey, isTrusted }),
  })
  const wallet = createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey }), jwtVcHolder({ resolveIssuerKey })],
    keys: createBrowserHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    readCertificate: readClientCertificate,
    resolveDid,
    fetch: routed,
  })
  const seen: string[] = []
  for (const { id, format } of [
    { id: 'ThaiNationalID-sd-jwt-vc', format: 'dc+sd-jwt' },
    { id: 'ThaiNationalID-jwt-vc', format: 'jwt_vc_json' },
  ]) {
    const offer = await issuer.createOffer({ credentials: [id], subject: 'one', txCode: true })
    await wallet.receive(await wallet.readOffer(offer.uriByReference), { txCode: offer.txCode as string })
    const meta =
      format === 'dc+sd-jwt'
        ? { vct_values: [`${url}/vct/ThaiNationalIDCredential/v1`] }
        : { type_values: [['VerifiableCredential', 'ThaiNationalIDCredential']] }
    const query = {
      credentials: [{ id: 'a', format, meta, claims: [{ path: ['credentialSubject', 'name_th'] }] }],
    }
    const started = await verifier.start({ query })
    const request = await wallet.readRequest(started.requestUri)
    const candidate = request.options[0]?.candidates[0]
    await wallet.present(request, { a: [candidate?.credentialId as string] })
    const result = await verifier.result(started.id)
    seen.push(`${format} ${result.state}`)
  }
  return seen
}

async function vcJwt(): Promise<string[]> {
  const [issuerSigner, holderJwk] = [
    await signerFromJwk(await generateJwk('ES256')),
    await generateJwk('ES256'),
  ]
  const { d: _d, ...holderPublic } = holderJwk
  const holderDid = didKeyOf(holderPublic)
  const holder = await signerFromJwk(holderJwk, { kid: `${holderDid}#${holderDid.slice('did:key:'.length)}` })
  const credential = await issueVcJwt({
    signer: issuerSigner,
    credential: {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential'],
      issuer: url,
      credentialSubject: { id: holderDid, name: 'สมมุติ' },
    },
  })
  const binding: PresentationBinding = { clientId: verifierUrl, nonce: 'a-nonce-of-this-request' }
  const presentation = await presentVpJwt({ holder, credentials: [credential], binding })
  const { credentials } = await verifyVpJwt(presentation, {
    binding,
    resolveIssuerKey: async () => ({
      jwk: issuerSigner.key.publicJwk,
      identity: { id: url, method: 'jwt-vc-issuer' },
    }),
    resolveDid: createDidResolver(),
    isTrusted: trustAnyone('a test'),
    checkStatus: ignoreStatus('there is none'),
  })
  return [...(credentials[0]?.types ?? [])]
}

async function signatures(): Promise<string[]> {
  const names = supportedAlgorithms().filter((alg) => !algorithms[alg].verifyOnly)
  const data = new TextEncoder().encode('ข้อความ')
  const good: string[] = []
  for (const alg of names) {
    const signer = await signerFromJwk(await generateJwk(alg), { alg })
    if (await verifySignature(alg, signer.key.publicJwk, data, await signer.sign(data))) good.push(alg)
  }
  return good
}

Object.assign(globalThis, { ekkasan: { roles, vcJwt, signatures } })
