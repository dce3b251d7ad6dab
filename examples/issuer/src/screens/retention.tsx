import { durationWords, Facts, Notice, PageHeading, Text } from '@ekkasan-examples/ui'
import type { Config } from '../config.ts'
import { Frame, type FrameProps } from './frame.tsx'

export function RetentionPage(props: Pick<FrameProps, 'csrf' | 'officer'> & { readonly config: Config }) {
  const { retentionDays, auditDays, validDays, offerSeconds } = props.config
  const title = { th: 'ระยะเวลาเก็บข้อมูล', en: 'Retention' }
  const days = (count: number) => <Text {...durationWords(count * 86_400)} inline />
  const offer = durationWords(offerSeconds)
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
                  th={`เก็บจนเอกสารหมดอายุ และเก็บต่ออีก ${retentionDays} วัน`}
                  en={`Until the credential has ended, then ${retentionDays} days more (RETENTION_DAYS)`}
                />
              ),
            },
            {
              label: { th: 'บันทึกการใช้งานระบบ (audit log)', en: 'Audit log (AUDIT_DAYS)' },
              value: days(auditDays),
            },
            {
              label: { th: 'คิวอาร์โค้ดรับเอกสารและลิงก์', en: 'QR codes and their links' },
              value: (
                <Text
                  th={`ใช้ได้ ${offer.th} และลบภายใน 1 วัน`}
                  en={`Valid for ${offer.en}, deleted within a day`}
                />
              ),
            },
            { label: { th: 'อายุเอกสาร', en: 'Life of a credential (VALID_DAYS)' }, value: days(validDays) },
          ]}
        />
      </section>
      <p class="muted">
        <Text
          th="ระบบลบข้อมูลที่พ้นกำหนดโดยอัตโนมัติ ผู้ดูแลระบบเป็นผู้กำหนดระยะเวลา"
          en="What is past its time is deleted by itself. The administrator sets the periods."
        />
      </p>
    </Frame>
  )
}
