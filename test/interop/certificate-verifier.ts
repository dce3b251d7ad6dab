import { X509Certificate } from 'node:crypto'
import { cborDecode } from '@auth0/mdl/lib/cbor/index.js'
import { SDJwtInstance } from '@sd-jwt/core'
import { digest } from '@sd-jwt/crypto-nodejs'
import { getListFromStatusListJWT, StatusList } from '@sd-jwt/jwt-status-list'
import { Sign1 } from 'cose-kit'
import * as jose from 'jose'

// A verifier that knows certificates alone: no jwt-vc-issuer, no DID, no `kid`. Certificates are node:crypto's, SD-JWT and
// the status list @sd-jwt's, JWS jose's, COSE cose-kit's: nothing of ours.

export const documentSigning = '1.0.18013.5.1.2'
export const statusSigning = '1.3.6.1.5.5.7.3.30'

/** The leaf of a chain of one certificate under `root`, in force, for `purpose`. */
function leafOf(x5c: readonly string[] | undefined, root: string, purpose: string): X509Certificate {
  const certificates = (x5c ?? []).map((each) => new X509Certificate(Buffer.from(each, 'base64')))
  const [leaf, ...others] = certificates
  const anchor = new X509Certificate(root)
  if (!leaf || others.length > 0) throw new Error(`a chain of one was expected, ${x5c?.length ?? 0} came`)
  if (leaf.fingerprint256 === anchor.fingerprint256) throw new Error('the root itself came')
  if (!anchor.ca || leaf.ca) throw new Error('an authority and one that is none were expected')
  if (!leaf.checkIssued(anchor) || !leaf.verify(anchor.publicKey)) throw new Error('not issued by the root')
  for (const { validFromDate, validToDate } of [leaf, anchor]) {
    if (validFromDate.getTime() > Date.now() || validToDate.getTime() < Date.now()) {
      throw new Error('not in force')
    }
  }
  if (!leaf.keyUsage?.includes(purpose)) throw new Error(`for ${leaf.keyUsage}, not for ${purpose}`)
  return leaf
}

/** A JWS by the key of its certificate; where it has `iss`, the certificate must name it (URI). */
async function verifyByCertificate(
  jwt: string,
  options: { readonly root: string; readonly typ: string; readonly purpose: string },
) {
  const { x5c } = jose.decodeProtectedHeader(jwt)
  const leaf = leafOf(x5c, options.root, options.purpose)
  const { payload } = await jose.jwtVerify(jwt, leaf.publicKey, { typ: options.typ, algorithms: ['ES256'] })
  const names = leaf.subjectAltName?.split(', ') ?? []
  if (payload.iss !== undefined && !names.includes(`URI:${payload.iss}`)) {
    throw new Error(`the certificate names ${names}, the token ${payload.iss}`)
  }
  return { payload, leaf }
}

export interface CertificateVerification {
  readonly claims: Readonly<Record<string, unknown>>
  /** The value in the status list, read from the JWT and from the CWT. */
  readonly status: { readonly jwt: number; readonly cwt: number }
}

/** Verifies an SD-JWT VC and its status under one root; fetches nothing but the status list. */
export async function verifyByRoot(credential: string, root: string): Promise<CertificateVerification> {
  const jwt = credential.split('~')[0] as string
  const { leaf } = await verifyByCertificate(jwt, { root, typ: 'dc+sd-jwt', purpose: documentSigning })
  const key = await jose.exportJWK(leaf.publicKey)
  const instance = new SDJwtInstance({
    hasher: digest,
    verifier: async (data, signature) =>
      jose
        .compactVerify(`${data}.${signature}`, await jose.importJWK(key, 'ES256'))
        .then(() => true)
        .catch(() => false),
  })
  const payload = (await instance.verify(credential)).payload as CertificateVerification['claims']
  const { status_list: entry } = payload.status as { status_list: { uri: string; idx: number } }
  return { claims: payload, status: await statusAt(entry.uri, entry.idx, root) }
}

async function statusAt(uri: string, index: number, root: string) {
  const get = async (accept: string) => {
    const answer = await fetch(uri, { headers: { accept } })
    if (!answer.ok || answer.headers.get('content-type') !== accept) {
      throw new Error(`${accept} was asked for, ${answer.status} ${answer.headers.get('content-type')} came`)
    }
    return answer
  }
  const token = await (await get('application/statuslist+jwt')).text()
  const { payload } = await verifyByCertificate(token, {
    root,
    typ: 'statuslist+jwt',
    purpose: statusSigning,
  })
  if (payload.sub !== uri) throw new Error(`the list of ${payload.sub}, not of ${uri}`)
  const cwt = Buffer.from(await (await get('application/statuslist+cwt')).arrayBuffer())
  return {
    jwt: getListFromStatusListJWT(token).getStatus(index),
    cwt: await cwtStatus(cwt, index, { uri, root }),
  }
}

/** Claims of a CWT by number: sub 2, status_list 65533 (Token Status List section 5.2). */
async function cwtStatus(cwt: Buffer, index: number, { uri, root }: { uri: string; root: string }) {
  if (cwt[0] !== 0xd2) throw new Error(`tag 18 was expected, byte ${cwt[0]} came`)
  const [header, unprotected, payload, signature] = cborDecode(cwt.subarray(1), options)
  const message = new Sign1(header, unprotected, payload, signature)
  const chain = (message.x5chain ?? []).map((each) => Buffer.from(each).toString('base64'))
  leafOf(chain, root, statusSigning)
  if (!(await message.verifyX509([root]))) throw new Error('COSE signature wrong')
  const claims: Map<number, unknown> = cborDecode(Buffer.from(payload), options)
  if (claims.get(2) !== uri) throw new Error(`the list of ${claims.get(2)}, not of ${uri}`)
  const list = claims.get(65533) as Map<string, unknown>
  const compressed = Buffer.from(list.get('lst') as Uint8Array).toString('base64url')
  return StatusList.decompressStatusList(compressed, list.get('bits') as 1 | 2 | 4 | 8).getStatus(index)
}

const options = { mapsAsObjects: false }
