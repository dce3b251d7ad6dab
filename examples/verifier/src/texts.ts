import type { LanguageMap } from '@ekkasan/core'
import type { SessionState } from '@ekkasan/verifier'
import type { Bilingual } from '@ekkasan-examples/ui'

export const program: Bilingual = { th: 'ตรวจสอบเอกสารดิจิทัล', en: 'Check digital documents' }

export const bilingual = (names: LanguageMap): Bilingual => ({ th: names.th ?? '', en: names.en ?? '' })

/** What the person at the counter reads first. */
export const outcomes: Readonly<Record<SessionState['state'], Bilingual>> = {
  requested: { th: 'รอผู้ถือเอกสารสแกน QR', en: 'Waiting for the holder to scan the QR' },
  'request-fetched': { th: 'ผู้ถือเอกสารกำลังพิจารณาคำขอ', en: 'The holder is looking at the request' },
  verified: { th: 'เอกสารถูกต้อง', en: 'The document is genuine' },
  rejected: { th: 'ไม่รับเอกสารนี้', en: 'This document is not accepted' },
  unavailable: { th: 'ยังตรวจไม่ครบ กรุณาลองใหม่', en: 'Not everything could be checked; try again' },
  refused: { th: 'ผู้ถือเอกสารไม่ยินยอม', en: 'The holder declined' },
  expired: { th: 'คำขอหมดเวลา', en: 'The request has expired' },
}

export const errors = {
  notFound: {
    th: 'ไม่พบคำขอนี้ หรือผลถูกลบตามกำหนดแล้ว',
    en: 'No such request, or its result was deleted when due',
  },
  chooseUseCase: { th: 'กรุณาเลือกเรื่องที่ต้องการตรวจ', en: 'Choose what to check' },
  chooseClaims: { th: 'กรุณาเลือกข้อมูลอย่างน้อยหนึ่งรายการ', en: 'Choose at least one item' },
  sayPurpose: {
    th: 'กรุณาบอกเหตุผลที่ขอข้อมูล (5 ถึง 200 ตัวอักษร)',
    en: 'Say why the data is asked for (5 to 200 characters)',
  },
  refusedForm: { th: 'แบบฟอร์มนี้หมดอายุ กรุณาเปิดหน้าใหม่', en: 'This form has expired; open the page again' },
  broken: { th: 'เกิดข้อผิดพลาดในระบบ กรุณาลองใหม่', en: 'Something went wrong here; try again' },
} as const satisfies Record<string, Bilingual>
