import type { Check, ClaimDefinition, ClaimPath, JsonValue, VerifiedCredential } from '@ekkasan/core'
import { thaiNationalId } from '@ekkasan/thai'
import type { CredentialReport, SessionState } from '@ekkasan/verifier'
import {
  type Bilingual,
  Button,
  CheckList,
  Choices,
  Countdown,
  describeCheck,
  Facts,
  Field,
  Form,
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
  readonly claims: readonly ClaimPath[]
  readonly sameDevice: boolean
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
          th="ขอเฉพาะข้อมูลที่จำเป็น เก็บผลเท่าที่แจ้งไว้ แล้วลบ"
          en="Asks only for what is needed; keeps the result as long as said, then deletes it."
        />
      }
    >
      {props.children}
    </Page>
  )
}

const labelOf = (path: ClaimPath): Bilingual => {
  const known = thaiNationalId.claims.find((claim) => JSON.stringify(claim.path) === JSON.stringify(path))
  return known ? bilingual(known.names) : { th: path.join(' › '), en: path.join(' › ') }
}

export function StartPage(props: {
  readonly csrf: string
  readonly useCases: readonly UseCase[]
  readonly chosen?: string
  readonly error?: Bilingual
}) {
  return (
    <Frame title={{ th: 'ขอตรวจเอกสาร', en: 'Ask for a document' }}>
      <PageHeading th="ขอตรวจเอกสารแทนสำเนา" en="Check a document in place of a copy" />
      {props.error && <Notice tone="bad" announce {...props.error} />}
      <Form action="/requests" csrf={props.csrf}>
        <Choices
          name="use_case"
          legend={{ th: 'ต้องการตรวจเรื่องใด', en: 'What do you need to check?' }}
          options={props.useCases.map((useCase, at) => ({
            value: useCase.id,
            ...bilingual(useCase.names),
            checked: props.chosen === undefined ? at === 0 : props.chosen === useCase.id,
            children: (
              <span class="hint">
                <Text {...purposeOf(useCase)} />
                <Text th={`แทน: ${useCase.replaces.th}`} en={`Replaces: ${useCase.replaces.en}`} />
              </span>
            ),
          }))}
        />
        <Choices
          name="device"
          legend={{ th: 'กระเป๋าเอกสารอยู่ที่ใด', en: 'Where is the wallet?' }}
          options={[
            {
              value: 'other',
              th: 'โทรศัพท์อีกเครื่อง (สแกน QR)',
              en: 'On another phone (scan a QR)',
              checked: true,
            },
            { value: 'this', th: 'เครื่องนี้', en: 'On this device' },
          ]}
        />
        <Button th="ขอเอกสาร" en="Ask for it" wide />
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
  [/name|title/, { th: 'ชื่อ', en: 'Name' }],
  [/birth|age|calendar/, { th: 'วันเกิดและอายุ', en: 'Birth and age' }],
  [/address/, { th: 'ที่อยู่', en: 'Address' }],
  [/date_of|document|request_no|lifelong|office/, { th: 'บัตร', en: 'The card' }],
  [/./, { th: 'เลขประจำตัว ภาพถ่าย และอื่น ๆ', en: 'Number, photograph and others' }],
]
const groupOf = ({ path }: ClaimDefinition) => groupNames.find(([top]) => top.test(String(path[0])))?.[1]
const claimGroups = groupNames.map(([, names]) => ({
  names,
  claims: thaiNationalId.claims.filter(
    (claim) => claim.disclosure === 'selective' && groupOf(claim) === names,
  ),
}))

export function CustomPage(props: {
  readonly csrf: string
  readonly chosen: readonly string[]
  readonly purpose: string
  readonly purposeEn: string
  readonly error?: { readonly claims?: Bilingual; readonly purpose?: Bilingual }
}) {
  return (
    <Frame title={{ th: 'เลือกข้อมูลเอง', en: 'Choose the items' }}>
      <PageHeading th="เลือกข้อมูลที่ต้องใช้" en="Choose the items you need" />
      <Form action="/custom" csrf={props.csrf}>
        <Field
          name="purpose"
          label={{ th: 'เหตุผลที่ขอ (ภาษาไทย)', en: 'Why it is asked for (Thai)' }}
          hint={{ th: 'ผู้ถือเอกสารมีสิทธิถาม', en: 'The holder may ask.' }}
          value={props.purpose}
          maxLength={200}
          required
          {...(props.error?.purpose && { error: props.error.purpose })}
        />
        <Field
          name="purpose_en"
          label={{ th: 'เหตุผลที่ขอ (ภาษาอังกฤษ ถ้ามี)', en: 'Why it is asked for (English, optional)' }}
          value={props.purposeEn}
          maxLength={200}
        />
        <div class="stack" id="claim-groups">
          <p>
            <strong>
              <Text th="ข้อมูลในบัตรประจำตัวประชาชน" en="Items of the national ID" />
            </strong>
          </p>
          {props.error?.claims && <Notice tone="bad" announce {...props.error.claims} />}
          {claimGroups.map((group) => (
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
        <Button th="ขอเอกสาร" en="Ask for it" wide />
      </Form>
    </Frame>
  )
}

export function RequestPage({ asked, state }: { readonly asked: Asked; readonly state: SessionState }) {
  return (
    <Frame title={{ th: 'รอเอกสาร', en: 'Waiting for the document' }} refresh={5}>
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
          label={{ th: 'QR คำขอเอกสาร', en: 'QR of the request' }}
          open={{ th: 'เปิดในเครื่องนี้', en: 'Open on this device' }}
        />
      )}
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
            <Text {...labelOf(path)} inline />
          </li>
        ))}
      </ul>
    </details>
  )
}

export function ResultPage(props: {
  readonly asked: Asked
  readonly state: SessionState
  readonly csrf: string
  readonly keptUntil?: Date
}) {
  const { asked, state } = props
  const tone = state.state === 'verified' ? 'ok' : state.state === 'rejected' ? 'bad' : 'warn'
  const reports = 'report' in state ? checksOf(state.report) : []
  const reasons = reports
    .flat()
    .filter(({ outcome }) => outcome === (state.state === 'rejected' ? 'failed' : 'unknown'))
  return (
    <Frame title={outcomes[state.state]}>
      <PageHeading {...asked.names} />
      <div data-result={state.state}>
        <Notice tone={tone} announce {...outcomes[state.state]}>
          {reasons.map((check) => (
            <p>
              <Text {...describeCheck(check)} />
            </p>
          ))}
        </Notice>
      </div>
      {state.state === 'verified' &&
        Object.values(state.presentations)
          .flat()
          .map((credential) => <Credential credential={credential} />)}
      {reports.map((checks) => (
        <EachCheck checks={checks} />
      ))}
      {props.keptUntil && (
        <p class="hint">
          <Text
            th={`ผลนี้จะถูกลบเวลา ${timeOf(props.keptUntil)} น.`}
            en={`This result is deleted at ${timeOf(props.keptUntil)}.`}
          />
        </p>
      )}
      <Form action={`/requests/${asked.id}/forget`} csrf={props.csrf} class="row">
        <Button kind="quiet" th="ลบผลนี้เดี๋ยวนี้" en="Delete this result now" />
      </Form>
      <Button href="/" th="ตรวจรายต่อไป" en="Next person" wide />
    </Frame>
  )
}

/** The checks of each credential; where it is one, those of the whole answer stand among them. */
function checksOf(report: readonly CredentialReport[]): readonly (readonly Check[])[] {
  const whole = report.find(({ queryId }) => queryId === undefined)?.checks ?? []
  const credentials = report.filter(({ queryId }) => queryId !== undefined)
  const [only] = credentials
  if (!only || credentials.length > 1) return report.map(({ checks }) => checks)
  const made = [...only.checks.filter(({ outcome }) => outcome !== 'skipped'), ...whole]
  const skipped = only.checks.filter(({ name }) => !made.some((check) => check.name === name))
  return [[...made, ...skipped]]
}

function EachCheck({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <section class="stack">
      <h2>
        <Text th="การตรวจทีละข้อ" en="Each check" />
      </h2>
      <CheckList checks={checks} />
    </section>
  )
}

const timeOf = (at: Date) =>
  new Intl.DateTimeFormat('th-TH', { timeStyle: 'short', timeZone: 'Asia/Bangkok' }).format(at)

function Credential({ credential }: { readonly credential: VerifiedCredential }) {
  const subject = (credential.claims.credentialSubject ?? credential.claims) as Record<string, JsonValue>
  const facts = thaiNationalId.claims.flatMap(({ path, names }) => {
    const value = path.reduce<JsonValue | undefined>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && typeof name === 'string'
          ? (inner as Record<string, JsonValue>)[name]
          : undefined,
      subject,
    )
    // What has parts is shown part by part.
    if (value === undefined || isObject(value)) return []
    return [{ label: bilingual(names), value: <Value path={path} value={value} /> }]
  })
  return (
    <>
      <section class="stack">
        <h2>
          <Text th="ข้อมูลที่ได้รับ" en="What was shown" />
        </h2>
        <Facts
          facts={[
            ...facts,
            { label: { th: 'ออกโดย', en: 'Issued by' }, value: <code>{credential.issuer.id}</code> },
          ]}
        />
      </section>
      <EachCheck checks={credential.checks} />
    </>
  )
}

function Value({ path, value }: { readonly path: ClaimPath; readonly value: JsonValue }) {
  if (typeof value === 'boolean')
    return <Text {...(value ? { th: 'ใช่', en: 'yes' } : { th: 'ไม่ใช่', en: 'no' })} inline />
  const text = Array.isArray(value) ? value.join(', ') : String(value)
  if (/^data:image\/(png|jpeg|webp|svg\+xml);base64,/.test(text)) {
    const label = labelOf(path)
    return <img class="photo" src={text} alt={`${label.th} ${label.en}`} />
  }
  if (path.at(-1) === 'sex' && sexes[text]) return <Text {...sexes[text]} inline />
  if (/^\d{4}-\d{2}-\d{2}$/.test(text))
    return <Text th={dateOf(text, 'th-TH')} en={dateOf(text, 'en-GB')} inline />
  return <>{text}</>
}

const isObject = (value: JsonValue) => typeof value === 'object' && value !== null && !Array.isArray(value)

const sexes: Readonly<Record<string, Bilingual>> = {
  '1': { th: 'ชาย', en: 'male' },
  '2': { th: 'หญิง', en: 'female' },
}

const dateOf = (day: string, locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))

export function ErrorPage({ error }: { readonly error: Bilingual }) {
  return (
    <Frame title={error}>
      <Notice tone="bad" announce {...error} />
      <Button href="/" th="กลับหน้าแรก" en="Back to the start" />
    </Frame>
  )
}
