import type { IssuanceRecord } from '@ekkasan/issuer'
import {
  type Bilingual,
  Button,
  Choices,
  Facts,
  Field,
  Form,
  formatWords,
  Notice,
  PageHeading,
  Table,
  Text,
} from '@ekkasan-examples/ui'
import type { Reason } from '../desk.ts'
import type { Citizen } from '../registry.ts'
import { Frame, type FrameProps } from './frame.tsx'
import {
  Moment,
  maskedNumber,
  reasonsFor,
  reasonText,
  StatusBadge,
  thaiName,
  type Verb,
  verbWords,
} from './words.tsx'

type Props = Pick<FrameProps, 'csrf' | 'officer' | 'flash'>

export interface IssuanceRow extends IssuanceRecord {
  readonly document: Bilingual
  readonly name?: string
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
          label: named ? { th: 'ผู้ถือ', en: 'Holder' } : { th: 'ออกเมื่อ', en: 'Issued' },
          kind: 'lead',
          cell: (row) => (
            <a href={`/officer/issuances/${row.id}`}>
              {named ? (row.name ?? 'ไม่มีในทะเบียนแล้ว') : <Moment at={row.issuedAt} />}
            </a>
          ),
        },
        { label: { th: 'เอกสาร', en: 'Document' }, cell: (row) => row.document.th },
        ...(named
          ? [
              {
                label: { th: 'ออกเมื่อ', en: 'Issued' },
                cell: (row: IssuanceRow) => <Moment at={row.issuedAt} />,
              },
            ]
          : []),
        {
          label: { th: 'ใช้ได้ถึง', en: 'Until' },
          cell: (row) => (row.validUntil ? <Moment at={row.validUntil} /> : '–'),
        },
        {
          label: { th: 'กระเป๋า', en: 'Wallet' },
          cell: (row) => (row.confirmed ? 'ยืนยันแล้ว' : 'ยังไม่ยืนยัน'),
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
      <nav class="row" aria-label="เลื่อนหน้า Paging">
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
      <PageHeading th={citizen ? thaiName(citizen.record) : 'ไม่มีในทะเบียนแล้ว'} en="Issued credential">
        <p>
          <StatusBadge record={record} />
        </p>
      </PageHeading>
      <div class="columns wide-first">
        <section class="panel">
          <Facts
            facts={[
              {
                label: { th: 'ผู้ถือ', en: 'Holder' },
                value: citizen && (
                  <a href={`/officer/citizens/${citizen.handle}`}>
                    {thaiName(citizen.record)}{' '}
                    <span class="number">{maskedNumber(citizen.record.person.pid)}</span>
                  </a>
                ),
              },
              { label: { th: 'เอกสาร', en: 'Document' }, value: <Text {...props.document} /> },
              { label: { th: 'รูปแบบ', en: 'Format' }, value: <Text {...formatWords(props.format)} /> },
              { label: { th: 'ออกเมื่อ', en: 'Issued' }, value: <Moment at={record.issuedAt} /> },
              {
                label: { th: 'ใช้ได้ถึง', en: 'Valid until' },
                value: record.validUntil && <Moment at={record.validUntil} />,
              },
              {
                label: { th: 'กระเป๋ายืนยันการรับ', en: 'Confirmed by the wallet' },
                value: record.confirmed ? 'ยืนยันแล้ว · yes' : 'ยังไม่ยืนยัน · not yet',
              },
              {
                label: { th: 'เลขรายการ', en: 'Record' },
                value: <code>{record.id}</code>,
              },
              {
                label: { th: 'ลบรายการนี้เมื่อ', en: 'This record is deleted' },
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
                      <br />
                      <Text {...reasonText(reason.code)} />
                      {reason.note !== '' && <p>{reason.note}</p>}
                      <span class="muted">{reason.officer}</span>
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

const consequences: Record<Verb, { readonly th: string; readonly en: string }> = {
  revoke: {
    th: 'เพิกถอนแล้วย้อนกลับไม่ได้ ผู้ถือจะใช้เอกสารนี้ไม่ได้อีก ต้องออกใหม่',
    en: 'Revoking is final: the credential can never be used again; a new one has to be issued.',
  },
  suspend: {
    th: 'ระหว่างระงับผู้ถือจะใช้เอกสารนี้ไม่ได้ คืนสถานะได้ภายหลัง',
    en: 'The credential cannot be used while it is suspended. It can be restored later.',
  },
  restore: {
    th: 'ผู้ถือจะใช้เอกสารนี้ได้อีกครั้ง',
    en: 'The credential can be used again.',
  },
}

export function ConfirmPage(
  props: Props & {
    readonly record: IssuanceRecord
    readonly citizen: Citizen | undefined
    readonly verb: Verb
    readonly missing?: boolean
    readonly note?: string
    readonly statusSeconds: number
  },
) {
  const { record, citizen, verb } = props
  const words = verbWords[verb]
  const path = `/officer/issuances/${record.id}`
  return (
    <Frame
      {...props}
      title={{ th: `ยืนยันการ${words.th}`, en: `Confirm: ${words.en}` }}
      at="issuances"
      page={{ narrow: true }}
    >
      <PageHeading th={`ยืนยันการ${words.th}`} en={`Confirm: ${words.en}`}>
        {citizen && <p>{`${thaiName(citizen.record)} (${maskedNumber(citizen.record.person.pid)})`}</p>}
      </PageHeading>
      <Notice tone={verb === 'revoke' ? 'bad' : 'warn'} {...consequences[verb]}>
        <p>
          <Text
            th={`ผู้ตรวจสอบเห็นสถานะใหม่ภายใน ${props.statusSeconds} วินาที`}
            en={`Verifiers see the new status within ${props.statusSeconds} seconds.`}
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
            hint={{ th: 'ไม่ต้องใส่ข้อมูลส่วนบุคคล', en: 'No personal data, please' }}
            maxLength={300}
            multiline
            {...(props.note !== undefined && { value: props.note })}
          />
          <Button th={words.th} en={words.en} kind={verb === 'revoke' ? 'danger' : 'main'} wide />
          <Button href={path} th="ไม่ทำ กลับไปก่อน" en="No, go back" kind="quiet" wide />
        </Form>
      </div>
    </Frame>
  )
}
