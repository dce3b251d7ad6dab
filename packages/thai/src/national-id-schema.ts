import type { JsonObject } from '@ekkasan/core'
import { significantAges } from './age.ts'

const text = { type: 'string', minLength: 1, maxLength: 410 }
const code = (digits: number) => ({ type: 'string', pattern: `^[0-9]{${digits}}$` })
const partialDate = { type: 'string', pattern: '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' }
const day = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }

/** JSON Schema 2020-12 of the claims of the national identity card. */
export const nationalIdSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'ThaiNationalIDCredential',
  type: 'object',
  required: [
    'citizen_id',
    'name_th',
    'given_name_th',
    'birthdate',
    'age_equal_or_over',
    'sex',
    'nationalities',
    'date_of_issuance',
    'issuing_authority',
    'issuing_country',
  ],
  oneOf: [{ required: ['date_of_expiry'] }, { required: ['lifelong'] }],
  additionalProperties: false,
  properties: {
    citizen_id: code(13),
    name_th: text,
    title_th: text,
    given_name_th: text,
    middle_name_th: text,
    family_name_th: text,
    name_en: text,
    title_en: text,
    given_name: text,
    middle_name: text,
    family_name: text,
    birthdate: partialDate,
    birthdate_registry: code(8),
    calendar_note: { enum: ['year-began-in-april'] },
    age_equal_or_over: {
      type: 'object',
      required: significantAges.map(String),
      additionalProperties: false,
      properties: Object.fromEntries(significantAges.map((age) => [String(age), { type: 'boolean' }])),
    },
    sex: { enum: [0, 1, 2, 9], description: 'ISO/IEC 5218: 0 not known, 1 male, 2 female, 9 not applicable' },
    nationalities: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[A-Z]{2}$' } },
    picture: {
      type: 'string',
      pattern: '^data:image/(jpeg|png|svg\\+xml);base64,[A-Za-z0-9+/]+=*$',
      maxLength: 70_000,
    },
    address: {
      type: 'object',
      required: ['formatted_th', 'country'],
      additionalProperties: false,
      properties: {
        formatted_th: text,
        formatted_en: text,
        house_no: text,
        village_no: text,
        alley: text,
        lane: text,
        road: text,
        sub_district: text,
        sub_district_code: code(6),
        district: text,
        district_code: code(4),
        province: text,
        province_code: code(2),
        postal_code: code(5),
        country: { const: 'TH' },
        house_id: code(11),
      },
    },
    document_number: text,
    request_no: text,
    date_of_issuance: day,
    date_of_expiry: day,
    lifelong: { const: true },
    issuing_office: {
      type: 'object',
      required: ['code', 'name_th'],
      additionalProperties: false,
      properties: { code: { type: 'string', pattern: '^[0-9]{4,13}$' }, name_th: text, name_en: text },
    },
    issuing_authority: text,
    issuing_country: { const: 'TH' },
  },
}
