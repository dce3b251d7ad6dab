import type { OfferState } from '@ekkasan/issuer'
import { type Bilingual, Button, Field, Form, Notice, PageHeading, Table, Text } from '@ekkasan-examples/ui'
import type { DeskOffer } from '../desk.ts'
import type { Citizen } from '../registry.ts'
import { Frame, type FrameProps } from './frame.tsx'
import { latinName, Moment, maskedNumber, OfferBadge, thaiName } from './words.tsx'

export interface RecentOffer extends DeskOffer {
  readonly state: OfferState['state']
  readonly name: string
  readonly documentNames: Bilingual
}

type Props = Pick<FrameProps, 'csrf' | 'officer' | 'flash'>

function SearchForm(props: {
  readonly csrf: string
  readonly query?: string
  readonly error?: Bilingual | undefined
}) {
  return (
    <div class="panel">
      <Form action="/officer/search" csrf={props.csrf} class="stack form-width">
        <Field
          name="query"
          label={{ th: 'เลขประจำตัวประชาชน หรือชื่อ', en: 'Citizen number or name' }}
          hint={{
            th: 'เลข 13 หลัก มีขีดหรือไม่ก็ได้ หรือบางส่วนของชื่อภาษาไทยหรืออังกฤษ',
            en: '13 digits with or without hyphens, or part of a name',
          }}
          maxLength={100}
          autoComplete="off"
          required
          {...(props.query !== undefined && { value: props.query })}
          {...(props.error && { error: props.error })}
        />
        <Button th="ค้นหา" en="Search" wide />
      </Form>
    </div>
  )
}

export function StartPage(
  props: Props & {
    readonly recent: readonly RecentOffer[]
    readonly query?: string
    readonly error?: Bilingual | undefined
  },
) {
  const title = { th: 'ค้นหาบุคคล', en: 'Find a citizen' }
  return (
    <Frame {...props} title={title} at="search">
      <PageHeading {...title} />
      <SearchForm {...props} />
      <section class="stack" aria-labelledby="recent">
        <h2 id="recent">
          <Text th="ข้อเสนอใน 24 ชั่วโมงนี้" en="Offers of the last 24 hours" />
        </h2>
        {props.recent.length === 0 ? (
          <p class="muted">
            <Text th="ยังไม่มี" en="None yet" inline />
          </p>
        ) : (
          <Table
            caption={{ th: 'ข้อเสนอ', en: 'Offers' }}
            rows={props.recent}
            columns={[
              {
                label: { th: 'ผู้รับ', en: 'Citizen' },
                kind: 'lead',
                cell: (offer) => <a href={`/officer/offers/${offer.offerId}`}>{offer.name}</a>,
              },
              { label: { th: 'เอกสาร', en: 'Document' }, cell: (offer) => offer.documentNames.th },
              {
                label: { th: 'เมื่อ', en: 'Made' },
                cell: (offer) => <Moment at={new Date(offer.createdAt)} />,
              },
              { label: { th: 'สถานะ', en: 'State' }, cell: (offer) => <OfferBadge state={offer.state} /> },
            ]}
          />
        )}
      </section>
    </Frame>
  )
}

export function ResultsPage(
  props: Props & { readonly query: string; readonly found: readonly Citizen[]; readonly limit: number },
) {
  const { found, limit } = props
  const title = { th: 'ผลการค้นหา', en: 'Search results' }
  return (
    <Frame {...props} title={title} at="search">
      <PageHeading {...title} />
      <SearchForm {...props} />
      {found.length === 0 && (
        <Notice
          tone="warn"
          announce
          th="ไม่พบบุคคลนี้ในทะเบียน ตรวจตัวสะกดหรือเลขอีกครั้ง"
          en="The registry has nobody like that. Check the spelling or the number."
        />
      )}
      {found.length >= limit && (
        <Notice
          th={`แสดง ${limit} รายการแรก พิมพ์ชื่อให้ละเอียดขึ้นเพื่อให้พบเร็วขึ้น`}
          en={`Only the first ${limit} are shown. Type more of the name.`}
        />
      )}
      {found.length > 0 && (
        <Table
          caption={title}
          rows={found}
          columns={[
            {
              label: { th: 'ชื่อ', en: 'Name' },
              kind: 'lead',
              cell: ({ handle, record }) => (
                <a href={`/officer/citizens/${handle}`}>
                  <Text th={thaiName(record)} en={latinName(record)} />
                </a>
              ),
            },
            {
              label: { th: 'เลขประจำตัว', en: 'Number' },
              cell: ({ record }) => <span class="number">{maskedNumber(record.person.pid)}</span>,
            },
            {
              label: { th: 'จังหวัด', en: 'Province' },
              cell: ({ record }) => record.house?.provinceDesc ?? '–',
            },
          ]}
        />
      )}
    </Frame>
  )
}
