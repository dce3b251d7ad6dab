import { Facts, Notice, PageHeading, Text } from '@ekkasan-examples/ui'
import type { Config } from '../config.ts'
import { Frame, type FrameProps } from './frame.tsx'

export function RetentionPage(props: Pick<FrameProps, 'csrf' | 'officer'> & { readonly config: Config }) {
  const { retentionDays, auditDays, validDays, offerSeconds } = props.config
  const title = { th: 'การเก็บข้อมูล', en: 'Retention' }
  const days = (count: number) => `${count} วัน · ${count} days`
  return (
    <Frame {...props} title={title} at="retention">
      <PageHeading {...title} />
      <Notice
        th="ระบบไม่เก็บข้อมูลในเอกสาร ข้อมูลบุคคลอ่านจากทะเบียนเมื่อออกเอกสารเท่านั้น"
        en="What is in a credential is not kept here. It is read from the registry when it is issued."
      />
      <section class="panel">
        <Facts
          facts={[
            {
              label: {
                th: 'รายการเอกสารที่ออก และเหตุผลที่เปลี่ยนสถานะ',
                en: 'Records of what was issued, and reasons',
              },
              value: (
                <Text
                  th={`จนเอกสารหมดอายุ แล้วเก็บต่ออีก ${retentionDays} วัน`}
                  en={`Until the credential has ended, then ${retentionDays} days more (RETENTION_DAYS)`}
                />
              ),
            },
            { label: { th: 'บันทึกการใช้งาน (audit)', en: 'Audit log (AUDIT_DAYS)' }, value: days(auditDays) },
            {
              label: { th: 'ข้อเสนอและลิงก์ QR', en: 'Offers and their links' },
              value: `ใช้ได้ ${offerSeconds} วินาที ลบใน 1 วัน · ${offerSeconds} seconds, deleted within a day`,
            },
            { label: { th: 'อายุเอกสาร', en: 'Life of a credential (VALID_DAYS)' }, value: days(validDays) },
          ]}
        />
      </section>
      <p class="muted">
        <Text
          th="สิ่งที่พ้นกำหนดถูกลบโดยอัตโนมัติ ผู้ดูแลระบบตั้งค่าเหล่านี้เมื่อเปิดระบบ"
          en="What is past its time is deleted by itself. The operator sets these when the program starts."
        />
      </p>
    </Frame>
  )
}
