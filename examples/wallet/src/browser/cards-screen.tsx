import type { StoredCredential } from '@ekkasan/wallet'
import { Moment, Text } from '@ekkasan-examples/ui/parts'
import { namesOf } from './claims.ts'
import { DocumentCard } from './document-card.tsx'
import type { OpenedWallet } from './open-wallet.ts'
import { problemOf } from './problems.ts'
import { goTo } from './route.ts'
import { Act, Busy, Heading, ProblemNotice, useLoaded } from './screen.tsx'
import { StandingNotice } from './standing.tsx'
import { StatusPanel, useStatusLook } from './status-panel.tsx'

/** All documents, or what to do when there is none. */
export function CardsScreen({ wallet }: { readonly wallet: OpenedWallet }) {
  const [loaded, reload] = useLoaded(() => wallet.credentials(), 'cards', true)
  if (loaded.state === 'loading') return <Busy th="กำลังเปิดกระเป๋าเอกสาร" en="Opening the wallet" />
  if (loaded.state === 'failed') return <ProblemNotice problem={problemOf(loaded.error)} />
  const documents = loaded.value
  if (documents.length === 0) return <EmptyScreen />
  return <Cards wallet={wallet} documents={documents} onLooked={reload} />
}

function Cards(props: {
  readonly wallet: OpenedWallet
  readonly documents: readonly StoredCredential[]
  readonly onLooked: () => void
}) {
  const { wallet, documents, onLooked } = props
  const status = useStatusLook(wallet, documents, onLooked)
  return (
    <>
      <Heading th="เอกสารของฉัน" en="My documents" />
      <ul class="cards">
        {[...documents].reverse().map((document) => (
          <li key={document.id}>
            <a class="card-link" href={`/#/card/${encodeURIComponent(document.id)}`}>
              <DocumentCard
                document={document}
                tellFormat={looksAlike(document, documents)}
                failed={status.failed.has(document.id)}
              />
              <span class="visually-hidden">
                {' '}
                <Text th="ได้รับเมื่อวันที่" en="received" inline /> <Moment at={document.receivedAt} />
              </span>
            </a>
            <div class="standing">
              <StandingNotice document={document} failed={status.failed.has(document.id)} />
            </div>
          </li>
        ))}
      </ul>
      <Act onClick={() => goTo('present')} th="แสดงเอกสาร" en="Show a document" />
      <Act onClick={() => goTo('receive')} kind="quiet" th="รับเอกสารเพิ่ม" en="Receive another document" />
      <StatusPanel documents={documents} status={status} />
    </>
  )
}

/** Whether another document has the same name, as one that was received in two formats. */
function looksAlike(document: StoredCredential, all: readonly StoredCredential[]): boolean {
  const { th, en } = namesOf(document)
  return all.some((other) => {
    const names = namesOf(other)
    return other.id !== document.id && names.th === th && names.en === en
  })
}

function EmptyScreen() {
  return (
    <>
      <Heading th="ยังไม่มีเอกสาร" en="No documents yet" />
      <ol class="advice">
        <li>
          <Text
            th="ติดต่อหน่วยงานเพื่อขอเอกสารดิจิทัล เช่น บัตรประจำตัวประชาชน (ดิจิทัล)"
            en="Ask an agency for a digital document, such as the National ID card (digital)."
          />
        </li>
        <li>
          <Text
            th="กด “รับเอกสาร” แล้วสแกนคิวอาร์โค้ดที่เจ้าหน้าที่แสดง"
            en="Press “Receive a document” and scan the QR code that the officer shows."
          />
        </li>
        <li>
          <Text th="ใส่รหัสรับเอกสาร 6 หลักที่เจ้าหน้าที่แจ้ง" en="Enter the 6-digit code that the officer tells you." />
        </li>
      </ol>
      <Act onClick={() => goTo('receive')} th="รับเอกสาร" en="Receive a document" />
      <p class="hint">
        <Text
          th="เอกสารอยู่ในเครื่องนี้เท่านั้น หากเปลี่ยนเครื่องหรือล้างข้อมูลเบราว์เซอร์ ต้องขอเอกสารใหม่"
          en="Documents are on this device only. If you change it or clear the browser’s data, you have to ask for them again."
        />
      </p>
    </>
  )
}
