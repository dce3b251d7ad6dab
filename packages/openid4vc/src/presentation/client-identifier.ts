import type { DidDocument, PublicJwk, ResolveDid } from '@ekkasan/core'
import { hashBase64url } from '@ekkasan/core/bytes'
import { type Jws, keyUrlOf, parsePublicJwk } from '@ekkasan/keys'
import { PresentationRequestError } from './errors.ts'

/** The client identifier prefixes that are supported here, OpenID4VP section 5.9.3. */
export type ClientIdPrefix = 'x509_hash' | 'x509_san_dns' | 'decentralized_identifier'

export const clientIdPrefixes: readonly ClientIdPrefix[] = [
  'x509_hash',
  'x509_san_dns',
  'decentralized_identifier',
]

/** What is needed of a certificate; reads it, and says nothing of trust. */
export type ReadCertificate = (der: Uint8Array) => Promise<{
  readonly publicJwk: PublicJwk
  /** `dNSName` entries of its subject alternative names. */
  readonly dnsNames: readonly string[]
  /** For people: organisation or common name. */
  readonly name?: string
}>

export interface ClientKey {
  readonly prefix: ClientIdPrefix
  /** The identifier without its prefix. */
  readonly id: string
  readonly publicJwk: PublicJwk
  /** With the certificate prefixes: the chain as it came, leaf first, base64 DER, not validated. */
  readonly x5c?: readonly string[]
  readonly name?: string
}

/**
 * Splits a client identifier at its first colon.
 * @throws PresentationRequestError `openid4vc.request.prefix`, naming the prefix that is not supported
 */
export function parseClientId(clientId: string): { readonly prefix: ClientIdPrefix; readonly id: string } {
  const colon = clientId.indexOf(':')
  const prefix = colon < 0 ? 'pre-registered' : clientId.slice(0, colon)
  const known = clientIdPrefixes.find((name) => name === prefix)
  if (!known || colon === clientId.length - 1) {
    const why =
      prefix === 'redirect_uri'
        ? 'the prefix redirect_uri cannot stand on a signed request'
        : `the prefix ${/^[A-Za-z0-9_.-]{1,64}$/.test(prefix) ? prefix : '(unreadable)'} is not supported`
    throw new PresentationRequestError('openid4vc.request.prefix', `client identifier: ${why}`)
  }
  return { prefix: known, id: clientId.slice(colon + 1) }
}

/** `x509_hash:` and the SHA-256 of the leaf certificate. */
export function certificateHashClientId(x5c: readonly string[]): string {
  return `x509_hash:${hashBase64url('sha-256', certificateBytes(x5c[0] ?? ''))}`
}

/**
 * Finds the key that a request must be signed with, by the rules of its client identifier's prefix. Whether the
 * client is trusted is for IsTrusted to say.
 * @throws PresentationRequestError, ResolveError
 */
export async function resolveClientKey(
  { request, jws }: { readonly request: { readonly client_id: string }; readonly jws: Pick<Jws, 'header'> },
  ports: { readonly readCertificate?: ReadCertificate; readonly resolveDid?: ResolveDid },
): Promise<ClientKey> {
  const { prefix, id } = parseClientId(request.client_id)
  if (prefix === 'decentralized_identifier') {
    if (!ports.resolveDid) throw notConfigured(prefix)
    const kid = typeof jws.header.kid === 'string' ? keyUrlOf(jws.header.kid) : ''
    if (!kid.startsWith(`${id}#`)) throw mismatch('kid is not a key of the DID')
    return { prefix, id, publicJwk: methodKey(await ports.resolveDid(id), id, kid) }
  }
  if (!ports.readCertificate) throw notConfigured(prefix)
  const x5c = certificateChain(jws.header.x5c)
  const der = certificateBytes(x5c[0] ?? '')
  if (prefix === 'x509_hash' && hashBase64url('sha-256', der) !== id) {
    throw mismatch('the leaf certificate is not the one of the hash')
  }
  const { publicJwk, dnsNames, name } = await readLeaf(ports.readCertificate, der)
  const isNamed = dnsNames.some((dnsName) => dnsName.toLowerCase() === id.toLowerCase())
  if (prefix === 'x509_san_dns' && !isNamed) throw mismatch('the leaf certificate does not name the client')
  return { prefix, id, publicJwk, x5c, ...(name !== undefined && { name }) }
}

async function readLeaf(read: ReadCertificate, der: Uint8Array): ReturnType<ReadCertificate> {
  try {
    return await read(der)
  } catch (cause) {
    throw new PresentationRequestError('openid4vc.request.client-key', 'the certificate cannot be read', {
      cause,
    })
  }
}

function methodKey(document: DidDocument, did: string, kid: string): PublicJwk {
  const relative = kid.slice(did.length)
  const method = document.verificationMethod?.find((entry) => entry.id === kid || entry.id === relative)
  if (document.id !== did || !method?.publicKeyJwk)
    throw mismatch('the DID document has no such key as a JWK')
  try {
    return parsePublicJwk(method.publicKeyJwk)
  } catch (cause) {
    throw new PresentationRequestError('openid4vc.request.client-key', 'the key is not acceptable', { cause })
  }
}

function certificateChain(value: unknown): readonly string[] {
  const isChain = Array.isArray(value) && value.length > 0 && value.length <= 10
  if (!isChain || !value.every((entry) => typeof entry === 'string' && entry.length <= 16_384)) {
    throw mismatch('no certificate chain in x5c')
  }
  return value as string[]
}

function certificateBytes(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    throw mismatch('a certificate is not base64')
  }
}

function notConfigured(prefix: ClientIdPrefix): PresentationRequestError {
  return new PresentationRequestError(
    'openid4vc.request.prefix',
    `client identifier: no means for the prefix ${prefix} is configured: ${prefix === 'decentralized_identifier' ? 'resolveDid' : 'readCertificate'} is missing`,
  )
}

function mismatch(what: string): PresentationRequestError {
  return new PresentationRequestError('openid4vc.request.client-key', `client identifier: ${what}`)
}
