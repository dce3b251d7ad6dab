import { existsSync, readFileSync } from 'node:fs'
import { ResolveError, type ResolveIssuerKey } from '@ekkasan/core'
import { parseJsonObject } from '@ekkasan/core/json'

/**
 * Issuers named by URLs: those in a file `{ "https://issuer.example/5678": ["did:key:…", …] }`: whose keys theirs are; the others as told.
 * @throws Error that says what the file must hold
 */
export function resolveListedIssuer(
  file: string,
  { did: resolveDidIssuer, others }: { readonly did: ResolveIssuerKey; readonly others: ResolveIssuerKey },
): ResolveIssuerKey {
  const issuers = existsSync(file) ? parseJsonObject(readFileSync(file, 'utf8')) : {}
  for (const dids of Object.values(issuers)) {
    if (!Array.isArray(dids) || !dids.every((did) => typeof did === 'string' && did.startsWith('did:'))) {
      throw new Error(`${file} must hold lists of DIDs by the URLs of issuers`)
    }
  }
  return async (question) => {
    const { iss = '', kid = '' } = question
    const dids = Object.hasOwn(issuers, iss) ? issuers[iss] : undefined
    if (!Array.isArray(dids)) return others(question)
    const did = kid.split('#')[0] as string
    if (!dids.includes(did)) {
      throw new ResolveError('core.resolve.not-found', 'the key is none of those listed for the issuer')
    }
    const { jwk } = await resolveDidIssuer({ ...question, iss: did })
    return { jwk, identity: { id: iss, method: 'did' } }
  }
}
