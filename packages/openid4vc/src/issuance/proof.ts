import {
  type Algorithm,
  type BindingMethod,
  type HolderKey,
  type PublicJwk,
  type ResolveDid,
  ResolveError,
  type Signer,
} from '@ekkasan/core'
import {
  anyRule,
  checkOptions,
  dateRule,
  functionRule,
  listRule,
  numberRule,
  type OptionRules,
  oneOfRule,
  optional,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import {
  bareJwk,
  fitsAlgorithm,
  isAlgorithm,
  isJoseType,
  type Jws,
  KeysError,
  keyUrlOf,
  numericDate,
  parseJws,
  parsePublicJwk,
  signJws,
  verifyJws,
} from '@ekkasan/keys'
import { credentialError } from './errors.ts'

export interface CreateProofOptions {
  readonly signer: Signer
  /** The Credential Issuer Identifier. */
  readonly issuer: string
  readonly nonce?: string
  /** The client that got the access token: `iss`. Absent for an anonymous one, whose proof must have none. */
  readonly clientId?: string
  /** How the key is named: by itself (`jwk`), or by the signer's `kid`, a DID URL. */
  readonly binding: 'jwk' | 'kid'
  readonly now: Date
}

const createRules: OptionRules<CreateProofOptions> = {
  signer: signerRule,
  issuer: textRule,
  nonce: anyRule,
  clientId: optional(textRule),
  binding: oneOfRule(['jwk', 'kid']),
  now: dateRule,
}

/** A key proof of type `jwt`, OpenID4VCI Appendix F.1. */
export function createProof(options: CreateProofOptions): Promise<string> {
  checkOptions(options, 'createProof', createRules)
  const { signer, issuer, nonce, clientId, binding, now } = options
  if (binding === 'kid' && signer.key.kid === undefined) throw new TypeError('the signer has no kid')
  return signJws({
    signer,
    header: {
      typ: 'openid4vci-proof+jwt',
      ...(binding === 'jwk' ? { jwk: bareJwk(signer.key.publicJwk) } : { kid: signer.key.kid as string }),
    },
    payload: {
      ...(clientId !== undefined && { iss: clientId }),
      aud: issuer,
      iat: numericDate(now),
      ...(nonce !== undefined && { nonce }),
    },
  })
}

export interface Proof {
  readonly jws: Jws
  /** Not yet compared with anything but its shape. */
  readonly nonce: string
}

export interface ParseProofOptions {
  /** The Credential Issuer Identifier. */
  readonly issuer: string
  /** `proof_signing_alg_values_supported`. */
  readonly algorithms: readonly Algorithm[]
  /** Seconds that `iat` may lie in the past. */
  readonly maxAge: number
  readonly now: Date
  /** With a client that named itself: what `iss` must be where it is there. */
  readonly clientId?: string
}

// A misspelt `maxAge` would take a proof of any age.
const parseRules: OptionRules<ParseProofOptions> = {
  issuer: textRule,
  algorithms: listRule(textRule, { least: 1 }),
  maxAge: numberRule(0, undefined, 'seconds'),
  now: dateRule,
  clientId: optional(textRule),
}

/** Seconds by which the wallet's clock may be ahead of ours. */
const clockSkew = 60

const invalid = (what: string, cause?: unknown) => credentialError('invalid_proof', what, { cause })

/**
 * Everything about a key proof that needs no cryptography (OpenID4VCI Appendix F.1, F.4): bounds, type, algorithm,
 * exactly one naming of the key, audience, time, a nonce.
 * @throws IssuanceError `invalid_proof`; TypeError for an option that is none or malformed
 */
export function parseProof(jwt: string, options: ParseProofOptions): Proof {
  checkOptions(options, 'parseProof', parseRules)
  if (jwt.length > 16_384) throw invalid('a proof is longer than 16,384 characters')
  let jws: Jws
  try {
    jws = parseJws(jwt, { maxDepth: 8 })
  } catch (cause) {
    throw invalid('a proof is not a compact JWS', cause)
  }
  const { header, payload } = jws
  if (!isJoseType(header.typ, 'openid4vci-proof+jwt')) throw invalid('typ is not openid4vci-proof+jwt')
  if (!isAlgorithm(header.alg) || !options.algorithms.includes(header.alg)) {
    throw invalid('alg is not one that is offered')
  }
  const namings = ['jwk', 'kid', 'x5c'].filter((name) => header[name] !== undefined)
  if (namings.length !== 1) throw invalid('not exactly one of jwk, kid and x5c')
  if (payload.aud !== options.issuer) throw invalid('aud is not this credential issuer')
  const now = options.now.getTime() / 1000
  const { iat, exp, nbf, nonce, iss } = payload
  if (typeof iat !== 'number') throw invalid('iat is missing')
  if (iat > now + clockSkew) throw invalid('iat lies in the future')
  if (iat < now - options.maxAge - clockSkew) throw invalid('iat lies too far in the past')
  if (exp !== undefined && !(typeof exp === 'number' && exp > now - clockSkew))
    throw invalid('the proof expired')
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + clockSkew)) {
    throw invalid('the proof is not valid yet')
  }
  if (options.clientId !== undefined && iss !== undefined && iss !== options.clientId) {
    throw invalid('iss is not the client that got the access token')
  }
  if (typeof nonce !== 'string') throw invalid('nonce is missing')
  return { jws, nonce }
}

export interface VerifyProofOptions {
  /** `cryptographic_binding_methods_supported` of the credential configuration. */
  readonly bindingMethods: readonly BindingMethod[]
  /** Needed for the `did:` binding methods. */
  readonly resolveDid?: ResolveDid
}

/**
 * Finds the key that a proof names and checks the signature with it.
 * @throws IssuanceError `invalid_proof`
 * @throws ResolveError `core.resolve.unavailable`, when a DID could not be resolved just now
 */
export async function verifyProof({ jws }: Proof, options: VerifyProofOptions): Promise<HolderKey> {
  checkOptions<VerifyProofOptions>(options, 'verifyProof', {
    bindingMethods: listRule(textRule),
    resolveDid: optional(functionRule),
  })
  try {
    const { alg } = jws.header
    if (!isAlgorithm(alg)) throw invalid('alg is not one that is offered')
    const holder = await findHolderKey(jws, alg, options)
    if (!(await verifyJws(jws, holder.jwk))) throw invalid('the signature is not by the key named')
    return holder
  } catch (cause) {
    if (cause instanceof KeysError) {
      const isPrivate = cause.code === 'keys.jwk.private'
      throw invalid(isPrivate ? 'the header holds a private key' : 'the key is not acceptable', cause)
    }
    if (cause instanceof ResolveError && cause.code !== 'core.resolve.unavailable') {
      throw invalid('the key named by kid was not found', cause)
    }
    throw cause
  }
}

async function findHolderKey(
  { header }: Jws,
  alg: Algorithm,
  options: VerifyProofOptions,
): Promise<HolderKey> {
  if (header.jwk !== undefined) {
    const jwk = keyAlone(header.jwk, alg)
    if (!options.bindingMethods.includes('jwk')) throw invalid('keys are not bound by jwk here')
    return { jwk }
  }
  const { kid } = header
  if (header.x5c !== undefined) throw invalid('keys are not bound by x5c here')
  if (typeof kid !== 'string' || kid.length > 2048) throw invalid('kid is not a DID URL')
  const method = options.bindingMethods.find((name) => name !== 'jwk' && kid.startsWith(`${name}:`))
  const url = keyUrlOf(kid)
  const hash = url.indexOf('#')
  if (!method || hash < 0 || !options.resolveDid) throw invalid('kid is not a DID URL of a method bound here')
  const did = url.slice(0, hash)
  const document = await options.resolveDid(did)
  const verificationMethod = document.verificationMethod?.find(
    ({ id }) => (id.startsWith('#') ? `${did}${id}` : id) === url,
  )
  if (!verificationMethod?.publicKeyJwk) throw invalid('the DID document does not hold the key named by kid')
  return { jwk: keyAlone(verificationMethod.publicKeyJwk, alg), kid: url }
}

// What a wallet says about its key is obeyed, and then left behind: it shall not travel into the credential.
function keyAlone(value: unknown, alg: Algorithm): PublicJwk {
  const named = parsePublicJwk(value)
  if (!fitsAlgorithm(named, alg)) throw invalid('the key is not one for alg')
  return bareJwk(named)
}
