import {
  anyRule,
  expecting,
  functionRule,
  isObject,
  listRule,
  memberOf,
  type OptionRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  optionsRule,
  portRule,
  textRule,
} from './option-rules.ts'
import type { Period } from './period.ts'
import type {
  CheckStatus,
  Clock,
  IsTrusted,
  PresentationBinding,
  ResolveDid,
  ResolveIssuerKey,
  TrustRole,
} from './ports.ts'

// The ports of this package, as what somebody handed in is held to their shape.

export const storeRule = portRule(
  'a Store: createMemoryStore() of @ekkasan/core, or one of a store package',
  ['get', 'put', 'swap', 'delete', 'list', 'next'],
)

export const statusAuthorityRule = portRule(
  'a StatusAuthority, as createStatusLists or createBitstringStatusLists of @ekkasan/status makes one',
  ['allocate', 'set', 'get', 'fetch'],
)

const trustRoles: readonly TrustRole[] = ['credential-issuer', 'status-issuer', 'verifier', 'wallet-provider']
export const trustRoleRule = oneOfRule(trustRoles)

/** Texts by language tag. */
export const languageMapRule = expecting(
  "texts by language tag: { th: '…', en: '…' }",
  (value) =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((text) => typeof text === 'string' && text !== ''),
)

export const dateRule = expecting(
  'a Date',
  (value) => value instanceof Date && !Number.isNaN(value.getTime()),
)
export const bytesRule = expecting('a Uint8Array', (value) => value instanceof Uint8Array)

/** A misspelt `until` would be no end at all. */
export const periodRule = optionsRule<Period>({ from: optional(dateRule), until: optional(dateRule) })

/** What a presentation has to be bound to, or is to be bound to. */
export const bindingRule: OptionRule = (value, path) => {
  bindingMembersRule(value, path)
  const { clientId, nonce, sessionTranscript } = value as PresentationBinding
  // A transcript of another protocol says both in its own way.
  const least = sessionTranscript ? stringRule : textRule
  least(clientId, `${path}: clientId`)
  least(nonce, `${path}: nonce`)
}

const stringRule = expecting('a text', (value) => typeof value === 'string')
const bindingMembersRule = optionsRule<PresentationBinding>({
  clientId: anyRule,
  nonce: anyRule,
  responseUri: optional(textRule),
  origin: optional(textRule),
  sessionTranscript: optional(bytesRule),
  encryptionKeyThumbprint: optional(textRule),
  transactionData: optional(listRule(textRule)),
})

export const isTrustedRule = expecting(
  'a function: nobody is trusted by default (trustOnly, trustAnyone)',
  (value) => typeof value === 'function',
)

/**
 * What every verification of a credential is handed; a misspelt `checkStatus` or `clock` would be none. The last three are
 * of some formats alone: one object of collaborators serves all, and a format that has no use for one loses no check.
 */
export const verifyingRules: OptionRules<{
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  readonly checkStatus?: CheckStatus
  readonly clock?: Clock
  readonly resolveDid?: ResolveDid
  readonly contexts?: unknown
  readonly budget?: unknown
}> = {
  resolveIssuerKey: functionRule,
  isTrusted: isTrustedRule,
  checkStatus: optional(functionRule),
  clock: optional(functionRule),
  resolveDid: optional(functionRule),
  contexts: optional(objectRule),
  budget: optional(objectRule),
}

/** The shape of a Signer; that it signs with its key shows at its first signature. */
export const signerRule = expecting(
  'a Signer: { alg, key: { publicJwk, kid?, x5c? }, sign }',
  (value) =>
    isObject(value) &&
    typeof value.alg === 'string' &&
    isObject(value.key) &&
    isObject(value.key.publicJwk) &&
    typeof value.sign === 'function',
  (value) => {
    if (isObject(value) && 'kty' in value)
      return 'await signerFromJwk(jwk) of @ekkasan/keys makes one of a JWK'
    return undefined
  },
)

/** A side of the plug of a format, by the methods that only this side has. */
function formatRule(side: string, example: string, methods: readonly string[]): OptionRule {
  return expecting(
    `${side} of a format, as ${example} makes it`,
    (value) =>
      isObject(value) &&
      typeof value.format === 'string' &&
      methods.every((name) => typeof value[name] === 'function'),
  )
}

export const issuerFormatRule = formatRule("the issuer's side", 'sdJwtVc({ signer })', [
  'issue',
  'configuration',
])
export const verifierFormatRule = formatRule("the verifier's side", 'sdJwtVcVerifier({ resolveIssuerKey })', [
  'verify',
])
export const holderFormatRule = formatRule("the wallet's side", 'sdJwtVcHolder({ resolveIssuerKey })', [
  'accept',
  'present',
  'view',
])

/** A document in a format, as an issuer offers it. */
export const credentialConfigurationRule: OptionRule = (value, path) => {
  expecting(
    'a credential configuration: credentialConfiguration(document, format) of @ekkasan/core, or document.as(format)',
    (one) => isObject(one) && typeof one.id === 'string' && isObject(one.document) && isObject(one.format),
    (one) =>
      isObject(one) && 'claims' in one && 'schema' in one
        ? 'this is a document, which has no format yet'
        : undefined,
  )(value, path)
  issuerFormatRule(memberOf(value, 'format'), `${path}.format`)
}
