import { renderSVG } from 'uqr'
import { Button } from './form.tsx'
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
      <div
        class="code"
        role="img"
        aria-label={`${props.label.th} ${props.label.en}`}
        dangerouslySetInnerHTML={{ __html: svg }}
      />
      {props.open && <Button href={props.link} {...props.open} kind="quiet" wide />}
      <details class="link">
        <summary>
          <Text th="ลิงก์ของ QR นี้" en="The link in this QR" inline />
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
            data={{ 'data-copy': `#${id}`, 'data-copied': 'คัดลอกแล้ว · Copied', hidden: '' } as never}
          />
        </div>
      </details>
    </figure>
  )
}
