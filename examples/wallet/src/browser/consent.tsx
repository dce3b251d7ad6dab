import type { ReceivedRequest, StoredCredential } from '@ekkasan/wallet'
import { dateWords, Facts, formatWords, lastDayWords, Notice, Text } from '@ekkasan-examples/ui/parts'
import { type Choice, documentsFor, isTaken, take, type Way, waysOf } from './choice.ts'
import { bilingual, isShownWhole, leavesOf, namesOf } from './claims.ts'
import { consentedOf } from './consented.ts'
import { personName } from './document-card.tsx'
import { Said } from './said.tsx'

/** Of each set of alternatives what is chosen, and claim by claim what would be shown of it, and what would not. */
export function Consent(props: {
  readonly request: ReceivedRequest
  readonly documents: readonly StoredCredential[]
  readonly choice: Choice
  readonly onChoice: (choice: Choice) => void
}) {
  const { request, documents, choice, onChoice } = props
  return (
    <>
      {request.sets.map((set, at) => {
        const option = choice.taken[at]
        const ids = option === undefined ? [] : (set.options[option] ?? [])
        const chooser = { documents, choice, at, onChoice }
        return (
          <section class="stack panel" data-set={at}>
            <Chooser {...chooser} ways={waysOf(request, set)} canBeNone={!set.required} />
            {ids.map((queryId) => (
              <>
                {ids.length > 1 && (
                  <Chooser
                    {...chooser}
                    ways={documentsFor(request, option as number, queryId)}
                    of={queryId}
                  />
                )}
                <Shown request={request} documents={documents} queryId={queryId} choice={choice} />
              </>
            ))}
          </section>
        )
      })}
    </>
  )
}

/** Nothing where there is nothing to choose. */
function Chooser(props: {
  readonly documents: readonly StoredCredential[]
  readonly ways: readonly Way[]
  readonly choice: Choice
  /** Of which set. */
  readonly at: number
  /** Of one query of the option taken; else of the whole set. */
  readonly of?: string
  readonly canBeNone?: boolean
  readonly onChoice: (choice: Choice) => void
}) {
  const { documents, ways, choice, at, of, canBeNone, onChoice } = props
  if (ways.length < 2 && !canBeNone) return null
  const name = `choice-${at}${of === undefined ? '' : `-${of}`}`
  const entries: readonly (Way | undefined)[] = canBeNone ? [...ways, undefined] : ways
  return (
    <fieldset class="field">
      <legend>
        <Text th="เลือกเอกสารที่จะใช้" en="Choose which document to use" />
      </legend>
      {entries.map((way) => (
        <label class="choice">
          <input
            type="radio"
            name={name}
            checked={way ? isTaken(choice, at, way) : choice.taken[at] === undefined}
            onChange={() => onChoice(take(choice, at, way))}
          />
          <span>
            {way ? (
              Object.values(way.documents).map((chosen) => (
                <Described document={documents.find(({ id }) => id === chosen)} />
              ))
            ) : (
              <Text th="ไม่ใช้เอกสารใด" en="None" />
            )}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** By what a person tells one document from another. */
function Described({ document }: { readonly document: StoredCredential | undefined }) {
  if (!document) return null
  const { until } = document.validity
  const person = personName(leavesOf(document))
  const received = dateWords(document.receivedAt)
  const end = until && lastDayWords(until)
  return (
    <>
      <Text {...namesOf(document)} />
      <span class="hint">
        {person && <Text th={person.th} en="" />}
        <Text {...formatWords(document.format, isShownWhole(document))} />
        <Text {...bilingual(document.issuerNames, document.issuer.id)} />
        {end && <Text th={`ใช้ได้ถึงวันที่ ${end.th}`} en={`valid through ${end.en}`} />}
        <Text th={`ได้รับเมื่อวันที่ ${received.th}`} en={`received ${received.en}`} />
      </span>
    </>
  )
}

function Shown(props: {
  readonly request: ReceivedRequest
  readonly documents: readonly StoredCredential[]
  readonly queryId: string
  readonly choice: Choice
}) {
  const { request, documents, queryId, choice } = props
  const chosen = choice.documents[queryId]
  const document = documents.find(({ id }) => id === chosen)
  const { candidates = [] } = request.options.find((option) => option.queryId === queryId) ?? {}
  const candidate = candidates.find(({ credentialId }) => credentialId === chosen)
  if (!document || !candidate) return null
  const { seen, always, envelope, hidden } = consentedOf(document, candidate)
  return (
    <>
      <h2>
        <Text {...namesOf(document)} />
      </h2>
      {isShownWhole(document) && (
        <Notice
          tone="warn"
          th="เอกสารฉบับนี้เลือกเปิดเผยบางรายการไม่ได้ หากส่งทั้งฉบับ ผู้ตรวจสอบเอกสารจะเห็นข้อมูลทุกรายการด้านล่าง รวมถึงที่ไม่ได้ขอ"
          en="This document cannot be shown in part. If you send it whole, the verifier sees every item below, also those not asked for."
        />
      )}
      <div data-shown>
        <h3>
          <Text th="ข้อมูลที่จะส่ง" en="What will be sent" />
        </h3>
        <Facts facts={seen.map((leaf) => ({ label: leaf.label, value: <Said leaf={leaf} /> }))} />
      </div>
      <div data-always class="stack tight">
        <h3>
          <Text th="ข้อมูลที่ไปกับเอกสารทุกครั้ง" en="What goes with the document every time" />
        </h3>
        <p class="hint">
          <Text th="เลือกไม่ส่งไม่ได้" en="It cannot be left out." />
        </p>
        {always.length > 0 && (
          <Facts facts={always.map((leaf) => ({ label: leaf.label, value: <Said leaf={leaf} /> }))} />
        )}
        <ul class="plain">
          {envelope.map(({ about, values }) => (
            <li>
              <details>
                <summary>
                  <Text {...about} inline />
                </summary>
                {values.map((value) => (
                  <code class="small">{value}</code>
                ))}
              </details>
            </li>
          ))}
        </ul>
        {envelope.some(({ isAlike }) => isAlike) && (
          <p class="hint">
            <Text
              th="หมายเลขในรายการสถานะและกุญแจเหมือนเดิมทุกครั้งที่ใช้เอกสารฉบับนี้ ผู้ที่ได้รับหลายรายอาจนำมาเทียบกันได้ว่าเป็นเอกสารฉบับเดียวกัน"
              en="The number in the status list and the key are the same every time you use this document: those who receive them could find out together that it is the same document."
            />
          </p>
        )}
      </div>
      {hidden.length > 0 && (
        <details data-hidden>
          <summary>
            <Text th={`ไม่ส่ง ${hidden.length} รายการ`} en={`Not sent: ${hidden.length} items`} inline />
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
