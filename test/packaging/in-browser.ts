import {
  createGuardedFetch,
  createMemoryStore,
  ignoreStatus,
  type PresentationBinding,
  resolveIssuerKeyBy,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import {
  createContextRegistry,
  documentContext,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
} from '@ekkasan/data-integrity'
import { createDidResolver, didJwkOf, didKeyOf, resolveDidIssuer } from '@ekkasan/did'
import { createIssuer } from '@ekkasan/issuer'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { algorithms, generateJwk, signerFromJwk, supportedAlgorithms, verifySignature } from '@ekkasan/keys'
import { mdoc, mdocHolder, mdocVerifier } from '@ekkasan/mdoc'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import { resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createBitstringStatusLists, createStatusChecker, createStatusLists } from '@ekkasan/status'
import { nationalIdClaims, nationalIdMdoc, thaiNationalId } from '@ekkasan/thai'
import {
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  presentVcSdJwt,
  presentVpCose,
  verifyVcJwt,
  verifyVpCose,
} from '@ekkasan/vc-jose-cose'
import { createVerifier } from '@ekkasan/verifier'
import {
  createBrowserHolderKeys,
  createMemoryHolderKeys,
  createWallet,
  requireReceived,
} from '@ekkasan/wallet'
import {
  createCertificateAuthority,
  parseCertificate,
  readClientCertificate,
  resolveX5c,
  subjectIdentifier,
  trustAnchors,
} from '@ekkasan/x509'

// Runs in a page, bundled from the packed packages: the three roles talk to one another inside it.

const url = 'https://issuer.example'
const verifierUrl = 'https://verifier.example'
const docType = 'example.agency.nationalid.1'
const claims = nationalIdClaims(
  {
    person: {
      pid: '1999900000013',
      titleDesc: 'นาย',
      firstName: 'สมมุติ',
      lastName: 'ตัวอย่างดี',
      genderCode: 1,
      dateOfBirth: '25330115',
      nationalityCode: '099',
    },
    card: { issueDate: '25670501', expireDate: '25750114' },
  },
  new Date(),
)

async function roles(): Promise<string[]> {
  const jwk = { ...(await generateJwk('ES256')), kid: 'first' }
  const { d: _d, ...publicJwk } = jwk
  const signer = await signerFromJwk(jwk)
  const did = didJwkOf(publicJwk)
  const store = createMemoryStore()
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Root', country: 'TH' },
  })
  const x5c = await authority.issue({ subject: { commonName: 'DOPA', country: 'TH' }, publicJwk })
  const byDid = await signerFromJwk(jwk, { kid: `${did}#0` })
  const issuer = createIssuer({
    url,
    names: { th: 'กรมการปกครอง', en: 'DOPA' },
    credentials: [
      thaiNationalId.as(sdJwtVc({ signer, vcdm: true })),
      thaiNationalId.as(jwtVc({ signer: byDid, issuer: did })),
      thaiNationalId.as(ldpVc({ signer: byDid })),
      thaiNationalId.as(
        mdoc({ signer: await signerFromJwk(jwk, { x5c }), type: () => nationalIdMdoc(docType) }),
      ),
    ],
    store,
    getClaims: async () => ({ claims }),
    keys: [publicJwk],
    resolveDid: createDidResolver(),
    status: [
      createStatusLists({ url: `${url}/status-lists`, signer, issuer: url, store, ttl: 1 }),
      createBitstringStatusLists({
        url: `${url}/bitstrings`,
        issuer: did,
        store,
        issueCredential: async (credential) => ({
          contentType: 'application/vc+jwt',
          body: await issueVcJwt({ signer: byDid, credential }),
        }),
      }),
    ],
  })
  const routed = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    return request.url.startsWith(url) ? issuer.fetch(request) : verifier.fetch(request)
  }
  const resolveDid = createDidResolver({ fetch: routed })
  const resolveIssuerKey = resolveIssuerKeyBy({
    https: resolveJwtVcIssuer({ fetch: routed }),
    did: resolveDidIssuer(resolveDid),
    x5c: resolveX5c({
      anchors: trustAnchors([{ role: 'credential-issuer', certificate: authority.certificate }]),
    }),
  })
  const contexts = createContextRegistry([documentContext(thaiNationalId, url)])
  const dopa = subjectIdentifier('CN=DOPA,C=TH', parseCertificate(authority.certificate))
  const isTrusted = trustOnly([
    { role: 'credential-issuer', id: url },
    { role: 'credential-issuer', id: did },
    { role: 'credential-issuer', id: dopa },
    { role: 'status-issuer', id: url, onBehalfOf: [did, dopa] },
  ])
  const requestJwk = await generateJwk('ES256')
  const { d: _secret, ...requestPublicJwk } = requestJwk
  const requestX5c = await authority.issue({
    subject: { commonName: 'Verifier' },
    publicJwk: requestPublicJwk,
    dnsNames: ['verifier.example'],
  })
  const verifier = createVerifier({
    url: verifierUrl,
    names: { th: 'ผู้ตรวจ', en: 'Verifier' },
    identity: { prefix: 'x509_hash', signer: await signerFromJwk(requestJwk, { x5c: requestX5c }) },
    formats: [
      sdJwtVcVerifier({ resolveIssuerKey }),
      jwtVcVerifier({ resolveIssuerKey, resolveDid }),
      ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
      mdocVerifier({ resolveIssuerKey }),
    ],
    store: createMemoryStore(),
    isTrusted,
    checkStatus: createStatusChecker({
      fetch: routed,
      resolveIssuerKey,
      isTrusted,
      verifyListCredential: (body, _contentType, asked) =>
        verifyVcJwt(new TextDecoder().decode(body), { resolveIssuerKey, isTrusted: asked.isTrusted }),
    }),
  })
  const wallet = createWallet({
    formats: [
      sdJwtVcHolder({ resolveIssuerKey }),
      jwtVcHolder({ resolveIssuerKey }),
      ldpVcHolder({ resolveIssuerKey, contexts }),
      mdocHolder({ resolveIssuerKey }),
    ],
    // A page keeps keys in IndexedDB; servers have none.
    keys: 'indexedDB' in globalThis ? createBrowserHolderKeys() : createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    readCertificate: readClientCertificate,
    resolveDid,
    fetch: routed,
  })
  const seen: string[] = []
  const subjectName = ['credentialSubject', 'name_th']
  const type = ['VerifiableCredential', 'ThaiNationalIDCredential']
  for (const { id, format, meta, path } of [
    {
      id: 'ThaiNationalID-sd-jwt-vc',
      format: 'dc+sd-jwt',
      meta: { vct_values: [`${url}/vct/ThaiNationalIDCredential/v1`] },
      path: subjectName,
    },
    { id: 'ThaiNationalID-jwt-vc', format: 'jwt_vc_json', meta: { type_values: [type] }, path: subjectName },
    { id: 'ThaiNationalID-ldp-vc', format: 'ldp_vc', meta: { type_values: [type] }, path: subjectName },
    {
      id: 'ThaiNationalID-mdoc',
      format: 'mso_mdoc',
      meta: { doctype_value: docType },
      path: [docType, 'name_th'],
    },
  ]) {
    const offer = await issuer.createOffer({ credentials: [id], subject: 'one', txCode: true })
    requireReceived(
      await wallet.receive(await wallet.readOffer(offer.uriByReference), { txCode: offer.txCode as string }),
    )
    const query = { credentials: [{ id: 'a', format, meta, claims: [{ path }] }] }
    const started = await verifier.start({ query })
    const request = await wallet.readRequest(started.requestUri)
    const candidate = request.options[0]?.candidates[0]
    await wallet.present(request, { a: [candidate?.credentialId as string] })
    const result = await verifier.result(started.id)
    seen.push(`${format} ${result.state}`)
  }
  return seen
}

/** A presentation in COSE of a credential in each securing. */
async function joseCose(): Promise<string[]> {
  const signer = await signerFromJwk(await generateJwk('ES256'))
  const holderJwk = await generateJwk('ES256')
  const { d: _d, ...holderPublic } = holderJwk
  const holderDid = didKeyOf(holderPublic)
  const holder = await signerFromJwk(holderJwk, { kid: `${holderDid}#${holderDid.slice('did:key:'.length)}` })
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    issuer: url,
    credentialSubject: { id: holderDid, name: 'สมมุติ' },
  }
  const path = ['credentialSubject', 'name']
  const held = await issueVcSdJwt({ signer, credential, frame: createDisclosureFrame({ deep: [path] }) })
  const credentials = [
    await issueVcJwt({ signer, credential }),
    await presentVcSdJwt({ credential: held, disclose: [path] }),
    await issueVcCose({ signer, credential }),
  ]
  const binding: PresentationBinding = { clientId: verifierUrl, nonce: 'a-nonce-of-this-request' }
  const presentation = await presentVpCose({ holder, credentials, binding })
  const verified = await verifyVpCose(presentation, {
    binding,
    resolveIssuerKey: async () => ({
      jwk: signer.key.publicJwk,
      identity: { id: url, method: 'jwt-vc-issuer' },
    }),
    resolveDid: createDidResolver(),
    isTrusted: trustAnyone('a test'),
    checkStatus: ignoreStatus('there is none'),
  })
  return verified.credentials.map(({ credential: { credentialSubject } }) =>
    JSON.stringify(credentialSubject),
  )
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

/** The libraries' own fetch against a server: what it answers comes, and no redirect of it is followed. */
async function fetched(base: string): Promise<string[]> {
  const { host, port } = new URL(base)
  const fetch = createGuardedFetch({ allowHosts: [host] })
  const codeOf = (asked: Promise<unknown>) =>
    asked.then(
      () => 'followed',
      (error: { readonly code?: string; readonly message: string }) => error.code ?? error.message,
    )
  const plain = await (await fetch(`${base}/plain`, { method: 'POST', body: 'a' })).text()
  const statuses = [301, 302, 303, 307, 308].map((status) => codeOf(fetch(`${base}/redirect/${status}`)))
  const did = `did:web:localhost%3A${port}:redirect:302`
  const resolveDid = createDidResolver({ fetch, allowHttp: [host] })
  return [plain, ...(await Promise.all(statuses)), await codeOf(resolveDid(did))]
}

Object.assign(globalThis, { ekkasan: { roles, joseCose, signatures, fetched } })
