import { EkkasanError, RejectedError, UnavailableError } from '@ekkasan/core'
import type { Bilingual } from '@ekkasan-examples/ui/parts'

/** What went wrong, and what the person can do now. */
export interface Problem extends Bilingual {
  readonly advice: Bilingual
  /** For those who help; holds nothing personal. */
  readonly code?: string
}

const say = (th: string, en: string, adviceTh: string, adviceEn: string): Problem => ({
  th,
  en,
  advice: { th: adviceTh, en: adviceEn },
})

const again: Bilingual = { th: 'ลองใหม่อีกครั้ง', en: 'Try again.' }

// By the beginning of a code: the longest that fits speaks.
const problems: Readonly<Record<string, Problem>> = {
  'openid4vc.offer': say(
    'ลิงก์นี้ไม่ใช่ข้อเสนอที่ใช้ได้',
    'This link is not an offer that can be used',
    'ขอ QR หรือลิงก์ใหม่จากหน่วยงานผู้ออกเอกสาร',
    'Ask the issuer for a new QR or link.',
  ),
  'openid4vc.issuer-metadata': say(
    'ผู้ออกเอกสารตอบข้อมูลที่กระเป๋าไม่เข้าใจ',
    'The issuer answers what the wallet does not understand',
    'แจ้งหน่วยงานผู้ออกเอกสาร',
    'Tell the issuer.',
  ),
  'openid4vc.request': say(
    'คำขอนี้ไม่ถูกต้อง กระเป๋าไม่ส่งอะไรออกไป',
    'This request is not acceptable; nothing was sent',
    'ขอ QR หรือลิงก์ใหม่จากผู้ขอตรวจ',
    'Ask for a new QR or link.',
  ),
  'openid4vc.request.expired': say(
    'คำขอนี้หมดเวลาแล้ว',
    'This request has expired',
    'ขอ QR หรือลิงก์ใหม่จากผู้ขอตรวจ',
    'Ask for a new QR or link.',
  ),
  'openid4vc.request.signature': say(
    'พิสูจน์ไม่ได้ว่าใครเป็นผู้ขอ กระเป๋าไม่ส่งอะไรออกไป',
    'It is not proven who asks; nothing was sent',
    'อย่าแสดงเอกสารให้ผู้ขอรายนี้',
    'Do not show documents to this party.',
  ),
  'wallet.offer': say(
    'กระเป๋านี้ยังรับเอกสารชนิดที่เสนอไม่ได้',
    'This wallet cannot receive the document offered',
    'แจ้งหน่วยงานผู้ออกเอกสาร',
    'Tell the issuer.',
  ),
  'wallet.receive.refused': say(
    'ผู้ออกเอกสารไม่ออกเอกสารให้',
    'The issuer did not issue the document',
    'ติดต่อหน่วยงานผู้ออกเอกสาร',
    'Contact the issuer.',
  ),
  'wallet.receive.deferred': say(
    'เอกสารยังไม่พร้อม',
    'The document is not ready yet',
    'ขอ QR ใหม่ภายหลัง',
    'Ask for a new QR later.',
  ),
  'wallet.fetch': say(
    'อีกฝ่ายตอบมาไม่ถูกต้อง',
    'The other side did not answer as it should',
    'ขอ QR หรือลิงก์ใหม่ ถ้ายังไม่ได้ให้แจ้งหน่วยงาน',
    'Ask for a new QR or link; if that does not help, tell the agency.',
  ),
  'wallet.fetch.unavailable': say(
    'ติดต่ออีกฝ่ายไม่ได้',
    'The other side cannot be reached',
    'ตรวจอินเทอร์เน็ตแล้วลองใหม่',
    'Check the internet connection and try again.',
  ),
  'core.resolve.unavailable': say(
    'ติดต่ออีกฝ่ายไม่ได้',
    'The other side cannot be reached',
    'ตรวจอินเทอร์เน็ตแล้วลองใหม่',
    'Check the internet connection and try again.',
  ),
  'wallet.credential.unknown': say(
    'ไม่มีเอกสารนี้ในกระเป๋าแล้ว',
    'This document is no longer in the wallet',
    'เริ่มใหม่จากหน้าเอกสาร',
    'Start again from the documents.',
  ),
  'wallet.present.untrusted': say(
    'ผู้ขอไม่อยู่ในรายชื่อที่เชื่อถือ กระเป๋าไม่ส่งอะไรออกไป',
    'The party that asks is not trusted; nothing was sent',
    'อย่าแสดงเอกสารให้ผู้ขอรายนี้',
    'Do not show documents to this party.',
  ),
  'wallet.present.refused': say(
    'ผู้ขอไม่รับเอกสารที่แสดง',
    'The party that asked did not accept the document',
    'ถามเหตุผลจากผู้ขอ เอกสารอาจถูกเพิกถอนหรือหมดอายุ',
    'Ask why: the document may be revoked or have expired.',
  ),
  'wallet.present.unavailable': say(
    'ผู้ขอยังตรวจเอกสารไม่ได้ในขณะนี้',
    'The document could not be checked just now',
    'ลองแสดงอีกครั้งได้',
    'You can show it once more.',
  ),
}

/** After a wrong code, or with an offer that is used up: the wallet is told no more than that. */
export const codeProblem = say(
  'รหัสไม่ถูกต้อง หรือข้อเสนอหมดอายุ',
  'The code is wrong, or the offer has expired',
  'ข้อเสนอยังอยู่ ตรวจรหัสแล้วใส่ใหม่ ถ้ายังไม่ได้ให้ขอข้อเสนอใหม่จากเจ้าหน้าที่',
  'The offer is still here: check the code and enter it again. If that does not help, ask for a new offer.',
)

export const linkProblem = say(
  'ไม่ใช่ลิงก์ของกระเป๋าเอกสาร',
  'This is not a link for a wallet',
  'ลิงก์ขึ้นต้นด้วย openid-credential-offer:// หรือ openid4vp://',
  'Such links begin with openid-credential-offer:// or openid4vp://',
)

const rejected = say(
  'เอกสารที่ได้รับไม่ผ่านการตรวจ จึงไม่เก็บไว้',
  'The document received did not pass the checks and was not kept',
  'แจ้งหน่วยงานผู้ออกเอกสาร',
  'Tell the issuer.',
)

const unforeseen: Problem = { th: 'เกิดข้อผิดพลาด', en: 'Something went wrong', advice: again }

export function problemOf(error: unknown): Problem {
  if (!(error instanceof EkkasanError)) return unforeseen
  const { code } = error
  if (error instanceof RejectedError) return { ...rejected, code }
  if (error instanceof UnavailableError) return { ...known('core.resolve.unavailable'), code }
  return { ...known(code), code }
}

function known(code: string): Problem {
  for (let name = code; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const problem = problems[name]
    if (problem) return problem
  }
  return unforeseen
}
