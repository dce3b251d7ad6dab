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

const notAsIssued: CheckText = {
  th: 'เอกสารไม่เป็นไปตามแบบที่ผู้ออกเอกสารกำหนด อย่ารับเอกสาร และแจ้งผู้ดูแลระบบ',
  en: 'The document does not follow the form that its issuer set. Do not accept it; tell the administrator',
}

// What an officer at a counter can act on; the code beside it is for those who run the service.
export const checkTexts: Readonly<Record<CheckName, CheckTexts>> = {
  structure: {
    passed: { th: 'อ่านเอกสารได้ครบถ้วน', en: 'The document could be read' },
    failed: {
      th: 'อ่านเอกสารไม่ได้ ข้อมูลเสียหายหรือเป็นรูปแบบที่ระบบนี้ไม่รองรับ',
      en: 'The document cannot be read: it is damaged, or of a format that this system does not know',
    },
  },
  'issuer-key': {
    passed: {
      th: 'พบกุญแจสำหรับตรวจลายมือชื่อของผู้ออกเอกสาร',
      en: "The key that checks the issuer's signature was found",
    },
    failed: {
      th: 'ไม่พบกุญแจสำหรับตรวจลายมือชื่อของผู้ออกเอกสาร จึงตรวจสอบไม่ได้ว่าเป็นของจริง อย่ารับเอกสาร',
      en: "The key that checks the issuer's signature was not found: do not accept the document",
    },
  },
  'issuer-signature': {
    passed: {
      th: 'ลายมือชื่อดิจิทัลของผู้ออกเอกสารถูกต้อง ข้อมูลไม่ถูกแก้ไข',
      en: "The issuer's digital signature is valid; nothing was changed",
    },
    failed: {
      th: 'ลายมือชื่อดิจิทัลของผู้ออกเอกสารไม่ถูกต้อง ข้อมูลอาจถูกแก้ไขหรือเป็นเอกสารปลอม อย่ารับเอกสาร',
      en: "The issuer's signature is not valid: the document may be altered or forged. Do not accept it",
    },
  },
  'issuer-trust': {
    passed: {
      th: 'ผู้ออกเอกสารอยู่ในรายชื่อที่เชื่อถือได้สำหรับเอกสารชนิดนี้',
      en: 'The issuer is on the trusted list for this kind of document',
    },
    failed: {
      th: 'ผู้ออกเอกสารไม่อยู่ในรายชื่อที่เชื่อถือได้สำหรับเอกสารชนิดนี้ อย่ารับเอกสาร',
      en: 'The issuer is not on the trusted list for this kind of document. Do not accept it',
    },
  },
  'validity-start': {
    passed: { th: 'ถึงวันเริ่มใช้เอกสารแล้ว', en: 'The document is already valid' },
    failed: {
      th: 'ยังไม่ถึงวันเริ่มใช้เอกสาร กรุณาตรวจวันที่และเวลาของเครื่องนี้ด้วย',
      en: "The document is not valid yet; check this device's clock too",
    },
  },
  'validity-end': {
    passed: { th: 'เอกสารยังไม่หมดอายุ', en: 'The document has not expired' },
    failed: {
      th: 'เอกสารดิจิทัลหมดอายุแล้ว ผู้ถือเอกสารต้องขอรับใหม่จากผู้ออกเอกสาร',
      en: 'The digital document has expired; the holder has to ask the issuer for a new one',
    },
  },
  'data-model': {
    passed: { th: 'โครงสร้างข้อมูลเป็นไปตามมาตรฐาน', en: 'The data follow the standard' },
    failed: notAsIssued,
  },
  'credential-schema': {
    passed: { th: 'ข้อมูลตรงตามแบบที่ผู้ออกเอกสารกำหนด', en: 'The data fit the schema that the issuer names' },
    failed: notAsIssued,
  },
  'related-resources': {
    passed: { th: 'สิ่งที่เอกสารอ้างถึงไม่ถูกแก้ไข', en: 'What the document refers to was not changed' },
    failed: notAsIssued,
  },
  'type-metadata': {
    passed: { th: 'คำอธิบายชนิดเอกสารถูกต้อง', en: 'The description of the document type fits the document' },
    failed: notAsIssued,
  },
  status: {
    passed: { th: 'สถานะใช้ได้ ไม่ถูกระงับหรือเพิกถอน', en: 'Status valid: neither suspended nor revoked' },
    failed: {
      th: 'เอกสารใช้ไม่ได้ เพราะถูกระงับหรือเพิกถอน',
      en: 'The document cannot be used: it is suspended or revoked',
    },
  },
  'holder-signature': {
    passed: {
      th: 'ส่งจากกระเป๋าเอกสารที่ได้รับเอกสารนี้จริง (ยังไม่ใช่การยืนยันใบหน้า)',
      en: 'It was sent from the wallet that received this document (the face has not been compared)',
    },
    failed: {
      th: 'พิสูจน์ไม่ได้ว่าส่งจากกระเป๋าเอกสารที่ได้รับเอกสารนี้ อย่ารับเอกสาร',
      en: 'It is not proven that it was sent from the wallet that received it: do not accept it',
    },
  },
  'holder-audience': {
    passed: { th: 'ส่งถึงผู้ตรวจสอบเอกสารรายนี้', en: 'It was sent to this verifier' },
    failed: {
      th: 'ข้อมูลนี้ส่งถึงผู้อื่น ไม่ใช่ผู้ตรวจสอบเอกสารรายนี้ อย่ารับเอกสาร',
      en: 'It was made for another verifier: do not accept it',
    },
  },
  'holder-nonce': {
    passed: { th: 'เป็นข้อมูลของคำขอครั้งนี้', en: 'It answers this request' },
    failed: {
      th: 'เป็นข้อมูลของคำขอครั้งอื่น กรุณาเริ่มใหม่',
      en: 'It answers another request; start again',
    },
  },
  'holder-time': {
    passed: { th: 'ส่งเมื่อครู่ เวลาตรงกัน', en: 'It was sent just now' },
    failed: {
      th: 'เวลาที่ส่งไม่ตรงกับเวลาปัจจุบัน กรุณาตรวจวันที่และเวลาทั้งของโทรศัพท์และของเครื่องนี้ แล้วลองใหม่',
      en: 'It was not sent just now; check the clock of the phone and of this device, and try again',
    },
  },
  'holder-content': {
    passed: {
      th: 'ข้อมูลที่ได้รับตรงกับที่กระเป๋าเอกสารส่ง',
      en: 'The data received are those that the wallet sent',
    },
    failed: {
      th: 'ข้อมูลที่ได้รับไม่ตรงกับที่กระเป๋าเอกสารส่ง อย่ารับเอกสาร',
      en: 'The data received are not those that the wallet sent: do not accept the document',
    },
  },
  'holder-transaction': {
    passed: { th: 'ผู้ถือเอกสารยืนยันธุรกรรมนี้แล้ว', en: 'The holder confirmed this transaction' },
    failed: { th: 'ผู้ถือเอกสารไม่ได้ยืนยันธุรกรรมนี้', en: 'The holder did not confirm this transaction' },
  },
  query: {
    passed: { th: 'ได้รับข้อมูลครบตามที่ขอ', en: 'All that was asked for was received' },
    failed: {
      th: 'ข้อมูลที่ได้รับไม่ครบหรือไม่ตรงตามที่ขอ',
      en: 'Not all that was asked for was received, or other data came',
    },
  },
}

// Endings of codes that say more than the check's name does; a code is `package.subject.fault`.
const precise: readonly (readonly [outcome: Check['outcome'], ending: RegExp, text: CheckText])[] = [
  [
    'failed',
    /\brevoked$/,
    {
      th: 'เอกสารดิจิทัลนี้ถูกเพิกถอนแล้ว ใช้ไม่ได้อีก ผู้ถือเอกสารต้องขอรับใหม่จากผู้ออกเอกสาร',
      en: 'This digital document is revoked and can no longer be used; the holder has to ask its issuer for a new one',
    },
  ],
  [
    'failed',
    /\bsuspended$/,
    {
      th: 'เอกสารดิจิทัลนี้ถูกระงับชั่วคราว ผู้ถือเอกสารต้องติดต่อผู้ออกเอกสาร',
      en: 'This digital document is suspended; the holder has to contact its issuer',
    },
  ],
  [
    'failed',
    /not-for-this-type$/,
    {
      th: 'ผู้ออกเอกสารรายนี้ไม่มีอำนาจออกเอกสารชนิดนี้ อย่ารับเอกสาร',
      en: 'This issuer has no authority to issue this kind of document. Do not accept it',
    },
  ],
  [
    'skipped',
    /\bstatus\.none$/,
    {
      th: 'ไม่ได้ตรวจสอบสถานะ เพราะเอกสารนี้ไม่มีรายการสถานะ',
      en: 'The status was not checked: this document has none',
    },
  ],
  [
    'skipped',
    /\bschema\.concealed$/,
    {
      th: 'ไม่ได้ตรวจสอบแบบของข้อมูล เพราะผู้ถือเอกสารเปิดเผยเพียงบางรายการ (ไม่มีผลต่อการรับเอกสาร)',
      en: 'The form of the data was not checked, because only some items were disclosed (this does not affect the result)',
    },
  ],
  [
    'unknown',
    /\bstatus\.not-configured$/,
    {
      th: 'ยังตรวจสอบสถานะเอกสารไม่ได้ เพราะระบบนี้ไม่รองรับรายการสถานะของเอกสารนี้ ผลนี้ไม่ได้แสดงว่าเอกสารผิด แต่ยังใช้เป็นหลักฐานไม่ได้ กรุณาแจ้งผู้ดูแลระบบ หรือขอดูบัตรตัวจริง',
      en: 'The status could not be checked: this system does not know its kind of status list. This does not show that the document is bad, but it cannot be relied on yet. Tell the administrator, or ask for the physical card',
    },
  ],
]

/** One or two sentences, without any claim's value, for one check of a report. */
export function describeCheck(check: Check): CheckText {
  const { th, en } = describeOutcome(check)
  const asOf = statusTime(check)
  return asOf ? { th: `${th} (สถานะ ณ วันที่ ${asOf.th})`, en: `${en} (status as of ${asOf.en})` } : { th, en }
}

// A status is as old as the list that it was read from: who relies on it must see how old.
function statusTime({ name, outcome, detail }: Check): CheckText | undefined {
  const at = /^as of (\S+)$/.exec(detail ?? '')?.[1]
  if (name !== 'status' || (outcome !== 'passed' && outcome !== 'failed') || !at || !Date.parse(at))
    return undefined
  return momentText(new Date(at))
}

/**
 * A moment in words, in the time of Thailand: `1 ธันวาคม 2569 เวลา 05:22 น.`, `1 December 2026, 05:22`.
 * Thai years are of the Buddhist era.
 */
export function momentText(at: Date): CheckText {
  const timeZone = 'Asia/Bangkok'
  const day = (language: string) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone }).format(at)
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone }).format(at)
  return { th: `${day('th-TH')} เวลา ${time} น.`, en: `${day('en-GB')}, ${time}` }
}

function describeOutcome(check: Check): CheckText {
  const texts = checkTexts[check.name]
  if (check.outcome === 'passed') return texts.passed
  const known = precise.find(
    ([outcome, ending]) => outcome === check.outcome && ending.test(check.code ?? ''),
  )
  if (known) return known[2]
  if (check.outcome === 'failed') return texts.failed
  return check.outcome === 'unknown' ? couldNotCheck(check.name) : notChecked(check.name)
}

// Two sentences: glued by a colon, Thai readers take the first for the subject of the second.
function couldNotCheck(name: CheckName): CheckText {
  if (name === 'status') {
    return {
      th: 'ยังตรวจสอบสถานะเอกสารไม่ได้ เพราะติดต่อระบบของผู้ออกเอกสารไม่ได้ ผลนี้ไม่ได้แสดงว่าเอกสารผิด แต่ยังใช้เป็นหลักฐานไม่ได้ กรุณาลองใหม่ หรือขอดูบัตรตัวจริง',
      en: "The status could not be checked: the issuer's system did not answer. This does not show that the document is bad, but it cannot be relied on yet. Try again, or ask for the physical card",
    }
  }
  const { th, en } = subjects[name]
  return {
    th: `ยังตรวจสอบ${th}ไม่ได้ ผลนี้ไม่ได้แสดงว่าเอกสารผิด กรุณาลองใหม่`,
    en: `It could not be checked: ${en}. This does not show that the document is bad. Try again`,
  }
}

function notChecked(name: CheckName): CheckText {
  const { th, en } = subjects[name]
  return { th: `ไม่ได้ตรวจสอบ${th}`, en: `Not checked: ${en}` }
}

/** What is checked, as it stands after "check". */
const subjects: Readonly<Record<CheckName, CheckText>> = {
  structure: { th: 'รูปแบบเอกสาร', en: 'the form of the document' },
  'issuer-key': { th: 'กุญแจของผู้ออกเอกสาร', en: "the issuer's key" },
  'issuer-signature': { th: 'ลายมือชื่อดิจิทัลของผู้ออกเอกสาร', en: "the issuer's digital signature" },
  'issuer-trust': { th: 'รายชื่อที่เชื่อถือได้', en: 'the trusted list' },
  'validity-start': { th: 'วันเริ่มใช้', en: 'the beginning of validity' },
  'validity-end': { th: 'วันหมดอายุ', en: 'the end of validity' },
  'data-model': { th: 'โครงสร้างข้อมูล', en: 'the data model' },
  'credential-schema': { th: 'แบบของข้อมูลที่ผู้ออกเอกสารกำหนด', en: 'the schema that the issuer names' },
  'related-resources': { th: 'สิ่งที่เอกสารอ้างถึง', en: 'what the document refers to' },
  'type-metadata': { th: 'คำอธิบายชนิดเอกสาร', en: 'the description of the document type' },
  status: { th: 'สถานะเอกสาร', en: 'the status of the document' },
  'holder-signature': { th: 'กระเป๋าเอกสารที่ส่ง', en: 'the wallet that sent it' },
  'holder-audience': { th: 'ผู้รับข้อมูล', en: 'the verifier it was sent to' },
  'holder-nonce': { th: 'คำขอที่ตรงกัน', en: 'the request it answers' },
  'holder-time': { th: 'เวลาที่ส่ง', en: 'the time it was sent' },
  'holder-content': { th: 'ข้อมูลที่กระเป๋าเอกสารส่ง', en: 'the data that the wallet sent' },
  'holder-transaction': { th: 'ธุรกรรมที่ผู้ถือเอกสารยืนยัน', en: 'the transaction that the holder confirmed' },
  query: { th: 'ความครบถ้วนตามที่ขอ', en: 'whether it answers the request' },
}
