import { renderSVG } from 'uqr'
import { Button } from './form.tsx'
import { labelled } from './screen-language.ts'
import { type Bilingual, Text } from './text.tsx'

/** A large QR of a link, with the link itself beside it: to open on this device, and to copy. */
export function Qr(props: {
  readonly link: string
  readonly label: Bilingual
  /** Text of the link for those whose wallet is on this device; absent: no link. */
  readonly open?: Bilingual
  readonly id?: string
}) {
  const id = props.id ?? 'qr-link'
  const svg = renderSVG(props.link, { ecc: 'M', border: 3 }).replace('<svg ', '<svg aria-hidden="true" ')
  return (
    <figure class="qr">
      <p class="hint">
        <Text
          th="หากสแกนไม่ได้ กดปุ่มด้านล่างเพื่อเปิดในเครื่องนี้ หรือขอให้เจ้าหน้าที่ช่วย"
          en="If you cannot scan it, open it on this device with the button below, or ask the staff to help."
        />
      </p>
      <div class="code" role="img" {...labelled(props.label)} dangerouslySetInnerHTML={{ __html: svg }} />
      {props.open && <Button href={props.link} {...props.open} kind="quiet" wide />}
      <details class="link">
        <summary>
          <Text
            th="ลิงก์ของคิวอาร์โค้ดนี้ (สำหรับผู้ที่สแกนไม่ได้)"
            en="The link of this QR code (if it cannot be scanned)"
            inline
          />
        </summary>
        <div class="stack tight">
          <code id={id} tabindex={0}>
            {props.link}
          </code>
          <Button
            type="button"
            kind="quiet"
            wide
            th="คัดลอกลิงก์"
            en="Copy the link"
            data={
              {
                'data-copy': `#${id}`,
                'data-copied-th': 'คัดลอกแล้ว',
                'data-copied-en': 'Copied',
                hidden: '',
              } as never
            }
          />
        </div>
      </details>
    </figure>
  )
}
