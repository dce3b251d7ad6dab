import { sign, verify } from 'node:crypto'
import { digest, generateSalt } from '@sd-jwt/crypto-nodejs'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { ES256Signer, hexToBytes } from 'did-jwt'
import { createVerifiableCredentialJwt, verifyCredential } from 'did-jwt-vc'
import { Resolver } from 'did-resolver'
import { CompactSign, compactVerify, importJWK } from 'jose'
import type { Contender } from './contest.ts'
import {
  createPair,
  importPublic,
  now,
  type Pair,
  rawMessage,
  rawSign,
  rawVerify,
  selective,
  twelveClaims,
} from './material.ts'

// What others do for the same job, each as its own documentation shows it.

const range = <T>(count: number, make: (seed: number) => T): T[] =>
  Array.from({ length: count }, (_, seed) => make(seed))

export function rawIssue(): Contender<Buffer> {
  const { privateKey } = createPair()
  return {
    name: 'raw: one signature',
    count: 400,
    prepare: (count) => range(count, rawMessage),
    run: (message) => rawSign(privateKey, message),
  }
}

/** The same operation with its option on the key itself, which spares node:crypto two exceptions. */
export function leanIssue(): Contender<Buffer> {
  const { privateKey } = createPair()
  const key = Object.assign(privateKey, { dsaEncoding: 'ieee-p1363' as const })
  return {
    ...rawIssue(),
    name: 'raw, lean: option on the key',
    run: (message) => sign('sha256', message, key),
  }
}

export function leanVerification(signatures: 1 | 2): Contender<readonly Signed[]> {
  return {
    ...rawVerification(signatures),
    name: 'raw, lean: option on the key',
    run(items) {
      for (const { key, message, signature } of items) {
        const lean = Object.assign(key, { dsaEncoding: 'ieee-p1363' as const })
        if (!verify('sha256', message, lean, signature)) throw new Error('invalid')
      }
    },
  }
}

interface Signed {
  readonly key: Pair['publicKey']
  readonly publicJwk: Pair['publicJwk']
  readonly message: Buffer
  readonly signature: Buffer
}

/** `signatures` per item, each by another key that was imported beforehand, but for the second where told. */
export function rawVerification(
  signatures: 1 | 2,
  keys?: 'the second key from its JWK',
): Contender<readonly Signed[]> {
  return {
    name: `raw: ${signatures === 1 ? 'one verification' : 'two verifications'}${keys ? `, ${keys}` : ''}`,
    count: 300,
    prepare: (count) =>
      range(count, (seed) =>
        range(signatures, () => {
          const { privateKey, publicKey, publicJwk } = createPair()
          const message = rawMessage(seed)
          return { key: publicKey, publicJwk, message, signature: rawSign(privateKey, message) }
        }),
      ),
    run(items) {
      for (const [at, { key, publicJwk, message, signature }] of items.entries()) {
        const used = keys && at === 1 ? importPublic(publicJwk) : key
        if (!rawVerify(used, message, signature)) throw new Error('invalid')
      }
    },
  }
}

export async function joseIssue(payload: (seed: number) => object): Promise<Contender<object>> {
  const key = await importJWK({ ...createPair().privateJwk, alg: 'ES256' })
  return {
    name: 'jose 6',
    count: 200,
    prepare: (count) => range(count, payload),
    run: (body) =>
      new CompactSign(Buffer.from(JSON.stringify(body)))
        .setProtectedHeader({ alg: 'ES256', typ: 'vc+jwt' })
        .sign(key),
  }
}

export async function joseVerify(payload: (seed: number) => object): Promise<Contender<string>> {
  const pair = createPair()
  const secret = await importJWK({ ...pair.privateJwk, alg: 'ES256' })
  const key = await importJWK({ ...pair.publicJwk, alg: 'ES256' })
  return {
    name: 'jose 6',
    count: 200,
    prepare: (count) =>
      Promise.all(
        range(count, (seed) =>
          new CompactSign(Buffer.from(JSON.stringify(payload(seed))))
            .setProtectedHeader({ alg: 'ES256' })
            .sign(secret),
        ),
      ),
    run: async (jws) => JSON.parse(new TextDecoder().decode((await compactVerify(jws, key)).payload)),
  }
}

function didJwk(publicJwk: object): string {
  return `did:jwk:${Buffer.from(JSON.stringify(publicJwk)).toString('base64url')}`
}

const didJwkResolver = new Resolver({
  jwk: async (did) => ({
    didResolutionMetadata: {},
    didDocumentMetadata: {},
    didDocument: {
      id: did,
      verificationMethod: [
        {
          id: `${did}#0`,
          type: 'JsonWebKey2020',
          controller: did,
          publicKeyJwk: JSON.parse(Buffer.from(did.slice('did:jwk:'.length), 'base64url').toString()),
        },
      ],
      assertionMethod: [`${did}#0`],
      authentication: [`${did}#0`],
    },
  }),
})

export function vcdm11(seed: number) {
  return {
    nbf: now() - 60,
    exp: now() + 86_400,
    sub: 'did:example:holder',
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
      credentialSubject: twelveClaims(seed),
    },
  }
}

const ownSigner = (pair: Pair) =>
  ES256Signer(hexToBytes(Buffer.from(pair.privateJwk.d, 'base64url').toString('hex')))

export function didJwtVcIssue(signer: 'its own signer' | 'a node:crypto signer'): Contender<object> {
  const pair = createPair()
  const issuer = {
    did: didJwk(pair.publicJwk),
    alg: 'ES256',
    signer:
      signer === 'its own signer'
        ? ownSigner(pair)
        : async (data: string | Uint8Array) =>
            rawSign(pair.privateKey, Buffer.from(data as string)).toString('base64url'),
  }
  return {
    name: `did-jwt-vc 4, ${signer}`,
    count: 40,
    prepare: (count) => range(count, vcdm11),
    run: (payload) => createVerifiableCredentialJwt(payload as never, issuer as never),
  }
}

export function didJwtVcVerify(): Contender<string> {
  const pair = createPair()
  const issuer = { did: didJwk(pair.publicJwk), alg: 'ES256', signer: ownSigner(pair) }
  return {
    name: 'did-jwt-vc 4',
    count: 15,
    prepare: (count) =>
      Promise.all(
        range(count, (seed) => createVerifiableCredentialJwt(vcdm11(seed) as never, issuer as never)),
      ),
    run: (jwt) => verifyCredential(jwt, didJwkResolver),
  }
}

const sdJwtSigner = (pair: Pair) => async (data: string) =>
  rawSign(pair.privateKey, Buffer.from(data)).toString('base64url')

function sdJwtInstance(issuer: Pair, holder?: Pair): SDJwtVcInstance {
  return new SDJwtVcInstance({
    signer: sdJwtSigner(issuer),
    signAlg: 'ES256',
    verifier: async (data, signature) =>
      rawVerify(issuer.publicKey, Buffer.from(data), Buffer.from(signature, 'base64url')),
    hasher: digest,
    hashAlg: 'sha-256',
    saltGenerator: generateSalt,
    ...(holder && { kbSigner: sdJwtSigner(holder), kbSignAlg: 'ES256' }),
    kbVerifier: async (data, signature, payload) => {
      const { jwk } = payload.cnf as { jwk: object }
      return rawVerify(importPublic(jwk), Buffer.from(data), Buffer.from(signature, 'base64url'))
    },
  })
}

const sdJwtPayload = (seed: number, holder: Pair) => ({
  iss: 'https://issuer.example',
  iat: now(),
  vct: 'https://issuer.example/vct/ThaiNationalIDCredential/v1',
  cnf: { jwk: holder.publicJwk },
  ...twelveClaims(seed),
})

export function sdJwtJsIssue(): Contender<object> {
  const issuer = createPair()
  const instance = sdJwtInstance(issuer)
  return {
    name: '@sd-jwt 0.19 with a node:crypto signer',
    count: 60,
    prepare: (count) => range(count, (seed) => sdJwtPayload(seed, createPair())),
    run: (payload) => instance.issue(payload as never, { _sd: [...selective] } as never),
  }
}

export function sdJwtJsVerify(): Contender<string> {
  const issuer = createPair()
  const verifier = sdJwtInstance(issuer)
  return {
    name: '@sd-jwt 0.19 with a node:crypto verifier',
    count: 60,
    prepare: (count) =>
      Promise.all(
        range(count, async (seed) => {
          const holder = createPair()
          const instance = sdJwtInstance(issuer, holder)
          const credential = await instance.issue(
            sdJwtPayload(seed, holder) as never,
            { _sd: [...selective] } as never,
          )
          const frame = Object.fromEntries(selective.map((name) => [name, true]))
          return instance.present(credential, frame as never, {
            kb: { payload: { iat: now(), aud: 'https://verifier.example', nonce: 'nonce-of-the-request' } },
          })
        }),
      ),
    run: (presentation) =>
      verifier.verify(presentation, { requiredClaimKeys: ['vct'], keyBindingNonce: 'nonce-of-the-request' }),
  }
}
