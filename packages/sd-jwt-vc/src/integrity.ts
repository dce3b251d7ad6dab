import type { HashAlgorithm } from '@ekkasan/core'
import { base64, base64url, hash } from '@ekkasan/core/bytes'

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
export function matchesIntegrity(document: Uint8Array, metadata: string): boolean {
  const hashes = metadata
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
  const actual = base64url(hash(alg, document))
  return hashes.some(({ name, digest }) => name === strongest && bare(digest) === actual)
}

function bare(digest: string): string {
  return digest.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
