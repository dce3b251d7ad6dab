import { claim, required } from './claim-definition.ts'
import { documentType } from './document-type.ts'
import { drivingLicenceSchema } from './driving-licence-schema.ts'

/** Ages that a licence proves: 15 small motorcycles, 18 cars, 20 majority. */
export const licenceAges = [15, 18, 20] as const

/**
 * The Thai driving licence. Where ISO/IEC 18013-5 has a name for a thing the claim bears it, so that the document is
 * also an mDL; the rest is Thai: `name_th`, which everyone has, the citizen number, and the types of licence in words.
 */
export const thaiDrivingLicence = documentType({
  id: 'ThaiDrivingLicence',
  type: 'ThaiDrivingLicenceCredential',
  version: '1',
  names: { th: 'ใบอนุญาตขับรถ (ดิจิทัล)', en: 'Driving licence (digital)' },
  description: {
    th: 'ข้อมูลใบอนุญาตขับรถในรูปแบบเอกสารรับรองดิจิทัล',
    en: 'The data of the driving licence as a verifiable credential',
  },
  claims: [
    claim(['document_number'], 'เลขที่ใบอนุญาต', 'Licence number', required),
    claim(['name_th'], 'ชื่อและชื่อสกุล', 'Full name in Thai', required),
    claim(['given_name_national_character'], 'ชื่อตัว', 'Given name in Thai', required),
    claim(['family_name_national_character'], 'ชื่อสกุล', 'Family name in Thai'),
    claim(['given_name'], 'ชื่อตัวภาษาอังกฤษ', 'Given name'),
    claim(['family_name'], 'ชื่อสกุลภาษาอังกฤษ', 'Family name'),
    claim(['citizen_id'], 'เลขประจำตัวประชาชน', 'Citizen number', required),
    claim(['birth_date'], 'วันเกิด', 'Date of birth', required),
    ...licenceAges.map((age) =>
      claim([`age_over_${age}`], `อายุครบ ${age} ปี`, `Aged ${age} or over`, required),
    ),
    claim(['sex'], 'เพศ', 'Sex', required),
    claim(['nationality'], 'สัญชาติ', 'Nationality'),
    claim(['portrait'], 'ภาพถ่าย', 'Photograph'),
    claim(['resident_address'], 'ที่อยู่', 'Address'),
    claim(['resident_postal_code'], 'รหัสไปรษณีย์', 'Postal code'),
    claim(['licence_types'], 'ชนิดใบอนุญาต', 'Types of licence', required),
    claim(['driving_privileges'], 'ประเภทรถที่ขับได้', 'Driving privileges', required),
    claim(['issue_date'], 'วันออกใบอนุญาต', 'Date of issue', required),
    claim(['expiry_date'], 'วันใบอนุญาตหมดอายุ', 'Date of expiry'),
    claim(['lifelong'], 'ใบอนุญาตตลอดชีพ', 'Valid for life'),
    claim(['issuing_jurisdiction'], 'สำนักงานขนส่งที่ออก', 'Issuing office'),
    claim(['issuing_authority'], 'หน่วยงานผู้ออก', 'Issuing authority', { mandatory: true, always: true }),
    claim(['issuing_country'], 'ประเทศผู้ออก', 'Issuing country', { mandatory: true, always: true }),
    claim(['un_distinguishing_sign'], 'เครื่องหมายประเทศบนรถ', 'Distinguishing sign of the country', {
      mandatory: true,
      always: true,
    }),
  ],
  schema: drivingLicenceSchema,
  display: { backgroundColor: '#e6dcc8', textColor: '#4a3312' },
})
