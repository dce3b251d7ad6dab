import type { ReceivedRequest, StoredCredential } from '@ekkasan/wallet'
import { dateWords, Facts, formatWords, Notice, Text } from '@ekkasan-examples/ui/parts'
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
        <Text th="เลือกเอกสารที่จะแสดง" en="Choose the document to show" />
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
              <Text th="ไม่แสดงฉบับนี้" en="Do not show this one" />
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
  const end = until && dateWords(until)
  return (
    <>
      <Text {...namesOf(document)} />
      <span class="hint">
        {person && <Text th={person.th} en="" />}
        <Text {...formatWords(document.format, isShownWhole(document))} />
        <Text {...bilingual(document.issuerNames, document.issuer.id)} />
        {end && <Text th={`ใช้ได้ถึง ${end.th}`} en={`until ${end.en}`} />}
        <Text th={`ได้รับ ${received.th}`} en={`received ${received.en}`} />
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
          th="เอกสารรูปแบบนี้แสดงได้ทั้งฉบับเท่านั้น ผู้ขอจะเห็นทุกข้อด้านล่าง"
          en="This kind of document is shown whole: every item below is seen."
        />
      )}
      <div data-shown>
        <h3>
          <Text th="ผู้ขอจะเห็น" en="Will be seen" />
        </h3>
        <Facts facts={seen.map((leaf) => ({ label: leaf.label, value: <Said leaf={leaf} /> }))} />
      </div>
      <details data-always>
        <summary>
          <Text th="สิ่งที่ติดไปกับเอกสารเสมอ" en="What always goes with it" inline />
        </summary>
        <Facts facts={always.map((leaf) => ({ label: leaf.label, value: <Said leaf={leaf} /> }))} />
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
