import {
  type Claims,
  createGuardedFetch,
  createMemoryStore,
  type IsTrusted,
  resolveIssuerKeyBy,
  trustAnyone,
} from '@ekkasan/core'
import { createContextRegistry, issueLdpVc, ldpVc, ldpVcHolder, ldpVcVerifier } from '@ekkasan/data-integrity'
import { createDidResolver, didJwkOf, resolveDidIssuer } from '@ekkasan/did'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { mdoc, mdocHolder, mdocVerifier } from '@ekkasan/mdoc'
import { resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createBitstringStatusLists, createStatusChecker, createStatusLists } from '@ekkasan/status'
import { nationalIdClaims, nationalIdMdoc, thaiNationalId } from '@ekkasan/thai'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import { createMemoryHolderKeys, createWallet, type Wallet } from '@ekkasan/wallet'
import { createCertificateAuthority, readClientCertificate, resolveX5c, trustAnchors } from '@ekkasan/x509'
import { citizens } from '@ekkasan-examples/citizens'
import { serve } from '../serve.ts'

// Our three roles with the real formats, over HTTP on loopback: one side of every interop test.

export const citizen = citizens[0] as (typeof citizens)[number]
export const claims: Claims = nationalIdClaims(citizen.record, new Date())

export interface OurIssuer {
  readonly url: string
  readonly issuer: Issuer
  readonly certificate: string
  /** `x5c` of the signing key, leaf first. */
  readonly x5c: readonly string[]
  close(): Promise<void>
}

/** Terms of a document that a peer issues as `ldp_vc`. */
export const interopContext = {
  url: 'https://interop.example/context.json',
  document: {
    '@context': {
      '@protected': true,
      InteropDocument: 'https://interop.example/#InteropDocument',
      name: 'https://interop.example/#name',
      age: 'https://interop.example/#age',
    },
  },
}
const contexts = createContextRegistry([interopContext])

export const docType = 'example.agency.nationalid.1'

/** An issuer of the national ID: `dc+sd-jwt` plain and with a W3C body, `jwt_vc_json`, `ldp_vc`, `mso_mdoc`. */
export async function startOurIssuer(
  options: { readonly host?: string; readonly withCertificate?: boolean } = {},
): Promise<OurIssuer> {
  const { host = 'localhost', withCertificate = false } = options
  const jwk = { ...(await generateJwk('ES256')), kid: 'first' }
  const { d: _d, ...publicJwk } = jwk
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Interop root', country: 'TH' },
  })
  let issuer: Issuer | undefined
  let x5c: readonly string[] = []
  const { origin, close } = await serve(async (at) => {
    const url = at.replace('127.0.0.1', host)
    x5c = await authority.issue({
      subject: { commonName: 'Interop issuer', country: 'TH' },
      publicJwk,
      dnsNames: [host],
      uris: [url],
    })
    const signer = await signerFromJwk(jwk, withCertificate ? { x5c } : { kid: 'first' })
    const store = createMemoryStore()
    // Wallets look for the issuer of a W3C JWT by its DID.
    const did = didJwkOf(publicJwk)
    const didSigner = await signerFromJwk(jwk, { kid: `${did}#0` })
    const lists = { store, ttl: 1, lifetime: 60 }
    issuer = createIssuer({
      url,
      names: { th: 'กรมการปกครอง', en: 'DOPA' },
      credentials: [
        thaiNationalId.as(sdJwtVc({ signer, bindingMethods: ['jwk', 'did:jwk', 'did:key'] })),
        thaiNationalId.as(sdJwtVc({ signer, vcdm: true })),
        thaiNationalId.as(jwtVc({ signer: didSigner, issuer: did })),
        thaiNationalId.as(ldpVc({ signer: didSigner, issuer: did })),
        thaiNationalId.as(
          mdoc({ signer: await signerFromJwk(jwk, { x5c }), type: () => nationalIdMdoc(docType) }),
        ),
      ],
      store,
      getClaims: async () => ({ claims }),
      keys: [publicJwk],
      status: [
        createStatusLists({ ...lists, url: `${url}/status-lists`, signer, issuer: url }),
        createBitstringStatusLists({
          ...lists,
          url: `${url}/bitstring-status-lists`,
          issuer: did,
          async issueCredential(credential) {
            const secured = await issueLdpVc({ signer: didSigner, credential })
            return { contentType: 'application/vc', body: JSON.stringify(secured) }
          },
        }),
      ],
      resolveDid: createDidResolver(),
    })
    return issuer.fetch
  })
  return {
    url: origin.replace('127.0.0.1', host),
    issuer: issuer as unknown as Issuer,
    certificate: authority.certificate,
    x5c,
    close,
  }
}

function ports(hosts: readonly string[], issuerCertificates: readonly string[] = []) {
  const fetch = createGuardedFetch({ allowHosts: hosts })
  const resolveDid = createDidResolver({ fetch, allowHttp: hosts })
  const anchors = trustAnchors(
    issuerCertificates.map((certificate) => ({ role: 'credential-issuer', certificate })),
  )
  const resolveIssuerKey = resolveIssuerKeyBy({
    https: resolveJwtVcIssuer({ fetch, allowHttp: true }),
    did: resolveDidIssuer(resolveDid),
    x5c: resolveX5c({ anchors }),
  })
  return { fetch, resolveDid, resolveIssuerKey }
}

export interface OurVerifier {
  readonly verifier: Verifier
  /** The root that wallets have to trust. */
  readonly certificate: string
  close(): Promise<void>
}

export async function startOurVerifier(options: {
  readonly hosts: readonly string[]
  readonly prefix?: 'x509_hash' | 'x509_san_dns'
  readonly issuerCertificates?: readonly string[]
  readonly isTrusted?: IsTrusted
}): Promise<OurVerifier> {
  const { hosts, prefix = 'x509_hash', isTrusted = trustAnyone('an interop test') } = options
  const jwk = await generateJwk('ES256')
  const { d: _d, ...publicJwk } = jwk
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Interop root', country: 'TH' },
  })
  const x5c = await authority.issue({
    subject: { commonName: 'Interop' },
    publicJwk,
    dnsNames: ['localhost'],
  })
  const signer = await signerFromJwk(jwk, { x5c })
  const { fetch, resolveDid, resolveIssuerKey } = ports(hosts, options.issuerCertificates)
  let verifier: Verifier | undefined
  const { close } = await serve((at) => {
    verifier = createVerifier({
      url: at.replace('127.0.0.1', 'localhost'),
      names: { th: 'ผู้ตรวจ', en: 'Verifier' },
      identity: prefix === 'x509_hash' ? { prefix, signer } : { prefix, dnsName: 'localhost', signer },
      formats: [
        sdJwtVcVerifier({ resolveIssuerKey }),
        jwtVcVerifier({ resolveIssuerKey, resolveDid }),
        mdocVerifier({ resolveIssuerKey }),
        ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
      ],
      store: createMemoryStore(),
      isTrusted,
      checkStatus: createStatusChecker({ fetch, resolveIssuerKey, isTrusted }),
    })
    return verifier.fetch
  })
  return { verifier: verifier as unknown as Verifier, certificate: authority.certificate, close }
}

export function createOurWallet(options: {
  readonly hosts: readonly string[]
  readonly issuerCertificates?: readonly string[]
  readonly clientId?: string
}): Wallet {
  const { fetch, resolveDid, resolveIssuerKey } = ports(options.hosts, options.issuerCertificates)
  return createWallet({
    ...(options.clientId !== undefined && { clientId: options.clientId }),
    formats: [
      sdJwtVcHolder({ resolveIssuerKey }),
      jwtVcHolder({ resolveIssuerKey }),
      mdocHolder({ resolveIssuerKey }),
      ldpVcHolder({ resolveIssuerKey, contexts }),
    ],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('an interop test'),
    readCertificate: readClientCertificate,
    resolveDid,
    acceptRequestUriAudience: true,
    fetch,
  })
}
