import {
  createMemoryStore,
  type HolderFormat,
  type IssuerKeyQuestion,
  type Signer,
  type TrustedAuthorities,
  trustAnyone,
} from '@ekkasan/core'
import {
  createContextRegistry,
  documentContext,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
} from '@ekkasan/data-integrity'
import { createDidResolver, didJwkOf, didJwkUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { createIssuer } from '@ekkasan/issuer'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { isoMdocHolder, isoMdocVerifier, mdoc, mdocHolder, mdocVerifier } from '@ekkasan/mdoc'
import { sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { nationalIdMdoc } from '@ekkasan/thai'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import {
  type CreateWalletOptions,
  createMemoryHolderKeys,
  createWallet,
  requireReceived,
  type Wallet,
} from '@ekkasan/wallet'
import {
  authorityKeyIdentifiers,
  createCertificateAuthority,
  isIssuedUnderAki,
  readClientCertificate,
  resolveX5c,
  trustAnchors,
} from '@ekkasan/x509'
import { partialNationalId } from '../partial-documents.ts'
import { serve } from '../serve.ts'

// An issuer, a verifier and wallets with every format of OpenID4VC, each with the keys that its format wants.

export const issuerUrl = 'https://issuer.example'
export const docType = 'example.agency.nationalid.1'
export const claims = {
  citizen_id: '1999900000013',
  name_th: 'นาย สมมุติ ตัวอย่างดี',
  birthdate: '1990-02',
  issuing_country: 'TH',
}
export const formatIds = ['dc+sd-jwt', 'mso_mdoc', 'jwt_vc_json', 'ldp_vc'] as const
export type FormatId = (typeof formatIds)[number]

export const configurationIds: Readonly<Record<FormatId, string>> = {
  'dc+sd-jwt': 'ThaiNationalID-sd-jwt-vc-plain',
  mso_mdoc: 'ThaiNationalID-mdoc',
  jwt_vc_json: 'ThaiNationalID-jwt-vc',
  ldp_vc: 'ThaiNationalID-ldp-vc',
}

const root = await createCertificateAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  subject: { commonName: 'Root', country: 'TH' },
})

async function certified(commonName: string, names: object): Promise<Signer> {
  const jwk = await generateJwk('ES256')
  const x5c = await root.issue({ subject: { commonName }, publicJwk: publicJwkOf(jwk), ...names })
  return signerFromJwk(jwk, { x5c })
}

export const byChain = await certified('Issuer', { uris: [issuerUrl] })
/** Of the authority under which the issuer's certificate was issued. */
export const authorityKey = authorityKeyIdentifiers(byChain.key.x5c ?? [])[0] as string
const didJwk = await generateJwk('ES256')
const byDid = await signerFromJwk(didJwk, { kid: didJwkUrlOf(publicJwkOf(didJwk)) })
const did = didJwkOf(publicJwkOf(didJwk))

const resolveDid = createDidResolver()
const resolveByChain = resolveX5c({
  anchors: trustAnchors([{ role: 'credential-issuer', certificate: root.certificate }]),
})
const resolveByDid = resolveDidIssuer(resolveDid)
const resolveIssuerKey = (question: IssuerKeyQuestion) =>
  (question.x5c ? resolveByChain : resolveByDid)(question)
const contexts = createContextRegistry([documentContext(partialNationalId, issuerUrl)])
const isTrusted = trustAnyone('a test')

export const trustedAuthorities: TrustedAuthorities = {
  aki: ({ x5c = [] }, values) => isIssuedUnderAki(x5c, values),
}

export const issuer = createIssuer({
  url: issuerUrl,
  names: { th: 'กรมการปกครอง', en: 'DOPA' },
  credentials: [
    partialNationalId.as(sdJwtVc({ signer: byChain })),
    partialNationalId.as(mdoc({ signer: byChain, type: () => nationalIdMdoc(docType) })),
    partialNationalId.as(jwtVc({ signer: byDid, issuer: did })),
    partialNationalId.as(ldpVc({ signer: byDid })),
  ],
  store: createMemoryStore(),
  getClaims: async () => ({ claims }),
  resolveDid,
})

const holders: Readonly<Record<FormatId, HolderFormat>> = {
  'dc+sd-jwt': sdJwtVcHolder({ resolveIssuerKey }),
  mso_mdoc: mdocHolder({ resolveIssuerKey }),
  jwt_vc_json: jwtVcHolder({ resolveIssuerKey }),
  ldp_vc: ldpVcHolder({ resolveIssuerKey, contexts }),
}

/** A wallet that prefers formats in this order. */
export function openWallet(
  formats: readonly FormatId[] = formatIds,
  more: Partial<CreateWalletOptions> = {},
): Wallet {
  return createWallet({
    formats: formats.map((format) => holders[format]),
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted,
    trustedAuthorities,
    dcApiProtocols: [isoMdocHolder({ readCertificate: readClientCertificate })],
    readCertificate: readClientCertificate,
    resolveDid,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      return request.url.startsWith(issuerUrl) ? issuer.fetch(request) : fetch(request)
    },
    ...more,
  })
}

export async function offer(...formats: readonly FormatId[]): Promise<string> {
  const credentials = formats.map((format) => configurationIds[format])
  return (await issuer.createOffer({ credentials, subject: 'one' })).uriByReference
}

/** A wallet that holds the document in each of these formats. */
export async function walletWith(
  formats: readonly FormatId[],
  more: Partial<CreateWalletOptions> = {},
): Promise<Wallet> {
  const wallet = openWallet(formats, more)
  const configurations = formats.map((format) => configurationIds[format])
  requireReceived(
    await wallet.receive(await wallet.readOffer(await offer(...formats)), {
      configurationIds: configurations,
    }),
  )
  return wallet
}

/** The verifier on HTTP; `page` is what it shows beside its endpoints. */
export async function startVerifier(
  page = '',
  authorities = trustedAuthorities,
): Promise<{
  readonly verifier: Verifier
  readonly origin: string
  readonly close: () => Promise<void>
}> {
  const signer = await certified('Verifier', { dnsNames: ['localhost'] })
  const jwk = await generateJwk('ES256')
  const other = await signerFromJwk(jwk, { kid: didJwkUrlOf(publicJwkOf(jwk)) })
  let verifier: Verifier | undefined
  const { origin, close } = await serve((at) => {
    const running = createVerifier({
      url: `${at.replace('127.0.0.1', 'localhost')}/openid4vp`,
      names: { th: 'ผู้ตรวจ', en: 'Verifier' },
      identity: { prefix: 'x509_hash', signer },
      formats: [
        sdJwtVcVerifier({ resolveIssuerKey }),
        mdocVerifier({ resolveIssuerKey }),
        jwtVcVerifier({ resolveIssuerKey, resolveDid }),
        ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
      ],
      otherIdentities: [
        {
          prefix: 'decentralized_identifier',
          did: didJwkOf(publicJwkOf(jwk)),
          signer: other,
        },
      ],
      store: createMemoryStore(),
      isTrusted,
      trustedAuthorities: authorities,
      dcApiProtocols: [isoMdocVerifier()],
    })
    verifier = running
    return async (request) =>
      new URL(request.url).pathname === '/'
        ? new Response(page, { headers: { 'Content-Type': 'text/html' } })
        : running.fetch(request)
  })
  return {
    verifier: verifier as unknown as Verifier,
    origin: origin.replace('127.0.0.1', 'localhost'),
    close,
  }
}

/** Asks for the name in one of the formats. */
export function credentialQuery(format: FormatId, more: object = {}) {
  const meta = {
    'dc+sd-jwt': { vct_values: [`${issuerUrl}/vct/ThaiNationalIDCredential/v1/plain`] },
    mso_mdoc: { doctype_value: docType },
    jwt_vc_json: { type_values: [['ThaiNationalIDCredential']] },
    ldp_vc: { type_values: [['ThaiNationalIDCredential']] },
  }[format]
  const path = {
    'dc+sd-jwt': ['name_th'],
    mso_mdoc: [docType, 'name_th'],
    jwt_vc_json: ['credentialSubject', 'name_th'],
    ldp_vc: ['credentialSubject', 'name_th'],
  }[format]
  return { id: 'id', format, meta, claims: [{ path }], ...more }
}

/** What a verifier then has of the person. */
export const shown = (format: FormatId) =>
  format === 'mso_mdoc' ? { [docType]: { name_th: claims.name_th } } : { name_th: claims.name_th }
