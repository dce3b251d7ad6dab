import type { ClaimPath } from '@ekkasan/core'
import { significantAges } from './age.ts'
import { claim, required } from './claim-definition.ts'
import { documentType } from './document-type.ts'
import { nationalIdSchema } from './national-id-schema.ts'

/**
 * The Thai national identity card. Everything about the person is disclosed selectively, and what has parts part
 * by part: `['address']` and `['address', 'province']` both are. The whole names, the address in one line and the
 * codes are always there when the person has them, so that a request for them also fits a person without a family
 * name and a house without a village number.
 */
export const thaiNationalId = documentType({
  id: 'ThaiNationalID',
  type: 'ThaiNationalIDCredential',
  version: '1',
  names: { th: 'บัตรประจำตัวประชาชน (ดิจิทัล)', en: 'National ID card (digital)' },
  description: {
    th: 'ข้อมูลบัตรประจำตัวประชาชนในรูปแบบเอกสารรับรองดิจิทัล',
    en: 'The data of the national identity card as a verifiable credential',
  },
  claims: [
    claim(['citizen_id'], 'เลขประจำตัวประชาชน', 'Citizen number', required),
    claim(['name_th'], 'ชื่อและชื่อสกุล', 'Full name in Thai', required),
    claim(['title_th'], 'คำนำหน้านาม', 'Title in Thai'),
    claim(['given_name_th'], 'ชื่อตัว', 'Given name in Thai', required),
    claim(['middle_name_th'], 'ชื่อรอง', 'Middle name in Thai'),
    claim(['family_name_th'], 'ชื่อสกุล', 'Family name in Thai'),
    claim(['name_en'], 'ชื่อและชื่อสกุลภาษาอังกฤษ', 'Full name'),
    claim(['title_en'], 'คำนำหน้านามภาษาอังกฤษ', 'Title'),
    claim(['given_name'], 'ชื่อตัวภาษาอังกฤษ', 'Given name'),
    claim(['middle_name'], 'ชื่อรองภาษาอังกฤษ', 'Middle name'),
    claim(['family_name'], 'ชื่อสกุลภาษาอังกฤษ', 'Family name'),
    claim(['birthdate'], 'วันเกิด', 'Date of birth', required),
    claim(['birthdate_registry'], 'วันเกิดตามทะเบียน', 'Date of birth as registered'),
    claim(['calendar_note'], 'หมายเหตุปฏิทิน', 'Note on the calendar'),
    claim(['age_equal_or_over'], 'อายุถึงเกณฑ์', 'Age reached', required),
    ...significantAges.map((age) =>
      claim(['age_equal_or_over', String(age)], `อายุครบ ${age} ปี`, `Aged ${age} or over`, required),
    ),
    claim(['sex'], 'เพศ', 'Sex', required),
    claim(['nationalities'], 'สัญชาติ', 'Nationality', required),
    claim(['picture'], 'ภาพถ่าย', 'Photograph'),
    claim(['address'], 'ที่อยู่', 'Address'),
    claim(['address', 'formatted_th'], 'ที่อยู่ในบรรทัดเดียว', 'Address in one line (Thai)'),
    claim(['address', 'formatted_en'], 'ที่อยู่ภาษาอังกฤษ', 'Address in one line'),
    claim(['address', 'house_no'], 'บ้านเลขที่', 'House number'),
    claim(['address', 'village_no'], 'หมู่ที่', 'Village number'),
    claim(['address', 'alley'], 'ตรอก', 'Alley (trok)'),
    claim(['address', 'lane'], 'ซอย', 'Lane (soi)'),
    claim(['address', 'road'], 'ถนน', 'Road'),
    claim(['address', 'sub_district'], 'ตำบล/แขวง', 'Sub-district'),
    claim(['address', 'sub_district_code'], 'รหัสตำบล/แขวง', 'Sub-district code'),
    claim(['address', 'district'], 'อำเภอ/เขต', 'District'),
    claim(['address', 'district_code'], 'รหัสอำเภอ/เขต', 'District code'),
    claim(['address', 'province'], 'จังหวัด', 'Province'),
    claim(['address', 'province_code'], 'รหัสจังหวัด', 'Province code'),
    claim(['address', 'postal_code'], 'รหัสไปรษณีย์', 'Postal code'),
    claim(['address', 'country'], 'ประเทศ', 'Country'),
    claim(['address', 'house_id'], 'เลขรหัสประจำบ้าน', 'House code'),
    claim(['document_number'], 'เลขใต้ภาพถ่าย', 'Number under the photograph'),
    claim(['request_no'], 'เลขคำขอมีบัตร', 'Card request number'),
    claim(['date_of_issuance'], 'วันออกบัตร', 'Date of issue', required),
    claim(['date_of_expiry'], 'วันบัตรหมดอายุ', 'Date of expiry'),
    claim(['lifelong'], 'บัตรตลอดชีพ', 'Valid for life'),
    claim(['issuing_office'], 'สำนักทะเบียนที่ออกบัตร', 'Issuing office'),
    claim(['issuing_office', 'code'], 'รหัสสำนักทะเบียน', 'Code of the issuing office'),
    claim(['issuing_office', 'name_th'], 'ชื่อสำนักทะเบียน', 'Issuing office in Thai'),
    claim(['issuing_office', 'name_en'], 'ชื่อสำนักทะเบียนภาษาอังกฤษ', 'Issuing office in English'),
    claim(['issuing_authority'], 'หน่วยงานผู้ออกบัตร', 'Issuing authority', { mandatory: true, always: true }),
    claim(['issuing_country'], 'ประเทศผู้ออกบัตร', 'Issuing country', { mandatory: true, always: true }),
  ],
  schema: nationalIdSchema,
  display: { backgroundColor: '#cfdde8', textColor: '#12304a' },
})

/** Names that the ETDA trust list uses, and where this document has them. */
export const etdaClaimPaths: Readonly<Record<string, ClaimPath>> = {
  citizen_id: ['citizen_id'],
  name_th: ['name_th'],
  name_en: ['name_en'],
  birth_date: ['birthdate'],
  address: ['address'],
  photo: ['picture'],
}
