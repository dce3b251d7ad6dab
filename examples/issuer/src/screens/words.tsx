import type { CredentialStatus } from '@ekkasan/core'
import type { IssuanceRecord, OfferState } from '@ekkasan/issuer'
import { formatCitizenNumber, type RegistryRecord } from '@ekkasan/thai'
import { Badge, type Bilingual, type Tone } from '@ekkasan-examples/ui'
import type { Reason } from '../desk.ts'

const time = new Intl.DateTimeFormat('th-TH', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'Asia/Bangkok',
})

/** A moment as people in Thailand write it. */
export function Moment({ at }: { readonly at: Date }) {
  return (
    <time class="number" datetime={at.toISOString()}>
      {`${time.format(at)}\u00a0น.`}
    </time>
  )
}

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

/** `1-xxxx-xxxxx-45-1`: enough to tell two people of one name apart on a screen that others may see. */
export function maskedNumber(number: string): string {
  const whole = formatCitizenNumber(number)
  return `${whole.slice(0, 1)}-xxxx-xxxxx-${whole.slice(-4)}`
}

const statuses: Record<CredentialStatus, Bilingual & { readonly tone: Tone }> = {
  valid: { th: 'ใช้ได้', en: 'valid', tone: 'ok' },
  suspended: { th: 'ระงับ', en: 'suspended', tone: 'warn' },
  revoked: { th: 'เพิกถอน', en: 'revoked', tone: 'bad' },
}

export function StatusBadge({ record }: { readonly record: IssuanceRecord }) {
  const ended = record.status === 'valid' && record.validUntil && record.validUntil < new Date()
  return ended ? <Badge th="หมดอายุ" en="expired" /> : <Badge {...statuses[record.status]} />
}

const offerStates: Record<OfferState['state'], Bilingual & { readonly tone?: Tone }> = {
  offered: { th: 'รอผู้ถือรับ', en: 'waiting', tone: 'info' },
  'token-issued': { th: 'กำลังรับ', en: 'being claimed', tone: 'info' },
  issued: { th: 'รับแล้ว', en: 'claimed', tone: 'ok' },
  expired: { th: 'หมดเวลา', en: 'expired' },
  withdrawn: { th: 'ยกเลิก', en: 'withdrawn' },
  locked: { th: 'ถูกล็อก', en: 'locked', tone: 'bad' },
}

export function OfferBadge({ state }: { readonly state: OfferState['state'] }) {
  return <Badge {...offerStates[state]} />
}

export type Verb = Reason['verb']

export const verbWords: Record<Verb, Bilingual & { readonly done: Bilingual }> = {
  revoke: { th: 'เพิกถอน', en: 'Revoke', done: { th: 'เพิกถอน', en: 'revoked' } },
  suspend: { th: 'ระงับชั่วคราว', en: 'Suspend', done: { th: 'ระงับ', en: 'suspended' } },
  restore: { th: 'คืนสถานะ', en: 'Restore', done: { th: 'คืนสถานะ', en: 'restored' } },
}

const reasonWords: Readonly<Record<string, Bilingual>> = {
  'device-lost': { th: 'อุปกรณ์หายหรือถูกขโมย', en: 'Device lost or stolen' },
  'data-changed': { th: 'ข้อมูลเปลี่ยนแปลงหรือไม่ถูกต้อง', en: 'Data changed or wrong' },
  'holder-request': { th: 'ผู้ถือขอ', en: 'Asked for by the holder' },
  deceased: { th: 'ผู้ถือเสียชีวิต', en: 'The holder has died' },
  misuse: { th: 'สงสัยว่าถูกใช้โดยมิชอบ', en: 'Suspected misuse' },
  found: { th: 'พบอุปกรณ์แล้ว', en: 'Device found' },
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
