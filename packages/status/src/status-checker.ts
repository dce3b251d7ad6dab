import type {
  CheckStatus,
  Clock,
  Fetch,
  IssuerIdentity,
  IsTrusted,
  JsonObject,
  ResolveIssuerKey,
} from '@ekkasan/core'
import { checkOptions, functionRule, numberRule, type OptionRules, optional } from '@ekkasan/core/options'
import { createBitstringCheck } from './check-bitstring.ts'
import { createTokenCheck } from './check-token.ts'

/** A credential that is a list, verified. */
export interface VerifiedListCredential {
  /** The body, of data model 2.0 or 1.1. */
  readonly credential: JsonObject
  /** Who signed it. */
  readonly issuer: IssuerIdentity
}

/**
 * Verifies the credential that is a Bitstring Status List: its securing mechanism and its issuer's key. Hand `isTrusted`
 * on to `verifyX` of a W3C format: by it nothing is fetched of a signer that is not trusted for statuses of the
 * credential's issuer. What that gives and throws fits. All that makes it a list is looked at afterwards.
 * @throws RejectedError, UnavailableError, ResolveError
 */
export type VerifyListCredential = (
  body: Uint8Array,
  contentType: string,
  options: { readonly isTrusted: IsTrusted },
) => Promise<VerifiedListCredential>

export interface CreateStatusCheckerOptions {
  /** A guarded fetch: it decides which addresses may be reached, and whether by http. */
  readonly fetch: Fetch
  /** Finds the keys of Status List Tokens; without it their status is unknown. */
  readonly resolveIssuerKey?: ResolveIssuerKey
  /**
   * Verifies Bitstring Status Lists by the media type with which they came (lower case, without parameters; not every
   * server names the right one); without it their status is unknown.
   */
  readonly verifyListCredential?: VerifyListCredential
  /** Asked with role `status-issuer` for the party that signed the list, on behalf of the credential's issuer. */
  readonly isTrusted: IsTrusted
  /** Lists of each kind that are kept, unpacked; default: 100. The one used longest ago goes first. */
  readonly maxEntries?: number
  /** Longest token or list credential accepted, in bytes; default: 4 MiB. */
  readonly maxTokenLength?: number
  /** Longest list accepted, in bytes after unpacking; default: 4 MiB. */
  readonly maxListLength?: number
  /**
   * Entries that a Bitstring Status List has at least; default: 131072, as the standard has it unless an ecosystem
   * says otherwise (section 3.2).
   */
  readonly minEntries?: number
  /** Seconds for which a list is kept at most, whatever its `ttl` says, and where it says none; default: 3600. */
  readonly maxAge?: number
  readonly clock?: Clock
}

const rules: OptionRules<CreateStatusCheckerOptions> = {
  fetch: functionRule,
  resolveIssuerKey: optional(functionRule),
  verifyListCredential: optional(functionRule),
  isTrusted: functionRule,
  maxEntries: optional(numberRule(1)),
  maxTokenLength: optional(numberRule(1)),
  maxListLength: optional(numberRule(1)),
  minEntries: optional(numberRule(0)),
  maxAge: optional(numberRule(0)),
  clock: optional(functionRule),
}

/** What the checks of both kinds work with. */
export type Checking = CreateStatusCheckerOptions &
  Required<
    Pick<
      CreateStatusCheckerOptions,
      'maxEntries' | 'maxTokenLength' | 'maxListLength' | 'minEntries' | 'maxAge' | 'clock'
    >
  >

/**
 * A CheckStatus of both kinds of list, verified before use and kept in memory for their `ttl`, never beyond their end.
 *
 * Token Status Lists, as JWT or CWT: signed with the credential's own leaf or key, a list is the issuer's, whatever it
 * names. Else its key is found by, in this order: the header's `x5c`; the claim `iss`; a `kid` that is a DID URL; where
 * the credential issuer's own keys are (section 11.3 of the standard, which leaves key resolution to its profiles); and
 * before anything of another party is fetched `isTrusted` is asked for it.
 *
 * How long a list is kept is settled by its `exp` and `ttl`, and by no HTTP header. A list of the future, beyond a
 * minute, is not known: somebody's clock is wrong.
 *
 * Bitstring Status Lists, by section 3.2: all entries of a credential are looked up. One that revokes decides;
 * otherwise every list must be there. `refresh` and `message` do not invalidate and are told as `detail`. What is set
 * for a purpose of somebody's own is refused.
 *
 * The CheckStatus throws ResolveError: `core.resolve.unavailable` when nobody answered, `core.resolve.not-found`
 * when there is no such list, `core.resolve.invalid` when the list must not be relied on; its `cause` is then a
 * StatusError that says why.
 */
export function createStatusChecker(options: CreateStatusCheckerOptions): CheckStatus {
  checkOptions(options, 'createStatusChecker', rules)
  const { maxEntries = 100, clock = () => new Date() } = options
  const { maxTokenLength = 4_194_304, maxListLength = 4_194_304 } = options
  const { minEntries = 131_072, maxAge = 3600 } = options
  const limits = { maxEntries, maxTokenLength, maxListLength, minEntries, maxAge }
  const checking: Checking = { ...options, ...limits, clock }
  const checkToken = createTokenCheck(checking)
  const checkBitstring = createBitstringCheck(checking)
  return (reference, subject) =>
    'credentialStatus' in reference ? checkBitstring(reference, subject) : checkToken(reference, subject)
}
