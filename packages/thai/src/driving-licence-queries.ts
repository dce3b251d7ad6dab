import { thaiDrivingLicence } from './driving-licence.ts'
import { item, type QueryPreset } from './query-preset.ts'

const document = thaiDrivingLicence.id

export const drivingLicencePresets = {
  mayDrive: {
    id: 'mayDrive',
    document,
    names: { th: 'ใบอนุญาตขับรถ', en: 'Driving licence' },
    purpose_th: 'ตรวจสอบว่ามีใบอนุญาตขับรถประเภทที่ต้องใช้ และเป็นของผู้มาแสดง',
    purpose_en: 'To check that you are licensed to drive the vehicle, by the photograph',
    replaces: { th: 'สำเนาใบอนุญาตขับรถ', en: 'A photocopy of the driving licence' },
    claims: [
      item(['name_th']),
      item(['portrait']),
      item(['document_number']),
      item(['licence_types']),
      item(['driving_privileges']),
    ],
  },
  driverAge: {
    id: 'driverAge',
    document,
    names: { th: 'อายุครบ 18 ปี (ใบอนุญาตขับรถ)', en: 'Aged 18 or over (driving licence)' },
    purpose_th: 'ตรวจสอบว่าอายุครบ 18 ปี โดยไม่ขอวันเกิดและชื่อ',
    purpose_en: 'To check that you are 18 or over, without asking for your date of birth or name',
    replaces: { th: 'การขอดูใบอนุญาตขับรถเพื่อตรวจอายุ', en: 'Showing the licence to prove age' },
    claims: [item(['age_over_18'], [true])],
  },
} as const satisfies Record<string, QueryPreset>
