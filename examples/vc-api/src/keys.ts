import { join } from 'node:path'
import type { Signer } from '@ekkasan/core'
import { didKeyOf, didKeyUrlOf } from '@ekkasan/did'
import { generateJwk, type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { makePrivateFolder, readOrCreatePrivateFile } from '@ekkasan-examples/ui'

/** A key that signs, and the did:key that it is. */
export interface Identity {
  readonly did: string
  readonly signer: Signer
}

export interface Identities {
  readonly EdDSA: Identity
  readonly ES256: Identity
  readonly ES384: Identity
}

/** Keys in files of one folder, mode 0600, made when they are first asked for. */
export async function openIdentities(folder: string): Promise<Identities> {
  makePrivateFolder(folder)
  const open = async (alg: keyof Identities): Promise<Identity> => {
    const fresh = JSON.stringify(await generateJwk(alg))
    const jwk = JSON.parse(
      readOrCreatePrivateFile(join(folder, `${alg}.json`), () => fresh).text,
    ) as PrivateJwk
    const publicJwk = publicJwkOf(jwk)
    return {
      did: didKeyOf(publicJwk),
      signer: await signerFromJwk(jwk, { alg, kid: didKeyUrlOf(publicJwk) }),
    }
  }
  return { EdDSA: await open('EdDSA'), ES256: await open('ES256'), ES384: await open('ES384') }
}
