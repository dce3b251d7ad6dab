import {
  type Algorithm,
  defaultTimeZone,
  type PublicJwk,
  requireDocument,
  requireTimeZone,
  withStoreErrors,
} from '@ekkasan/core'
import { platformRandomBytes } from '@ekkasan/core/bytes'
import { parsePublicJwk } from '@ekkasan/keys'
import { isEndpointUrl } from '@ekkasan/openid4vc'
import type { Context } from './context.ts'
import { findIssuance, listIssuances, setStatus } from './issuance.ts'
import { createOffer, describeOffer, replaceOffer, withdrawOffer } from './offer.ts'
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
  const { url } = options
  const store = withStoreErrors(options.store)
  checkUrl(url)
  const statuses = createStatuses(options.status)
  checkCredentials(options, statuses)
  checkKeys(options.keys)
  const lifetimes = { ...defaultLifetimes, ...options.lifetimes }
  for (const [name, seconds] of Object.entries(lifetimes)) {
    const isOptional = name === 'record' || name === 'closedOffer'
    if (!Number.isFinite(seconds) || seconds < (isOptional ? 0 : 1)) throw new TypeError(`lifetimes.${name}`)
  }
  const batchSize = options.batchSize ?? 10
  const txCodeAttempts = options.txCodeAttempts ?? 5
  if (!isCount(batchSize, 100)) throw new TypeError('batchSize is a number of 1 to 100')
  if (!isCount(txCodeAttempts, 20)) throw new TypeError('txCodeAttempts is a number of 1 to 20')
  if (Object.keys(options.names).length === 0) throw new TypeError('names has no language')
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
  if (!isEndpointUrl(text) || text.includes('?')) {
    throw new TypeError('url is not an https URL without query, fragment and credentials')
  }
  const { href } = new URL(text)
  if (text !== href && `${text}/` !== href) throw new TypeError(`url is spelled ${href}`)
}

function checkCredentials(
  { credentials, status, resolveDid }: CreateIssuerOptions,
  statuses: Statuses,
): void {
  if (credentials.length === 0) throw new TypeError('credentials is empty')
  if (new Set(credentials.map(({ id }) => id)).size !== credentials.length) {
    throw new TypeError('two credential configurations have one id')
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

/** They are published: a private key has the type of a public one, and must be found before that. */
function checkKeys(keys: readonly PublicJwk[] = []): void {
  for (const key of keys) {
    try {
      parsePublicJwk(key)
    } catch (cause) {
      const message = `keys: ${(cause as Error).message}; publicJwkOf of @ekkasan/keys gives a public key`
      throw new TypeError(message, { cause })
    }
  }
}

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most
}
