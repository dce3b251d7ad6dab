import { existsSync, readFileSync } from 'node:fs'
import { ResolveError, type ResolveIssuerKey } from '@ekkasan/core'
import { isJsonObject, parseJsonObject } from '@ekkasan/core/json'

/**
 * Issuers named by URLs, from a file `{ "https://issuer.example/5678": ["did:key:…", …] }`: whose keys theirs are.
 * @throws Error that says what the file must hold
 */
export function resolveListedIssuer(file: string, resolveDidIssuer: ResolveIssuerKey): ResolveIssuerKey {
  const issuers = existsSync(file) ? parseJsonObject(readFileSync(file, 'utf8')) : {}
  for (const dids of Object.values(issuers)) {
    if (!Array.isArray(dids) || !dids.every((did) => typeof did === 'string' && did.startsWith('did:'))) {
      throw new Error(`${file} must hold lists of DIDs by the URLs of issuers`)
    }
  }
  return async (question) => {
    const { iss = '', kid = '' } = question
    const did = kid.split('#')[0] as string
    const dids = isJsonObject(issuers) && Object.hasOwn(issuers, iss) ? issuers[iss] : []
    if (!Array.isArray(dids) || !dids.includes(did)) {
      throw new ResolveError('core.resolve.not-found', 'no such issuer with such a key is listed')
    }
    const { jwk } = await resolveDidIssuer({ ...question, iss: did })
    return { jwk, identity: { id: iss, method: 'did' } }
  }
}
