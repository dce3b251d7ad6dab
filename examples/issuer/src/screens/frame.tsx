import { type Bilingual, Form, Notice, Page, type PageProps, Text, type Tone } from '@ekkasan-examples/ui'
import type { Child } from 'hono/jsx'

export const flashWords = ['revoked', 'suspended', 'restored', 'withdrawn', 'replaced', 'signed-out'] as const
export type FlashWord = (typeof flashWords)[number]

const flashTexts: Record<FlashWord, Bilingual> = {
  revoked: { th: 'เพิกถอนเอกสารแล้ว', en: 'The digital document is revoked.' },
  suspended: { th: 'ระงับเอกสารชั่วคราวแล้ว', en: 'The digital document is suspended.' },
  restored: {
    th: 'ยกเลิกการระงับแล้ว เอกสารใช้ได้ตามเดิม',
    en: 'The suspension is lifted: the document is valid again.',
  },
  withdrawn: { th: 'ยกเลิกคิวอาร์โค้ดแล้ว', en: 'The QR code was cancelled.' },
  replaced: {
    th: 'ออกคิวอาร์โค้ดใหม่แล้ว คิวอาร์โค้ดเดิมใช้ไม่ได้อีก',
    en: 'There is a new QR code; the old one can no longer be used.',
  },
  'signed-out': { th: 'ออกจากระบบแล้ว', en: 'You are signed out.' },
}

export interface FrameProps {
  readonly title: Bilingual
  readonly csrf: string
  /** Absent on the sign-in page. */
  readonly officer?: string
  readonly at?: 'search' | 'issuances' | 'retention'
  readonly flash?: FlashWord | undefined
  readonly page?: Partial<PageProps>
  readonly children?: Child
}

/** The frame of every officer's screen. */
export function Frame({ title, csrf, officer, at, flash, page, children }: FrameProps) {
  const navigation = [
    { href: '/officer', th: 'ค้นหาบุคคล', en: 'Find a person', current: at === 'search' },
    { href: '/officer/issuances', th: 'เอกสารที่ออก', en: 'Issued', current: at === 'issuances' },
    { href: '/officer/retention', th: 'ระยะเวลาเก็บข้อมูล', en: 'Retention', current: at === 'retention' },
  ]
  return (
    <Page
      title={title}
      program={{ th: 'ระบบออกเอกสารรับรองดิจิทัล', en: 'Credential issuer' }}
      home="/officer"
      navigation={officer === undefined ? [] : navigation}
      account={
        officer !== undefined && (
          <Form action="/officer/sign-out" csrf={csrf} class="row">
            <button class="button quiet" type="submit">
              <Text th="ออกจากระบบ" en="Sign out" />
            </button>
          </Form>
        )
      }
      {...page}
    >
      {flash && <Notice tone="ok" announce {...flashTexts[flash]} />}
      {children}
    </Page>
  )
}

export interface Problem {
  readonly title: Bilingual
  readonly what: Bilingual
}

export const problems = {
  notFound: {
    title: { th: 'ไม่พบหน้านี้', en: 'Not found' },
    what: {
      th: 'ไม่มีรายการนี้ หรือพ้นกำหนดเก็บและถูกลบแล้ว',
      en: 'There is no such record, or its retention has ended and it was deleted.',
    },
  },
  refusedForm: {
    title: { th: 'แบบฟอร์มหมดอายุ', en: 'The form has expired' },
    what: {
      th: 'ยังไม่ได้บันทึกข้อมูล กรุณากลับไปหน้าเดิม โหลดหน้าใหม่ แล้วส่งอีกครั้ง',
      en: 'Nothing was saved. Go back, load the page again and send it once more.',
    },
  },
  broken: {
    title: { th: 'ระบบขัดข้อง', en: 'Something went wrong' },
    what: {
      th: 'ระบบบันทึกเหตุขัดข้องนี้ไว้แล้ว กรุณาลองใหม่ หากยังไม่ได้ให้แจ้งผู้ดูแลระบบ',
      en: 'The fault has been logged. Try again; if it stays, tell the operator.',
    },
  },
  conflict: {
    title: { th: 'ทำรายการนี้ไม่ได้', en: 'This cannot be done' },
    what: {
      th: 'ทำรายการไม่ได้ เพราะสถานะเปลี่ยนไปแล้ว (เช่น เจ้าหน้าที่คนอื่นเพิกถอนแล้ว) กรุณาตรวจสอบสถานะล่าสุด',
      en: 'Its state has changed meanwhile (for example, another officer revoked it). Look at its present state.',
    },
  },
} as const satisfies Record<string, Problem>

/** A page that says in plain words what is wrong and where to go. */
export function ProblemPage({ problem, tone = 'bad' }: { readonly problem: Problem; readonly tone?: Tone }) {
  return (
    <Frame title={problem.title} csrf="" page={{ narrow: true }}>
      <h1>
        <Text {...problem.title} />
      </h1>
      <Notice tone={tone} {...problem.what} />
      <p>
        <a href="/officer">
          <Text th="กลับหน้าแรก" en="Back to the start" inline />
        </a>
      </p>
    </Frame>
  )
}
