import type { DidDocument, Fetch, PublicJwk } from '@ekkasan/core'
import { fetchDirectly, isHostAllowed, requireFound, resolveErrorOf } from '@ekkasan/core'
import { type JsonObject, parseJsonObject } from '@ekkasan/core/json'
import { parsePublicJwk } from '@ekkasan/keys'
import { parseDidDocument, type VerificationRelationship } from './document.ts'
import { DidError } from './errors.ts'

const maxLength = 512
const maxDocumentLength = 262_144
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostPattern = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`)
// A URL parser reads a host that ends so as an IPv4 address: `127.0x1` (WHATWG URL section 3.5).
const numberAtEnd = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/

/**
 * The did:web of an https URL without query: `https://a.example:8443/x` is `did:web:a.example%3A8443:x`.
 * @throws TypeError when the URL is none that a did:web can name
 */
export function didWebOf(url: string): string {
  const { protocol, host, pathname, search, hash, username, password } = new URL(url)
  const path = pathname.split('/').filter((segment) => segment !== '')
  const did = ['did:web', host.replace(':', '%3A'), ...path].join(':')
  if (protocol !== 'https:' && !isLoopback(host)) throw new TypeError('a did:web lives at an https URL')
  if (search || hash || username || password) throw new TypeError('a did:web has no query, fragment or user')
  urlOfDidWeb(did)
  return did
}

/**
 * Where the document of a did:web lives (did:web section 2.5.2).
 * @throws DidError `did.identifier.malformed`
 */
export function urlOfDidWeb(did: string): string {
  const [scheme, method, authority, ...path] = did.slice(0, maxLength + 1).split(':')
  if (did.length > maxLength || scheme !== 'did' || method !== 'web' || !authority) throw malformed()
  const [, host = '', port] = /^([^%]+)(?:%3[Aa]([1-9][0-9]{0,4}))?$/.exec(authority) ?? []
  if (!hostPattern.test(host) || numberAtEnd.test(host) || Number(port ?? 0) > 65_535) throw malformed()
  for (const segment of path) {
    if (!/^(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+$/.test(segment) || isTraversal(segment)) throw malformed()
  }
  const root = `https://${host}${port === undefined ? '' : `:${port}`}`
  return path.length === 0 ? `${root}/.well-known/did.json` : `${root}/${path.join('/')}/did.json`
}

/**
 * Fetches the document of a did:web and compares its `id`. `allowHttp` names hosts that are asked by
 * http, as `allowHosts` of the guarded fetch does: for a machine's own loopback in development only.
 * @throws DidError, ResolveError
 */
export async function fetchDidWeb(
  did: string,
  options: { readonly fetch: Fetch; readonly allowHttp?: readonly string[] },
): Promise<DidDocument> {
  const url = new URL(urlOfDidWeb(did))
  if (isHostAllowed(options.allowHttp ?? [], url)) url.protocol = 'http:'
  let document: JsonObject
  try {
    const response = await fetchDirectly(options.fetch, url, {
      headers: { accept: 'application/did+json, application/json' },
    })
    requireFound(response, 'the DID document')
    document = parseJsonObject(await response.text(), { maxLength: maxDocumentLength })
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new DidError('did.document.invalid', `not an acceptable DID document: ${cause.message}`)
    }
    throw resolveErrorOf(cause, 'the DID document')
  }
  return parseDidDocument(document, did)
}

export interface DidWebKey {
  readonly jwk: PublicJwk
  /** Fragment of its DID URL; default: the JWK's `kid`. */
  readonly id?: string
  /** Default: both. */
  readonly relationships?: readonly VerificationRelationship[]
}

export interface DidWebDocumentOptions {
  readonly did: string
  /** All keys that shall verify; a retired key is left out. */
  readonly keys: readonly DidWebKey[]
  readonly service?: readonly JsonObject[]
}

/**
 * A document with several keys, to be served at `urlOfDidWeb(did)` as `application/did+json` with
 * `access-control-allow-origin: *`. The DID URL of a key is `${did}#${id}`.
 * @throws TypeError when a key has no usable id, or two have the same
 */
export function didWebDocument({ did, keys, service }: DidWebDocumentOptions): DidDocument & JsonObject {
  urlOfDidWeb(did)
  const entries = keys.map(({ jwk, id = jwk.kid, relationships = ['authentication', 'assertionMethod'] }) => {
    if (id === undefined || !/^[A-Za-z0-9._~-]{1,256}$/.test(id)) {
      throw new TypeError('every key of a did:web document needs an id of letters, digits and . _ ~ -')
    }
    return { id: `${did}#${id}`, jwk: parsePublicJwk(jwk), relationships }
  })
  if (new Set(entries.map(({ id }) => id)).size !== entries.length) {
    throw new TypeError('two keys of a did:web document have the same id')
  }
  const idsFor = (relationship: VerificationRelationship) =>
    entries.filter(({ relationships }) => relationships.includes(relationship)).map(({ id }) => id)
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: entries.map(({ id, jwk }) => ({
      id,
      type: 'JsonWebKey2020',
      controller: did,
      publicKeyJwk: jwk,
    })),
    authentication: idsFor('authentication'),
    assertionMethod: idsFor('assertionMethod'),
    ...(service !== undefined && { service }),
  } as unknown as DidDocument & JsonObject
}

function isTraversal(segment: string): boolean {
  const plain = segment.replaceAll(/%2[Ee]/g, '.')
  return plain === '.' || plain === '..' || /%(?:2[Ff]|5[Cc]|00)/.test(segment)
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(host)
}

function malformed(): DidError {
  return new DidError('did.identifier.malformed', 'not a did:web')
}
