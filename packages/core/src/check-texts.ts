import type { Check, CheckName } from './check.ts'

/** The same sentence in the two languages of the house. */
export interface CheckText {
  readonly th: string
  readonly en: string
}

interface CheckTexts {
  readonly passed: CheckText
  readonly failed: CheckText
}

// What an officer at a counter can act on; the code beside it is for those who run the service.
export const checkTexts: Readonly<Record<CheckName, CheckTexts>> = {
  structure: {
    passed: { th: 'เอกสารอ่านได้ครบถ้วน', en: 'The document can be read' },
    failed: { th: 'เอกสารชำรุดหรือไม่ใช่รูปแบบที่รองรับ', en: 'The document is damaged or of an unknown form' },
  },
  'issuer-key': {
    passed: { th: 'พบกุญแจของผู้ออกเอกสาร', en: "The issuer's key was found" },
    failed: {
      th: 'ไม่พบกุญแจของผู้ออกเอกสารที่ระบุไว้',
      en: "The issuer's key named in the document does not exist",
    },
  },
  'issuer-signature': {
    passed: {
      th: 'ลายมือชื่อผู้ออกเอกสารถูกต้อง ข้อมูลไม่ถูกแก้ไข',
      en: "The issuer's signature is right; nothing was changed",
    },
    failed: {
      th: 'ลายมือชื่อผู้ออกเอกสารไม่ถูกต้อง ข้อมูลอาจถูกแก้ไขหรือปลอม',
      en: "The issuer's signature is wrong; the document may be altered or forged",
    },
  },
  'issuer-trust': {
    passed: {
      th: 'ผู้ออกเอกสารได้รับความเชื่อถือสำหรับเอกสารชนิดนี้',
      en: 'The issuer is trusted for this kind of document',
    },
    failed: {
      th: 'ผู้ออกเอกสารไม่อยู่ในรายชื่อที่เชื่อถือสำหรับเอกสารชนิดนี้',
      en: 'The issuer is not trusted for this kind of document',
    },
  },
  'validity-start': {
    passed: { th: 'เอกสารเริ่มใช้ได้แล้ว', en: 'The document is already valid' },
    failed: { th: 'เอกสารยังไม่ถึงวันเริ่มใช้', en: 'The document is not valid yet' },
  },
  'validity-end': {
    passed: { th: 'เอกสารยังไม่หมดอายุ', en: 'The document has not expired' },
    failed: { th: 'เอกสารหมดอายุแล้ว ให้ขอออกใหม่', en: 'The document has expired; it must be issued again' },
  },
  'data-model': {
    passed: { th: 'โครงสร้างข้อมูลเป็นไปตามมาตรฐาน', en: 'The data follow the standard' },
    failed: { th: 'โครงสร้างข้อมูลไม่เป็นไปตามมาตรฐาน', en: 'The data do not follow the standard' },
  },
  'credential-schema': {
    passed: { th: 'ข้อมูลตรงตามแบบที่ผู้ออกเอกสารกำหนด', en: 'The data fit the schema that the issuer names' },
    failed: {
      th: 'ข้อมูลไม่ตรงตามแบบที่ผู้ออกเอกสารกำหนด',
      en: 'The data do not fit the schema that the issuer names',
    },
  },
  'related-resources': {
    passed: { th: 'สิ่งที่เอกสารอ้างถึงไม่ถูกแก้ไข', en: 'What the document refers to was not changed' },
    failed: {
      th: 'สิ่งที่เอกสารอ้างถึงถูกแก้ไขหลังออกเอกสาร',
      en: 'What the document refers to was changed after it was issued',
    },
  },
  'type-metadata': {
    passed: { th: 'คำอธิบายชนิดเอกสารถูกต้อง', en: 'The description of the document type is right' },
    failed: {
      th: 'คำอธิบายชนิดเอกสารไม่ตรงกับเอกสาร',
      en: 'The description of the document type does not fit the document',
    },
  },
  status: {
    passed: { th: 'เอกสารไม่ถูกเพิกถอนหรือระงับ', en: 'The document is neither revoked nor suspended' },
    failed: { th: 'เอกสารถูกเพิกถอนหรือระงับ', en: 'The document is revoked or suspended' },
  },
  'holder-signature': {
    passed: { th: 'ผู้แสดงเป็นผู้ถือเอกสาร', en: 'The document was shown by its holder' },
    failed: { th: 'ผู้แสดงพิสูจน์ไม่ได้ว่าเป็นผู้ถือเอกสาร', en: 'It was not proven that the holder shows the document' },
  },
  'holder-audience': {
    passed: { th: 'แสดงต่อหน่วยงานนี้', en: 'It was shown to this verifier' },
    failed: { th: 'คำตอบนี้ทำขึ้นสำหรับหน่วยงานอื่น', en: 'This answer was made for another verifier' },
  },
  'holder-nonce': {
    passed: { th: 'ตอบคำขอครั้งนี้', en: 'It answers this request' },
    failed: {
      th: 'คำตอบนี้เป็นของคำขอครั้งอื่น ให้เริ่มใหม่',
      en: 'This answer belongs to another request; start again',
    },
  },
  'holder-time': {
    passed: { th: 'แสดงเมื่อสักครู่นี้', en: 'It was shown just now' },
    failed: {
      th: 'เวลาที่แสดงไม่ตรงกับปัจจุบัน ตรวจนาฬิกาของโทรศัพท์แล้วลองใหม่',
      en: 'It was not shown just now; check the clock of the phone and try again',
    },
  },
  'holder-content': {
    passed: { th: 'ผู้ถือยืนยันข้อมูลชุดนี้', en: 'The holder confirmed exactly these data' },
    failed: { th: 'ข้อมูลที่ส่งมาไม่ตรงกับที่ผู้ถือยืนยัน', en: 'The data sent are not those that the holder confirmed' },
  },
  'holder-transaction': {
    passed: { th: 'ผู้ถือยืนยันรายการนี้', en: 'The holder confirmed this transaction' },
    failed: { th: 'ผู้ถือไม่ได้ยืนยันรายการนี้', en: 'The holder did not confirm this transaction' },
  },
  query: {
    passed: { th: 'ได้เอกสารและข้อมูลครบตามที่ขอ', en: 'What was asked for was shown' },
    failed: { th: 'เอกสารหรือข้อมูลไม่ตรงตามที่ขอ', en: 'The document or data are not those asked for' },
  },
}

// Endings of codes that say more than the check's name does; a code is `package.subject.fault`.
const failures: readonly (readonly [ending: RegExp, text: CheckText])[] = [
  [
    /\brevoked$/,
    { th: 'เอกสารถูกเพิกถอนแล้ว ใช้ไม่ได้อีก', en: 'The document is revoked and cannot be used again' },
  ],
  [
    /\bsuspended$/,
    {
      th: 'เอกสารถูกระงับชั่วคราว ให้ผู้ถือติดต่อผู้ออกเอกสาร',
      en: 'The document is suspended; the holder should ask its issuer',
    },
  ],
  [
    /not-for-this-type$/,
    { th: 'ผู้ออกเอกสารไม่มีสิทธิออกเอกสารชนิดนี้', en: 'The issuer may not issue this kind of document' },
  ],
]

/** One sentence, without any claim's value, for one check of a report. */
export function describeCheck(check: Check): CheckText {
  const { th, en } = describeOutcome(check)
  const asOf = statusTime(check)
  return asOf ? { th: `${th} (ข้อมูล ณ ${asOf.th})`, en: `${en} (as of ${asOf.en})` } : { th, en }
}

// A status is as old as the list that it was read from: who relies on it must see how old.
function statusTime({ name, outcome, detail }: Check): CheckText | undefined {
  const at = /^as of (\S+)$/.exec(detail ?? '')?.[1]
  if (name !== 'status' || (outcome !== 'passed' && outcome !== 'failed') || !at || !Date.parse(at))
    return undefined
  const format = (language: string) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Asia/Bangkok' })
  return { th: `${format('th-TH').format(new Date(at))} น.`, en: format('en-GB').format(new Date(at)) }
}

function describeOutcome(check: Check): CheckText {
  const texts = checkTexts[check.name]
  if (check.outcome === 'passed') return texts.passed
  if (check.outcome === 'failed') {
    const precise = failures.find(([ending]) => ending.test(check.code ?? ''))
    return precise?.[1] ?? texts.failed
  }
  const subject = subjects[check.name]
  return check.outcome === 'unknown'
    ? {
        th: `ยังตรวจไม่ได้: ${subject.th} ไม่ได้แปลว่าเอกสารผิด ให้ลองใหม่ภายหลัง`,
        en: `Could not be checked: ${subject.en}. This does not mean that the document is bad; try again later`,
      }
    : { th: `ไม่ได้ตรวจ: ${subject.th}`, en: `Not checked: ${subject.en}` }
}

const subjects: Readonly<Record<CheckName, CheckText>> = {
  structure: { th: 'รูปแบบเอกสาร', en: 'the form of the document' },
  'issuer-key': { th: 'กุญแจของผู้ออกเอกสาร', en: "the issuer's key" },
  'issuer-signature': { th: 'ลายมือชื่อผู้ออกเอกสาร', en: "the issuer's signature" },
  'issuer-trust': { th: 'ความน่าเชื่อถือของผู้ออกเอกสาร', en: 'whether the issuer is trusted' },
  'validity-start': { th: 'วันเริ่มใช้', en: 'the beginning of validity' },
  'validity-end': { th: 'วันหมดอายุ', en: 'the end of validity' },
  'data-model': { th: 'โครงสร้างข้อมูล', en: 'the data model' },
  'credential-schema': { th: 'แบบของข้อมูลที่ผู้ออกเอกสารกำหนด', en: 'the schema that the issuer names' },
  'related-resources': { th: 'สิ่งที่เอกสารอ้างถึง', en: 'what the document refers to' },
  'type-metadata': { th: 'คำอธิบายชนิดเอกสาร', en: 'the description of the document type' },
  status: { th: 'การเพิกถอนหรือระงับ', en: 'revocation or suspension' },
  'holder-signature': { th: 'ผู้ถือเอกสาร', en: 'the holder' },
  'holder-audience': { th: 'หน่วยงานที่แสดงต่อ', en: 'the verifier it was shown to' },
  'holder-nonce': { th: 'คำขอที่ตอบ', en: 'the request it answers' },
  'holder-time': { th: 'เวลาที่แสดง', en: 'the time it was shown' },
  'holder-content': { th: 'ข้อมูลที่ผู้ถือยืนยัน', en: 'the data the holder confirmed' },
  'holder-transaction': { th: 'รายการที่ผู้ถือยืนยัน', en: 'the transaction the holder confirmed' },
  query: { th: 'ความครบถ้วนตามที่ขอ', en: 'whether it answers the request' },
}
