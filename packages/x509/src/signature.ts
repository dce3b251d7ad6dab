import type { PublicJwk, Signer } from '@ekkasan/core'
import { AsnConvert } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { ecCurves, signatureAlgorithms, signatureOids } from './algorithms.ts'
import { derTags, writeDer } from './der.ts'
import { ecdsaFromDer, ecdsaToDer } from './ecdsa-signature.ts'
import { X509Error } from './errors.ts'

/** What an authority signed, and how. */
export interface SignedData {
  readonly data: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
  /** Object identifier. */
  readonly algorithm: string
}

/** Whether the signature is that of this authority's key. @throws X509Error `x509.certificate.algorithm` */
export async function isSignedBy(
  { data, signature, algorithm: oid }: SignedData,
  issuer: { readonly publicJwk: PublicJwk; readonly raw: { readonly key: Uint8Array<ArrayBuffer> } },
): Promise<boolean> {
  const algorithm = Object.hasOwn(signatureAlgorithms, oid) ? signatureAlgorithms[oid] : undefined
  const { kty, crv } = issuer.publicJwk
  const kind = { EC: 'ECDSA', OKP: 'Ed25519', RSA: 'RSASSA-PKCS1-v1_5' }[kty]
  if (!algorithm) {
    throw new X509Error('x509.certificate.algorithm', 'it is signed by an algorithm that is not accepted')
  }
  if (algorithm.name !== kind) return false
  const curve = ecCurves.find((one) => one.crv === crv)
  const raw = curve ? ecdsaFromDer(signature, curve.length) : signature
  if (!raw) return false
  const parameters = { ...algorithm, ...(curve && { namedCurve: curve.crv }) }
  try {
    const key = await crypto.subtle.importKey('spki', issuer.raw.key, parameters, false, ['verify'])
    return await crypto.subtle.verify(parameters, key, raw, data)
  } catch {
    // A point that is not on its curve.
    return false
  }
}

/** The AlgorithmIdentifier with which a Signer signs. @throws TypeError when certificates are not signed with it */
export function signatureAlgorithm({ alg }: Signer): AlgorithmIdentifier {
  const oid = signatureOids[alg]
  if (oid === undefined) throw new TypeError(`certificates are not issued with ${alg}`)
  return new AlgorithmIdentifier({ algorithm: oid })
}

/** The body with its algorithm and signature, as certificates and revocation lists are built. */
export async function signDer(
  body: Uint8Array<ArrayBuffer>,
  signer: Signer,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = new Uint8Array(AsnConvert.serialize(signatureAlgorithm(signer)))
  const signature = await signer.sign(body)
  const value = signer.key.publicJwk.kty === 'EC' ? ecdsaToDer(signature) : signature
  const bits = writeDer(derTags.bitString, Uint8Array.of(0), value)
  return writeDer(derTags.sequence, body, algorithm, bits)
}
