import type { ClaimPath, JsonObject, JsonValue } from '@ekkasan/core'
import type { DocumentElement } from './document-element.ts'
import { thaiDrivingLicence } from './driving-licence.ts'
import { thaiNationalId } from './national-id.ts'

/** Something that a counter asks for again and again, and the paper it no longer needs. */
export interface QueryPreset {
  readonly id: string
  /** `id` of the document that is asked for; default: `ThaiNationalID`. */
  readonly document?: string
  readonly names: Readonly<Record<'th' | 'en', string>>
  readonly purpose_th: string
  readonly purpose_en: string
  /** The paper copy that it replaces. */
  readonly replaces: Readonly<Record<'th' | 'en', string>>
  readonly claims: readonly PresetClaim[]
  /** Alternatives, best first, as ids of `claims`; absent: all of them. */
  readonly claimSets?: readonly (readonly string[])[]
}

export interface PresetClaim {
  readonly id: string
  readonly path: ClaimPath
  readonly values?: readonly (string | number | boolean)[]
}

export function item(path: ClaimPath, values?: PresetClaim['values']): PresetClaim {
  return { id: path.join('_'), path, ...(values && { values }) }
}

/** How a verifier names the document in its format, and under which member the format keeps the claims. */
export type QueryFormat =
  | {
      readonly format: 'dc+sd-jwt'
      readonly vctValues: readonly string[]
      /** Only for issuers whose SD-JWT VC keeps the claims in a W3C body: `['credentialSubject']`. */
      readonly claimsUnder?: ClaimPath
    }
  | {
      readonly format: 'jwt_vc_json'
      /** Default: `[['VerifiableCredential', 'ThaiNationalIDCredential']]`. */
      readonly typeValues?: readonly (readonly string[])[]
    }
  | {
      readonly format: 'ldp_vc'
      /** Alternatives, each the full IRIs of types that the credential must have: those of an issuer's context. */
      readonly typeValues: readonly (readonly string[])[]
    }
  | {
      readonly format: 'mso_mdoc'
      readonly doctype: string
      /** Where the document's claims are: what has no element cannot be asked for. */
      readonly elements: readonly Pick<DocumentElement, 'namespace' | 'element' | 'path'>[]
    }

/**
 * A preset as one entry of `credentials` of a DCQL query (OpenID4VP sections 6.1 and 6.3). Of an mdoc, where the holder
 * chooses each element, it also asks for what the document otherwise always discloses: who issued it.
 * @throws TypeError when an mdoc has no element for one of its claims
 */
export function presetCredentialQuery(preset: QueryPreset, id: string, as: QueryFormat): JsonObject {
  const always = as.format === 'mso_mdoc' ? alwaysElsewhere(preset, as) : []
  const claims = [...preset.claims, ...always]
  return {
    id,
    format: as.format,
    meta: metaOf(as),
    claims: claims.map(
      ({ id: claimId, path, values }): JsonValue => ({
        id: claimId,
        path: pathIn(as, path),
        ...(values && { values }),
      }),
    ),
    ...(preset.claimSets && {
      claim_sets: preset.claimSets.map((ids) => [...ids, ...always.map(({ id: claimId }) => claimId)]),
    }),
  }
}

const documents = [thaiNationalId, thaiDrivingLicence]

/** What every credential of the document has and shows, but in this format is the holder's to choose. */
function alwaysElsewhere(
  { document = thaiNationalId.id, claims: asked }: QueryPreset,
  { format, elements }: QueryFormat & { readonly format: 'mso_mdoc' },
): readonly PresetClaim[] {
  const isAt = (path: ClaimPath) => (one: { readonly path: ClaimPath }) =>
    JSON.stringify(one.path) === JSON.stringify(path)
  return (documents.find(({ id }) => id === document)?.claims ?? [])
    .filter(({ selectiveIn, mandatory }) => mandatory && selectiveIn?.includes(format))
    .filter(({ path }) => elements.some(isAt(path)) && !asked.some(isAt(path)))
    .map(({ path }) => item(path))
}

function metaOf(as: QueryFormat): JsonObject {
  if (as.format === 'dc+sd-jwt') return { vct_values: as.vctValues }
  if (as.format === 'mso_mdoc') return { doctype_value: as.doctype }
  return { type_values: as.typeValues ?? [['VerifiableCredential', 'ThaiNationalIDCredential']] }
}

function pathIn(as: QueryFormat, path: ClaimPath): ClaimPath {
  if (as.format === 'dc+sd-jwt') return [...(as.claimsUnder ?? []), ...path]
  if (as.format !== 'mso_mdoc') return ['credentialSubject', ...path]
  const found = as.elements.find((element) => JSON.stringify(element.path) === JSON.stringify(path))
  if (!found) throw new TypeError(`the mdoc has no element for ${path.join('.')}`)
  return [found.namespace, found.element]
}
