import {
  type Algorithm,
  defaultTimeZone,
  requireDocument,
  requireTimeZone,
  withStoreErrors,
} from '@ekkasan/core'
import { platformRandomBytes } from '@ekkasan/core/bytes'
import {
  checkOptions,
  credentialConfigurationRule,
  functionRule,
  integerRule,
  languageMapRule,
  listRule,
  numberRule,
  type OptionRules,
  oneOfRule,
  optional,
  optionsRule,
  statusAuthorityRule,
  storeRule,
  textRule,
} from '@ekkasan/core/options'
import { requireEndpointUrl } from '@ekkasan/openid4vc'
import type { Context } from './context.ts'
import { findIssuance, listIssuances, setStatus } from './issuance.ts'
import { createOffer, describeOffer, replaceOffer, withdrawOffer } from './offer.ts'
import { checkPublishedKeys, publicJwkRule } from './published-keys.ts'
import { recover } from './recover.ts'
import { createRoutes } from './routes.ts'
import { createSecret, issuerSecretKey, nonceSecretKey } from './secret.ts'
import { createStatuses, type Statuses } from './statuses.ts'
import type { CreateIssuerOptions, Issuer, IssuerLifetimes } from './types.ts'

const defaultLifetimes: Required<IssuerLifetimes> = {
  offer: 300,
  accessToken: 300,
  nonce: 300,
  closedOffer: 86_400,
  record: 0,
}
/** Seconds. */
const lifetime = (least: number) => optional(numberRule(least, undefined, 'seconds'))
const count = (most: number) => optional(integerRule(1, most))

const rules: OptionRules<CreateIssuerOptions> = {
  url: textRule,
  names: languageMapRule,
  credentials: listRule(credentialConfigurationRule, { least: 1 }),
  store: storeRule,
  getClaims: functionRule,
  keys: optional(listRule(publicJwkRule)),
  status: optional((value, path) => {
    if (Array.isArray(value)) listRule(statusAuthorityRule)(value, path)
    else statusAuthorityRule(value, path)
  }),
  deliverTxCode: optional(functionRule),
  lifetimes: optional(
    optionsRule<IssuerLifetimes>({
      offer: lifetime(1),
      accessToken: lifetime(1),
      nonce: lifetime(1),
      closedOffer: lifetime(0),
      record: lifetime(0),
    }),
  ),
  resolveDid: optional(functionRule),
  batchSize: count(100),
  txCodeAttempts: count(20),
  timeZone: optional(textRule),
  compatibility: optional(oneOfRule(['etda-draft-2026'])),
  onError: optional(functionRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}
const proofAlgorithms: readonly Algorithm[] = ['ES256', 'EdDSA']

/**
 * A credential issuer over OpenID4VCI 1.0 with the pre-authorized code flow. `fetch` serves all public endpoints; the
 * other methods are for the agency's own programs and have no route.
 *
 * @throws TypeError when the options do not fit together
 */
export function createIssuer(options: CreateIssuerOptions): Issuer {
  const context = createContext(options)
  return {
    fetch: createRoutes(context),
    createOffer: (offer) => createOffer(context, offer),
    offer: (id) => describeOffer(context, id),
    withdrawOffer: (id) => withdrawOffer(context, id),
    replaceOffer: (id) => replaceOffer(context, id),
    issuance: (id) => findIssuance(context, id),
    issuances: (query) => listIssuances(context, query),
    recover: () => recover(context),
    revoke: (id) => setStatus(context, id, 'revoked'),
    suspend: (id) => setStatus(context, id, 'suspended'),
    restore: (id) => setStatus(context, id, 'valid'),
  }
}

function createContext(options: CreateIssuerOptions): Context {
  checkOptions(options, 'createIssuer', rules)
  const { url } = options
  const store = withStoreErrors(options.store)
  checkUrl(url)
  const statuses = createStatuses(options.status)
  checkCredentials(options, statuses)
  checkPublishedKeys(options)
  const lifetimes = { ...defaultLifetimes, ...options.lifetimes }
  const batchSize = options.batchSize ?? 10
  const txCodeAttempts = options.txCodeAttempts ?? 5
  const { timeZone = defaultTimeZone } = options
  requireTimeZone(timeZone)
  const clock = options.clock ?? (() => new Date())
  const randomBytes = options.randomBytes ?? platformRandomBytes
  const base = url.replace(/\/$/, '')
  return {
    url,
    endpoints: {
      offers: `${base}/offers`,
      token: `${base}/token`,
      nonce: `${base}/nonce`,
      credential: `${base}/credential`,
      notification: `${base}/notification`,
    },
    configurations: new Map(options.credentials.map((configuration) => [configuration.id, configuration])),
    store,
    secret: createSecret(store, randomBytes, issuerSecretKey),
    nonceSecret: createSecret(store, randomBytes, nonceSecretKey),
    statuses,
    lifetimes,
    batchSize,
    txCodeAttempts,
    proofAlgorithms,
    options,
    timeZone,
    randomBytes,
    now: () => clock(),
    bindingMethods: ({ format }) =>
      format.bindingMethods.filter((method) => method === 'jwk' || options.resolveDid !== undefined),
  }
}

function checkUrl(text: string): void {
  requireEndpointUrl(text, 'createIssuer: url')
  const { href } = new URL(text)
  if (text !== href && `${text}/` !== href) {
    const spelled = text.endsWith('/') ? href : href.replace(/\/$/, '')
    throw new TypeError(`createIssuer: url: expected ${spelled}; got another spelling of it`)
  }
}

function checkCredentials(
  { credentials, status, resolveDid }: CreateIssuerOptions,
  statuses: Statuses,
): void {
  const ids = credentials.map(({ id }) => id)
  const repeated = ids.find((id, at) => ids.indexOf(id) !== at)
  if (repeated !== undefined) {
    throw new TypeError(
      `createIssuer: credentials: expected an id of its own for each; got ${repeated} twice; leave one out, or give the document another id`,
    )
  }
  for (const { id, format, document } of credentials) {
    requireDocument(document)
    if (status && !statuses.for(format)) throw new TypeError(`${id}: its format cannot carry a status`)
    const { bindingMethods } = format
    if (bindingMethods.length > 0 && !bindingMethods.includes('jwk') && !resolveDid) {
      throw new TypeError(`${id}: its holders are bound by DIDs, which needs resolveDid`)
    }
  }
}
