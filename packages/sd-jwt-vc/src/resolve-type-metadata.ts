import { type Fetch, FetchError, isClaimPath, type JsonObject, ResolveError } from '@ekkasan/core'
import { fromUtf8 } from '@ekkasan/core/bytes'
import { isJsonObject, parseJsonObject } from '@ekkasan/core/json'
import {
  checkOptions,
  functionRule,
  integerRule,
  type OptionRules,
  objectRule,
  optional,
} from '@ekkasan/core/options'
import { matchesIntegrity } from '@ekkasan/vcdm'
import { SdJwtVcError, type SdJwtVcErrorCode } from './errors.ts'
import type { ClaimMetadata, ResolveTypeMetadata, TypeMetadata } from './types.ts'

export interface ResolveTypeMetadataOptions {
  /** Guarded: `vct` and `extends` come from outside. */
  readonly fetch: Fetch
  /** Longest chain of `extends`; default: 8. */
  readonly maxExtends?: number
  /**
   * Documents that this verifier has of its own, by their `vct`: types without an address (`urn:eudi:pid:1`), or without
   * a fetch. Their bytes are not those that an integrity hash is of: name none for them.
   */
  readonly documents?: Readonly<Record<string, JsonObject>>
}

// A misspelt `documents` would leave a type to whoever answers at its URL.
const rules: OptionRules<ResolveTypeMetadataOptions> = {
  fetch: functionRule,
  maxExtends: optional(integerRule(0)),
  documents: optional(objectRule),
}

/** Of a type and all that it extends: each is looked for in every credential of it. */
const maxClaims = 512
/** Types whose last valid metadata is remembered, against the day on which it is not there. */
const maxSeen = 1000

/**
 * Finds type metadata at the https URL that `vct` is (SD-JWT VC section 4.3.1), and all types that it extends; compares
 * each document's `vct` with what was asked for, and its hash where one is named. What the outside says means:
 *
 * - 404, 410, a body that is no JSON object, a type that is no URL: there is no metadata, ResolveError
 *   `core.resolve.not-found`; a base that is not there makes the whole so. Where a valid copy was seen before, that is given;
 *   where a document of this verifier, or a hash, says that there must be one, it is SdJwtVcError
 *   `sd-jwt-vc.type-metadata.missing`
 * - any other status, no answer, an address that is not fetched: ResolveError `core.resolve.unavailable`
 * - JSON that is wrong: SdJwtVcError
 *
 * @throws TypeError when built with documents under another `vct` than their own
 */
export function resolveTypeMetadata(options: ResolveTypeMetadataOptions): ResolveTypeMetadata {
  checkOptions(options, 'resolveTypeMetadata', rules)
  const { fetch, maxExtends = 8, documents = {} } = options
  for (const [vct, document] of Object.entries(documents)) {
    if (document.vct !== vct) throw new TypeError(`documents: the one of ${vct} has another vct`)
  }
  // In the order in which they were seen.
  const seen = new Map<string, TypeMetadata>()
  const find = async (vct: string, integrity: string | undefined): Promise<TypeMetadata> => {
    const chain: JsonObject[] = []
    let next: { vct: string; integrity: string | undefined } | undefined = { vct, integrity }
    while (next) {
      const { vct: asked, integrity: expected } = next
      if (chain.length > maxExtends || chain.some((document) => document.vct === asked)) {
        throw fault('sd-jwt-vc.type-metadata.extends', 'the type extends itself, or too many others')
      }
      const own = Object.hasOwn(documents, asked) ? documents[asked] : undefined
      const document: JsonObject = own ?? (await fetchDocument(fetch, asked, expected))
      chain.push(document)
      const { extends: base, 'extends#integrity': baseIntegrity } = document
      if (base === undefined) break
      if (typeof base !== 'string' || (baseIntegrity !== undefined && typeof baseIntegrity !== 'string')) {
        throw malformed('extends')
      }
      next = { vct: base, integrity: baseIntegrity }
    }
    return combine(vct, chain)
  }
  return async (vct, integrity) => {
    try {
      const metadata = await find(vct, integrity)
      seen.delete(vct)
      seen.set(vct, metadata)
      if (seen.size > maxSeen) seen.delete(seen.keys().next().value as string)
      return metadata
    } catch (error) {
      if (!(error instanceof ResolveError) || error.code !== 'core.resolve.not-found') throw error
      const mustBeThere = integrity !== undefined || Object.hasOwn(documents, vct)
      if (mustBeThere) throw fault('sd-jwt-vc.type-metadata.missing', error.message)
      const copy = seen.get(vct)
      if (copy) return copy
      throw error
    }
  }
}

async function fetchDocument(fetch: Fetch, vct: string, integrity: string | undefined): Promise<JsonObject> {
  const bytes = /^https?:\/\//.test(vct) ? await fetchBytes(fetch, vct) : undefined
  const text = bytes && textOf(bytes)
  if (!bytes || text === undefined || !isJsonObject(jsonOf(text))) {
    const message = bytes
      ? `what ${shortened(vct)} answers is no JSON object`
      : `${shortened(vct)} is not there`
    if (integrity !== undefined) throw fault('sd-jwt-vc.type-metadata.missing', message)
    throw new ResolveError('core.resolve.not-found', message)
  }
  if (integrity !== undefined && !matchesIntegrity(bytes, integrity)) {
    throw fault('sd-jwt-vc.type-metadata.integrity', 'the type metadata is not the one that was meant')
  }
  let document: JsonObject
  try {
    document = parseJsonObject(text)
  } catch {
    throw malformed('a member is named twice, or it is nested too deeply')
  }
  if (document.vct !== vct) {
    throw fault('sd-jwt-vc.type-metadata.vct-mismatch', 'the type metadata is that of another type')
  }
  return document
}

/** Undefined where nothing is there. @throws ResolveError `core.resolve.unavailable` */
async function fetchBytes(fetch: Fetch, vct: string): Promise<Uint8Array | undefined> {
  const unavailable = (why: string, cause?: unknown) =>
    new ResolveError('core.resolve.unavailable', `the type metadata could not be fetched: ${why}`, { cause })
  try {
    const response = await fetch(vct, { headers: { accept: 'application/json' } })
    if (response.status === 404 || response.status === 410) return undefined
    if (response.status !== 200) throw unavailable(`HTTP ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    if (cause instanceof ResolveError) throw cause
    throw unavailable(cause instanceof FetchError ? cause.message : 'no answer', cause)
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return fromUtf8(bytes)
  } catch {
    return undefined
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function shortened(vct: string): string {
  return vct.length > 200 ? `${vct.slice(0, 200)}…` : vct
}

/** Section 4.6.4 and 4.5.2: claims are inherited one by one, `display` of the type as a whole. */
function combine(vct: string, chain: readonly JsonObject[]): TypeMetadata {
  const claims = new Map<string, ClaimMetadata>()
  for (const document of chain.toReversed()) {
    for (const claim of claimsOf(document)) {
      const key = JSON.stringify(claim.path)
      const base = claims.get(key)
      claims.set(key, base ? extendClaim(base, claim) : { sd: 'allowed', mandatory: false, ...claim })
      if (claims.size > maxClaims) throw malformed(`more than ${maxClaims} claims`)
    }
  }
  const display = chain.map((document) => document.display).find((one) => one !== undefined) ?? []
  if (!Array.isArray(display) || !display.every(isJsonObject)) throw malformed('display')
  const types = chain.slice(1).map((document) => document.vct as string)
  return { vct, extends: types, claims: [...claims.values()], display }
}

type DocumentClaim = Pick<ClaimMetadata, 'path'> & Partial<ClaimMetadata>

function extendClaim(base: ClaimMetadata, claim: DocumentClaim): ClaimMetadata {
  const isLooser =
    (claim.sd !== undefined && base.sd !== 'allowed' && claim.sd !== base.sd) ||
    (claim.mandatory === false && base.mandatory)
  if (isLooser) {
    throw fault('sd-jwt-vc.type-metadata.extends', 'a type changes what the type it extends has settled')
  }
  return { ...base, ...claim }
}

function claimsOf(document: JsonObject): readonly DocumentClaim[] {
  const { claims = [] } = document
  if (!Array.isArray(claims)) throw malformed('claims')
  return (claims as readonly unknown[]).map((claim) => {
    if (!isJsonObject(claim)) throw malformed('claims')
    const { path, sd, mandatory, display } = claim
    if (!isClaimPath(path)) throw malformed('path')
    if (sd !== undefined && sd !== 'always' && sd !== 'allowed' && sd !== 'never') throw malformed('sd')
    if (mandatory !== undefined && typeof mandatory !== 'boolean') throw malformed('mandatory')
    if (display !== undefined && (!Array.isArray(display) || !display.every(isJsonObject))) {
      throw malformed('display of a claim')
    }
    return {
      path,
      ...(sd !== undefined && { sd }),
      ...(mandatory !== undefined && { mandatory }),
      ...(display !== undefined && { display: display as readonly JsonObject[] }),
    }
  })
}

function malformed(what: string): SdJwtVcError {
  return fault('sd-jwt-vc.type-metadata.malformed', `not acceptable type metadata: ${what}`)
}

function fault(code: SdJwtVcErrorCode, message: string): SdJwtVcError {
  return new SdJwtVcError(code, message)
}
