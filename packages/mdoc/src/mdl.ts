import type { JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { type ElementEncoding, encodeElement, type MdocElement, type MdocType } from './elements.ts'
import type { ElementValue } from './issue.ts'

/** ISO/IEC 18013-5 section 7.2.1, Table 5. */
const namespace = 'org.iso.18013.5.1'

const encodings: Readonly<Record<string, ElementEncoding>> = {
  birth_date: 'full-date',
  issue_date: 'full-date',
  expiry_date: 'full-date',
  portrait: 'bytes',
  portrait_capture_date: 'date-time',
  signature_usual_mark: 'bytes',
}

const names = [
  'family_name',
  'given_name',
  'birth_date',
  'issue_date',
  'expiry_date',
  'issuing_country',
  'issuing_authority',
  'document_number',
  'portrait',
  'driving_privileges',
  'un_distinguishing_sign',
  'administrative_number',
  'sex',
  'height',
  'weight',
  'eye_colour',
  'hair_colour',
  'birth_place',
  'resident_address',
  'portrait_capture_date',
  'age_in_years',
  'age_birth_year',
  'issuing_jurisdiction',
  'nationality',
  'resident_city',
  'resident_state',
  'resident_postal_code',
  'resident_country',
  'family_name_national_character',
  'given_name_national_character',
  'signature_usual_mark',
]

/** The driving licence (mDL) of a document whose claims bear the standard's names, `age_over_NN` with them. */
export const mobileDrivingLicence: MdocType = {
  docType: 'org.iso.18013.5.1.mDL',
  elements: [
    ...names.map((element): MdocElement => {
      const as = element === 'driving_privileges' ? encodeDrivingPrivileges : encodings[element]
      return { namespace, element, path: [element], ...(as && { as }) }
    }),
    ...Array.from({ length: 100 }, (_, age): MdocElement => {
      const element = `age_over_${String(age).padStart(2, '0')}`
      return { namespace, element, path: [element] }
    }),
  ],
}

/** The dates inside are days too (ISO/IEC 18013-5 section 7.2.4). */
function encodeDrivingPrivileges(value: JsonValue): ElementValue {
  if (!Array.isArray(value)) throw new TypeError('driving_privileges is a list')
  return (value as readonly JsonValue[]).map((privilege) => {
    if (!isJsonObject(privilege)) throw new TypeError('a driving privilege is an object')
    const members = Object.entries(privilege).map(([name, member]): [string, ElementValue] => [
      name,
      name.endsWith('_date') ? encodeElement(member, 'full-date') : member,
    ])
    return Object.fromEntries(members)
  })
}
