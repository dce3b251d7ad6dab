import type { OfferRecord } from '@ekkasan/issuer'
import {
  type Bilingual,
  Button,
  Countdown,
  Form,
  Notice,
  PageHeading,
  Poll,
  Qr,
  Steps,
  Text,
} from '@ekkasan-examples/ui'
import type { Citizen } from '../registry.ts'
import { Frame, type FrameProps } from './frame.tsx'
import { latinName, Moment, OfferBadge, thaiName } from './words.tsx'

const steps = [
  { th: 'รอผู้ถือสแกน QR', en: 'Waiting for the QR to be scanned' },
  { th: 'กระเป๋าเอกสารกำลังรับ', en: 'The wallet is claiming it' },
  { th: 'ออกเอกสารแล้ว รอกระเป๋ายืนยัน', en: 'Issued, waiting for the wallet to confirm' },
  { th: 'เก็บในกระเป๋าแล้ว', en: 'Kept in the wallet' },
]

const patience = 600_000

/** Whether its state may still change by itself; not every wallet confirms what it keeps. */
export function isOpenOffer({ state, expiresAt }: OfferRecord, now: Date): boolean {
  if (state.state === 'issued') return !state.confirmed && now.getTime() < expiresAt.getTime() + patience
  return state.state === 'offered' || state.state === 'token-issued'
}

/** The part of the page that changes: also what the poll answers with. */
export function OfferProgress({ offer }: { readonly offer: OfferRecord }) {
  const { state } = offer
  if (state.state === 'issued') {
    return (
      <div class="stack">
        <Steps steps={steps} at={state.confirmed ? 4 : 2} />
        {state.confirmed && (
          <Notice tone="ok" th="ผู้ถือได้รับเอกสารแล้ว" en="The holder has received the credential." />
        )}
        {state.issuances.map((id) => (
          <p>
            <a href={`/officer/issuances/${id}`}>
              <Text th="ดูรายการเอกสารที่ออก" en="See the issued credential" inline />
            </a>
          </p>
        ))}
      </div>
    )
  }
  if (state.state === 'offered') return <Steps steps={steps} at={0} />
  if (state.state === 'token-issued') return <Steps steps={steps} at={1} />
  if (state.state === 'expired') {
    return <Notice tone="warn" th="ข้อเสนอหมดเวลาแล้ว" en="The offer has expired before it was claimed." />
  }
  if (state.state === 'locked') {
    return (
      <Notice
        tone="bad"
        th="ข้อเสนอถูกล็อก เพราะใส่รหัสผิดหลายครั้ง"
        en="The offer is locked: the code was typed wrong too often."
      />
    )
  }
  return <Notice tone="warn" th="ข้อเสนอถูกยกเลิกแล้ว" en="The offer was withdrawn." />
}

export function OfferPage(
  props: Pick<FrameProps, 'csrf' | 'officer' | 'flash'> & {
    readonly offer: OfferRecord
    readonly citizen: Citizen | undefined
    readonly document: Bilingual
    /** While it can be claimed. */
    readonly link?: string | undefined
    /** Only on the first view. */
    readonly txCode?: string | undefined
  },
) {
  const { offer, citizen, link, txCode } = props
  const open = isOpenOffer(offer, new Date())
  const claimable = offer.state.state === 'offered' && link !== undefined
  const path = `/officer/offers/${offer.id}`
  return (
    <Frame
      {...props}
      title={{ th: 'ข้อเสนอ', en: 'Offer' }}
      at="search"
      page={open && txCode === undefined ? { refreshWithoutScript: 5 } : {}}
    >
      <PageHeading
        th={citizen ? thaiName(citizen.record) : 'ข้อเสนอ'}
        en={citizen ? latinName(citizen.record) : 'Offer'}
      >
        <p>
          <strong>
            <Text {...props.document} />
          </strong>
        </p>
        <p class="row">
          <OfferBadge state={offer.state.state} />
          {citizen && (
            <a href={`/officer/citizens/${citizen.handle}`}>
              <Text th="ข้อมูลบุคคล" en="This citizen" inline />
            </a>
          )}
        </p>
      </PageHeading>
      {txCode !== undefined && <CodeSlip code={txCode} expiresAt={offer.expiresAt} />}
      <div class="columns">
        {claimable && (
          <section class="panel stack" aria-labelledby="scan">
            <h2 id="scan">
              <Text th="ให้ผู้ถือสแกน QR นี้ด้วยกระเป๋าเอกสาร" en="The holder scans this with the wallet" />
            </h2>
            <Qr
              link={link}
              label={{ th: 'QR ของข้อเสนอ', en: 'QR of the offer' }}
              open={{ th: 'เปิดกระเป๋าในเครื่องนี้', en: 'Open a wallet on this device' }}
              id="offer-link"
            />
            <p>
              <Countdown until={offer.expiresAt} ended={{ th: 'หมดเวลาแล้ว', en: 'the time is over' }} />
            </p>
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
            <Text th="ออกเมื่อ" en="Made" inline /> <Moment at={offer.createdAt} />
          </p>
          {offer.state.state !== 'withdrawn' &&
            !(offer.state.state === 'issued' && offer.state.confirmed) && (
              <div class="stack">
                <details>
                  <summary>
                    <Text th="ผู้ถือรับไม่สำเร็จ" en="The holder could not claim it" inline />
                  </summary>
                  <div class="stack">
                    <p class="muted">
                      <Text
                        th="ข้อเสนอเดิมใช้ไม่ได้อีก และเอกสารที่ออกไปแล้วแต่กระเป๋าไม่ยืนยันจะถูกเพิกถอน"
                        en="The old offer ends, and a credential that no wallet confirmed is revoked."
                      />
                    </p>
                    <Form action={`${path}/replace`} csrf={props.csrf}>
                      <Button th="ออกข้อเสนอใหม่แทน" en="Replace it by a new offer" kind="quiet" wide />
                    </Form>
                    <Form action={`${path}/withdraw`} csrf={props.csrf}>
                      <Button th="ยกเลิกข้อเสนอ" en="Withdraw the offer" kind="danger" wide />
                    </Form>
                  </div>
                </details>
              </div>
            )}
        </section>
      </div>
    </Frame>
  )
}

/** Shown once and apart from the QR: whoever sees the QR alone cannot claim the credential. */
function CodeSlip({ code, expiresAt }: { readonly code: string; readonly expiresAt: Date }) {
  return (
    <section class="panel stack slip" aria-labelledby="code">
      <h2 id="code">
        <Text th="รหัสรับเอกสาร มอบให้ผู้ถือด้วยตนเอง" en="Code for the holder, to be handed over in person" />
      </h2>
      <output class="code-shown" data-tx-code={code}>{`${code.slice(0, 3)} ${code.slice(3)}`}</output>
      <p>
        <Text
          th="แสดงครั้งเดียว อย่าส่งไปพร้อมกับ QR เมื่อโหลดหน้านี้ใหม่จะไม่แสดงอีก"
          en="Shown this once. Do not send it together with the QR; it will be gone when this page is loaded again."
        />
      </p>
      <p class="muted">
        <Text th="ใช้ได้ถึง" en="Valid until" inline /> <Moment at={expiresAt} />
      </p>
      <button class="button quiet no-print" type="button" data-print="slip" hidden>
        <Text th="พิมพ์เฉพาะรหัส" en="Print the code alone" />
      </button>
    </section>
  )
}
