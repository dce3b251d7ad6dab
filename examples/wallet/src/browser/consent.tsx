import type { ClaimPath } from '@ekkasan/core'
import type { PresentationOption, StoredCredential } from '@ekkasan/wallet'
import { dateWords, Facts, formatWords, Notice, Text } from '@ekkasan-examples/ui/parts'
import { bilingual, covers, leavesOf, namesOf } from './claims.ts'
import type { Choice } from './request-screen.tsx'
import { Said } from './said.tsx'

/** Claim by claim what would be shown of each document, and what would not. */
export function Consent(props: {
  readonly options: readonly PresentationOption[]
  readonly documents: readonly StoredCredential[]
  readonly choice: Choice
  readonly onChoice: (choice: Choice) => void
}) {
  const { options, documents, choice, onChoice } = props
  return (
    <>
      {options.map((option) => {
        const chosen = choice[option.queryId]
        const candidate = option.candidates.find(({ credentialId }) => credentialId === chosen)
        const document = documents.find(({ id }) => id === chosen)
        return (
          <section class="stack panel" data-query={option.queryId}>
            {(option.candidates.length > 1 || !option.required) && (
              <Candidates
                option={option}
                documents={documents}
                chosen={chosen}
                canBeNone={!option.required}
                onChosen={(id) => onChoice({ ...choice, [option.queryId]: id })}
              />
            )}
            {candidate && document && <Shown document={document} disclose={candidate.disclose} />}
          </section>
        )
      })}
    </>
  )
}

function Candidates(props: {
  readonly option: PresentationOption
  readonly documents: readonly StoredCredential[]
  readonly chosen: string | undefined
  readonly canBeNone: boolean
  readonly onChosen: (id: string | undefined) => void
}) {
  const { option, documents, chosen, canBeNone, onChosen } = props
  const name = `choice-${option.queryId}`
  return (
    <fieldset class="field">
      <legend>
        <Text th="เลือกเอกสารที่จะแสดง" en="Choose the document to show" />
      </legend>
      {option.candidates.map(({ credentialId }) => {
        const document = documents.find(({ id }) => id === credentialId)
        if (!document) return null
        const { until } = document.validity
        const received = dateWords(document.receivedAt)
        return (
          <label class="choice">
            <input
              type="radio"
              name={name}
              checked={chosen === credentialId}
              onChange={() => onChosen(credentialId)}
            />
            <span>
              <Text {...namesOf(document)} />
              <span class="hint">
                <Text {...bilingual(document.issuerNames, document.issuer.id)} />
                {until && <Text th={`ใช้ได้ถึง ${dateWords(until).th}`} en={`until ${dateWords(until).en}`} />}
                <Text th={`ได้รับ ${received.th}`} en={`received ${received.en}`} />
                <Text {...formatWords(document.format)} />
              </span>
            </span>
          </label>
        )
      })}
      {canBeNone && (
        <label class="choice">
          <input
            type="radio"
            name={name}
            checked={chosen === undefined}
            onChange={() => onChosen(undefined)}
          />
          <span>
            <Text th="ไม่แสดงฉบับนี้" en="Do not show this one" />
          </span>
        </label>
      )}
    </fieldset>
  )
}

function Shown(props: {
  readonly document: StoredCredential
  readonly disclose: PresentationOption['candidates'][number]['disclose']
}) {
  const { document, disclose } = props
  const leaves = leavesOf(document)
  const always = document.view.alwaysDisclosed
  const isWhole = always === undefined
  const shown = leaves.filter((leaf) => isWhole || disclose.some((path) => covers(path, leaf)))
  const bare = always ? leavesOf({ ...document, view: { ...document.view, claims: always } }) : []
  const inevitable = bare.filter((leaf) => !shown.some(({ path }) => isSamePath(path, leaf.path)))
  const hidden = leaves.filter(
    (leaf) => ![...shown, ...inevitable].some(({ path }) => isSamePath(path, leaf.path)),
  )
  return (
    <>
      <h2>
        <Text {...namesOf(document)} />
      </h2>
      {isWhole && (
        <Notice
          tone="warn"
          th="เอกสารรูปแบบนี้แสดงได้ทั้งฉบับเท่านั้น ผู้ขอจะเห็นทุกข้อด้านล่าง"
          en="This kind of document is shown whole: every item below is seen."
        />
      )}
      <div data-shown>
        <h3>
          <Text th="ผู้ขอจะเห็น" en="Will be seen" />
        </h3>
        <Facts facts={shown.map((leaf) => ({ label: leaf.label, value: <Said leaf={leaf} /> }))} />
      </div>
      <details data-always>
        <summary>
          <Text th="สิ่งที่ติดไปกับเอกสารเสมอ" en="What always goes with it" inline />
        </summary>
        <Facts facts={inevitable.map((leaf) => ({ label: leaf.label, value: <Said leaf={leaf} /> }))} />
        <ul class="plain">
          <li>
            <Text th="ชนิดเอกสารและผู้ออก" en="The kind of document and its issuer" inline />
          </li>
          <li>
            <Text th="วันเริ่มใช้และวันหมดอายุ" en="When it is valid" inline />
          </li>
          <li>
            <Text
              th="หมายเลขสำหรับตรวจว่าถูกเพิกถอนหรือไม่"
              en="A number by which revocation is looked up"
              inline
            />
          </li>
          <li>
            <Text
              th="กุญแจสาธารณะของกระเป๋าสำหรับเอกสารนี้"
              en="The wallet’s public key for this document"
              inline
            />
          </li>
        </ul>
      </details>
      {hidden.length > 0 && (
        <details data-hidden>
          <summary>
            <Text th={`ไม่แสดง ${hidden.length} รายการ`} en={`${hidden.length} items are not shown`} inline />
          </summary>
          <ul class="plain">
            {hidden.map(({ label }) => (
              <li>
                <Text {...label} inline />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

const isSamePath = (a: ClaimPath, b: ClaimPath) =>
  a.length === b.length && a.every((part, at) => part === b[at])
