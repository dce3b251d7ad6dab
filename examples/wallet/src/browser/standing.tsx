import type { StoredCredential } from '@ekkasan/wallet'
import {
  Badge,
  type Bilingual,
  lastDayWords,
  momentText,
  Notice,
  Text,
  type Tone,
} from '@ekkasan-examples/ui/parts'
import { bilingual } from './claims.ts'

/** How a document stands, as far as this wallet knows. */
export type Standing = 'valid' | 'suspended' | 'revoked' | 'expired' | 'not-checked' | 'could-not-check'

const soon = 30 * 86_400_000

/** `failed`: the status was looked up just now and nobody answered. */
export function standingOf(
  { validity, lastStatus }: StoredCredential,
  failed = false,
  now = Date.now(),
): Standing {
  if (lastStatus?.status === 'revoked') return 'revoked'
  if (validity.until !== undefined && validity.until.getTime() <= now) return 'expired'
  if (failed) return 'could-not-check'
  return lastStatus?.status ?? 'not-checked'
}

/** Whether showing it can lead to nothing but a refusal. */
export const isEnded = (document: StoredCredential) => ['revoked', 'expired'].includes(standingOf(document))

const badges: Readonly<Record<Exclude<Standing, 'not-checked'>, Bilingual & { readonly tone: Tone }>> = {
  valid: { th: 'ใช้ได้', en: 'valid', tone: 'ok' },
  suspended: { th: 'ถูกระงับ', en: 'suspended', tone: 'warn' },
  revoked: { th: 'ถูกเพิกถอน', en: 'revoked', tone: 'bad' },
  expired: { th: 'หมดอายุ', en: 'expired', tone: 'bad' },
  'could-not-check': { th: 'ยังตรวจสอบไม่ได้', en: 'could not be checked', tone: 'warn' },
}

interface StandingProps {
  readonly document: StoredCredential
  readonly failed?: boolean
}

export function StandingBadge({ document, failed }: StandingProps) {
  const standing = standingOf(document, failed)
  const until = document.validity.until?.getTime()
  const endsSoon = until !== undefined && until - Date.now() <= soon
  if ((standing === 'valid' || standing === 'not-checked') && endsSoon) {
    return <Badge th="ใกล้หมดอายุ" en="ends soon" tone="warn" about={about} />
  }
  return standing === 'not-checked' ? null : <Badge {...badges[standing]} about={about} />
}

const about: Bilingual = { th: 'สถานะเอกสาร', en: 'Status of the document:' }

/** What it means and what to do, of a document that cannot be used; when its status was last seen. */
export function StandingNotice({ document, failed }: StandingProps) {
  const standing = standingOf(document, failed)
  const { lastStatus, validity } = document
  const issuer = bilingual(document.issuerNames, document.issuer.id)
  const name = { th: issuer.th, en: issuer.en || issuer.th }
  const checked = lastStatus && momentText(lastStatus.checkedAt)
  const when = checked && { th: ` (ตรวจสอบเมื่อ ${checked.th})`, en: ` (checked ${checked.en})` }
  const end = validity.until && lastDayWords(validity.until)
  if (standing === 'revoked') {
    return (
      <Notice
        tone="bad"
        th={`${name.th} เพิกถอนเอกสารนี้แล้ว${when?.th ?? ''}`}
        en={`${name.en} has revoked this document${when?.en ?? ''}`}
      >
        <p>
          <Text
            th={`ใช้แสดงไม่ได้อีก บัตรตัวจริงไม่ถูกเพิกถอนไปด้วย กรุณาติดต่อ${name.th}เพื่อรับเอกสารใหม่ แล้วลบฉบับนี้`}
            en={`It cannot be shown again. Your physical card is not affected by this. Contact ${name.en} for a new one, then delete this one.`}
          />
        </p>
      </Notice>
    )
  }
  if (standing === 'suspended') {
    return (
      <Notice
        tone="warn"
        th={`เอกสารนี้ถูกระงับชั่วคราว${when?.th ?? ''}`}
        en={`This document is suspended${when?.en ?? ''}`}
      >
        <p>
          <Text
            th={`หากท่านแจ้งโทรศัพท์หายและพบแล้ว กรุณาติดต่อ${name.th}เพื่อยกเลิกการระงับ`}
            en={`If you reported your phone lost and have found it, ask ${name.en} to lift the suspension.`}
          />
        </p>
      </Notice>
    )
  }
  if (standing === 'expired' && end) {
    return (
      <Notice
        tone="bad"
        th={`เอกสารดิจิทัลนี้หมดอายุแล้ว ใช้ได้ถึงวันที่ ${end.th}`}
        en={`This digital document has expired: it was valid through ${end.en}`}
      >
        <p>
          <Text th={`กรุณาขอรับใหม่จาก${name.th}`} en={`Ask ${name.en} for a new one.`} />
        </p>
      </Notice>
    )
  }
  if (standing === 'could-not-check') {
    return (
      <Notice tone="warn" th="ยังตรวจสอบสถานะเอกสารไม่ได้" en="The status of this document could not be checked">
        <p>
          <Text
            th={`ระบบของ${name.th}ไม่ตอบ เอกสารของท่านไม่ได้มีปัญหา กรุณาลองใหม่ภายหลัง`}
            en={`The system of ${name.en} does not answer. Nothing is wrong with your document. Try again later.`}
          />
          {lastStatus && (
            <Text
              th={`ครั้งล่าสุดที่ตรวจสอบได้ ${badges[lastStatus.status].th} (${checked?.th})`}
              en={`When it was last checked: ${badges[lastStatus.status].en} (${checked?.en})`}
            />
          )}
        </p>
      </Notice>
    )
  }
  const isSoon = validity.until !== undefined && validity.until.getTime() - Date.now() <= soon
  return (
    <>
      {isSoon && end && (
        <Notice
          tone="warn"
          th={`เอกสารดิจิทัลนี้จะหมดอายุ ใช้ได้ถึงวันที่ ${end.th}`}
          en={`This digital document ends soon: it is valid through ${end.en}`}
        >
          <p>
            <Text th="ขอรับฉบับใหม่ได้ตั้งแต่วันนี้" en="You can ask for a new one now." />
          </p>
        </Notice>
      )}
      {checked && (
        <p class="hint" data-checked>
          <Text th={`ตรวจสอบสถานะครั้งล่าสุด ${checked.th}`} en={`Status last checked ${checked.en}`} />
        </p>
      )}
    </>
  )
}

/** The last day on which a document can be used, on its card. */
export function LastDay({ until }: { readonly until: Date }) {
  const { th, en } = lastDayWords(until)
  return <Text th={`ใช้ได้ถึงวันที่ ${th}`} en={`valid through ${en}`} />
}
