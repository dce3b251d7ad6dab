import type { DidDocument } from '@ekkasan/core'
import { jwkOfDid, KeysError } from '@ekkasan/keys'
import { documentOfKey } from './document-of-key.ts'
import { DidError } from './errors.ts'

/**
 * The document of a did:jwk; nothing is fetched.
 * @throws DidError `did.identifier.malformed`, `did.key.unsupported`
 */
export function readDidJwk(did: string): DidDocument {
  return read(did, 'did:jwk')
}

/**
 * The document of a did:key; nothing is fetched.
 * @throws DidError `did.identifier.malformed`, `did.key.unsupported` (RSA too, which is known and not accepted so)
 */
export function readDidKey(did: string): DidDocument {
  return read(did, 'did:key')
}

function read(did: string, method: 'did:jwk' | 'did:key'): DidDocument {
  if (!did.startsWith(`${method}:`) || did.includes('#')) throw malformed(method)
  try {
    return documentOfKey(did, jwkOfDid(did))
  } catch (cause) {
    if (!(cause instanceof KeysError) || cause.code === 'keys.did.malformed') throw malformed(method)
    throw new DidError('did.key.unsupported', cause.message, { cause })
  }
}

function malformed(method: string): DidError {
  return new DidError('did.identifier.malformed', `not a ${method}`)
}
