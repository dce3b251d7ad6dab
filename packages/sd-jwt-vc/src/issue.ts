import { type JsonObject, type JsonValue, type PublicJwk, requirePeriod, startOfDay } from '@ekkasan/core'
import {
  anyRule,
  checkOptions,
  functionRule,
  integerRule,
  listRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  optionsRule,
  periodRule,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import { bareJwk, isSameKey, jwkOfDid, keyHeader, keyUrlOf, numericDate, statusClaim } from '@ekkasan/keys'
import { frameRule, issueSdJwt } from '@ekkasan/sd-jwt'
import { credentialStatusOf, requireCredential } from '@ekkasan/vcdm'
import { createBody } from './internal/body.ts'
import { envelopeClaims } from './internal/claims.ts'
import type { IssueSdJwtVcOptions, W3cBody } from './types.ts'

// A misspelt `frame`, `status` or `validity` would conceal nothing, could not be revoked, would not end.
const rules: OptionRules<IssueSdJwtVcOptions> = {
  signer: signerRule,
  // What is missing is said below.
  vct: anyRule,
  vctIntegrity: optional(textRule),
  akaVcts: optional(listRule(textRule)),
  issuer: optional(textRule),
  claims: objectRule,
  frame: optional(frameRule),
  body: optional(
    optionsRule<W3cBody>({
      types: listRule(textRule),
      contexts: optional(listRule(textRule)),
      issuerName: optional(textRule),
      schema: optional(textRule),
      extension: optional(objectRule),
    }),
  ),
  holderJwk: optional(objectRule),
  holderKid: optional(textRule),
  subject: optional(textRule),
  status: optional(objectRule),
  validity: optional(periodRule),
  timeZone: optional(textRule),
  id: optional(textRule),
  decoys: optional(integerRule(0)),
  hashAlgorithm: optional(oneOfRule(['sha-256', 'sha-384', 'sha-512'])),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

/**
 * Issues an SD-JWT VC (`dc+sd-jwt`), plain or with a W3C body. Registered claims are never selectively disclosable.
 * `iat` is the beginning of the day, so that it does not tell one credential from another (RFC 9901 section 10.1); a
 * `validity` stands as it is given, and `issuedTimes` of @ekkasan/core rounds it.
 * @throws TypeError for an option that is none or malformed, when a claim has the name of a registered claim or is not JSON, when `vct` is missing, when the
 *   validity ends before it begins, or the body breaks the data model
 */
export async function issueSdJwtVc(options: IssueSdJwtVcOptions): Promise<string> {
  checkOptions(options, 'issueSdJwtVc', rules)
  const { signer, issuer, claims, frame, body, holderJwk, status, validity, id, subject, vct } = options
  if (typeof vct !== 'string' || vct === '')
    throw new TypeError('an SD-JWT VC needs its type: `vct` is missing')
  requirePeriod(validity ?? {})
  const nbf = validity?.from && numericDate(validity.from)
  const exp = validity?.until && numericDate(validity.until)
  const payload: Record<string, JsonValue> = {}
  if (issuer !== undefined) payload.iss = issuer
  if (subject !== undefined) payload.sub = subject
  if (id !== undefined) payload.jti = id
  payload.iat = numericDate(startOfDay(options.clock?.() ?? new Date(), options.timeZone))
  if (nbf !== undefined) payload.nbf = nbf
  if (exp !== undefined) payload.exp = exp
  payload.vct = vct
  if (options.vctIntegrity !== undefined) payload['vct#integrity'] = options.vctIntegrity
  if (options.akaVcts?.length) payload.aka_vcts = options.akaVcts
  if (holderJwk || options.holderKid !== undefined) payload.cnf = confirmation(options)
  const isInBody = status !== undefined && 'credentialStatus' in status && body !== undefined
  if (status && !isInBody) payload.status = statusClaim(status)
  let payloadFrame = frame
  if (body) {
    if (issuer === undefined) throw new TypeError('a W3C body needs the issuer')
    const credential = {
      ...createBody({ body, id, issuer, subject, claims, nbf, exp }),
      ...(status && isInBody && { credentialStatus: credentialStatusOf(status) }),
    }
    requireCredential(credential, { versions: ['2.0'] })
    Object.assign(payload, credential)
    if (frame) {
      payloadFrame = { selective: undefined, deep: false, members: new Map([['credentialSubject', frame]]) }
    }
  } else {
    for (const name of Object.keys(claims)) {
      if (envelopeClaims.has(name))
        throw new TypeError(`${name} is a registered claim: it has its own option`)
      payload[name] = claims[name] as JsonValue
    }
  }
  return issueSdJwt({
    signer,
    header: { typ: 'dc+sd-jwt', ...keyHeader(signer.key) },
    payload,
    ...(payloadFrame && { frame: payloadFrame }),
    ...(options.decoys !== undefined && { decoys: options.decoys }),
    ...(options.hashAlgorithm && { hashAlgorithm: options.hashAlgorithm }),
    ...(options.randomBytes && { randomBytes: options.randomBytes }),
  })
}

/** One naming of one key, RFC 7800 section 3. */
function confirmation({ holderJwk, holderKid }: IssueSdJwtVcOptions): JsonObject {
  if (holderKid === undefined) return { jwk: bareJwk(holderJwk as PublicJwk) }
  if (holderJwk && !isSameKey(jwkOfDid(holderKid), holderJwk)) {
    throw new TypeError('holderKid must be the did:jwk or did:key of holderJwk')
  }
  return { kid: keyUrlOf(holderKid) }
}
