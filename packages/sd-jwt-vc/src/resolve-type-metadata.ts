import { type Fetch, isClaimPath, type JsonObject, resolveErrorOf } from '@ekkasan/core'
import { fromUtf8 } from '@ekkasan/core/bytes'
import { isJsonObject, parseJsonObject } from '@ekkasan/core/json'
import { matchesIntegrity } from '@ekkasan/vcdm'
import { SdJwtVcError, type SdJwtVcErrorCode } from './errors.ts'
import type { ClaimMetadata, ResolveTypeMetadata, TypeMetadata } from './types.ts'

export interface ResolveTypeMetadataOptions {
  /** Guarded: `vct` and `extends` come from outside. */
  readonly fetch: Fetch
  /** Longest chain of `extends`; 8 unless told. */
  readonly maxExtends?: number
}

/** Of a type and all that it extends: each is looked for in every credential of it. */
const maxClaims = 512

/**
 * Finds type metadata at the https URL that `vct` is (SD-JWT VC section 4.3.1), and all types that it extends; compares
 * each document's `vct` with what was asked for, and its hash where one is named.
 */
export function resolveTypeMetadata(options: ResolveTypeMetadataOptions): ResolveTypeMetadata {
  const { fetch, maxExtends = 8 } = options
  return async (vct, integrity) => {
    const chain: JsonObject[] = []
    let next: { vct: string; integrity: string | undefined } | undefined = { vct, integrity }
    while (next) {
      const { vct: asked, integrity: expected } = next
      if (chain.length > maxExtends || chain.some((document) => document.vct === asked)) {
        throw fault('sd-jwt-vc.type-metadata.extends', 'the type extends itself, or too many others')
      }
      const document = await fetchDocument(fetch, asked, expected)
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
}

async function fetchDocument(fetch: Fetch, vct: string, integrity: string | undefined): Promise<JsonObject> {
  if (!/^https?:\/\//.test(vct)) {
    throw fault('sd-jwt-vc.type-metadata.no-address', 'the type is not a URL to fetch metadata from')
  }
  let bytes: Uint8Array
  try {
    const response = await fetch(vct, { headers: { accept: 'application/json' } })
    if (response.status !== 200) throw new TypeError(`status ${response.status}`)
    bytes = new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    throw resolveErrorOf(cause, 'the type metadata')
  }
  if (integrity !== undefined && !matchesIntegrity(bytes, integrity)) {
    throw fault('sd-jwt-vc.type-metadata.integrity', 'the type metadata is not the one that was meant')
  }
  let document: JsonObject
  try {
    document = parseJsonObject(fromUtf8(bytes))
  } catch {
    throw malformed('it is not a JSON object')
  }
  if (document.vct !== vct) {
    throw fault('sd-jwt-vc.type-metadata.vct-mismatch', 'the type metadata is that of another type')
  }
  return document
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
