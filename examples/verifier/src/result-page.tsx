import type { Check, ClaimPath, JsonObject, JsonValue, VerifiedCredential } from '@ekkasan/core'
import type { CredentialReport, SessionState } from '@ekkasan/verifier'
import { claimsOf, documentOf, type ProgramDocument } from '@ekkasan-examples/documents'
import {
  type Bilingual,
  Button,
  CheckList,
  ClaimValue,
  describeCheck,
  Facts,
  Form,
  formatWords,
  issuerWords,
  Notice,
  PageHeading,
  Text,
  timeWords,
} from '@ekkasan-examples/ui'
import { type Asked, Frame } from './pages.tsx'
import { advice, bilingual, outcomes } from './texts.ts'

/** What came of a request: the verdict and what to do, then the data, then each check. */
export function ResultPage(props: {
  readonly asked: Asked
  readonly state: SessionState
  readonly csrf: string
  readonly keptUntil?: Date
}) {
  const { asked, state } = props
  const credentials = state.state === 'verified' ? Object.values(state.presentations).flat() : []
  const answers = credentials.flatMap((credential) => ageAnswers(documentOf(asked.document), credential))
  const isAsAsked = answers.every(({ reached }) => reached)
  const tone = state.state === 'verified' && isAsAsked ? 'ok' : state.state === 'rejected' ? 'bad' : 'warn'
  const reports = 'report' in state ? checksOf(state.report) : []
  const reasons = reports
    .flat()
    .filter(({ outcome }) => outcome === (state.state === 'rejected' ? 'failed' : 'unknown'))
  const said = advice[state.state]
  const canAskAgain = state.state === 'unavailable' || state.state === 'expired'
  return (
    <Frame title={outcomes[state.state]}>
      <PageHeading {...asked.names} />
      <div data-result={state.state}>
        <Notice tone={tone} announce {...outcomes[state.state]}>
          {answers.map(({ words }) => (
            <p class="answer">
              <Text {...words} />
            </p>
          ))}
          {reasons.map((check) => (
            <p>
              <Text {...describeCheck(check)} />
            </p>
          ))}
          {said && (
            <p>
              <Text {...said} />
            </p>
          )}
        </Notice>
      </div>
      {canAskAgain && (
        <Form action={`/requests/${asked.id}/again`} csrf={props.csrf}>
          <Button th="ลองใหม่ (ออกคิวอาร์โค้ดใหม่)" en="Try again (new QR code)" wide />
        </Form>
      )}
      <Button
        href="/"
        kind={canAskAgain ? 'quiet' : 'main'}
        th="ตรวจสอบเอกสารของคนถัดไป"
        en="Next person"
        wide
      />
      {credentials.map((credential) => (
        <Credential document={documentOf(asked.document)} credential={credential} />
      ))}
      {reports.map((checks) => (
        <EachCheck checks={checks} />
      ))}
      {props.keptUntil && (
        <>
          <p class="hint">
            <Text
              th={`ระบบจะลบผลนี้ในเวลา ${timeWords(props.keptUntil).th}`}
              en={`This result is deleted at ${timeWords(props.keptUntil).en}.`}
            />
          </p>
          <Form action={`/requests/${asked.id}/forget`} csrf={props.csrf} class="row">
            <Button kind="quiet" th="ลบผลนี้เดี๋ยวนี้" en="Delete this result now" />
          </Form>
        </>
      )}
    </Frame>
  )
}

interface AgeAnswer {
  readonly reached: boolean
  readonly words: Bilingual
}

/** What the counter asked of somebody's age: a valid document may well say no. */
function ageAnswers(document: ProgramDocument, credential: VerifiedCredential): readonly AgeAnswer[] {
  const subject = claimsOf(document, credential.format, credential.claims)
  return document.type.claims.flatMap(({ path }): readonly AgeAnswer[] => {
    const age = /^(?:age_equal_or_over\.|age_over_)(\d+)$/.exec(path.join('.'))?.[1]
    const reached = valueAt(subject, path)
    if (age === undefined || typeof reached !== 'boolean') return []
    return [
      {
        reached,
        words: reached
          ? { th: `ครบ ${age} ปีแล้ว`, en: `Answer: ${age} or over` }
          : { th: `ยังไม่ครบ ${age} ปี`, en: `Answer: not yet ${age}` },
      },
    ]
  })
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

const order: readonly Check['outcome'][] = ['failed', 'unknown', 'passed', 'skipped']

/** Folded, so that what to do next stands above it; what went wrong first. */
function EachCheck({ checks }: { readonly checks: readonly Check[] }) {
  const sorted = [...checks].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
  return (
    <details>
      <summary>
        <Text
          th={`ผลการตรวจสอบโดยละเอียด (${checks.length} รายการ)`}
          en={`Each check (${checks.length})`}
          inline
        />
      </summary>
      <CheckList checks={sorted} />
    </details>
  )
}

/** By the name under which the document itself says that it was issued; its address beside it. */
function Issuer({ credential }: { readonly credential: VerifiedCredential }) {
  const { issuer } = credential
  const address = issuerWords(issuer)
  const named = issuingAuthority(credential.claims)
  if (named === undefined) return <span class="said">{address}</span>
  return (
    <>
      <ClaimValue name="issuing_authority" label={{ th: 'ผู้ออกเอกสาร', en: 'Issuer' }} value={named} />
      <p class="muted">
        {issuer.method === 'x5c' ? (
          <Text th="ใบรับรองอิเล็กทรอนิกส์" en="electronic certificate" inline />
        ) : (
          <Text th="ที่อยู่เว็บ" en="web address" inline />
        )}{' '}
        <span class="said">{address}</span>
      </p>
    </>
  )
}

function issuingAuthority(claims: JsonObject): string | undefined {
  for (const [name, value] of Object.entries(claims)) {
    if (name === 'issuing_authority' && typeof value === 'string') return value
    const inner = isObject(value) ? issuingAuthority(value) : undefined
    if (inner !== undefined) return inner
  }
  return undefined
}

function valueAt(subject: JsonObject, path: ClaimPath): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (inner, name) => (isObject(inner) && typeof name === 'string' ? inner[name] : undefined),
    subject,
  )
}

function Credential(props: { readonly document: ProgramDocument; readonly credential: VerifiedCredential }) {
  const { document, credential } = props
  const subject = claimsOf(document, credential.format, credential.claims)
  const facts = document.type.claims.flatMap(({ path, names }) => {
    const value = valueAt(subject, path)
    // What has parts is shown part by part.
    if (value === undefined || isObject(value)) return []
    const label = bilingual(names)
    return [{ label, value: <ClaimValue name={String(path.at(-1))} label={label} value={value} /> }]
  })
  return (
    <>
      <section class="stack">
        <h2>
          <Text th="ข้อมูลที่ได้รับ" en="What was received" />
        </h2>
        <Facts
          facts={[
            ...facts,
            { label: { th: 'ผู้ออกเอกสาร', en: 'Issuer' }, value: <Issuer credential={credential} /> },
            {
              label: { th: 'รูปแบบเอกสาร', en: 'Format' },
              value: <Text {...formatWords(credential.format)} />,
            },
          ]}
        />
      </section>
      <EachCheck checks={credential.checks} />
    </>
  )
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
