import { EkkasanError, RejectedError, UnavailableError } from '@ekkasan/core'
import { type Bilingual, momentText } from '@ekkasan-examples/ui/parts'
import type { ClockFault } from './device-clock.ts'

/** What went wrong, and what the person can do now. */
export interface Problem extends Bilingual {
  readonly advice: Bilingual
  /** The way on, beside going back to the documents. */
  readonly next?: 'retry' | 'scan' | { readonly document: string }
  /** For those who help; holds nothing personal. */
  readonly code?: string
}

const say = (
  th: string,
  en: string,
  adviceTh: string,
  adviceEn: string,
  next?: 'retry' | 'scan',
): Problem => ({
  th,
  en,
  advice: { th: adviceTh, en: adviceEn },
  ...(next && { next }),
})

/** Whoever a text names: its name, else what it is. */
export interface Named {
  /** The verifier or the issuer of the step under way. */
  readonly name: Bilingual
}

export const anyIssuer: Bilingual = { th: 'ผู้ออกเอกสาร', en: 'the issuer' }
export const anyVerifier: Bilingual = { th: 'ผู้ตรวจสอบเอกสาร', en: 'the verifier' }

// By the beginning of a code: the longest that fits speaks.
const problems: Readonly<Record<string, (named: Named) => Problem>> = {
  'openid4vc.offer': () =>
    say(
      'คิวอาร์โค้ดหรือลิงก์นี้ใช้รับเอกสารไม่ได้',
      'This QR code or link cannot be used to receive a document',
      'กรุณาขอคิวอาร์โค้ดใหม่จากเจ้าหน้าที่',
      'Ask the officer for a new one.',
      'scan',
    ),
  'openid4vc.issuer-metadata': () =>
    say(
      'กระเป๋าเอกสารนี้ใช้กับระบบของผู้ออกเอกสารรายนี้ไม่ได้',
      'This wallet does not work with this issuer’s system',
      'กรุณาแจ้งเจ้าหน้าที่ พร้อมรหัสข้อผิดพลาดด้านล่าง',
      'Tell the officer, with the error code below.',
    ),
  'openid4vc.request': () =>
    say(
      'คำขอดูข้อมูลนี้ไม่ถูกต้อง กระเป๋าเอกสารไม่ได้ส่งข้อมูลใด ๆ',
      'This request is not valid. Nothing was sent',
      'กรุณาขอคิวอาร์โค้ดใหม่จากเจ้าหน้าที่',
      'Ask for a new QR code.',
      'scan',
    ),
  'openid4vc.request.expired': () => expiredRequest,
  'openid4vc.request.signature': () =>
    say(
      'ตรวจสอบไม่ได้ว่าใครเป็นผู้ขอดูข้อมูล ไม่ได้ส่งข้อมูลใด ๆ',
      'It cannot be checked who asks. Nothing was sent',
      'กรุณาอย่าแสดงเอกสาร และสอบถามเจ้าหน้าที่',
      'Do not show documents; ask the staff.',
    ),
  'wallet.offer': () =>
    say(
      'กระเป๋าเอกสารนี้ไม่รองรับเอกสารชนิดนี้',
      'This wallet does not support this kind of document',
      'กรุณาแจ้งเจ้าหน้าที่ พร้อมรหัสข้อผิดพลาดด้านล่าง',
      'Tell the officer, with the error code below.',
    ),
  'wallet.offer.untrusted': () => untrustedIssuer,
  'wallet.receive.refused': () =>
    say(
      'ออกเอกสารไม่สำเร็จ',
      'The document could not be issued',
      'กรุณาตรวจวันที่และเวลาของโทรศัพท์ว่าตรงหรือไม่ แล้วขอคิวอาร์โค้ดใหม่จากเจ้าหน้าที่',
      'Check the date and time of your phone, then ask the officer for a new QR code.',
      'scan',
    ),
  'wallet.receive.deferred': () =>
    say(
      'ผู้ออกเอกสารยังดำเนินการไม่เสร็จ',
      'The issuer is not finished',
      'กรุณาติดต่อเจ้าหน้าที่เพื่อรับคิวอาร์โค้ดใหม่เมื่อเอกสารพร้อม',
      'Ask for a new QR code when the document is ready.',
    ),
  'wallet.fetch.invalid': ({ name }) =>
    say(
      `ระบบของ${name.th}ตอบไม่ถูกต้อง`,
      `The system of ${name.en} does not answer as it should`,
      'ไม่ได้ส่งข้อมูลใด ๆ กรุณาแจ้งเจ้าหน้าที่ พร้อมรหัสข้อผิดพลาดด้านล่าง',
      'Nothing was sent. Tell the staff, with the error code below.',
      'retry',
    ),
  'wallet.fetch.unavailable': (named) => silent(named),
  'core.resolve.unavailable': (named) => silent(named),
  'wallet.credential.unknown': () =>
    say(
      'เอกสารนี้ถูกลบออกจากกระเป๋าเอกสารแล้ว',
      'This document was deleted from the wallet',
      'กรุณากลับไปที่หน้า "เอกสารของฉัน"',
      'Go back to “My documents”.',
    ),
  'wallet.present.untrusted': () =>
    say(
      'ผู้ตรวจสอบเอกสารไม่อยู่ในรายชื่อที่เชื่อถือได้ ไม่ได้ส่งข้อมูลใด ๆ',
      'The verifier is not on the trusted list. Nothing was sent',
      'กรุณาอย่าแสดงเอกสาร และสอบถามเจ้าหน้าที่',
      'Do not show documents; ask the staff.',
    ),
  'wallet.present.refused': ({ name }) =>
    say(
      `เอกสารนี้ไม่ผ่านการตรวจสอบของ${name.th}`,
      `${capital(name.en)} did not accept this document`,
      'เอกสารอาจถูกระงับ ถูกเพิกถอน หรือหมดอายุ กรุณาสอบถามเจ้าหน้าที่ ณ จุดบริการ หรือติดต่อผู้ออกเอกสาร ระหว่างนี้ใช้บัตรตัวจริงได้',
      'It may be suspended, revoked or expired. Ask at the counter, or contact the issuer. You can use your physical card.',
    ),
  'wallet.present.unavailable': ({ name }) =>
    say(
      `ส่งข้อมูลแล้ว แต่${name.th}ยังตรวจสอบสถานะเอกสารไม่ได้`,
      `Sent, but ${name.en} cannot check the document’s status at present`,
      'เอกสารของท่านไม่ได้มีปัญหา กรุณารอสักครู่แล้วกด "ส่งอีกครั้ง" หรือแสดงบัตรตัวจริง',
      'Nothing is wrong with your document. Wait a moment and press “Send again”, or show the physical card.',
    ),
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const silent = ({ name }: Named): Problem =>
  say(
    `ระบบของ${name.th}ไม่ตอบในขณะนี้`,
    `The system of ${name.en} does not answer at present`,
    'ไม่ได้ส่งข้อมูลใด ๆ กรุณาลองใหม่ในอีกสักครู่ หากยังไม่ได้ กรุณาแจ้งเจ้าหน้าที่ หรือใช้บัตรตัวจริง',
    'Nothing was sent. Try again in a moment; if it stays, tell the staff or use the physical card.',
    'retry',
  )

export const offline = say(
  'โทรศัพท์ไม่ได้เชื่อมต่ออินเทอร์เน็ต',
  'Your phone is not connected to the internet',
  'ไม่ได้ส่งข้อมูลใด ๆ เอกสารในกระเป๋าเอกสารยังอยู่ครบ เปิดอินเทอร์เน็ตมือถือหรือ Wi-Fi แล้วกด "ลองใหม่"',
  'Nothing was sent; your documents are all there. Switch on mobile data or Wi-Fi and press “Try again”.',
  'retry',
)

/** The connection broke while an answer was on its way. */
export const perhapsSent = say(
  'ไม่ทราบว่าส่งข้อมูลสำเร็จหรือไม่',
  'It is not known whether the data arrived',
  'การเชื่อมต่อขาดระหว่างส่ง กรุณาถามเจ้าหน้าที่ว่าได้รับแล้วหรือยัง ก่อนลองใหม่',
  'The connection broke while sending. Ask the staff before you try again.',
)

/** Names the fault of this device's clock, which others would tell as a refusal. */
export function clockProblem({ device, actual }: ClockFault): Problem {
  const [shown, real] = [momentText(device), momentText(actual)]
  return say(
    'วันที่หรือเวลาของโทรศัพท์ไม่ตรง',
    'Your phone’s date or time is wrong',
    `โทรศัพท์แสดง ${shown.th} เวลาจริง ${real.th} จึงดำเนินการต่อไม่ได้ เปิด "การตั้งค่า" ของโทรศัพท์ เลือก "วันที่และเวลา" แล้วเปิด "ตั้งเวลาอัตโนมัติ" จากนั้นสแกนใหม่`,
    `It says ${shown.en}; it is ${real.en}. Open Settings, Date and time, switch on “Set automatically”, then scan again.`,
    'scan',
  )
}

export const untrustedIssuer = say(
  'ผู้ออกเอกสารไม่อยู่ในรายชื่อที่เชื่อถือได้',
  'The issuer is not on the trusted list',
  'กระเป๋าเอกสารจึงไม่รับเอกสารนี้ และไม่ได้ส่งข้อมูลใด ๆ กรุณาตรวจว่าสแกนคิวอาร์โค้ดของหน่วยงานจริง หากสงสัย สอบถามเจ้าหน้าที่',
  'The document was not received and nothing was sent. Make sure that the QR code is really the agency’s; if in doubt, ask the staff.',
)

export const linkProblem = say(
  'ลิงก์นี้ใช้กับกระเป๋าเอกสารไม่ได้',
  'This link does not work here',
  'กรุณาตรวจว่าคัดลอกมาครบทั้งลิงก์ หรือขอคิวอาร์โค้ดใหม่',
  'Check that you copied all of it, or ask for a new QR code.',
)

const expiredRequest = say(
  'คำขอดูข้อมูลหมดเวลาแล้ว',
  'The request has expired',
  'ไม่ได้ส่งข้อมูลใด ๆ กรุณาขอให้เจ้าหน้าที่ออกคิวอาร์โค้ดใหม่ หากเพิ่งสแกน กรุณาตรวจวันที่และเวลาของโทรศัพท์',
  'Nothing was sent. Ask for a new QR code. If it was just made, check the date and time of your phone.',
  'scan',
)

const answeredRequest = say(
  'ตอบคำขอนี้ไปแล้ว',
  'This request was already answered',
  'หากเจ้าหน้าที่ยังไม่เห็นผล กรุณาขอคิวอาร์โค้ดใหม่',
  'If the counter sees nothing, ask for a new QR code.',
  'scan',
)

/** A request that is over; `reason` in the verifier's words, `answered` where this wallet answered it. */
export function endedRequest(reason: string | undefined, answered: boolean): Problem {
  if (answered || /(answered|used|responded)$/.test(reason ?? '')) return answeredRequest
  if (/expired$/.test(reason ?? '')) return expiredRequest
  return say(
    'คำขอดูข้อมูลนี้ใช้ไม่ได้แล้ว',
    'This request can no longer be used',
    'อาจหมดเวลา หรือมีผู้ตอบไปแล้ว ไม่ได้ส่งข้อมูลใด ๆ กรุณาขอให้เจ้าหน้าที่ออกคิวอาร์โค้ดใหม่',
    'It has expired or was answered. Nothing was sent. Ask for a new QR code.',
    'scan',
  )
}

const endedOffers: Readonly<Record<string, Problem>> = {
  used: say(
    'คิวอาร์โค้ดนี้ถูกใช้ไปแล้ว',
    'This QR code was used',
    'เอกสารถูกรับด้วยเครื่องอื่น หากท่านไม่ได้เป็นผู้รับ กรุณาแจ้งเจ้าหน้าที่ทันที เพื่อเพิกถอนเอกสารและออกให้ใหม่',
    'The document was received on another device. If that was not you, tell the officer at once: the document will be revoked and issued again.',
  ),
  expired: say(
    'คิวอาร์โค้ดหมดเวลาแล้ว',
    'The QR code has expired',
    'คิวอาร์โค้ดรับเอกสารใช้ได้ในเวลาจำกัด ยังไม่มีการออกเอกสาร กรุณาขอคิวอาร์โค้ดและรหัสใหม่จากเจ้าหน้าที่',
    'It works for a short time only; nothing was issued. Ask the officer for a new QR code and code.',
    'scan',
  ),
  replaced: say(
    'คิวอาร์โค้ดนี้ถูกแทนด้วยอันใหม่แล้ว',
    'This QR code was replaced',
    'เจ้าหน้าที่ออกคิวอาร์โค้ดและรหัสชุดใหม่ให้ท่านแล้ว กรุณาสแกนคิวอาร์โค้ดอันใหม่ และใช้รหัสใหม่เท่านั้น',
    'The officer has made a new QR code and a new code. Scan the new one and use the new code only.',
    'scan',
  ),
  withdrawn: say(
    'เจ้าหน้าที่ยกเลิกรายการนี้แล้ว',
    'The officer cancelled this',
    'ยังไม่มีการออกเอกสาร หากยังต้องการรับเอกสาร กรุณาติดต่อเจ้าหน้าที่',
    'Nothing was issued. If you still want the document, ask the officer.',
  ),
  locked: say(
    'ใส่รหัสผิดครบ 5 ครั้ง คิวอาร์โค้ดถูกล็อกเพื่อความปลอดภัย',
    'Wrong code 5 times: the QR code is locked for safety',
    'ยังไม่มีการออกเอกสาร กรุณาขอคิวอาร์โค้ดและรหัสใหม่จากเจ้าหน้าที่ โดยแสดงบัตรตัวจริง',
    'Nothing was issued. Ask the officer for a new QR code and code, and show your physical card.',
  ),
}

const endedOffer = say(
  'คิวอาร์โค้ดนี้ใช้ไม่ได้แล้ว',
  'This QR code can no longer be used',
  'อาจหมดเวลา ถูกใช้ไปแล้ว หรือมีอันใหม่แทน กรุณาดูที่หน้า "เอกสารของฉัน" ก่อน หากยังไม่มีเอกสาร กรุณาขอคิวอาร์โค้ดใหม่จากเจ้าหน้าที่',
  'It has expired, was used, or was replaced. Look under “My documents” first; if the document is not there, ask the officer for a new QR code.',
  'scan',
)

/** Wrong codes after which the reference issuer locks an offer; the issuer itself says when it did. */
export const codeLimit = 5

/** An offer that is over; `reason` in the issuer's words, `received` the document that came of it here. */
export function endedOfferProblem(
  reason: string | undefined,
  { received, wrongCodes = 0 }: { readonly received?: string; readonly wrongCodes?: number },
): Problem {
  if (received !== undefined) {
    const already = say(
      'รับเอกสารนี้ไปแล้ว',
      'Already received',
      'คิวอาร์โค้ดนี้ใช้ได้ครั้งเดียวและใช้ไปแล้ว เอกสารอยู่ในหน้า "เอกสารของฉัน"',
      'This QR code works once and has been used. Your document is under “My documents”.',
    )
    return { ...already, next: { document: received } }
  }
  const word = /(?:^|[_.-])(used|redeemed|claimed|expired|replaced|withdrawn|locked)$/.exec(reason ?? '')?.[1]
  const known = word === 'redeemed' || word === 'claimed' ? 'used' : word
  if (known !== undefined) return endedOffers[known] ?? endedOffer
  return wrongCodes >= codeLimit ? (endedOffers.locked ?? endedOffer) : endedOffer
}

/** After the n-th wrong code of an offer that can still be redeemed. */
export function wrongCodeProblem(count: number): Problem {
  return say(
    'รหัสรับเอกสารไม่ถูกต้อง',
    'The code is not right',
    `ใส่ผิดแล้ว ${count} ครั้ง ครบ ${codeLimit} ครั้งคิวอาร์โค้ดจะถูกล็อก กรุณาตรวจรหัสกับเจ้าหน้าที่แล้วใส่ใหม่`,
    `${count} wrong so far; after ${codeLimit} the QR code is locked. Check the code with the officer and enter it again.`,
  )
}

const rejected = say(
  'เอกสารที่ได้รับไม่ผ่านการตรวจสอบ จึงไม่ได้บันทึกไว้',
  'The document received did not pass the checks and was not kept',
  'กรุณาแจ้งเจ้าหน้าที่ พร้อมรหัสข้อผิดพลาดด้านล่าง',
  'Tell the officer, with the error code below.',
)

const unforeseen = say(
  'เกิดข้อขัดข้อง',
  'Something went wrong',
  'กรุณาลองใหม่ หากยังไม่ได้ กรุณาแจ้งเจ้าหน้าที่พร้อมรหัสข้อผิดพลาด',
  'Try again; if it stays, tell the staff the error code.',
  'retry',
)

export function problemOf(error: unknown, name: Bilingual = anyIssuer): Problem {
  if (!(error instanceof EkkasanError)) return unforeseen
  const { code } = error
  if (error instanceof RejectedError) return { ...rejected, code }
  if (error instanceof UnavailableError) return { ...silent({ name }), code }
  return { ...known(code, { name }), code }
}

function known(code: string, named: Named): Problem {
  for (let name = code; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const problem = problems[name]
    if (problem) return problem(named)
  }
  return unforeseen
}
