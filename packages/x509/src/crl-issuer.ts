import type { Clock, Signer, Store } from '@ekkasan/core'
import { base64url, fromBase64url, platformRandomBytes } from '@ekkasan/core/bytes'
import { isJsonObject } from '@ekkasan/core/json'
import {
  checkOptions,
  functionRule,
  numberRule,
  type OptionRules,
  optional,
  signerRule,
  storeRule,
  textRule,
} from '@ekkasan/core/options'
import { isSameKey } from '@ekkasan/keys'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AuthorityKeyIdentifier,
  CRLNumber,
  CRLReason,
  CRLReasons,
  Extension,
  id_ce_authorityKeyIdentifier,
  id_ce_cRLNumber,
  id_ce_cRLReasons,
  id_ce_issuingDistributionPoint,
  KeyIdentifier,
} from '@peculiar/asn1-x509'
import { type Certificate, parseCertificate } from './certificate.ts'
import { writePointName } from './crl-distribution-points.ts'
import { derTags, writeDer, writeTime } from './der.ts'
import { isSameName } from './distinguished-name.ts'
import { keyIdentifier } from './public-key.ts'
import type { RevocationReason } from './revocation.ts'
import { signatureAlgorithm, signDer } from './signature.ts'

export interface CreateCrlIssuerOptions {
  /** The authority's own certificate and key. */
  readonly certificate: string
  readonly signer: Signer
  /** What is revoked, and the list of now: all replicas serve the same. */
  readonly store: Store
  /** Where the list is served: the authority's `crlUrl`. */
  readonly url: string
  /** Days until a list must be replaced; default: 7. A new one is made when half of them are over. */
  readonly days?: number
  readonly clock?: Clock
}

const rules: OptionRules<CreateCrlIssuerOptions> = {
  certificate: textRule,
  signer: signerRule,
  store: storeRule,
  url: textRule,
  days: optional(numberRule(0)),
  clock: optional(functionRule),
}

export interface CrlIssuer {
  /** Revokes one certificate of this authority for good, base64 DER, and publishes the list that says so. */
  revoke(certificate: string, options?: { readonly reason?: RevocationReason }): Promise<void>
  /** Makes a new list of all that is revoked, DER. */
  issue(): Promise<Uint8Array>
  /** Answers a GET for the list, making a new one when it is time; undefined for any other URL. */
  fetch(request: Request): Promise<Response | undefined>
}

const day = 86_400_000
const grace = 300_000
const maxAttempts = 20

/**
 * Publishes what a certificate authority has revoked (RFC 5280 section 5). A list may be of any length, but those who
 * read it have bounds: `createCrlChecker` takes 1 MiB by default, which is some 25,000 entries.
 * @throws TypeError for a foreign key
 */
export function createCrlIssuer(options: CreateCrlIssuerOptions): CrlIssuer {
  checkOptions(options, 'createCrlIssuer', rules)
  const { signer, store, url, days = 7, clock = () => new Date() } = options
  const own = parseCertificate(options.certificate)
  if (!isSameKey(own.publicJwk, signer.key.publicJwk)) {
    throw new TypeError('the certificate of the authority is not one of its key')
  }
  const { href } = new URL(url)
  const prefix = `x509-crl/${base64url(keyIdentifier(own.publicJwk))}`
  const current = `${prefix}/current`

  const remove = (keys: readonly string[] = []) => Promise.all(keys.map((key) => store.delete(key)))

  const issue = async (): Promise<Published> => {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const before = await store.get(current)
      // Listed after the version was read: who has written in between wins the swap.
      const revoked = await listRevoked(store, `${prefix}/revoked/`)
      const now = Math.floor(clock().getTime() / 1000) * 1000
      const replaced = keptOf(before?.value)
      const number = (replaced?.number ?? 0) + 1
      const until = now + days * day
      const der = await buildCrl({ own, signer, url, revoked, number, from: now - grace, until })
      const [first = '', ...others] = piecesOf(base64url(der))
      // Each who writes has his own: of several at once, one wins the swap.
      const folder = `${prefix}/more/${base64url(platformRandomBytes(16))}`
      const more = others.map((_, index) => `${folder}/${index}`)
      for (const [index, key] of more.entries()) {
        await store.put(key, others[index] as string, { expiresAt: new Date(until) })
      }
      const kept: Kept = { number, der: first, from: now, until, ...(more.length > 0 && { more }) }
      const isCurrent = await store.swap(current, before?.version, { ...kept })
      await remove(isCurrent ? replaced?.more : more)
      if (isCurrent) return { der, until }
    }
    throw new Error('the revocation list could not be written: too many write at once')
  }

  return {
    async revoke(certificate, { reason = 'unspecified' } = {}) {
      const { serialNumber, names, notAfter, authorityKeyIdentifier } = parseCertificate(certificate)
      const isOwn =
        isSameName(names.issuer, own.names.subject) &&
        authorityKeyIdentifier === base64url(keyIdentifier(own.publicJwk))
      if (!isOwn) throw new TypeError('the certificate is not one of this authority')
      const record = { since: clock().toISOString(), reason }
      // It stands in one more list after the certificate has ended (RFC 5280 section 3.3).
      const expiresAt = new Date(notAfter.getTime() + 2 * days * day)
      await store.swap(`${prefix}/revoked/${serialNumber}`, undefined, record, { expiresAt })
      await issue()
    },
    issue: async () => (await issue()).der,
    async fetch(request) {
      if (request.method !== 'GET' || request.url !== href) return undefined
      const kept = keptOf((await store.get(current))?.value)
      const now = clock().getTime()
      // One that was made at a time still to come, by a clock that was corrected since, is made anew at once.
      const isFresh = kept && kept.from <= now && now < kept.from + (kept.until - kept.from) / 2
      const { der, until } = (isFresh && (await readPublished(store, kept))) || (await issue())
      // Those who fetched it may hold it no longer than a quarter of its life: a revocation is to be seen soon.
      const seconds = Math.max(0, Math.floor(Math.min(until - now, (days * day) / 4) / 1000))
      const headers = {
        'content-type': 'application/pkix-crl',
        'cache-control': `public, max-age=${seconds}`,
      }
      return new Response(der, { headers })
    },
  }
}

/** The list of now, as the store has it; times in milliseconds since 1970. */
interface Kept {
  readonly number: number
  /** In base64url, as far as it fits one value of a store. */
  readonly der: string
  /** The keys of the rest. */
  readonly more?: readonly string[]
  readonly from: number
  readonly until: number
}

interface Published {
  readonly der: Uint8Array<ArrayBuffer>
  readonly until: number
}

// A store's value has up to eight million characters; a multiple of four is whole bytes.
const pieceLength = 4_000_000

function piecesOf(text: string): readonly string[] {
  const count = Math.ceil(text.length / pieceLength)
  return Array.from({ length: count }, (_, index) =>
    text.slice(index * pieceLength, (index + 1) * pieceLength),
  )
}

/** Undefined when it is being replaced by another. */
async function readPublished(store: Store, { der, more = [], until }: Kept): Promise<Published | undefined> {
  const rest = await Promise.all(more.map((key) => store.get(key)))
  if (rest.includes(undefined)) return undefined
  return { der: fromBase64url(der + rest.map((piece) => piece?.value).join('')), until }
}

function keptOf(value: unknown): Kept | undefined {
  return isJsonObject(value) ? (value as unknown as Kept) : undefined
}

interface Revoked {
  readonly serialNumber: string
  readonly since: Date
  readonly reason: RevocationReason
}

async function listRevoked(store: Store, prefix: string): Promise<readonly Revoked[]> {
  const all: Revoked[] = []
  let after: string | undefined
  do {
    const page = await store.list(prefix, { limit: 1000, ...(after !== undefined && { after }) })
    for (const { key, value } of page.entries) {
      const record = value as { readonly since: string; readonly reason: RevocationReason }
      all.push({
        serialNumber: key.slice(prefix.length),
        since: new Date(record.since),
        reason: record.reason,
      })
    }
    after = page.cursor
  } while (after !== undefined)
  return all
}

interface BuildCrlOptions {
  readonly own: Certificate
  readonly signer: Signer
  readonly url: string
  readonly revoked: readonly Revoked[]
  readonly number: number
  readonly from: number
  readonly until: number
}

async function buildCrl(options: BuildCrlOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { own, signer, revoked } = options
  const authorityKey = new AuthorityKeyIdentifier({
    keyIdentifier: new KeyIdentifier(keyIdentifier(own.publicJwk).buffer),
  })
  const body = writeDer(
    derTags.sequence,
    writeDer(derTags.integer, Uint8Array.of(1)),
    derOf(signatureAlgorithm(signer)),
    own.raw.subject,
    writeTime(new Date(options.from)),
    writeTime(new Date(options.until)),
    ...(revoked.length > 0 ? [writeDer(derTags.sequence, revoked.map(writeEntry))] : []),
    writeDer(
      0xa0,
      writeDer(
        derTags.sequence,
        extension(id_ce_authorityKeyIdentifier, false, derOf(authorityKey)),
        extension(id_ce_cRLNumber, false, derOf(new CRLNumber(options.number))),
        // Signed with the list: no other list of this authority can be put in its place.
        extension(
          id_ce_issuingDistributionPoint,
          true,
          writeDer(derTags.sequence, writePointName(options.url)),
        ),
      ),
    ),
  )
  return signDer(body, signer)
}

function writeEntry({ serialNumber, since, reason }: Revoked): Uint8Array {
  const serial = Uint8Array.from(serialNumber.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  const parts = [writeDer(derTags.integer, serial), writeTime(since)]
  // RFC 5280 section 5.3.1: left out when it is unspecified.
  if (reason === 'unspecified') return writeDer(derTags.sequence, ...parts)
  return writeDer(derTags.sequence, ...parts, reasonExtension(reason))
}

const reasonExtensions = new Map<RevocationReason, Uint8Array>()

/** A list of many has it for each entry: written once. */
function reasonExtension(reason: RevocationReason): Uint8Array {
  const known = reasonExtensions.get(reason)
  if (known) return known
  const why = extension(id_ce_cRLReasons, false, derOf(new CRLReason(CRLReasons[reason])))
  const written = writeDer(derTags.sequence, why)
  reasonExtensions.set(reason, written)
  return written
}

function extension(extnID: string, critical: boolean, der: Uint8Array<ArrayBuffer>): Uint8Array {
  return derOf(new Extension({ extnID, critical, extnValue: new OctetString(der) }))
}

function derOf(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(AsnConvert.serialize(value))
}
