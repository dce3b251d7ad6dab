import { MDoc, Document as MdlDocument, Verifier as MdlVerifier } from '@auth0/mdl'
import { cborDecode, cborEncode, DataItem } from '@auth0/mdl/lib/cbor/index.js'
import type { PublicJwk, Signer } from '@ekkasan/core'
import { cached, trustAnyone } from '@ekkasan/core'
import { generateJwk, type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { dcApiSessionTranscript, issueMdoc, presentMdoc, verifyMdoc } from '@ekkasan/mdoc'
import { createCertificateAuthority, pemOf, resolveX5c, trustAnchors } from '@ekkasan/x509'
import {
  CoseKey,
  DeviceKey,
  DeviceRequest,
  DeviceResponse,
  DocRequest,
  Issuer,
  ItemsRequest,
  SessionTranscript,
  SignatureAlgorithm,
  Verifier,
} from '@owf/mdoc'
import { mdocContext } from '../interop/mdoc-context.ts'
import type { Contender } from './contest.ts'
import { createPair, twelveClaims } from './material.ts'

// An mdoc of twelve elements. @owf/mdoc gets node:crypto handed in; @auth0/mdl has its cryptography in it.

const docType = 'th.example.national-id.1'
const namespace = 'th.example.national-id.1'
const binding = {
  clientId: 'x509_san_dns:verifier.example',
  nonce: 'nonce-of-the-request',
  responseUri: 'https://verifier.example/response',
}
const names = Object.keys(twelveClaims(0))
const disclose = names.map((name) => [namespace, name])
const der = (certificate: string) => new Uint8Array(Buffer.from(certificate, 'base64'))
const validity = () => ({ from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 3_600_000) })

async function range<T>(count: number, make: (seed: number) => T | Promise<T>): Promise<T[]> {
  const items: T[] = []
  for (let seed = 0; seed < count; seed++) items.push(await make(seed))
  return items
}

async function createAuthority() {
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Issuing authority', country: 'TH' },
  })
  const jwk = await generateJwk('ES256')
  const subject = { commonName: 'Document signer', country: 'TH' }
  const x5c = await authority.issue({ subject, publicJwk: publicJwkOf(jwk) })
  return { certificate: authority.certificate, jwk, x5c, signer: await signerFromJwk(jwk, { x5c }) }
}

const issueOurs = (signer: Signer, seed: number, holderJwk: PublicJwk) =>
  issueMdoc({
    signer,
    docType,
    namespaces: { [namespace]: twelveClaims(seed) },
    holderJwk,
    validity: validity(),
  })

const newHolder = () => createPair().publicJwk as unknown as PublicJwk

interface Item {
  readonly seed: number
  readonly holder: PublicJwk
}
const items = (count: number) => range(count, (seed): Item => ({ seed, holder: newHolder() }))

export async function mdocIssue(): Promise<Contender<Item>> {
  const { signer } = await createAuthority()
  return {
    name: 'ours: mdoc',
    count: 300,
    prepare: items,
    run: ({ seed, holder }) => issueOurs(signer, seed, holder),
  }
}

export async function owfIssue(): Promise<Contender<Item>> {
  const { jwk, x5c } = await createAuthority()
  return {
    name: '@owf/mdoc 0.6 with node:crypto',
    count: 40,
    prepare: items,
    async run({ seed, holder }) {
      const { from, until } = validity()
      const signed = await new Issuer(docType, mdocContext)
        .addIssuerNamespace(namespace, twelveClaims(seed))
        .sign({
          signingKey: CoseKey.fromJwk({ ...jwk }),
          certificates: x5c.map(der),
          algorithm: SignatureAlgorithm.ES256,
          digestAlgorithm: 'SHA-256',
          deviceKeyInfo: { deviceKey: DeviceKey.fromJwk({ ...holder }) },
          validityInfo: { signed: from, validFrom: from, validUntil: until },
        })
      return signed.encodedForOid4Vci
    },
  }
}

export async function auth0Issue(): Promise<Contender<Item>> {
  const { jwk, x5c } = await createAuthority()
  return {
    name: '@auth0/mdl 3',
    count: 30,
    prepare: items,
    async run({ seed, holder }) {
      const { from, until } = validity()
      const document = await new MdlDocument(docType)
        .addIssuerNameSpace(namespace, twelveClaims(seed))
        .useDigestAlgorithm('SHA-256')
        .addValidityInfo({ signed: from, validFrom: from, validUntil: until })
        .addDeviceKeyInfo({ deviceKey: { ...holder } as never })
        .sign({ issuerPrivateKey: { ...jwk } as never, issuerCertificate: x5c.map(pemOf), alg: 'ES256' })
      return new MDoc([document]).encode()
    },
  }
}

async function presentation(signer: Signer, seed: number, to: typeof binding | Uint8Array): Promise<string> {
  const pair = createPair()
  const credential = await issueOurs(signer, seed, pair.publicJwk as unknown as PublicJwk)
  const device = await signerFromJwk({ ...pair.privateJwk, alg: 'ES256' } as unknown as PrivateJwk)
  return presentMdoc({ credential, disclose, binding: to, holder: device })
}

/**
 * All twelve elements, a device whose key was never seen before; the issuer's chain validated once, or each time anew:
 * by a resolver that never met it.
 */
export async function mdocVerify(chain: 'cached' | 'validated anew'): Promise<Contender<string>> {
  const { signer, certificate } = await createAuthority()
  const anchors = trustAnchors([{ role: 'credential-issuer', certificate }])
  const known = cached(resolveX5c({ anchors }), { lifetime: 300_000 })
  const isTrusted = trustAnyone('a bench')
  const resolverOf = () => (chain === 'cached' ? known : resolveX5c({ anchors }))
  return {
    name: `ours: mdoc, chain ${chain}`,
    count: 200,
    prepare: (count) => range(count, (seed) => presentation(signer, seed, binding)),
    run: (response) => verifyMdoc(response, { resolveIssuerKey: resolverOf(), isTrusted, binding }),
  }
}

export async function owfVerify(): Promise<Contender<string>> {
  const { signer, certificate } = await createAuthority()
  const sessionTranscript = await SessionTranscript.forOid4Vp(binding, mdocContext)
  const elements = Object.fromEntries(names.map((name) => [name, true]))
  const deviceRequest = DeviceRequest.create({
    docRequests: [
      DocRequest.create({
        itemsRequest: ItemsRequest.create({ docType, namespaces: { [namespace]: elements } }),
      }),
    ],
  })
  return {
    name: '@owf/mdoc 0.6 with node:crypto',
    count: 30,
    prepare: (count) => range(count, (seed) => presentation(signer, seed, binding)),
    run: (response) =>
      Verifier.verifyDeviceResponse(
        {
          deviceResponse: DeviceResponse.fromEncodedForOid4Vp(response),
          deviceRequest,
          sessionTranscript,
          trustedCertificates: [der(certificate)],
        },
        mdocContext,
      ),
  }
}

export async function auth0Verify(): Promise<Contender<string>> {
  const { signer, certificate } = await createAuthority()
  const transcript = dcApiSessionTranscript({
    encryptionInfo: 'gmVkY2FwaQ',
    origin: 'https://verifier.example',
  })
  const encodedSessionTranscript = cborEncode(DataItem.fromData(cborDecode(Buffer.from(transcript))))
  const verifier = new MdlVerifier([pemOf(certificate)])
  return {
    name: '@auth0/mdl 3',
    count: 20,
    prepare: (count) => range(count, (seed) => presentation(signer, seed, transcript)),
    run: (response) =>
      verifier.verify(Buffer.from(response, 'base64url'), { encodedSessionTranscript } as never),
  }
}
