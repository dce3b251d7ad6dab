import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import {
  type CallbackContext,
  clientAuthenticationAnonymous,
  HashAlgorithm,
  type JwtSigner,
  setGlobalConfig,
} from '@openid4vc/oauth2'
import * as jose from 'jose'
import { jwkOfDid, type PeerKey } from './peer-dids.ts'

// @openid4vc leaves all cryptography to callbacks; here they are jose and node:crypto, nothing of ours.

setGlobalConfig({ allowInsecureUrls: true })

const digests = {
  [HashAlgorithm.Sha256]: 'sha256',
  [HashAlgorithm.Sha384]: 'sha384',
  [HashAlgorithm.Sha512]: 'sha512',
}

export async function createPeerKey(): Promise<PeerKey> {
  const { privateKey, publicKey } = await jose.generateKeyPair('ES256', { extractable: true })
  const publicJwk = await jose.exportJWK(publicKey)
  return { privateJwk: await jose.exportJWK(privateKey), publicJwk: { ...publicJwk, kty: 'EC' } }
}

export async function signJwt(key: PeerKey, header: object, payload: object): Promise<string> {
  return new jose.SignJWT(payload as jose.JWTPayload)
    .setProtectedHeader({ ...header, alg: 'ES256' })
    .sign(await jose.importJWK(key.privateJwk, 'ES256'))
}

function publicJwkOf(signer: JwtSigner): jose.JWK {
  if (signer.method === 'jwk') return signer.publicJwk as jose.JWK
  if (signer.method === 'x5c') {
    const leaf = new X509Certificate(Buffer.from(signer.x5c[0] as string, 'base64'))
    return leaf.publicKey.export({ format: 'jwk' }) as jose.JWK
  }
  if (signer.method === 'did') return jwkOfDid(signer.didUrl.split('#')[0] as string)
  throw new Error(`no key for a signer by ${signer.method}`)
}

/** The callbacks of one party who signs with `key` and decrypts with the same. */
export function createCallbacks(key: PeerKey): CallbackContext & { fetch: typeof fetch } {
  return {
    fetch,
    hash: (data, algorithm) => createHash(digests[algorithm]).update(data).digest(),
    generateRandom: (length) => randomBytes(length),
    clientAuthentication: clientAuthenticationAnonymous(),
    async signJwt(_signer, { header, payload }) {
      return { jwt: await signJwt(key, header, payload), signerJwk: key.publicJwk }
    },
    async verifyJwt(signer, { compact, header }) {
      // An access token names no key: it is the party's own.
      const jwk = signer.method === 'custom' ? key.publicJwk : publicJwkOf(signer)
      try {
        await jose.compactVerify(compact, await jose.importJWK(jwk, header.alg))
        return { verified: true, signerJwk: { ...jwk, kty: jwk.kty as string } }
      } catch {
        return { verified: false }
      }
    },
    async encryptJwe({ publicJwk, alg, enc, apu, apv }, data) {
      const jwe = new jose.CompactEncrypt(Buffer.from(data))
        .setProtectedHeader({ alg, enc, ...(publicJwk.kid && { kid: publicJwk.kid }) })
        .setKeyManagementParameters({
          ...(apu && { apu: Buffer.from(apu, 'base64url') }),
          ...(apv && { apv: Buffer.from(apv, 'base64url') }),
        })
      return {
        encryptionJwk: publicJwk,
        jwe: await jwe.encrypt(await jose.importJWK(publicJwk as jose.JWK, alg)),
      }
    },
    async decryptJwe(jwe) {
      const { plaintext } = await jose.compactDecrypt(jwe, await jose.importJWK(key.privateJwk, 'ECDH-ES'))
      return {
        decrypted: true,
        decryptionJwk: key.publicJwk,
        payload: Buffer.from(plaintext).toString(),
      }
    },
    getX509CertificateMetadata(certificate) {
      const { subjectAltName = '' } = new X509Certificate(Buffer.from(certificate, 'base64'))
      const names = subjectAltName.split(', ')
      const after = (prefix: string) =>
        names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
      return { sanDnsNames: after('DNS:'), sanUriNames: after('URI:') }
    },
  }
}
