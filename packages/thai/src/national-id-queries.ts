import type { ClaimPath, JsonObject, JsonValue } from '@ekkasan/core'

/** Something that a counter asks for again and again, and the paper it no longer needs. */
export interface QueryPreset {
  readonly id: string
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
      /** `[['VerifiableCredential', 'ThaiNationalIDCredential']]` unless told. */
      readonly typeValues?: readonly (readonly string[])[]
    }

const item = (path: ClaimPath, values?: PresetClaim['values']): PresetClaim => ({
  id: path.join('_'),
  path,
  ...(values && { values }),
})

export const nationalIdPresets = {
  age20: {
    id: 'age20',
    names: { th: 'อายุครบ 20 ปี', en: 'Aged 20 or over' },
    purpose_th: 'ตรวจสอบว่าอายุครบ 20 ปีบริบูรณ์ โดยไม่ขอวันเกิดและชื่อ',
    purpose_en: 'To check that you are 20 or over, without asking for your date of birth or name',
    replaces: { th: 'การขอดูบัตรประชาชนเพื่อตรวจอายุ', en: 'Showing the identity card to prove age' },
    claims: [item(['age_equal_or_over', '20'], [true])],
  },
  nameAndPhoto: {
    id: 'nameAndPhoto',
    names: { th: 'ชื่อและภาพถ่าย', en: 'Name and photograph' },
    purpose_th: 'ตรวจสอบว่าผู้มาติดต่อเป็นเจ้าของชื่อ โดยเทียบกับภาพถ่าย',
    purpose_en: 'To check that the person present bears the name, by the photograph',
    replaces: { th: 'การแลกบัตรหรือขอดูบัตรประชาชน', en: 'Leaving or showing the identity card' },
    claims: [item(['name_th']), item(['picture'])],
  },
  houseRegistrationAddress: {
    id: 'houseRegistrationAddress',
    names: { th: 'ชื่อและที่อยู่ตามทะเบียนบ้าน', en: 'Name and registered address' },
    purpose_th: 'ตรวจสอบที่อยู่ตามทะเบียนบ้าน',
    purpose_en: 'To check your registered address',
    replaces: { th: 'สำเนาทะเบียนบ้าน (เฉพาะที่อยู่)', en: 'A copy of the house registration, for the address' },
    claims: [item(['name_th']), item(['address', 'formatted_th']), item(['address', 'sub_district_code'])],
  },
  fullId: {
    id: 'fullId',
    names: { th: 'ข้อมูลบัตรประชาชน', en: 'Identity card data' },
    purpose_th: 'พิสูจน์ตัวตนแทนสำเนาบัตรประจำตัวประชาชน',
    purpose_en: 'To identify you in place of a photocopy of the identity card',
    replaces: { th: 'สำเนาบัตรประจำตัวประชาชน', en: 'A photocopy of the identity card' },
    claims: [
      item(['citizen_id']),
      item(['name_th']),
      item(['birthdate']),
      item(['address', 'formatted_th']),
      item(['date_of_issuance']),
      item(['date_of_expiry']),
      item(['lifelong'], [true]),
    ],
    claimSets: [
      ['citizen_id', 'name_th', 'birthdate', 'address_formatted_th', 'date_of_issuance', 'date_of_expiry'],
      ['citizen_id', 'name_th', 'birthdate', 'address_formatted_th', 'date_of_issuance', 'lifelong'],
    ],
  },
} as const satisfies Record<string, QueryPreset>

/** A preset as one entry of `credentials` of a DCQL query (OpenID4VP sections 6.1 and 6.3). */
export function presetCredentialQuery(preset: QueryPreset, id: string, as: QueryFormat): JsonObject {
  const under = as.format === 'jwt_vc_json' ? ['credentialSubject'] : (as.claimsUnder ?? [])
  const meta: JsonObject =
    as.format === 'dc+sd-jwt'
      ? { vct_values: as.vctValues }
      : { type_values: as.typeValues ?? [['VerifiableCredential', 'ThaiNationalIDCredential']] }
  return {
    id,
    format: as.format,
    meta,
    claims: preset.claims.map(
      ({ id: claimId, path, values }): JsonValue => ({
        id: claimId,
        path: [...under, ...path],
        ...(values && { values }),
      }),
    ),
    ...(preset.claimSets && { claim_sets: preset.claimSets }),
  }
}
