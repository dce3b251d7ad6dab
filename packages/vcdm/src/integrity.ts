import type { HashAlgorithm } from '@ekkasan/core'
import { base64, base64url, fromBase58, fromBase64url, hash } from '@ekkasan/core/bytes'
import type { JsonObject, JsonValue } from '@ekkasan/core/json'

/** The digests of a resource that is not at hand itself, base64url. */
export type Digests = Readonly<Record<HashAlgorithm, string>>

const algorithms: Readonly<Record<string, HashAlgorithm>> = {
  sha256: 'sha-256',
  sha384: 'sha-384',
  sha512: 'sha-512',
}

/** Integrity metadata of a document, `sha256-…` (W3C Subresource Integrity section 3.1). */
export function integrityOf(document: string | Uint8Array): string {
  return `sha256-${base64(hash('sha-256', document))}`
}

/**
 * Whether a document is the one that integrity metadata names (Subresource Integrity section 3.3.4): of several
 * hashes those of the strongest algorithm count, and one of them must match. Metadata without any hash that is
 * understood matches nothing.
 */
export function matchesIntegrity(document: Uint8Array | Digests, metadata: string): boolean {
  const hashes = metadata
    .slice(0, maxLength)
    .split(/[\t\n\f\r ]+/)
    .map((item) => /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?$/.exec(item))
    .filter((match) => match !== null)
    .map(([, name = '', digest = '']) => ({ name, digest }))
  const strongest = hashes
    .map(({ name }) => name)
    .sort()
    .at(-1)
  const alg = strongest === undefined ? undefined : algorithms[strongest]
  if (!alg) return false
  const actual = digestOf(document, alg)
  return hashes.some(({ name, digest }) => name === strongest && bare(digest) === actual)
}

/** Whether a resource has the digests that an object names for it: `digestSRI` and `digestMultibase`, where it has them. */
export function matchesDigests(resource: Uint8Array | Digests, named: JsonObject): boolean {
  const { digestSRI, digestMultibase } = named
  return (
    (digestSRI === undefined || textsOf(digestSRI).some((text) => matchesIntegrity(resource, text))) &&
    (digestMultibase === undefined ||
      textsOf(digestMultibase).some((text) => matchesMultibase(resource, text)))
  )
}

/** Longest text of digests that is read. */
const maxLength = 4096

const multihashes: Readonly<Record<number, { readonly alg: HashAlgorithm; readonly length: number }>> = {
  18: { alg: 'sha-256', length: 32 },
  32: { alg: 'sha-384', length: 48 },
  19: { alg: 'sha-512', length: 64 },
}

/**
 * Data Integrity section 2.3: a multihash in multibase. A digest alone is read too, as others write it; its length
 * says of which algorithm.
 */
function matchesMultibase(resource: Uint8Array | Digests, text: string): boolean {
  const bytes = multibaseBytes(text)
  if (!bytes) return false
  const [code = 0, length = 0] = bytes
  const multihash = multihashes[code]
  if (multihash && multihash.length === length && bytes.length === length + 2) {
    return base64url(bytes.slice(2)) === digestOf(resource, multihash.alg)
  }
  const raw = Object.values(multihashes).find((entry) => entry.length === bytes.length)
  return raw !== undefined && base64url(bytes) === digestOf(resource, raw.alg)
}

function multibaseBytes(text: string): Uint8Array | undefined {
  if (text.length > 128) return undefined
  try {
    if (text.startsWith('u')) return fromBase64url(text.slice(1))
    if (text.startsWith('z')) return fromBase58(text.slice(1))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  return undefined
}

function digestOf(resource: Uint8Array | Digests, alg: HashAlgorithm): string {
  return resource instanceof Uint8Array ? base64url(hash(alg, resource)) : resource[alg]
}

function textsOf(value: JsonValue): readonly string[] {
  const items: readonly JsonValue[] = Array.isArray(value) ? value.slice(0, 16) : [value]
  return items.filter((item) => typeof item === 'string')
}

function bare(digest: string): string {
  return digest.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
