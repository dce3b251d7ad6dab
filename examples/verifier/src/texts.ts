import { type LanguageMap, textIn } from '@ekkasan/core'
import type { SessionState } from '@ekkasan/verifier'
import type { Bilingual } from '@ekkasan-examples/ui'

export const program: Bilingual = { th: 'ระบบตรวจสอบเอกสารรับรองดิจิทัล', en: 'Credential verifier' }

export const bilingual = (names: LanguageMap): Bilingual => ({
  th: textIn(names, 'th') ?? '',
  en: textIn(names, 'en') ?? '',
})

/** What the person at the counter reads first. */
export const outcomes: Readonly<Record<SessionState['state'], Bilingual>> = {
  requested: { th: 'รอผู้ถือเอกสารสแกนคิวอาร์โค้ด', en: 'Waiting for the holder to scan the QR code' },
  'request-fetched': {
    th: 'ผู้ถือเอกสารเปิดคำขอแล้ว กำลังตัดสินใจ',
    en: 'The holder has opened the request',
  },
  verified: { th: 'เอกสารใช้ได้', en: 'The document is valid' },
  rejected: {
    th: 'เอกสารไม่ผ่านการตรวจสอบ อย่ารับเอกสารนี้',
    en: 'Did not pass. Do not accept this document',
  },
  unavailable: {
    th: 'ยังตรวจสอบไม่ครบ ยังใช้เป็นหลักฐานไม่ได้ กรุณาลองใหม่',
    en: 'Not all could be checked: do not rely on it yet; try again',
  },
  refused: { th: 'ยังไม่ได้รับข้อมูล', en: 'No data received' },
  expired: { th: 'คำขอดูข้อมูลหมดเวลา', en: 'The request has expired' },
}

/** Below the outcome: what it means, and what to do. */
export const advice: Readonly<Partial<Record<SessionState['state'], Bilingual>>> = {
  refused: {
    th: 'ผู้ถือเอกสารไม่ส่งข้อมูล หรือไม่มีเอกสารที่ตรงกับคำขอ ใช้บัตรตัวจริงแทนได้',
    en: 'The holder sent none, or has no document that fits. Use the physical card instead.',
  },
  unavailable: {
    th: 'กด "ลองใหม่" หากยังไม่ได้ ขอดูบัตรตัวจริงและบันทึกเหตุ',
    en: 'Press “Try again”; if it stays, ask for the physical card and note why.',
  },
  expired: {
    th: 'กด "ลองใหม่" เพื่อออกคิวอาร์โค้ดใหม่',
    en: 'Press “Try again” to make a new QR code.',
  },
}

export const errors = {
  notFound: {
    th: 'ไม่พบคำขอนี้ หรือผลถูกลบตามกำหนดแล้ว',
    en: 'No such request, or its result was deleted when due',
  },
  chooseUseCase: { th: 'กรุณาเลือกรายการที่ต้องการตรวจสอบ', en: 'Choose what to check' },
  chooseClaims: { th: 'กรุณาเลือกข้อมูลอย่างน้อยหนึ่งรายการ', en: 'Choose at least one item' },
  sayPurpose: {
    th: 'กรุณาระบุวัตถุประสงค์ (5–200 ตัวอักษร)',
    en: 'Say what the data is used for (5 to 200 characters)',
  },
  refusedForm: { th: 'แบบฟอร์มนี้หมดอายุ กรุณาเปิดหน้าใหม่', en: 'This form has expired; open the page again' },
  broken: { th: 'ระบบขัดข้อง กรุณาลองใหม่', en: 'Something went wrong here; try again' },
} as const satisfies Record<string, Bilingual>
