import type { StoredCredential } from '@ekkasan/wallet'
import { Text } from '@ekkasan-examples/ui/parts'
import { namesOf } from './claims.ts'
import { DocumentCard } from './document-card.tsx'
import type { OpenedWallet } from './open-wallet.ts'
import { problemOf } from './problems.ts'
import { goTo } from './route.ts'
import { Act, Busy, Heading, ProblemNotice, useLoaded } from './screen.tsx'

/** All documents, or what to do when there is none. */
export function CardsScreen({ wallet }: { readonly wallet: OpenedWallet }) {
  const [loaded] = useLoaded(() => wallet.credentials(), 'cards')
  if (loaded.state === 'loading') return <Busy th="กำลังเปิดกระเป๋า" en="Opening the wallet" />
  if (loaded.state === 'failed') return <ProblemNotice problem={problemOf(loaded.error)} />
  const documents = loaded.value
  if (documents.length === 0) return <EmptyScreen />
  return (
    <>
      <Heading th="เอกสารของฉัน" en="My documents" />
      <ul class="cards">
        {[...documents].reverse().map((document) => (
          <li key={document.id}>
            <a class="card-link" href={`/#/card/${encodeURIComponent(document.id)}`}>
              <DocumentCard document={document} tellFormat={looksAlike(document, documents)} />
            </a>
          </li>
        ))}
      </ul>
      <Act onClick={() => goTo('present')} th="แสดงเอกสาร" en="Present a document" />
      <Act onClick={() => goTo('receive')} kind="quiet" th="รับเอกสารเพิ่ม" en="Receive another document" />
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
            th="ขอเอกสารดิจิทัลจากหน่วยงาน เช่น บัตรประจำตัวประชาชน"
            en="Ask an agency for a digital document, such as the national ID card."
          />
        </li>
        <li>
          <Text
            th="เจ้าหน้าที่จะแสดง QR และส่งรหัส 6 หลักให้"
            en="The officer shows a QR and sends you a 6-digit code."
          />
        </li>
        <li>
          <Text th="กด “รับเอกสาร” แล้วสแกน QR" en="Press “Receive a document” and scan the QR." />
        </li>
      </ol>
      <Act onClick={() => goTo('receive')} th="รับเอกสาร" en="Receive a document" />
      <p class="hint">
        <Text
          th="เอกสารและกุญแจอยู่ในเบราว์เซอร์นี้เท่านั้น ไม่มีสำเนาที่อื่น"
          en="Documents and keys are in this browser only; there is no copy elsewhere."
        />
      </p>
    </>
  )
}
