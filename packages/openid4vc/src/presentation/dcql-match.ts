import {
  type ClaimPath,
  type CredentialView,
  type JsonValue,
  ResolveError,
  type TrustedAuthorities,
} from '@ekkasan/core'
import { type SelectedClaim, selectClaims } from './claims-path.ts'
import type { ClaimsQuery, CredentialQuery, CredentialSetQuery, DcqlQuery } from './dcql.ts'

/** Why a credential does not answer a query. */
export type QueryMismatchCode =
  | 'openid4vc.query.format'
  | 'openid4vc.query.type'
  | 'openid4vc.query.holder-binding'
  | 'openid4vc.query.authority'
  | 'openid4vc.query.claim-missing'
  | 'openid4vc.query.claim-value'

export type CredentialMatch =
  | {
      readonly matches: true
      /**
       * The paths to disclose: no more than the query asks for, down to the one array item that has the value. Of a
       * presented credential: where in its view each of what was asked for stands.
       */
      readonly disclose: readonly ClaimPath[]
    }
  | { readonly matches: false; readonly code: QueryMismatchCode }

/**
 * Whether one credential answers one credential query, OpenID4VP section 6.4.1, but for its `trusted_authorities`:
 * `isOfTrustedAuthority` says that.
 * @param presented the credential as a verifier received it: items of its arrays that were not disclosed are gone. Where
 *   the view says which (`partialArrays`), an index in a path is that of the array as issued; else it stands for any item
 */
export function matchCredential(
  query: CredentialQuery,
  view: CredentialView,
  presented = false,
): CredentialMatch {
  if (view.format !== query.format) return { matches: false, code: 'openid4vc.query.format' }
  if (!isTypeAsked(query, view.types)) return { matches: false, code: 'openid4vc.query.type' }
  if (query.require_cryptographic_holder_binding !== false && !view.holderBound) {
    return { matches: false, code: 'openid4vc.query.holder-binding' }
  }
  const { claims = [], claim_sets = [undefined] } = query
  // A claim may stand in every set, and is looked for once.
  const known = new Map<ClaimsQuery, ReturnType<typeof findClaim>>()
  let code: QueryMismatchCode = 'openid4vc.query.claim-missing'
  for (const ids of claim_sets) {
    const wanted = ids && new Set<string | undefined>(ids)
    const set = wanted ? claims.filter(({ id }) => wanted.has(id)) : claims
    const disclose: ClaimPath[] = []
    const missing = set.find((claim) => {
      const found = known.get(claim) ?? findClaim(view, claim, presented)
      known.set(claim, found)
      if (typeof found === 'string') code = found
      else for (const place of found) disclose.push(place)
      return typeof found === 'string'
    })
    if (!missing) return { matches: true, disclose: withoutRepeats(disclose) }
  }
  return { matches: false, code }
}

/**
 * Whether a credential was issued under one of the `trusted_authorities` of a query (OpenID4VP section 6.1.1), if it
 * has any. An entry of a type that is not understood matches nothing.
 * @throws ResolveError when it could not be found out, and no entry matches for certain
 */
export async function isOfTrustedAuthority(
  { trusted_authorities: authorities }: CredentialQuery,
  view: CredentialView,
  understood: TrustedAuthorities = {},
): Promise<boolean> {
  if (!authorities) return true
  const byType = new Map<string, readonly string[]>()
  for (const { type, values } of authorities) byType.set(type, [...(byType.get(type) ?? []), ...values])
  let unknown: unknown
  for (const [type, values] of byType) {
    const isIssuedUnder = Object.hasOwn(understood, type) ? understood[type] : undefined
    try {
      if (await isIssuedUnder?.(view, values)) return true
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      unknown = error
    }
  }
  if (unknown) throw unknown
  return false
}

function findClaim(
  view: CredentialView,
  { path, values }: ClaimsQuery,
  presented: boolean,
): readonly ClaimPath[] | QueryMismatchCode {
  const selected = presented ? selectPresented(view, path) : selectClaims(view.claims, path, view.unordered)
  if (selected.length === 0) return 'openid4vc.query.claim-missing'
  if (!values) return presented ? selected.map((claim) => claim.path) : [path]
  const fitting = selected.filter(({ value }) => (values as readonly JsonValue[]).includes(value))
  return fitting.length === 0 ? 'openid4vc.query.claim-value' : fitting.map((claim) => claim.path)
}

function selectPresented(
  { claims, partialArrays }: CredentialView,
  path: ClaimPath,
): readonly SelectedClaim[] {
  // By its path: an issuer may have as many arrays as there are places.
  const positions =
    partialArrays && new Map(partialArrays.map((array) => [JSON.stringify(array.path), array.positions]))
  let places: readonly ClaimPath[] = [[]]
  for (const part of path) {
    places =
      typeof part !== 'number'
        ? places.map((place) => [...place, part])
        : places.flatMap((place) =>
            positions
              ? selectClaims(claims, place).flatMap(({ path: at }) => itemAt(positions, at, part))
              : [[...place, null]],
          )
  }
  return places.flatMap((place) => selectClaims(claims, place))
}

/**
 * Where the item stands that had this index as it was issued. A holder does not see decoys and counts without them: where
 * the index is that of nothing disclosed, the next that was is meant.
 */
function itemAt(
  partialArrays: ReadonlyMap<string, readonly number[]>,
  array: ClaimPath,
  index: number,
): readonly ClaimPath[] {
  const positions = partialArrays.get(JSON.stringify(array))
  const at = positions ? positions.findIndex((position) => position >= index) : index
  return at === -1 ? [] : [[...array, at]]
}

function withoutRepeats(paths: readonly ClaimPath[]): readonly ClaimPath[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()]
}

const expandedVerifiableCredential = 'https://www.w3.org/2018/credentials#VerifiableCredential'

function isTypeAsked({ meta }: CredentialQuery, types: readonly string[]): boolean {
  const { vct_values, type_values, doctype_value } = meta
  if (vct_values !== undefined) return (vct_values as readonly string[]).some((vct) => types.includes(vct))
  if (doctype_value !== undefined) return types.includes(doctype_value as string)
  if (type_values === undefined) return true
  const expanded = types.includes('VerifiableCredential') ? [...types, expandedVerifiableCredential] : types
  return (type_values as readonly (readonly string[])[]).some((all) =>
    all.every((type) => expanded.includes(type)),
  )
}

/**
 * Which ids of the query an answer still needs so that all that is required is there, OpenID4VP section 6.4.2;
 * empty when it is complete. Of alternatives the first is named.
 */
export function missingCredentials(query: DcqlQuery, answered: readonly string[]): readonly string[] {
  const lacking = (ids: readonly string[]) => ids.filter((id) => !answered.includes(id))
  if (!query.credential_sets) return lacking(query.credentials.map(({ id }) => id))
  const missing = query.credential_sets
    .filter(
      ({ required, options }) => required !== false && !options.some((ids) => lacking(ids).length === 0),
    )
    .flatMap(({ options }) => lacking(options[0] ?? []))
  return [...new Set(missing)]
}

/**
 * What is asked for, as far as credentials for these ids are there to answer it (OpenID4VP section 6.4.2): of each set one
 * option is enough, and of a set that is not required none. Without `credential_sets` each credential is a set by itself.
 */
export function answerableSets(
  { credentials, credential_sets }: DcqlQuery,
  answerable: readonly string[],
): readonly Required<CredentialSetQuery>[] {
  const sets: readonly CredentialSetQuery[] =
    credential_sets ?? credentials.map(({ id }) => ({ options: [[id]] }))
  const known = new Set(answerable)
  return sets.flatMap(({ required = true, options }) => {
    const possible = options.filter((ids) => ids.every((id) => known.has(id)))
    return possible.length > 0 ? [{ required, options: possible }] : []
  })
}
