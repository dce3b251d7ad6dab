import type { ClaimPath } from '@ekkasan/core'
import type { SessionState } from '@ekkasan/verifier'
import { documentOf, documents, type ProgramDocument } from '@ekkasan-examples/documents'
import {
  type Bilingual,
  Button,
  Choices,
  Countdown,
  Field,
  Form,
  labelled,
  Notice,
  Page,
  PageHeading,
  Poll,
  Qr,
  Text,
} from '@ekkasan-examples/ui'
import type { Child } from 'hono/jsx'
import { bilingual, outcomes, program } from './texts.ts'
import { purposeOf, type UseCase } from './use-cases.ts'

export interface Asked {
  readonly id: string
  readonly requestUri: string
  readonly expiresAt: string
  readonly names: Bilingual
  readonly purpose: Bilingual
  /** Id of the document asked for. */
  readonly document: string
  readonly claims: readonly ClaimPath[]
  readonly sameDevice: boolean
  /** Sessions of the Digital Credentials API that ask for the same. */
  readonly browserIds?: readonly string[]
}

export function Frame(props: {
  readonly title: Bilingual
  readonly refresh?: number
  readonly children?: Child
}) {
  return (
    <Page
      title={props.title}
      program={program}
      narrow
      {...(props.refresh !== undefined && { refreshWithoutScript: props.refresh })}
      footer={
        <Text
          th="ขอเฉพาะข้อมูลที่จำเป็น และลบผลการตรวจสอบตามเวลาที่แสดงในหน้าผล"
          en="Asks only for what is needed, and deletes each result at the time that stands beside it."
        />
      }
    >
      {props.children}
    </Page>
  )
}

const labelOf = ({ type }: ProgramDocument, path: ClaimPath): Bilingual => {
  const known = type.claims.find((claim) => JSON.stringify(claim.path) === JSON.stringify(path))
  return known ? bilingual(known.names) : { th: path.join(' › '), en: path.join(' › ') }
}

export function StartPage(props: {
  readonly csrf: string
  readonly useCases: readonly UseCase[]
  readonly chosen?: string
  readonly error?: Bilingual
}) {
  return (
    <Frame title={{ th: 'ขอดูข้อมูล', en: 'Ask for data' }}>
      <PageHeading th="ขอดูข้อมูลแทนการเรียกสำเนา" en="Ask for data instead of a copy" />
      {props.error && <Notice tone="bad" announce {...props.error} />}
      <Form action="/requests" csrf={props.csrf}>
        <Choices
          name="use_case"
          legend={{ th: 'ต้องการตรวจสอบอะไร', en: 'What do you need to check?' }}
          options={props.useCases.map((useCase, at) => ({
            value: useCase.id,
            ...bilingual(useCase.names),
            checked: props.chosen === undefined ? at === 0 : props.chosen === useCase.id,
            children: (
              <span class="hint">
                <Text {...purposeOf(useCase)} />
                <Text th={`ใช้แทน${useCase.replaces.th}`} en={`Replaces: ${useCase.replaces.en}`} />
              </span>
            ),
          }))}
        />
        <Choices
          name="device"
          legend={{ th: 'ผู้ถือเอกสารใช้โทรศัพท์เครื่องใด', en: 'Which phone does the holder use?' }}
          options={[
            {
              value: 'other',
              th: 'โทรศัพท์ของผู้ถือเอกสาร (สแกนคิวอาร์โค้ด)',
              en: 'The holder’s own phone (scans a QR code)',
              checked: true,
            },
            { value: 'this', th: 'เครื่องที่กำลังใช้อยู่นี้', en: 'This device' },
          ]}
        />
        <Button th="ออกคิวอาร์โค้ดขอดูข้อมูล" en="Make the QR code" wide />
      </Form>
      <p>
        <a href="/custom">
          <Text th="เลือกข้อมูลเอง" en="Choose the items yourself" />
        </a>
      </p>
    </Frame>
  )
}

const groupNames: readonly (readonly [RegExp, Bilingual])[] = [
  [/privileges|licence/, { th: 'ประเภทใบอนุญาต', en: 'Types of licence' }],
  [/name|title/, { th: 'ชื่อ', en: 'Name' }],
  [/birth|^age|calendar/, { th: 'วันเกิดและอายุ', en: 'Birth and age' }],
  [/address|postal/, { th: 'ที่อยู่', en: 'Address' }],
  [/date_of|_date$|document|request_no|lifelong|office|jurisdiction/, { th: 'ข้อมูลบนบัตร', en: 'On the card' }],
  [/./, { th: 'เลขประจำตัว ภาพถ่าย เพศ สัญชาติ', en: 'Number, photograph, sex, nationality' }],
]
function claimGroups({ type }: ProgramDocument) {
  const groupOf = (path: ClaimPath) => groupNames.find(([top]) => top.test(String(path[0])))?.[1]
  const selective = type.claims.filter((claim) => claim.disclosure === 'selective')
  return groupNames
    .map(([, names]) => ({ names, claims: selective.filter(({ path }) => groupOf(path) === names) }))
    .filter(({ claims }) => claims.length > 0)
}

export function CustomPage(props: {
  readonly csrf: string
  readonly document: ProgramDocument
  readonly chosen: readonly string[]
  readonly purpose: string
  readonly purposeEn: string
  readonly error?: { readonly claims?: Bilingual; readonly purpose?: Bilingual }
}) {
  return (
    <Frame title={{ th: 'เลือกข้อมูลเอง', en: 'Choose the items' }}>
      <PageHeading th="เลือกข้อมูลที่ต้องใช้" en="Choose the items you need" />
      <nav class="tabs" {...labelled({ th: 'เอกสารที่จะขอ', en: 'Document to ask for' })}>
        {documents.map(({ type }) => (
          <a
            href={`/custom?document=${type.id}`}
            aria-current={type === props.document.type ? 'page' : undefined}
          >
            <Text {...bilingual(type.names)} />
          </a>
        ))}
      </nav>
      <Form action="/custom" csrf={props.csrf}>
        <input type="hidden" name="document" value={props.document.type.id} />
        <Field
          name="purpose"
          label={{ th: 'วัตถุประสงค์ (ภาษาไทย)', en: 'What the data is used for (Thai)' }}
          value={props.purpose}
          maxLength={200}
          required
          {...(props.error?.purpose && { error: props.error.purpose })}
        />
        <Field
          name="purpose_en"
          label={{ th: 'วัตถุประสงค์ (ภาษาอังกฤษ ถ้ามี)', en: 'What the data is used for (English, optional)' }}
          value={props.purposeEn}
          maxLength={200}
        />
        <div class="stack" id="claim-groups">
          <p>
            <strong>
              <Text
                th={`ข้อมูลใน${props.document.type.names.th}`}
                en={`Items of the ${props.document.type.names.en}`}
              />
            </strong>
          </p>
          {props.error?.claims && <Notice tone="bad" announce {...props.error.claims} />}
          {claimGroups(props.document).map((group) => (
            <details open={group.claims.some(({ path }) => props.chosen.includes(JSON.stringify(path)))}>
              <summary>
                <Text {...group.names} inline />
              </summary>
              <Choices
                name="claim"
                many
                legend={group.names}
                options={group.claims.map(({ path, names }) => ({
                  value: JSON.stringify(path),
                  ...bilingual(names),
                  checked: props.chosen.includes(JSON.stringify(path)),
                }))}
              />
            </details>
          ))}
        </div>
        <Button th="ออกคิวอาร์โค้ดขอดูข้อมูล" en="Make the QR code" wide />
      </Form>
    </Frame>
  )
}

export function RequestPage(props: {
  readonly asked: Asked
  readonly state: SessionState
  readonly csrf: string
}) {
  const { asked, state } = props
  return (
    <Frame title={{ th: 'รอข้อมูล', en: 'Waiting for the data' }} refresh={5}>
      <PageHeading {...asked.names}>
        <p>
          <Text {...asked.purpose} />
        </p>
      </PageHeading>
      {asked.sameDevice ? (
        <Button
          href={asked.requestUri}
          th="เปิดกระเป๋าเอกสารในเครื่องนี้"
          en="Open the wallet on this device"
          wide
        />
      ) : (
        <Qr
          link={asked.requestUri}
          label={{
            th: `คิวอาร์โค้ดขอดูข้อมูล ${asked.names.th}`,
            en: `QR code to ask for: ${asked.names.en}`,
          }}
          open={{ th: 'เปิดในเครื่องนี้', en: 'Open on this device' }}
        />
      )}
      <div class="stack tight" data-dc-api hidden>
        <Form action={`/requests/${asked.id}/browser`} csrf={props.csrf}>
          <Button
            kind={asked.sameDevice ? 'quiet' : 'main'}
            th="ใช้กระเป๋าเอกสารในเครื่องนี้ผ่านเบราว์เซอร์"
            en="Use a wallet of this device through the browser"
            wide
          />
        </Form>
        <p
          role="status"
          data-declined-th="ยังไม่ได้รับข้อมูล กรุณาลองใหม่หรือสแกนคิวอาร์โค้ด"
          data-declined-en="No data came; try again, or scan the QR code"
        />
      </div>
      <Poll url={`/requests/${asked.id}/state`} seconds={2}>
        <RequestState asked={asked} state={state} />
      </Poll>
      <AskedFor asked={asked} />
      <p>
        <a href="/">
          <Text th="เริ่มใหม่" en="Start again" />
        </a>
      </p>
    </Frame>
  )
}

export function RequestState({ asked, state }: { readonly asked: Asked; readonly state: SessionState }) {
  return (
    <Notice tone="info" {...outcomes[state.state]}>
      <p>
        <Countdown until={new Date(asked.expiresAt)} ended={outcomes.expired} />
      </p>
    </Notice>
  )
}

function AskedFor({ asked }: { readonly asked: Asked }) {
  return (
    <details>
      <summary>
        <Text th="ข้อมูลที่ขอ" en="What is asked for" inline />
      </summary>
      <ul>
        {asked.claims.map((path) => (
          <li>
            <Text {...labelOf(documentOf(asked.document), path)} inline />
          </li>
        ))}
      </ul>
    </details>
  )
}

export function ErrorPage({ error }: { readonly error: Bilingual }) {
  return (
    <Frame title={error}>
      <Notice tone="bad" announce {...error} />
      <Button href="/" th="กลับหน้าแรก" en="Back to the start" />
    </Frame>
  )
}
