import type { KeyReference, ResolveDid, Signer } from '@ekkasan/core'
import { fromBase64url, hex } from '@ekkasan/core/bytes'
import { findVerificationKey, listVerificationKeys, type VerificationRelationship } from '@ekkasan/did'
import { isSameKey } from '@ekkasan/keys'
import type { IDIDManager, IKey, IKeyManager, IResolver, TAgent } from '@veramo/core-types'
import { VeramoError } from './errors.ts'
import { algorithmOf, publicJwkOfKey } from './public-key.ts'
import { resolveDidByVeramo } from './resolve-did.ts'

/** The slice of an agent that signing needs. */
export type SigningAgent = TAgent<Pick<IKeyManager, 'keyManagerGet' | 'keyManagerSign'>>
/** With the identifiers, and the documents in which the keys stand. */
export type IdentifierAgent = SigningAgent &
  TAgent<Pick<IDIDManager, 'didManagerGet'> & Pick<IResolver, 'resolveDid'>>

export interface SignerFromVeramoKeyOptions {
  /** The agent's name of the key. */
  readonly keyRef: string
  /** Header `kid`; default: none. */
  readonly kid?: string
  /** Header `x5c`. */
  readonly x5c?: readonly string[]
}

export interface SignerFromVeramoDidOptions {
  /** An identifier that the agent manages. */
  readonly did: string
  /** Which of its keys; default: the first that signs. */
  readonly keyRef?: string
  /** `assertionMethod` (default) to issue, `authentication` to present or verify. */
  readonly relationship?: VerificationRelationship
}

/**
 * An agent's key as a Signer; the private key stays where the agent keeps it. By `did` the header's `kid` is the
 * DID URL under which the resolved document authorizes the key; by `keyRef` alone the key stands for itself.
 * @throws VeramoError
 */
export function signerFromVeramo(agent: IdentifierAgent, options: SignerFromVeramoDidOptions): Promise<Signer>
export function signerFromVeramo(agent: SigningAgent, options: SignerFromVeramoKeyOptions): Promise<Signer>
export async function signerFromVeramo(
  agent: SigningAgent | IdentifierAgent,
  options: SignerFromVeramoDidOptions | SignerFromVeramoKeyOptions,
): Promise<Signer> {
  if ('did' in options) {
    const { did, keyRef, relationship = 'assertionMethod' } = options
    const owner = agent as IdentifierAgent
    const key = await keyOfIdentifier(owner, did, keyRef)
    const kid = await didUrlOf(key, did, relationship, resolveDidByVeramo(owner))
    return signer(agent, key, { publicJwk: publicJwkOfKey(key), kid })
  }
  const { keyRef, kid, x5c } = options
  const key = await agent.keyManagerGet({ kid: keyRef }).catch(() => undefined)
  if (!key) throw new VeramoError('veramo.key.not-found', 'the agent manages no key of this name')
  return signer(agent, key, {
    publicJwk: publicJwkOfKey(key),
    ...(kid !== undefined && { kid }),
    ...(x5c !== undefined && { x5c }),
  })
}

function signer(agent: SigningAgent, key: IKey, reference: KeyReference): Signer {
  const alg = algorithmOf(key.type)
  if (!alg) throw new VeramoError('veramo.key.unsupported', `keys of type ${key.type} do not sign`)
  return {
    alg,
    key: reference,
    async sign(data) {
      return fromBase64url(
        await agent.keyManagerSign({
          keyRef: key.kid,
          data: hex(data),
          encoding: 'base16',
          algorithm: alg,
        }),
      )
    },
  }
}

async function keyOfIdentifier(agent: IdentifierAgent, did: string, keyRef?: string): Promise<IKey> {
  const identifier = await agent.didManagerGet({ did }).catch(() => undefined)
  const key = identifier?.keys.find(({ kid, type }) =>
    keyRef === undefined ? algorithmOf(type) !== undefined : kid === keyRef,
  )
  if (!key) {
    throw new VeramoError(
      'veramo.key.not-found',
      'the agent manages no such identifier with a key that signs',
    )
  }
  return key
}

async function didUrlOf(
  key: IKey,
  did: string,
  relationship: VerificationRelationship,
  resolveDid: ResolveDid,
): Promise<string> {
  const publicJwk = publicJwkOfKey(key)
  const document = await resolveDid(did)
  const url = listVerificationKeys(document, relationship).find((id) => {
    try {
      return isSameKey(findVerificationKey(document, id, relationship), publicJwk)
    } catch {
      // Another key of the document, of a kind not signed with here.
      return false
    }
  })
  if (url === undefined) {
    throw new VeramoError(
      'veramo.key.not-in-document',
      `the DID document does not list the key under ${relationship}`,
    )
  }
  return url
}
