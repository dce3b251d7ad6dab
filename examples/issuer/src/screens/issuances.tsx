import type { IssuanceRecord } from '@ekkasan/issuer'
import {
  type Bilingual,
  Button,
  Choices,
  Day,
  durationWords,
  Facts,
  Field,
  Form,
  formatWords,
  labelled,
  Moment,
  momentText,
  Notice,
  PageHeading,
  Table,
  Text,
} from '@ekkasan-examples/ui'
import type { Reason } from '../desk.ts'
import type { Citizen } from '../registry.ts'
import { Frame, type FrameProps } from './frame.tsx'
import {
  LinkDetail,
  maskedNumber,
  nameWords,
  reasonsFor,
  reasonText,
  StatusBadge,
  type Verb,
  verbWords,
} from './words.tsx'

type Props = Pick<FrameProps, 'csrf' | 'officer' | 'flash'>

export interface IssuanceRow extends IssuanceRecord {
  readonly document: Bilingual
  readonly name?: Bilingual
}

export function IssuanceTable({
  issuances,
  named,
}: {
  readonly issuances: readonly IssuanceRow[]
  readonly named?: boolean
}) {
  if (issuances.length === 0) {
    return (
      <p class="muted">
        <Text th="ยังไม่มี" en="None yet" inline />
      </p>
    )
  }
  return (
    <Table
      caption={{ th: 'เอกสารที่ออก', en: 'Issued credentials' }}
      rows={issuances}
      columns={[
        {
          label: named ? { th: 'ผู้ถือเอกสาร', en: 'Holder' } : { th: 'วันที่ออก', en: 'Issued' },
          kind: 'lead',
          cell: (row) => (
            <a href={`/officer/issuances/${row.id}`}>
              {named ? (
                <>
                  <Text {...(row.name ?? notInRegistry)} inline />
                  <LinkDetail what={row.document} at={row.issuedAt} />
                </>
              ) : (
                <>
                  <Moment at={row.issuedAt} short />
                  <span class="visually-hidden">
                    {' '}
                    <Text {...row.document} inline />
                  </span>
                </>
              )}
            </a>
          ),
        },
        { label: { th: 'เอกสาร', en: 'Document' }, cell: (row) => <Text {...row.document} /> },
        ...(named
          ? [
              {
                label: { th: 'วันที่ออก', en: 'Issued' },
                cell: (row: IssuanceRow) => <Moment at={row.issuedAt} short />,
              },
            ]
          : []),
        {
          label: { th: 'ใช้ได้ถึงวันที่', en: 'Valid through' },
          cell: (row) => (row.validUntil ? <Day at={row.validUntil} last /> : '–'),
        },
        {
          label: { th: 'การรับเอกสาร', en: 'Receipt' },
          cell: (row) => <Text {...receiptWords(row.confirmed)} />,
        },
        { label: { th: 'สถานะ', en: 'Status' }, cell: (row) => <StatusBadge record={row} /> },
      ]}
    />
  )
}

export function IssuancesPage(
  props: Props & {
    readonly issuances: readonly IssuanceRow[]
    readonly next?: string
    readonly isFirst: boolean
  },
) {
  const title = { th: 'เอกสารที่ออก', en: 'Issued credentials' }
  return (
    <Frame {...props} title={title} at="issuances">
      <PageHeading {...title}>
        <p class="muted">
          <Text th="ใหม่ที่สุดก่อน" en="Newest first" inline />
        </p>
      </PageHeading>
      <IssuanceTable issuances={props.issuances} named />
      <nav class="row" {...labelled({ th: 'เลื่อนหน้า', en: 'Paging' })}>
        {!props.isFirst && (
          <Button href="/officer/issuances" th="กลับไปใหม่ที่สุด" en="To the newest" kind="quiet" />
        )}
        {props.next !== undefined && (
          <Button
            href={`/officer/issuances?after=${encodeURIComponent(props.next)}`}
            th="เก่ากว่านี้"
            en="Older"
            kind="quiet"
          />
        )}
      </nav>
    </Frame>
  )
}

export function IssuancePage(
  props: Props & {
    readonly record: IssuanceRecord
    readonly citizen: Citizen | undefined
    readonly document: Bilingual
    readonly format: string
    readonly reasons: readonly Reason[]
    readonly deletedAt: Date | undefined
  },
) {
  const { record, citizen, reasons } = props
  const path = `/officer/issuances/${record.id}`
  const ended = record.validUntil !== undefined && record.validUntil < new Date()
  const verbs: readonly Verb[] =
    record.statusReference === undefined || record.status === 'revoked'
      ? []
      : record.status === 'suspended'
        ? ['restore', 'revoke']
        : ['suspend', 'revoke']
  return (
    <Frame {...props} title={{ th: 'รายการเอกสารที่ออก', en: 'Issued credential' }} at="issuances">
      <PageHeading {...documentOfPerson(props.document, citizen)}>
        <p>
          <StatusBadge record={record} />
        </p>
      </PageHeading>
      <div class="columns wide-first">
        <section class="panel">
          <Facts
            facts={[
              {
                label: { th: 'ผู้ถือเอกสาร', en: 'Holder' },
                value: citizen && (
                  <a href={`/officer/citizens/${citizen.handle}`}>
                    <Text {...nameWords(citizen.record)} inline />{' '}
                    <span class="number">{maskedNumber(citizen.record.person.pid)}</span>
                  </a>
                ),
              },
              { label: { th: 'เอกสาร', en: 'Document' }, value: <Text {...props.document} /> },
              { label: { th: 'รูปแบบเอกสาร', en: 'Format' }, value: <Text {...formatWords(props.format)} /> },
              { label: { th: 'วันที่ออก', en: 'Issued' }, value: <Moment at={record.issuedAt} /> },
              {
                label: { th: 'เอกสารดิจิทัลนี้ใช้ได้ถึงวันที่', en: 'This digital document is valid through' },
                value: record.validUntil && <Day at={record.validUntil} last />,
              },
              {
                label: { th: 'การรับเอกสาร', en: 'Receipt' },
                value: <Text {...receiptWords(record.confirmed)} />,
              },
              {
                label: { th: 'เลขที่รายการ', en: 'Record number' },
                value: <code>{record.id}</code>,
              },
              {
                label: { th: 'จะลบรายการนี้ในวันที่', en: 'This record will be deleted on' },
                value: props.deletedAt && <Moment at={props.deletedAt} />,
              },
            ]}
          />
        </section>
        <div class="stack">
          {verbs.length > 0 && !ended && (
            <section class="panel stack" aria-labelledby="change">
              <h2 id="change">
                <Text th="เปลี่ยนสถานะ" en="Change its status" />
              </h2>
              {verbs.map((verb) => (
                <Button
                  href={`${path}/${verb}`}
                  th={verbWords[verb].th}
                  en={verbWords[verb].en}
                  kind={verb === 'revoke' ? 'danger' : 'quiet'}
                  wide
                />
              ))}
            </section>
          )}
          <section class="panel stack" aria-labelledby="history">
            <h2 id="history">
              <Text th="ประวัติสถานะ" en="History of its status" />
            </h2>
            {reasons.length === 0 ? (
              <p class="muted">
                <Text th="ไม่มีการเปลี่ยนสถานะ" en="Never changed" inline />
              </p>
            ) : (
              <Facts
                facts={reasons.map((reason) => ({
                  label: verbWords[reason.verb].done,
                  value: (
                    <>
                      <Moment at={new Date(reason.at)} />
                      <p>
                        <Text th="เหตุผล" en="Reason:" inline /> <Text {...reasonText(reason.code)} inline />
                      </p>
                      {reason.note !== '' && <p>{reason.note}</p>}
                      <p class="muted">
                        <Text th="เจ้าหน้าที่" en="Officer:" inline /> {reason.officer}
                      </p>
                    </>
                  ),
                }))}
              />
            )}
          </section>
        </div>
      </div>
    </Frame>
  )
}

const notInRegistry: Bilingual = { th: 'ไม่พบในทะเบียน', en: 'not in the registry' }

const receiptWords = (confirmed: boolean): Bilingual =>
  confirmed ? { th: 'รับแล้ว', en: 'received' } : { th: 'ยังไม่ได้รับการยืนยัน', en: 'not confirmed yet' }

/** Which document of whom: what is revoked must not be guessed. */
function documentOfPerson(document: Bilingual, citizen: Citizen | undefined): Bilingual {
  const name = citizen ? nameWords(citizen.record) : notInRegistry
  return { th: `${document.th} ของ ${name.th}`, en: `${document.en || document.th} of ${name.en}` }
}

/** `การเพิกถอน`; a word that has the prefix already stays. */
const verbNoun = (verb: Verb) => (verb === 'restore' ? verbWords[verb].th : `การ${verbWords[verb].th}`)

const consequences: Record<Verb, { readonly th: string; readonly en: string }> = {
  revoke: {
    th: 'การเพิกถอนเป็นการถาวร ยกเลิกไม่ได้ ผู้ถือเอกสารจะใช้เอกสารดิจิทัลนี้ไม่ได้อีกและต้องขอรับใหม่ ทั้งนี้ไม่มีผลต่อบัตรตัวจริง',
    en: 'Revoking is for good: this digital document can never be used again, and its holder has to ask for a new one. The physical card is not affected.',
  },
  suspend: {
    th: 'ระหว่างที่ระงับ ผู้ถือเอกสารใช้เอกสารดิจิทัลนี้ไม่ได้ สามารถยกเลิกการระงับได้ภายหลัง ไม่มีผลต่อบัตรตัวจริง',
    en: 'This digital document cannot be used while it is suspended. The suspension can be lifted later. The physical card is not affected.',
  },
  restore: {
    th: 'ผู้ถือเอกสารจะใช้เอกสารดิจิทัลนี้ได้อีกครั้ง',
    en: 'The holder can use this digital document again.',
  },
}

export function ConfirmPage(
  props: Props & {
    readonly record: IssuanceRecord
    readonly citizen: Citizen | undefined
    readonly document: Bilingual
    readonly verb: Verb
    readonly missing?: boolean
    readonly note?: string
    readonly statusSeconds: number
  },
) {
  const { record, citizen, verb } = props
  const words = verbWords[verb]
  const path = `/officer/issuances/${record.id}`
  const what = documentOfPerson(props.document, citizen)
  const soon = durationWords(props.statusSeconds)
  const issued = momentText(record.issuedAt)
  return (
    <Frame
      {...props}
      title={{ th: `ยืนยัน${verbNoun(verb)}`, en: `Confirm: ${words.en}` }}
      at="issuances"
      page={{ narrow: true }}
    >
      <PageHeading th={`ยืนยัน${verbNoun(verb)} ${what.th}`} en={`${words.en}: ${what.en}`}>
        {citizen && <p class="number">{maskedNumber(citizen.record.person.pid)}</p>}
        <p>
          <Text th={`ออกวันที่ ${issued.th}`} en={`Issued ${issued.en}`} />
        </p>
      </PageHeading>
      <Notice tone={verb === 'revoke' ? 'bad' : 'warn'} {...consequences[verb]}>
        <p>
          <Text
            th={`ผู้ตรวจสอบเอกสารจะเห็นสถานะใหม่ภายในประมาณ ${soon.th}`}
            en={`Verifiers see the new status within about ${soon.en}.`}
          />
        </p>
      </Notice>
      <div class="panel">
        <Form action={`${path}/${verb}`} csrf={props.csrf}>
          <Choices
            name="reason"
            legend={{ th: 'เหตุผล', en: 'Reason' }}
            options={reasonsFor(verb)}
            {...(props.missing && { error: { th: 'เลือกเหตุผลหนึ่งข้อ', en: 'Choose one reason.' } })}
          />
          <Field
            name="note"
            label={{ th: 'บันทึกเพิ่มเติม (ถ้ามี)', en: 'Note (optional)' }}
            hint={{ th: 'ห้ามใส่ข้อมูลส่วนบุคคล', en: 'Do not enter personal data' }}
            maxLength={300}
            multiline
            {...(props.note !== undefined && { value: props.note })}
          />
          <Button {...words.button} kind={verb === 'revoke' ? 'danger' : 'main'} wide />
          <Button href={path} th="ยกเลิก กลับหน้าเดิม" en="Cancel and go back" kind="quiet" wide />
        </Form>
      </div>
    </Frame>
  )
}
