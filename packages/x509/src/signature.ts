import type { PublicJwk, Signer } from '@ekkasan/core'
import { derToJose, joseToDer, signBytes } from '@ekkasan/keys'
import { RsaSaPssParams } from '@peculiar/asn1-rsa'
import { AsnConvert } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import {
  ecCurves,
  hashOids,
  mgf1Oid,
  rsaPssOid,
  type SignatureAlgorithm,
  signatureAlgorithms,
  signatureOids,
} from './algorithms.ts'
import { derTags, writeDer } from './der.ts'
import { X509Error } from './errors.ts'

/** What an authority signed, and how. */
export interface SignedData {
  readonly data: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
  readonly algorithm: AlgorithmIdentifier
}

/** Whether the signature is that of this authority's key. @throws X509Error `x509.certificate.algorithm` */
export async function isSignedBy(
  { data, signature, algorithm: identifier }: SignedData,
  issuer: { readonly publicJwk: PublicJwk; readonly raw: { readonly key: Uint8Array<ArrayBuffer> } },
): Promise<boolean> {
  const algorithm = readAlgorithm(identifier)
  const { kty, crv } = issuer.publicJwk
  if (!algorithm) {
    throw new X509Error('x509.certificate.algorithm', 'it is signed by an algorithm that is not accepted')
  }
  if (!names[kty].includes(algorithm.name)) return false
  const curve = ecCurves.find((one) => one.crv === crv)
  const parameters = { ...algorithm, ...(curve && { namedCurve: curve.crv }) }
  try {
    const raw = curve ? derToJose(signature, curve.alg) : signature
    const key = await crypto.subtle.importKey('spki', issuer.raw.key, parameters, false, ['verify'])
    return await crypto.subtle.verify(parameters, key, raw, data)
  } catch {
    // A point that is not on its curve, or a signature that is not DER.
    return false
  }
}

const names: Readonly<Record<PublicJwk['kty'], readonly SignatureAlgorithm['name'][]>> = {
  EC: ['ECDSA'],
  OKP: ['Ed25519'],
  RSA: ['RSASSA-PKCS1-v1_5', 'RSA-PSS'],
}

function readAlgorithm({ algorithm: oid, parameters }: AlgorithmIdentifier): SignatureAlgorithm | undefined {
  if (oid !== rsaPssOid) return Object.hasOwn(signatureAlgorithms, oid) ? signatureAlgorithms[oid] : undefined
  try {
    const pss = AsnConvert.parse(parameters ?? new ArrayBuffer(), RsaSaPssParams)
    const hash = hashOids[pss.hashAlgorithm.algorithm]
    const mask = AsnConvert.parse(pss.maskGenAlgorithm.parameters ?? new ArrayBuffer(), AlgorithmIdentifier)
    const isOneHash = pss.maskGenAlgorithm.algorithm === mgf1Oid && hashOids[mask.algorithm] === hash
    const { saltLength } = pss
    const isAcceptable = hash && isOneHash && saltLength >= 20 && saltLength <= 64 && pss.trailerField === 1
    return isAcceptable ? { name: 'RSA-PSS', hash, saltLength } : undefined
  } catch {
    return undefined
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
  const signature = await signBytes(signer, body)
  const value = signer.key.publicJwk.kty === 'EC' ? joseToDer(signature) : signature
  const bits = writeDer(derTags.bitString, Uint8Array.of(0), value)
  return writeDer(derTags.sequence, body, algorithm, bits)
}
