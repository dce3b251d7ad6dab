import { type ClaimDefinition, type Claims, type JsonValue, type LanguageMap, textIn } from '@ekkasan/core'
import type { ProgramDocument } from '@ekkasan-examples/documents'
import {
  type Bilingual,
  Button,
  ClaimValue,
  CredentialCard,
  Day,
  type Fact,
  Facts,
  Form,
  labelled,
  Notice,
  PageHeading,
  Text,
} from '@ekkasan-examples/ui'
import type { Issuable, Refusal } from '../issuable.ts'
import type { Citizen } from '../registry.ts'
import { Frame, type FrameProps } from './frame.tsx'
import { type IssuanceRow, IssuanceTable } from './issuances.tsx'
import { latinName, maskedNumber, thaiName } from './words.tsx'

function bilingual(names: LanguageMap, otherwise: string): Bilingual {
  return { th: textIn(names, 'th') ?? otherwise, en: textIn(names, 'en') ?? otherwise }
}

/** A document, and the configurations in which it is offered: the wallet takes the one that it likes best. */
export interface Offerable {
  readonly document: ProgramDocument
  readonly configurations: readonly { readonly id: string; readonly format: string }[]
}

const refusals = {
  'not-thai-national': {
    th: 'ออกเอกสารไม่ได้ บัตรประจำตัวประชาชนออกให้เฉพาะผู้มีสัญชาติไทย',
    en: 'Cannot be issued: the national identity card is for Thai nationals only.',
  },
  'no-licence': {
    th: 'ไม่พบใบอนุญาตขับรถของบุคคลนี้ในทะเบียน',
    en: 'The registry has no driving licence of this person.',
  },
  'document-expired': {
    th: 'ออกเอกสารไม่ได้ บัตรหรือใบอนุญาตหมดอายุแล้ว ต้องขอมีบัตรใหม่หรือต่ออายุก่อน',
    en: 'Cannot be issued: the card or licence has expired. It has to be renewed first.',
  },
  'record-faulty': {
    th: 'ออกเอกสารไม่ได้ รายการทะเบียนไม่ครบหรือไม่ถูกต้อง ต้องแก้ไขรายการทะเบียนก่อน',
    en: 'Cannot be issued: the record in the registry is incomplete or faulty and has to be mended first.',
  },
} as const satisfies Record<Refusal, Bilingual>

export function CitizenPage(
  props: Pick<FrameProps, 'csrf' | 'officer' | 'flash'> & {
    readonly citizen: Citizen
    readonly chosen: Offerable
    readonly issuable: Issuable
    readonly offerable: readonly Offerable[]
    readonly issuances: readonly IssuanceRow[]
  },
) {
  const { citizen, chosen, issuable, offerable } = props
  const document = chosen.document.type
  const name = { th: thaiName(citizen.record), en: latinName(citizen.record) }
  const picture = citizen.record.picture
  return (
    <Frame {...props} title={{ th: 'ตรวจข้อมูลก่อนออกเอกสาร', en: 'Check before issuing' }} at="search">
      <PageHeading th={name.th} en={name.en}>
        <p class="muted number">{maskedNumber(citizen.record.person.pid)}</p>
      </PageHeading>
      <nav class="tabs" {...labelled({ th: 'เอกสารที่จะออก', en: 'Document to be issued' })}>
        {offerable.map(({ document: { type } }) => (
          <a
            href={`/officer/citizens/${citizen.handle}?document=${type.id}`}
            aria-current={type.id === document.id ? 'page' : undefined}
          >
            <Text {...bilingual(type.names, type.id)} />
          </a>
        ))}
      </nav>
      {'refused' in issuable ? (
        <Notice tone="bad" {...refusals[issuable.refused]} />
      ) : (
        <div class="columns wide-first">
          <section class="panel stack" aria-labelledby="preview">
            <h2 id="preview">
              <Text th="ข้อมูลทั้งหมดที่จะอยู่ในเอกสาร" en="All that the document will hold" />
            </h2>
            <p>
              <a href="#offer">
                <Text th="ไปที่ปุ่มออกคิวอาร์โค้ด" en="Go to the button that makes the QR code" inline />
              </a>
            </p>
            {groups.map(({ disclosure, title }) => (
              <section class="stack tight">
                <h3>
                  <Text {...title} />
                </h3>
                <Facts compact facts={claimFacts(document.claims, issuable.claims, disclosure)} />
              </section>
            ))}
          </section>
          <div class="stack sticky">
            <CredentialCard
              kind={bilingual(document.names, document.id)}
              name={name}
              lines={[maskedNumber(citizen.record.person.pid)]}
              backgroundColor={document.display.backgroundColor}
              textColor={document.display.textColor}
              {...(picture !== undefined && { photo: picture })}
            />
            <section class="panel" aria-labelledby="offer">
              <Form action={`/officer/citizens/${citizen.handle}/offers`} csrf={props.csrf}>
                <h2 id="offer">
                  <Text th="ให้รับเอกสาร" en="Let the person receive it" />
                </h2>
                <p>
                  <Text th="เอกสารดิจิทัลนี้ใช้ได้ถึงวันที่" en="This digital document is valid through" inline />{' '}
                  <Day at={issuable.validUntil} last />
                </p>
                <p class="hint">
                  <Text th="บัตรตัวจริงมีอายุตามที่ระบุบนบัตร" en="The physical card keeps its own date." />
                </p>
                <input type="hidden" name="document" value={document.id} />
                <p class="muted">
                  <Text
                    th="ระบบเลือกรูปแบบที่กระเป๋าเอกสารของผู้รับรองรับให้โดยอัตโนมัติ"
                    en="It is sent in a format that the recipient’s wallet supports."
                  />
                </p>
                <p class="muted">
                  <Text
                    th="ก่อนออกคิวอาร์โค้ด ตรวจสอบว่าผู้มาติดต่อเป็นบุคคลนี้ โดยเทียบใบหน้ากับภาพถ่ายและบัตรตัวจริง"
                    en="Before you make the QR code, make sure that the visitor is this person: compare the face with the photograph and the physical card."
                  />
                </p>
                <Button th="ออกคิวอาร์โค้ดรับเอกสาร" en="Make the QR code" wide />
              </Form>
            </section>
          </div>
        </div>
      )}
      <section class="stack" aria-labelledby="issued">
        <h2 id="issued">
          <Text th="เอกสารที่เคยออกให้บุคคลนี้" en="Issued to this person" />
        </h2>
        <IssuanceTable issuances={props.issuances} />
      </section>
    </Frame>
  )
}

const groups = [
  {
    disclosure: 'selective',
    title: {
      th: 'ข้อมูลที่ผู้ถือเอกสารเลือกเปิดเผยได้',
      en: 'Items that the holder may choose to disclose, in formats that can',
    },
  },
  { disclosure: 'always', title: { th: 'ข้อมูลที่เปิดเผยทุกครั้งที่ใช้เอกสาร', en: 'Items disclosed at every use' } },
] as const

function claimFacts(
  definitions: readonly ClaimDefinition[],
  claims: Claims,
  disclosure: ClaimDefinition['disclosure'],
): readonly Fact[] {
  return definitions.flatMap((definition) => {
    const { path, names } = definition
    const value = valueAt(claims, path)
    const hasParts = typeof value === 'object' && value !== null && !Array.isArray(value)
    // What has parts is shown part by part.
    if (definition.disclosure !== disclosure || value === undefined || hasParts) return []
    const label = bilingual(names, path.join('.'))
    return { label, value: <ClaimValue name={String(path.at(-1))} label={label} value={value} /> }
  })
}

function valueAt(claims: Claims, path: ClaimDefinition['path']): JsonValue | undefined {
  let value: JsonValue | undefined = claims
  for (const part of path) {
    if (typeof part !== 'string' || typeof value !== 'object' || value === null || Array.isArray(value))
      return undefined
    value = (value as Claims)[part]
  }
  return value
}
