import { join } from 'node:path'
import type { Signer } from '@ekkasan/core'
import { type BbsSigner, bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyOf, didKeyUrlOf } from '@ekkasan/did'
import { generateJwk, type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { makePrivateFolder, readOrCreatePrivateJson } from '@ekkasan-examples/ui'

/** A key that signs, and the did:key that it is. */
export interface Identity {
  readonly did: string
  readonly signer: Signer
}

export interface BbsIdentity {
  readonly did: string
  readonly signer: BbsSigner
}

export interface Identities {
  readonly EdDSA: Identity
  readonly ES256: Identity
  readonly ES384: Identity
  readonly BBS: BbsIdentity
}

/** Keys in files of one folder, mode 0600, made when they are first asked for. */
export async function openIdentities(folder: string): Promise<Identities> {
  makePrivateFolder(folder)
  const openKey = (name: string, fresh: PrivateJwk) => {
    const jwk = readOrCreatePrivateJson<PrivateJwk>(join(folder, `${name}.json`), fresh)
    const publicJwk = publicJwkOf(jwk)
    return { jwk, did: didKeyOf(publicJwk), kid: didKeyUrlOf(publicJwk) }
  }
  const open = async (alg: 'EdDSA' | 'ES256' | 'ES384'): Promise<Identity> => {
    const { jwk, did, kid } = openKey(alg, await generateJwk(alg))
    return { did, signer: await signerFromJwk(jwk, { alg, kid }) }
  }
  const bbs = openKey('BBS', generateBbsJwk())
  return {
    EdDSA: await open('EdDSA'),
    ES256: await open('ES256'),
    ES384: await open('ES384'),
    BBS: { did: bbs.did, signer: bbsSignerFromJwk(bbs.jwk, { kid: bbs.kid }) },
  }
}
