import type { CredentialStatus } from '@ekkasan/core'
import type { IssuanceRecord, OfferState } from '@ekkasan/issuer'
import { formatCitizenNumber, type RegistryRecord } from '@ekkasan/thai'
import { Badge, type Bilingual, Moment, Text, type Tone } from '@ekkasan-examples/ui'
import type { Reason } from '../desk.ts'

// As the registry has it: a faulty record must still be found and shown.
const joined = (...parts: readonly (string | undefined)[]) =>
  parts.filter((part) => part !== undefined && part.trim() !== '' && part.trim() !== '-').join(' ')

export function thaiName({ person }: RegistryRecord): string {
  return joined(person.titleDesc, person.firstName, person.middleName, person.lastName)
}

export function latinName({ person }: RegistryRecord): string {
  const { englishTitleDesc, englishFirstName, englishMiddleName, englishLastName } = person
  return englishFirstName
    ? joined(englishTitleDesc, englishFirstName, englishMiddleName, englishLastName)
    : ''
}

/** Both names of a person; in English the Latin one, where the register has it. */
export function nameWords(record: RegistryRecord): Bilingual {
  const th = thaiName(record)
  return { th, en: latinName(record) || th }
}

/** `1-xxxx-xxxxx-45-1`: enough to tell two people of one name apart on a screen that others may see. */
export function maskedNumber(number: string): string {
  const whole = formatCitizenNumber(number)
  return `${whole.slice(0, 1)}-xxxx-xxxxx-${whole.slice(-4)}`
}

/** Read aloud after a link's text in a list, where several people or documents have one name. */
export function LinkDetail({ what, at }: { readonly what: Bilingual; readonly at: Date }) {
  return (
    <span class="visually-hidden">
      {' '}
      <Text th={`${what.th} ออกวันที่`} en={`${what.en || what.th} made on`} inline /> <Moment at={at} />
    </span>
  )
}

const statuses: Record<CredentialStatus, Bilingual & { readonly tone: Tone }> = {
  valid: { th: 'ใช้ได้', en: 'valid', tone: 'ok' },
  suspended: { th: 'ถูกระงับ', en: 'suspended', tone: 'warn' },
  revoked: { th: 'ถูกเพิกถอน', en: 'revoked', tone: 'bad' },
}

export function StatusBadge({ record }: { readonly record: IssuanceRecord }) {
  const ended = record.status === 'valid' && record.validUntil && record.validUntil < new Date()
  const words = ended ? { th: 'หมดอายุ', en: 'expired' } : statuses[record.status]
  return <Badge {...words} about={{ th: 'สถานะเอกสาร', en: 'Status of the document:' }} />
}

const offerStates: Record<OfferState['state'], Bilingual & { readonly tone?: Tone }> = {
  offered: { th: 'รอผู้รับสแกน', en: 'waiting for the scan', tone: 'info' },
  'token-issued': { th: 'กำลังส่งเอกสาร', en: 'being sent', tone: 'info' },
  issued: { th: 'ส่งแล้ว รอการยืนยัน', en: 'sent, not confirmed', tone: 'info' },
  expired: { th: 'หมดเวลา', en: 'expired' },
  withdrawn: { th: 'ยกเลิกแล้ว', en: 'cancelled' },
  locked: { th: 'ถูกล็อก', en: 'locked', tone: 'bad' },
}
const received: Bilingual & { readonly tone: Tone } = { th: 'รับเอกสารแล้ว', en: 'received', tone: 'ok' }

export function OfferBadge({ state }: { readonly state: OfferState }) {
  const words = state.state === 'issued' && state.confirmed ? received : offerStates[state.state]
  return <Badge {...words} about={{ th: 'สถานะการรับเอกสาร', en: 'State of the pick-up:' }} />
}

export type Verb = Reason['verb']

interface VerbWords extends Bilingual {
  readonly done: Bilingual
  /** On the button that does it. */
  readonly button: Bilingual
}

export const verbWords: Record<Verb, VerbWords> = {
  revoke: {
    th: 'เพิกถอน',
    en: 'Revoke',
    done: { th: 'เพิกถอน', en: 'revoked' },
    button: { th: 'เพิกถอนเอกสารนี้', en: 'Revoke this document' },
  },
  suspend: {
    th: 'ระงับชั่วคราว',
    en: 'Suspend',
    done: { th: 'ระงับชั่วคราว', en: 'suspended' },
    button: { th: 'ระงับเอกสารนี้ชั่วคราว', en: 'Suspend this document' },
  },
  restore: {
    th: 'ยกเลิกการระงับ',
    en: 'Lift the suspension',
    done: { th: 'ยกเลิกการระงับ', en: 'suspension lifted' },
    button: { th: 'ยกเลิกการระงับเอกสารนี้', en: 'Lift the suspension of this document' },
  },
}

const reasonWords: Readonly<Record<string, Bilingual>> = {
  'device-lost': { th: 'โทรศัพท์สูญหายหรือถูกขโมย', en: 'Phone lost or stolen' },
  'data-changed': { th: 'ข้อมูลเปลี่ยนแปลงหรือไม่ถูกต้อง', en: 'Data changed or wrong' },
  'holder-request': { th: 'ผู้ถือเอกสารร้องขอ', en: 'Asked for by the holder' },
  deceased: { th: 'ผู้ถือเอกสารเสียชีวิต', en: 'The holder has died' },
  misuse: { th: 'สงสัยว่ามีการใช้โดยมิชอบ', en: 'Suspected misuse' },
  found: { th: 'พบโทรศัพท์แล้ว', en: 'Phone found' },
  cleared: { th: 'ตรวจสอบแล้วไม่พบเหตุผิดปกติ', en: 'Examined, nothing wrong' },
  other: { th: 'อื่น ๆ', en: 'Other' },
}

const reasonsByVerb: Record<Verb, readonly string[]> = {
  revoke: ['device-lost', 'data-changed', 'holder-request', 'deceased', 'misuse', 'other'],
  suspend: ['device-lost', 'holder-request', 'misuse', 'other'],
  restore: ['found', 'cleared', 'holder-request', 'other'],
}

export function reasonsFor(verb: Verb): readonly (Bilingual & { readonly value: string })[] {
  return reasonsByVerb[verb].map((value) => ({ value, ...reasonText(value) }))
}

export function reasonText(code: string): Bilingual {
  return reasonWords[code] ?? { th: code, en: code }
}
