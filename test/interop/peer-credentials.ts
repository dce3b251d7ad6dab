import { Document, MDoc } from '@auth0/mdl'
import { cborDecode, cborEncode } from '@auth0/mdl/lib/cbor/index.js'
import { pemOf } from '@ekkasan/x509'
import { digest, ES256, generateSalt } from '@sd-jwt/crypto-nodejs'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import type * as jose from 'jose'
import { signJwt } from './openid4vc-callbacks.ts'
import { didJwk, type PeerKey } from './peer-dids.ts'

// Credentials for issuers that know a protocol and no format: SD-JWT VC by @sd-jwt, mdoc by @auth0/mdl, both under a
// certificate.

export interface PeerSigner {
  readonly key: PeerKey
  readonly x5c: readonly string[]
}

type Claims = Readonly<Record<string, unknown>>

/** An SD-JWT VC whose claims are all selectively disclosable. */
export async function issuePeerSdJwt(
  { key, x5c }: PeerSigner,
  { claims, ...named }: { claims: Claims; iss: string; vct: string; cnf: { jwk?: jose.JWK; kid?: string } },
): Promise<string> {
  const instance = new SDJwtVcInstance({
    hasher: digest,
    hashAlg: 'sha-256',
    saltGenerator: generateSalt,
    signAlg: 'ES256',
    signer: await ES256.getSigner(key.privateJwk),
  })
  const iat = Math.floor(Date.now() / 1000)
  const payload = { ...named, iat, ...claims }
  return instance.issue(payload as never, { _sd: Object.keys(claims) } as never, { header: { x5c } })
}

/** An IssuerSigned as OpenID4VCI carries it, its elements in a namespace of the doctype's name by default. */
export async function issuePeerMdoc(
  { key, x5c }: PeerSigner,
  {
    claims,
    holderJwk,
    docType,
    namespace = docType,
  }: { claims: Claims; holderJwk: jose.JWK; docType: string; namespace?: string },
): Promise<string> {
  const from = new Date(Date.now() - 60_000)
  const document = await new Document(docType)
    .addIssuerNameSpace(namespace, { ...claims })
    .addValidityInfo({ signed: from, validFrom: from, validUntil: new Date(Date.now() + 3_600_000) })
    .addDeviceKeyInfo({ deviceKey: holderJwk as never })
    .sign({
      issuerPrivateKey: key.privateJwk as never,
      issuerCertificate: x5c.map(pemOf),
      alg: 'ES256',
    })
  const response = cborDecode(new MDoc([document]).encode(), { mapsAsObjects: false })
  const [only] = (response as Map<string, Map<string, unknown>[]>).get('documents') ?? []
  return cborEncode(only?.get('issuerSigned')).toString('base64url')
}

/** A VCDM 1.1 credential as a JWT of a did:jwk, of the type `type`. */
export function issuePeerJwt(
  key: PeerKey,
  { claims, sub, type }: { claims: Claims; sub: string | undefined; type: string },
): Promise<string> {
  const did = didJwk(key)
  const vc = {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiableCredential', type],
    credentialSubject: { ...claims },
  }
  const nbf = Math.floor(Date.now() / 1000)
  return signJwt(key, { typ: 'JWT', kid: `${did}#0` }, { iss: did, sub, nbf, vc })
}
