import { expecting, isObject, memberOf, type OptionRule, oneOfRule, portRule } from './option-rules.ts'
import type { TrustRole } from './ports.ts'

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
    return awaited(value)
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
    awaited,
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
        : awaited(one),
  )(value, path)
  issuerFormatRule(memberOf(value, 'format'), `${path}.format`)
}

function awaited(value: unknown): string | undefined {
  return typeof memberOf(value, 'then') === 'function' ? 'await it' : undefined
}
