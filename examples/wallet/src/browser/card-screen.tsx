import { type StoredCredential, WalletError } from '@ekkasan/wallet'
import { CheckList, Day, Facts, formatWords, issuerWords, Notice, Text } from '@ekkasan-examples/ui/parts'
import { useEffect, useState } from 'hono/jsx/dom'
import { describeReceived } from '../received-check.ts'
import { bilingual, isShownWhole, leavesOf, namesOf } from './claims.ts'
import { DocumentCard } from './document-card.tsx'
import type { OpenedWallet } from './open-wallet.ts'
import { problemOf } from './problems.ts'
import { goTo } from './route.ts'
import { Said } from './said.tsx'
import { Act, Busy, Failure, Heading, useLoaded } from './screen.tsx'
import { isEnded, StandingNotice } from './standing.tsx'
import { StatusPanel, useStatusLook } from './status-panel.tsx'

/** One document with all that it says. */
export function CardScreen(props: {
  readonly wallet: OpenedWallet
  readonly id: string
  readonly fresh: boolean
}) {
  const { wallet, id, fresh } = props
  const [loaded, reload] = useLoaded(() => wallet.credentials(), id, true)
  if (loaded.state === 'loading') return <Busy th="กำลังเปิดเอกสาร" en="Opening the document" />
  const document = loaded.state === 'loaded' ? loaded.value.find((one) => one.id === id) : undefined
  if (!document) {
    const gone = new WalletError('wallet.credential.unknown', 'no such document')
    const problem = problemOf(loaded.state === 'failed' ? loaded.error : gone)
    return <Failure problem={problem} />
  }
  return <Card wallet={wallet} document={document} fresh={fresh} onLooked={reload} />
}

function Card(props: {
  readonly wallet: OpenedWallet
  readonly document: StoredCredential
  readonly fresh: boolean
  readonly onLooked: () => void
}) {
  const { wallet, document, fresh, onLooked } = props
  const status = useStatusLook(wallet, [document], onLooked)
  const failed = status.failed.has(document.id)
  return (
    <>
      {fresh ? (
        <>
          <Heading th="ได้รับเอกสารแล้ว" en="Document received" />
          <Notice
            tone="ok"
            announce
            th="รับเอกสารเรียบร้อย เก็บไว้ในเครื่องนี้แล้ว"
            en="The document was received and is kept on this device."
          />
        </>
      ) : (
        <Heading {...namesOf(document)} />
      )}
      <DocumentCard document={document} failed={failed} />
      <StandingNotice document={document} failed={failed} />
      {!isEnded(document) && <Act onClick={() => goTo('present')} th="แสดงเอกสาร" en="Show a document" />}
      <section class="stack tight">
        <h2>
          <Text th="ข้อมูลในเอกสาร" en="What the document says" />
        </h2>
        <Facts
          facts={leavesOf(document).map((leaf) => ({ label: leaf.label, value: <Said leaf={leaf} /> }))}
        />
      </section>
      <StatusPanel documents={[document]} status={status} />
      <Origin document={document} />
      <Removal wallet={wallet} id={document.id} />
    </>
  )
}

function Origin({ document }: { readonly document: StoredCredential }) {
  const { from, until } = document.validity
  const issuer = bilingual(document.issuerNames)
  return (
    <>
      <section class="stack tight">
        <h2>
          <Text th="ผู้ออกเอกสารและวันหมดอายุ" en="Issuer and validity" />
        </h2>
        <Facts
          facts={[
            { label: { th: 'ผู้ออกเอกสาร', en: 'Issuer' }, value: issuer.th && <Text {...issuer} /> },
            { label: issuerLabel(document), value: issuerWords(document.issuer) },
            { label: { th: 'ใช้ได้ตั้งแต่วันที่', en: 'Valid from' }, value: from && <Day at={from} /> },
            {
              label: { th: 'เอกสารดิจิทัลนี้ใช้ได้ถึงวันที่', en: 'This digital document is valid through' },
              value: until && (
                <>
                  <Day at={until} last />
                  <p class="muted">
                    <Text th="บัตรตัวจริงมีอายุตามที่ระบุบนบัตร" en="Your physical card keeps its own date." />
                  </p>
                </>
              ),
            },
            { label: { th: 'ได้รับเมื่อวันที่', en: 'Received' }, value: <Day at={document.receivedAt} /> },
            {
              label: { th: 'รูปแบบเอกสาร', en: 'Format' },
              value: <Text {...formatWords(document.format, isShownWhole(document))} inline />,
            },
          ]}
        />
      </section>
      <details>
        <summary>
          <Text th="รายการตรวจสอบเมื่อรับเอกสาร" en="What was checked when it was received" inline />
        </summary>
        <CheckList checks={document.checks} describe={describeReceived} />
      </details>
    </>
  )
}

const issuerLabel = ({ issuer }: StoredCredential) =>
  issuer.method === 'x5c'
    ? { th: 'ใบรับรองอิเล็กทรอนิกส์ของผู้ออกเอกสาร', en: 'Issuer’s electronic certificate' }
    : { th: 'ที่อยู่เว็บของผู้ออกเอกสาร', en: 'Issuer’s web address' }

function Removal({ wallet, id }: { readonly wallet: OpenedWallet; readonly id: string }) {
  const [asked, setAsked] = useState(false)
  useEffect(() => {
    if (asked) document.getElementById('keep')?.focus()
  }, [asked])
  if (!asked) {
    return <Act onClick={() => setAsked(true)} kind="quiet" th="ลบเอกสารนี้" en="Delete this document" />
  }
  return (
    <section class="panel stack" role="alertdialog" aria-labelledby="removal">
      <p id="removal">
        <strong>
          <Text
            th="ลบเอกสารนี้ออกจากเครื่องหรือไม่ ลบแล้วนำกลับมาไม่ได้ ต้องขอรับใหม่จากผู้ออกเอกสาร บัตรตัวจริงของท่านยังใช้ได้ตามเดิม"
            en="Delete this document from the device? It cannot be brought back; you would have to ask the issuer for a new one. Your physical card stays valid."
          />
        </strong>
      </p>
      <Act
        onClick={() => wallet.remove(id).then(() => goTo('', 'replace'))}
        kind="danger"
        th="ลบเอกสารนี้"
        en="Delete this document"
      />
      <Act id="keep" onClick={() => setAsked(false)} kind="quiet" th="ไม่ลบ" en="Keep it" />
    </section>
  )
}
