import type { JsonObject } from '@ekkasan/core'

const text = { type: 'string', minLength: 1, maxLength: 410 }
const day = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }
const partialDate = { type: 'string', pattern: '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' }
const category = { type: 'string', pattern: '^[A-Z0-9]{1,4}$' }

/** JSON Schema 2020-12 of the claims of the driving licence. */
export const drivingLicenceSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'ThaiDrivingLicenceCredential',
  type: 'object',
  required: [
    'document_number',
    'name_th',
    'given_name_national_character',
    'citizen_id',
    'birth_date',
    'age_over_15',
    'age_over_18',
    'age_over_20',
    'sex',
    'licence_types',
    'driving_privileges',
    'issue_date',
    'issuing_authority',
    'issuing_country',
    'un_distinguishing_sign',
  ],
  oneOf: [{ required: ['expiry_date'] }, { required: ['lifelong'] }],
  additionalProperties: false,
  properties: {
    document_number: text,
    name_th: text,
    given_name_national_character: text,
    family_name_national_character: text,
    given_name: text,
    family_name: text,
    citizen_id: { type: 'string', pattern: '^[0-9]{13}$' },
    birth_date: partialDate,
    age_over_15: { type: 'boolean' },
    age_over_18: { type: 'boolean' },
    age_over_20: { type: 'boolean' },
    sex: { enum: [0, 1, 2, 9] },
    nationality: { type: 'string', pattern: '^[A-Z]{2}$' },
    portrait: {
      type: 'string',
      pattern: '^data:image/(jpeg|png|svg\\+xml);base64,[A-Za-z0-9+/]+=*$',
      maxLength: 2_000_000,
    },
    resident_address: text,
    resident_postal_code: { type: 'string', pattern: '^[0-9]{5}$' },
    licence_types: { type: 'array', minItems: 1, items: text },
    driving_privileges: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['vehicle_category_code'],
        additionalProperties: false,
        properties: { vehicle_category_code: category, issue_date: day, expiry_date: day },
      },
    },
    issue_date: day,
    expiry_date: day,
    lifelong: { const: true },
    issuing_jurisdiction: text,
    issuing_authority: text,
    issuing_country: { const: 'TH' },
    un_distinguishing_sign: { const: 'T' },
  },
}
