import type { ClaimPath, JsonObject, JsonValue } from '@ekkasan/core'
import {
  anyRule,
  checkOptions,
  listRule,
  type OptionRules,
  optional,
  optionsRule,
} from '@ekkasan/core/options'
import { type DisclosedClaims, type Disclosure, discloseClaims, isOnTheWay } from './disclosures.ts'
import { SdJwtError } from './errors.ts'
import { type SignKeyBindingOptions, signKeyBinding, signKeyBindingRules } from './key-binding.ts'
import { parseSdJwt } from './parse.ts'

export interface PresentSdJwtOptions {
  /**
   * Which claims to disclose, each whole, with all that is below it; those on the way to it are disclosed with it.
   * Paths go into the claims as the holder sees them; `null` stands for every array element.
   */
  readonly disclose: readonly ClaimPath[]
  /** Without it an SD-JWT without key binding is made. */
  readonly keyBinding?: SignKeyBindingOptions
}

// A misspelt `keyBinding` would make a presentation that is bound to nobody.
const rules: OptionRules<PresentSdJwtOptions> = {
  disclose: listRule(anyRule),
  keyBinding: optional(optionsRule(signKeyBindingRules)),
}

/**
 * Makes a presentation of an SD-JWT that its issuer gave out, RFC 9901 section 7.2.
 * @throws SdJwtError, KeysError as `parseSdJwt` and `discloseClaims`; `sd-jwt.key-binding.unexpected` when it is a
 *   presentation already; `sd-jwt.present.no-such-claim`; `sd-jwt.transaction-data`; TypeError
 *   for an option that is none or malformed
 */
export async function presentSdJwt(issued: string, options: PresentSdJwtOptions): Promise<string> {
  checkOptions(options, 'presentSdJwt', rules)
  const sdJwt = parseSdJwt(issued)
  if (sdJwt.keyBinding !== undefined) {
    throw new SdJwtError('sd-jwt.key-binding.unexpected', 'this is a presentation already')
  }
  const chosen = chosenDisclosures(discloseClaims(sdJwt), options.disclose)
  const jwt = issued.slice(0, issued.indexOf('~') + 1)
  const presented = jwt + chosen.map(({ encoded }) => `${encoded}~`).join('')
  if (!options.keyBinding) return presented
  return presented + (await signKeyBinding(presented, sdJwt.hashAlgorithm, options.keyBinding))
}

/**
 * The disclosures that show these claims: theirs, those on the way to them, and those below them.
 * @throws SdJwtError `sd-jwt.present.no-such-claim`
 */
export function chosenDisclosures(
  { claims, disclosures }: DisclosedClaims,
  disclose: readonly ClaimPath[],
): readonly Disclosure[] {
  for (const path of disclose) {
    // An empty path would be on the way to everything.
    if (path.length === 0 || !holdsClaim(claims, path)) {
      throw new SdJwtError('sd-jwt.present.no-such-claim', 'the SD-JWT does not hold a claim to be disclosed')
    }
  }
  return disclosures.filter((disclosure) => disclose.some((path) => isOnTheWay(path, disclosure.path)))
}

function holdsClaim(value: JsonValue | undefined, [first, ...rest]: ClaimPath): boolean {
  if (value === undefined) return false
  if (first === undefined) return true
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value
    if (first === null) return items.some((item) => holdsClaim(item, rest))
    return typeof first === 'number' && holdsClaim(items[first], rest)
  }
  return typeof first === 'string' && Object.hasOwn(value, first)
    ? holdsClaim((value as JsonObject)[first], rest)
    : false
}
