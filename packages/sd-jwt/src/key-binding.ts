import type {
  Algorithm,
  Checks,
  Clock,
  JsonObject,
  PresentationBinding,
  PublicJwk,
  Signer,
} from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import {
  checkOptions,
  functionRule,
  listRule,
  numberRule,
  type OptionRules,
  optional,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import {
  audienceOf,
  isJoseType,
  type Jws,
  KeysError,
  numericDate,
  parseConfirmationKey,
  parseJws,
  signJws,
  verifyJws,
} from '@ekkasan/keys'
import type { SdJwtErrorCode } from './errors.ts'
import type { ParsedSdJwt } from './parse.ts'
import { coversTransactionData, transactionDataClaims } from './transaction-data.ts'

/** What the KB-JWT has to say, and when it may have been made. */
export interface KeyBindingExpectation {
  /** `aud`: who it is for. */
  readonly audience: string
  readonly nonce: string
  /** base64url strings as they stood in the request (OpenID4VP section 8.4). */
  readonly transactionData?: readonly string[]
  /** Seconds since `iat`; default: 300. */
  readonly maxAge?: number
  /** Seconds by which clocks may differ; default: 60. */
  readonly leeway?: number
  /** Algorithms accepted for the KB-JWT; default: all that the platform has. */
  readonly algorithms?: readonly Algorithm[]
}

// An `audience` that is undefined would be met by a KB-JWT that names none, and a `maxAge` that is NaN by every age.
const expectationRules: OptionRules<KeyBindingExpectation> = {
  audience: textRule,
  nonce: textRule,
  transactionData: optional(listRule(textRule)),
  maxAge: optional(numberRule(0, undefined, 'seconds')),
  leeway: optional(numberRule(0, undefined, 'seconds')),
  algorithms: optional(listRule(textRule, { least: 1 })),
}

/** What a KB-JWT has to say to whom a presentation is for. */
export function keyBindingTo(
  binding: PresentationBinding,
): Pick<KeyBindingExpectation, 'audience' | 'nonce' | 'transactionData'> {
  const { nonce, transactionData } = binding
  return { audience: audienceOf(binding), nonce, ...(transactionData && { transactionData }) }
}

export interface SignKeyBindingOptions {
  /** The holder's key: the one that the SD-JWT names in `cnf`. */
  readonly holder: Signer
  readonly audience: string
  readonly nonce: string
  readonly transactionData?: readonly string[]
  readonly clock?: Clock
}

export const signKeyBindingRules: OptionRules<SignKeyBindingOptions> = {
  holder: signerRule,
  audience: textRule,
  nonce: textRule,
  transactionData: optional(listRule(textRule)),
  clock: optional(functionRule),
}

/** A KB-JWT over an SD-JWT (with its last `~`), RFC 9901 section 4.3. */
export function signKeyBinding(
  sdJwt: string,
  hashAlgorithm: ParsedSdJwt['hashAlgorithm'],
  options: SignKeyBindingOptions,
): Promise<string> {
  const { holder, audience, nonce, transactionData } = options
  return signJws({
    signer: holder,
    header: { typ: 'kb+jwt' },
    payload: {
      iat: numericDate(options.clock?.() ?? new Date()),
      aud: audience,
      nonce,
      sd_hash: hashBase64url(hashAlgorithm, sdJwt),
      ...(transactionData?.length && transactionDataClaims(transactionData)),
    },
  })
}

// One verification asks for it in three places.
const confirmationKeys = new WeakMap<JsonObject, PublicJwk>()

/**
 * The holder's public key in `cnf` (RFC 7800 section 3), if there is an acceptable one. It is read once: change
 * nothing in a payload that was parsed.
 */
export function confirmationKey(payload: JsonObject): PublicJwk | undefined {
  const known = confirmationKeys.get(payload)
  if (known) return known
  try {
    const key = parseConfirmationKey(payload)
    if (key) confirmationKeys.set(payload, key)
    return key
  } catch {
    return undefined
  }
}

const names = [
  'holder-signature',
  'holder-audience',
  'holder-nonce',
  'holder-time',
  'holder-content',
] as const

/**
 * Records the checks of key binding, RFC 9901 section 7.3 step 5: `holder-signature` (with the key in `cnf.jwk`,
 * `typ`), `holder-audience`, `holder-nonce`, `holder-time`, `holder-content` (`sd_hash`) and, where transaction data
 * was asked for or answered, `holder-transaction`. Every one is made, whatever the others say.
 * @throws TypeError when what is expected is malformed
 */
export async function checkKeyBinding(
  checks: Checks,
  sdJwt: ParsedSdJwt,
  expected: KeyBindingExpectation,
  now: Date,
): Promise<void> {
  checkOptions(expected, 'checkKeyBinding', expectationRules)
  const { keyBinding } = sdJwt
  const jws = keyBinding === undefined ? undefined : parseKeyBinding(keyBinding)
  if (!jws) {
    const code: SdJwtErrorCode =
      keyBinding === undefined ? 'sd-jwt.key-binding.missing' : 'sd-jwt.key-binding.malformed'
    checks.fail('holder-signature', code)
    for (const name of names) if (name !== 'holder-signature') checks.skip(name, code)
    if (expected.transactionData?.length) checks.skip('holder-transaction', code)
    return
  }
  const { payload } = jws
  const record = (name: (typeof names)[number] | 'holder-transaction', fault: SdJwtErrorCode | undefined) =>
    fault === undefined ? checks.pass(name) : checks.fail(name, fault)

  record('holder-signature', await signatureFault(jws, sdJwt, expected.algorithms))
  record(
    'holder-audience',
    payload.aud === expected.audience ? undefined : 'sd-jwt.key-binding.audience-mismatch',
  )
  record('holder-nonce', payload.nonce === expected.nonce ? undefined : 'sd-jwt.key-binding.nonce-mismatch')
  record('holder-time', timeFault(payload, expected, now))
  record(
    'holder-content',
    payload.sd_hash === hashBase64url(sdJwt.hashAlgorithm, sdJwt.sdJwt)
      ? undefined
      : 'sd-jwt.key-binding.sd-hash-mismatch',
  )
  const { transactionData = [] } = expected
  if (transactionData.length > 0 || payload.transaction_data_hashes !== undefined) {
    record(
      'holder-transaction',
      coversTransactionData(payload, transactionData) ? undefined : 'sd-jwt.key-binding.transaction-mismatch',
    )
  }
}

function parseKeyBinding(compact: string): Jws | undefined {
  try {
    return parseJws(compact, { maxLength: 65_536 })
  } catch {
    return undefined
  }
}

async function signatureFault(
  jws: Jws,
  sdJwt: ParsedSdJwt,
  algorithms: readonly string[] | undefined,
): Promise<SdJwtErrorCode | undefined> {
  if (!isJoseType(jws.header.typ, 'kb+jwt')) return 'sd-jwt.key-binding.type'
  if (algorithms && !algorithms.includes(jws.header.alg)) return 'sd-jwt.alg'
  const jwk = confirmationKey(sdJwt.jws.payload)
  if (!jwk) return 'sd-jwt.key-binding.no-key'
  try {
    return (await verifyJws(jws, jwk)) ? undefined : 'sd-jwt.key-binding.signature'
  } catch (error) {
    if (error instanceof KeysError) {
      return error.code === 'keys.jwk.malformed' ? 'sd-jwt.key-binding.no-key' : 'sd-jwt.alg'
    }
    throw error
  }
}

function timeFault(
  { iat, nbf, exp }: JsonObject,
  { maxAge = 300, leeway = 60 }: KeyBindingExpectation,
  now: Date,
): SdJwtErrorCode | undefined {
  if (typeof iat !== 'number') return 'sd-jwt.key-binding.no-time'
  const seconds = now.getTime() / 1000
  if (iat > seconds + leeway) return 'sd-jwt.key-binding.in-future'
  if (iat < seconds - maxAge - leeway) return 'sd-jwt.key-binding.too-old'
  // A KB-JWT has to be valid in all other respects (section 7.3 step 5.8, RFC 7519 sections 4.1.4 and 4.1.5).
  if (exp !== undefined && !(typeof exp === 'number' && exp > seconds - leeway)) {
    return 'sd-jwt.key-binding.expired'
  }
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= seconds + leeway)) {
    return 'sd-jwt.key-binding.not-yet-valid'
  }
  return undefined
}
