import type { StoredCredential } from '@ekkasan/wallet'
import {
  CheckList,
  dateWords,
  Facts,
  formatWords,
  issuerWords,
  Notice,
  Text,
} from '@ekkasan-examples/ui/parts'
import { useEffect, useState } from 'hono/jsx/dom'
import { describeReceived } from '../received-check.ts'
import { bilingual, isShownWhole, leavesOf, namesOf } from './claims.ts'
import { DocumentCard } from './document-card.tsx'
import type { OpenedWallet } from './open-wallet.ts'
import { problemOf } from './problems.ts'
import { goTo } from './route.ts'
import { Said } from './said.tsx'
import { Act, Busy, Failure, Heading, useLoaded } from './screen.tsx'

/** One document with all that it says. */
export function CardScreen(props: {
  readonly wallet: OpenedWallet
  readonly id: string
  readonly fresh: boolean
}) {
  const { wallet, id, fresh } = props
  const [loaded] = useLoaded(() => wallet.credentials(), id)
  if (loaded.state === 'loading') return <Busy th="กำลังเปิดเอกสาร" en="Opening the document" />
  const document = loaded.state === 'loaded' ? loaded.value.find((one) => one.id === id) : undefined
  if (!document) {
    const problem = problemOf(loaded.state === 'failed' ? loaded.error : undefined)
    return <Failure problem={problem} onLeave={() => goTo('')} />
  }
  return (
    <>
      {fresh ? (
        <>
          <Heading th="ได้รับเอกสารแล้ว" en="Document received" />
          <Notice
            tone="ok"
            announce
            th="ตรวจลายมือชื่อผู้ออกแล้ว และเก็บไว้ในเครื่องนี้"
            en="The issuer’s signature was checked; the document is kept in this browser."
          />
        </>
      ) : (
        <Heading {...namesOf(document)} />
      )}
      <DocumentCard document={document} />
      <Act onClick={() => goTo('present')} th="แสดงเอกสาร" en="Present a document" />
      <section class="stack tight">
        <h2>
          <Text th="ข้อมูลในเอกสาร" en="What the document says" />
        </h2>
        <Facts
          facts={leavesOf(document).map((leaf) => ({ label: leaf.label, value: <Said leaf={leaf} /> }))}
        />
      </section>
      <Origin document={document} />
      <Removal wallet={wallet} id={id} />
    </>
  )
}

function Origin({ document }: { readonly document: StoredCredential }) {
  const { from, until } = document.validity
  const date = (at: Date | undefined) => at && <Text {...dateWords(at)} inline />
  const issuer = bilingual(document.issuerNames)
  return (
    <>
      <section class="stack tight">
        <h2>
          <Text th="ที่มาและอายุ" en="Origin and validity" />
        </h2>
        <Facts
          facts={[
            { label: { th: 'ผู้ออกเอกสาร', en: 'Issuer' }, value: issuer.th && <Text {...issuer} /> },
            { label: issuerLabel(document), value: issuerWords(document.issuer) },
            { label: { th: 'ใช้ได้ตั้งแต่', en: 'Valid from' }, value: date(from) },
            { label: { th: 'ใช้ได้ถึง', en: 'Valid until' }, value: date(until) },
            { label: { th: 'ได้รับเมื่อ', en: 'Received' }, value: date(document.receivedAt) },
            {
              label: { th: 'รูปแบบ', en: 'Format' },
              value: <Text {...formatWords(document.format, isShownWhole(document))} inline />,
            },
          ]}
        />
      </section>
      <details>
        <summary>
          <Text th="สิ่งที่กระเป๋าตรวจแล้ว" en="What the wallet checked" inline />
        </summary>
        <CheckList checks={document.checks} describe={describeReceived} />
      </details>
    </>
  )
}

const issuerLabel = ({ issuer }: StoredCredential) =>
  issuer.method === 'x5c'
    ? { th: 'ใบรับรองของผู้ออก', en: 'Issuer’s certificate' }
    : { th: 'ที่อยู่ของผู้ออก', en: 'Issuer’s address' }

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
            th="ลบแล้วเรียกคืนไม่ได้ ต้องขอเอกสารใหม่จากหน่วยงาน"
            en="It cannot be brought back; you would have to ask the agency for a new one."
          />
        </strong>
      </p>
      <Act
        onClick={() => wallet.remove(id).then(() => goTo('', 'replace'))}
        kind="danger"
        th="ลบเอกสาร"
        en="Delete the document"
      />
      <Act id="keep" onClick={() => setAsked(false)} kind="quiet" th="เก็บไว้" en="Keep it" />
    </section>
  )
}
