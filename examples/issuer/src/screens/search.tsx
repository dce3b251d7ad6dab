import type { OfferState } from '@ekkasan/issuer'
import {
  type Bilingual,
  Button,
  ClaimValue,
  Field,
  Form,
  Moment,
  Notice,
  PageHeading,
  Table,
  Text,
} from '@ekkasan-examples/ui'
import type { DeskOffer } from '../desk.ts'
import type { Citizen } from '../registry.ts'
import { Frame, type FrameProps } from './frame.tsx'
import { LinkDetail, latinName, maskedNumber, OfferBadge, thaiName } from './words.tsx'

export interface RecentOffer extends DeskOffer {
  readonly state: OfferState
  readonly name: Bilingual
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
          label={{ th: 'เลขประจำตัวประชาชน หรือชื่อ', en: 'National ID number or name' }}
          hint={{
            th: 'เลข 13 หลัก (ใส่ขีดหรือไม่ก็ได้) หรือชื่อตัวหรือชื่อสกุลบางส่วน ภาษาไทยหรือภาษาอังกฤษ',
            en: '13 digits, with or without hyphens, or part of a given or family name',
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
  const title = { th: 'ค้นหาบุคคล', en: 'Find a person' }
  return (
    <Frame {...props} title={title} at="search">
      <PageHeading {...title} />
      <SearchForm {...props} />
      <section class="stack" aria-labelledby="recent">
        <h2 id="recent">
          <Text th="รายการรอรับเอกสารใน 24 ชั่วโมงที่ผ่านมา" en="Pick-ups of the last 24 hours" />
        </h2>
        {props.recent.length === 0 ? (
          <p class="muted">
            <Text th="ยังไม่มี" en="None yet" inline />
          </p>
        ) : (
          <Table
            caption={{ th: 'รายการรอรับเอกสาร', en: 'Pick-ups' }}
            rows={props.recent}
            columns={[
              {
                label: { th: 'ผู้รับเอกสาร', en: 'Recipient' },
                kind: 'lead',
                cell: (offer) => (
                  <a href={`/officer/offers/${offer.offerId}`}>
                    <Text {...offer.name} inline />
                    <LinkDetail what={offer.documentNames} at={new Date(offer.createdAt)} />
                  </a>
                ),
              },
              {
                label: { th: 'เอกสาร', en: 'Document' },
                cell: (offer) => <Text {...offer.documentNames} />,
              },
              {
                label: { th: 'เวลาที่ออกคิวอาร์โค้ด', en: 'Made at' },
                cell: (offer) => <Moment at={new Date(offer.createdAt)} short />,
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
          th="ไม่พบข้อมูลในทะเบียน ตรวจสอบเลขหรือตัวสะกดอีกครั้ง"
          en="Nobody was found. Check the number or the spelling."
        />
      )}
      {found.length >= limit && (
        <Notice
          th={`แสดงเฉพาะ ${limit} รายการแรก พิมพ์ชื่อและชื่อสกุลให้ครบเพื่อจำกัดผลการค้นหา`}
          en={`Only the first ${limit} are shown. Type the whole name.`}
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
                  <span class="visually-hidden">{` ${maskedNumber(record.person.pid)}`}</span>
                </a>
              ),
            },
            {
              label: { th: 'วันเกิด', en: 'Date of birth' },
              cell: ({ record }) => (
                <ClaimValue
                  name="birthdate_registry"
                  label={{ th: 'วันเกิด', en: 'Date of birth' }}
                  value={String(record.person.dateOfBirth)}
                />
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
