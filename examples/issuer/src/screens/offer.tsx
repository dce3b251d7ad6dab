import type { OfferRecord } from '@ekkasan/issuer'
import {
  type Bilingual,
  Button,
  Countdown,
  Form,
  labelled,
  Moment,
  Notice,
  PageHeading,
  Poll,
  Qr,
  Steps,
  Text,
} from '@ekkasan-examples/ui'
import type { Citizen } from '../registry.ts'
import { Frame, type FrameProps } from './frame.tsx'
import { nameWords, OfferBadge } from './words.tsx'

const steps = [
  { th: 'รอผู้รับสแกนคิวอาร์โค้ด', en: 'Waiting for the scan' },
  { th: 'กำลังส่งเอกสาร', en: 'Being sent' },
  { th: 'ส่งเอกสารแล้ว รอการยืนยันจากกระเป๋าเอกสาร', en: 'Sent, waiting for the wallet to confirm' },
  { th: 'รับเอกสารเรียบร้อย', en: 'Received' },
]

const patience = 600_000

/** Whether its state may still change by itself; not every wallet confirms what it keeps. */
export function isOpenOffer({ state, expiresAt }: OfferRecord, now: Date): boolean {
  if (state.state === 'issued') return !state.confirmed && now.getTime() < expiresAt.getTime() + patience
  return state.state === 'offered' || state.state === 'token-issued'
}

/** The part of the page that changes: also what the poll answers with. */
export function OfferProgress({ offer }: { readonly offer: OfferRecord }) {
  return (
    <div class="stack">
      <p>
        <OfferBadge state={offer.state} />
      </p>
      <StateOf offer={offer} />
    </div>
  )
}

function StateOf({ offer: { state } }: { readonly offer: OfferRecord }) {
  if (state.state === 'issued') {
    return (
      <>
        <Steps steps={steps} at={state.confirmed ? 4 : 2} />
        {state.confirmed ? (
          <Notice tone="ok" th="ผู้รับได้รับเอกสารแล้ว" en="The person has received the document." />
        ) : (
          <Notice
            tone="info"
            th="ส่งเอกสารแล้ว แต่กระเป๋าเอกสารยังไม่ยืนยัน"
            en="Sent, but the wallet has not confirmed."
          >
            <p>
              <Text
                th='ถามผู้รับว่าเห็นเอกสารใน "เอกสารของฉัน" หรือไม่ หากไม่เห็น ออกคิวอาร์โค้ดใหม่ (ฉบับที่ส่งไปจะถูกเพิกถอน)'
                en="Ask whether the document is there; if not, make a new QR code (the one sent is revoked)."
              />
            </p>
          </Notice>
        )}
        {state.issuances.map((id) => (
          <p>
            <a href={`/officer/issuances/${id}`}>
              <Text th="ดูรายการเอกสารที่ออก" en="See the issued document" inline />
            </a>
          </p>
        ))}
      </>
    )
  }
  if (state.state === 'offered') return <Steps steps={steps} at={0} />
  if (state.state === 'token-issued') return <Steps steps={steps} at={1} />
  if (state.state === 'expired') {
    return (
      <Notice tone="warn" th="คิวอาร์โค้ดหมดเวลาแล้ว ยังไม่มีผู้รับเอกสาร" en="The QR code has expired unused.">
        <p>
          <Text
            th='กด "ออกคิวอาร์โค้ดใหม่" หากผู้รับยังอยู่ที่จุดบริการ'
            en="Make a new one if the person is still here."
          />
        </p>
      </Notice>
    )
  }
  if (state.state === 'locked') {
    return (
      <Notice tone="bad" th="คิวอาร์โค้ดถูกล็อก เพราะมีการใส่รหัสผิดครบ 5 ครั้ง" en="Locked after 5 wrong codes.">
        <p>
          <Text
            th="ตรวจสอบว่าผู้สแกนเป็นผู้รับตัวจริงก่อนออกใหม่"
            en="Before you make a new one, make sure that it was the right person who scanned."
          />
        </p>
      </Notice>
    )
  }
  return <Notice tone="warn" th="ยกเลิกคิวอาร์โค้ดแล้ว" en="The QR code was cancelled." />
}

export function OfferPage(
  props: Pick<FrameProps, 'csrf' | 'officer' | 'flash'> & {
    readonly offer: OfferRecord
    readonly citizen: Citizen | undefined
    readonly document: Bilingual
    /** While it can be claimed. */
    readonly link?: string | undefined
    /** The code was not shown yet; it is never on the page of the QR. */
    readonly hasCode: boolean
  },
) {
  const { offer, citizen, link, hasCode } = props
  const open = isOpenOffer(offer, new Date())
  const claimable = offer.state.state === 'offered' && link !== undefined
  const path = `/officer/offers/${offer.id}`
  return (
    <Frame
      {...props}
      title={{ th: 'คิวอาร์โค้ดรับเอกสาร', en: 'QR code to receive a document' }}
      at="search"
      page={open ? { refreshWithoutScript: 5 } : {}}
    >
      <OfferHeading citizen={citizen} document={props.document} />
      <div class="columns">
        {claimable && (
          <section class="panel stack" aria-labelledby="scan">
            <h2 id="scan">
              <Text
                th="ขั้นที่ 1 ให้ผู้รับสแกนคิวอาร์โค้ดนี้ด้วยกระเป๋าเอกสาร"
                en="Step 1: the person scans this with the wallet"
              />
            </h2>
            <Qr
              link={link}
              label={qrLabel(props.document, citizen)}
              open={{ th: 'เปิดกระเป๋าเอกสารในเครื่องนี้', en: 'Open a wallet on this device' }}
              id="offer-link"
            />
            <p>
              <Countdown until={offer.expiresAt} ended={{ th: 'หมดเวลาแล้ว', en: 'the time is over' }} />
            </p>
          </section>
        )}
        <div class="stack">
          {claimable && (
            <section class="panel stack no-print" aria-labelledby="give-code">
              <h2 id="give-code">
                <Text th="ขั้นที่ 2 แจ้งรหัสรับเอกสาร 6 หลักแก่ผู้รับ" en="Step 2: tell the person the 6-digit code" />
              </h2>
              {hasCode ? (
                <>
                  <p>
                    <Text
                      th="รหัสอยู่คนละหน้ากับคิวอาร์โค้ด และแสดงเพียงครั้งเดียว เมื่อผู้รับสแกนแล้ว กดปุ่มนี้แล้วแจ้งรหัสแก่ผู้รับโดยตรง"
                      en="The code is on a page of its own, apart from the QR code, and is shown once. When the person has scanned, press this and tell the person the code directly."
                    />
                  </p>
                  <Form action={`${path}/code`} csrf={props.csrf}>
                    <Button th="แสดงรหัสรับเอกสาร" en="Show the code" wide />
                  </Form>
                </>
              ) : (
                <p class="muted">
                  <Text
                    th="แสดงรหัสไปแล้ว หากผู้รับไม่ได้รับรหัส ออกคิวอาร์โค้ดใหม่"
                    en="The code was shown already. If the person did not get it, make a new QR code."
                  />
                </p>
              )}
            </section>
          )}
          <section class="panel stack" aria-labelledby="progress">
            <h2 id="progress">
              <Text th="ความคืบหน้า" en="Progress" />
            </h2>
            <Poll url={`${path}/state?was=${offer.state.state}`} done={!open}>
              <OfferProgress offer={offer} />
            </Poll>
            <noscript>
              <p>
                <a href={path}>
                  <Text th="ดูสถานะล่าสุด" en="Look at the present state" inline />
                </a>
              </p>
            </noscript>
            <p class="muted">
              <Text th="ออกคิวอาร์โค้ดเมื่อวันที่" en="QR code made" inline /> <Moment at={offer.createdAt} />
            </p>
            {offer.state.state !== 'withdrawn' &&
              !(offer.state.state === 'issued' && offer.state.confirmed) && (
                <div class="stack">
                  <details>
                    <summary>
                      <Text th="ผู้รับรับเอกสารไม่ได้" en="The person could not receive it" inline />
                    </summary>
                    <div class="stack">
                      <p class="muted">
                        <Text
                          th="คิวอาร์โค้ดเดิมจะใช้ไม่ได้อีก และเอกสารที่ส่งไปแล้วแต่ยังไม่ได้รับการยืนยันจะถูกเพิกถอน"
                          en="The old QR code ends, and a document that was sent and not confirmed is revoked."
                        />
                      </p>
                      <Form action={`${path}/replace`} csrf={props.csrf}>
                        <Button th="ออกคิวอาร์โค้ดใหม่" en="New QR code" kind="quiet" wide />
                      </Form>
                      <Form action={`${path}/withdraw`} csrf={props.csrf}>
                        <Button th="ยกเลิกคิวอาร์โค้ด" en="Cancel the QR code" kind="danger" wide />
                      </Form>
                    </div>
                  </details>
                </div>
              )}
          </section>
        </div>
      </div>
    </Frame>
  )
}

function OfferHeading(props: { readonly citizen: Citizen | undefined; readonly document: Bilingual }) {
  const { citizen, document } = props
  const name = citizen && nameWords(citizen.record)
  return (
    <PageHeading {...(name ?? { th: 'คิวอาร์โค้ดรับเอกสาร', en: 'QR code to receive a document' })}>
      <p>
        <strong>
          <Text {...document} />
        </strong>
      </p>
      {citizen && name && (
        <p>
          <a href={`/officer/citizens/${citizen.handle}`}>
            <Text th={`ดูข้อมูลของ ${name.th}`} en={`See the data of ${name.en}`} inline />
          </a>
        </p>
      )}
    </PageHeading>
  )
}

function qrLabel(document: Bilingual, citizen: Citizen | undefined): Bilingual {
  const name = citizen && nameWords(citizen.record)
  return {
    th: `คิวอาร์โค้ดรับเอกสาร ${document.th}${name ? ` ของ ${name.th}` : ''}`,
    en: `QR code to receive: ${document.en}${name ? ` of ${name.en}` : ''}`,
  }
}

/**
 * The transaction code on a page and a print of its own, once: whoever sees or photographs the QR alone cannot receive
 * the document.
 */
export function CodePage(
  props: Pick<FrameProps, 'csrf' | 'officer'> & {
    readonly offer: OfferRecord
    readonly citizen: Citizen | undefined
    readonly document: Bilingual
    /** Absent once it was shown. */
    readonly txCode: string | undefined
  },
) {
  const { offer, citizen, txCode } = props
  const path = `/officer/offers/${offer.id}`
  const heading = { th: 'รหัสรับเอกสาร 6 หลัก', en: '6-digit receiving code' }
  return (
    <Frame {...props} title={heading} at="search" page={{ narrow: true }}>
      <OfferHeading citizen={citizen} document={props.document} />
      {txCode === undefined ? (
        <Notice
          tone="warn"
          th="แสดงรหัสไปแล้ว จึงแสดงอีกไม่ได้"
          en="The code was shown already and cannot be shown again."
        >
          <p>
            <Text
              th="หากผู้รับไม่ได้รับรหัส กลับไปที่หน้าคิวอาร์โค้ดแล้วออกใหม่"
              en="If the person did not get it, go back to the QR code and make a new one."
            />
          </p>
        </Notice>
      ) : (
        <section class="panel stack slip" aria-labelledby="code">
          <h2 id="code">
            <Text th="รหัสรับเอกสาร 6 หลัก แจ้งแก่ผู้รับโดยตรง" en="6-digit code: tell it to the person directly" />
          </h2>
          <output
            class="code-shown"
            data-tx-code={txCode}
            {...labelled({
              th: `รหัสรับเอกสาร ${[...txCode].join(' ')}`,
              en: `Receiving code ${[...txCode].join(' ')}`,
            })}
          >
            {`${txCode.slice(0, 3)}\u00a0${txCode.slice(3)}`}
          </output>
          <p>
            <Text
              th="แสดงเพียงครั้งเดียว หากปิดหรือโหลดหน้านี้ใหม่จะไม่แสดงอีก ห้ามส่งรหัสไปพร้อมกับคิวอาร์โค้ด"
              en="Shown once: it is gone when this page is closed or loaded again. Do not send it together with the QR code."
            />
          </p>
          <p class="muted">
            <Countdown until={offer.expiresAt} ended={{ th: 'หมดเวลาแล้ว', en: 'the time is over' }} />
          </p>
          <button class="button quiet no-print" type="button" data-print="slip" hidden>
            <Text th="พิมพ์เฉพาะรหัส" en="Print the code alone" />
          </button>
        </section>
      )}
      <Button href={path} kind="quiet" wide th="กลับไปดูความคืบหน้า" en="Back to the progress" />
    </Frame>
  )
}
