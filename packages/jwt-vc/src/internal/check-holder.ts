import { type Checks, type HolderKey, type PublicJwk, type ResolveDid, ResolveError } from '@ekkasan/core'
import { type Jws, KeysError, parsePublicJwk } from '@ekkasan/keys'
import type { VerifyJwtVpOptions } from '../types.ts'
import { audienceOf } from './audience.ts'
import { checkSignature } from './check-signature.ts'
import { systemClock } from './clock.ts'
import type { ParsedCredential } from './parse.ts'

/** How far a presentation's time may lie back, and how far ahead a holder's clock may be, in seconds. */
const window = { back: 300, ahead: 60 }
const maxKeys = 8

/** Records the holder's checks of a presentation. */
export async function checkHolder(
  checks: Checks,
  jws: Jws,
  credential: ParsedCredential,
  { resolveDid, binding, clock = systemClock }: VerifyJwtVpOptions,
): Promise<HolderKey | undefined> {
  const holder = await checkHolderSignature(checks, jws, credential, resolveDid)
  const { aud, nonce } = jws.payload
  const [audience] = Array.isArray(aud) && aud.length === 1 ? aud : [aud]
  if (audience === audienceOf(binding)) checks.pass('holder-audience')
  else checks.fail('holder-audience', 'jwt-vc.holder.audience-mismatch')
  if (nonce === binding.nonce) checks.pass('holder-nonce')
  else checks.fail('holder-nonce', 'jwt-vc.holder.nonce-mismatch')
  checkHolderTime(checks, jws, clock().getTime() / 1000)
  if (binding.transactionData?.length) {
    checks.fail('holder-transaction', 'jwt-vc.holder.transaction-unsupported')
  }
  return holder
}

async function checkHolderSignature(
  checks: Checks,
  jws: Jws,
  { holder }: ParsedCredential,
  resolveDid: ResolveDid,
): Promise<HolderKey | undefined> {
  if (!holder) {
    checks.fail('holder-signature', 'jwt-vc.holder.unbound')
    return undefined
  }
  const { iss } = jws.payload
  if ('did' in holder && iss !== holder.did) {
    checks.fail('holder-signature', 'jwt-vc.holder.mismatch')
    return undefined
  }
  let keys: readonly HolderKey[]
  try {
    keys = 'jwk' in holder ? [holder] : await authenticationKeys(resolveDid, holder.did, jws)
  } catch (error) {
    if (!(error instanceof ResolveError)) throw error
    const record = error.code === 'core.resolve.unavailable' ? checks.unknown : checks.fail
    record('holder-signature', error.code)
    return undefined
  }
  if (keys.length === 0) {
    checks.fail('holder-signature', 'jwt-vc.holder.key-not-found')
    return undefined
  }
  for (const key of keys) {
    if (await checkSignature(jws, key.jwk)) {
      checks.pass('holder-signature', jws.header.alg)
      return key
    }
  }
  checks.fail('holder-signature', 'jwt-vc.holder.signature-invalid')
  return undefined
}

/** The keys of a DID for authentication; the one that `kid` names, where it names one. */
async function authenticationKeys(
  resolveDid: ResolveDid,
  did: string,
  jws: Jws,
): Promise<readonly HolderKey[]> {
  const { kid } = jws.header
  const absolute = (id: string) => (id.startsWith('#') ? `${did}${id}` : id)
  const document = await resolveDid(did)
  const found: HolderKey[] = []
  for (const entry of (document.authentication ?? []).slice(0, maxKeys)) {
    const id = absolute(typeof entry === 'string' ? entry : entry.id)
    if (kid !== undefined && (typeof kid !== 'string' || absolute(kid) !== id)) continue
    const method =
      typeof entry === 'string'
        ? document.verificationMethod?.find((candidate) => absolute(candidate.id) === id)
        : entry
    const jwk = publicJwk(method?.publicKeyJwk)
    if (jwk) found.push({ jwk, kid: id })
  }
  return found
}

function publicJwk(value: unknown): PublicJwk | undefined {
  try {
    return parsePublicJwk(value)
  } catch (error) {
    if (error instanceof KeysError) return undefined
    throw error
  }
}

function checkHolderTime(checks: Checks, { payload }: Jws, now: number): void {
  const { iat, nbf, exp } = payload as { iat?: number; nbf?: number; exp?: number }
  const made = iat ?? nbf
  if (made === undefined) checks.fail('holder-time', 'jwt-vc.holder.time-missing')
  else if (
    made < now - window.back ||
    Math.max(made, nbf ?? made) > now + window.ahead ||
    (exp !== undefined && exp <= now - window.ahead)
  ) {
    checks.fail('holder-time', 'jwt-vc.holder.time-out-of-range')
  } else checks.pass('holder-time')
}
