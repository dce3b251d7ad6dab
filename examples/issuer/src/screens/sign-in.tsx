import { Button, Countdown, Field, Form, Notice, PageHeading } from '@ekkasan-examples/ui'
import { type FlashWord, Frame } from './frame.tsx'

export function SignInPage(props: {
  readonly csrf: string
  readonly flash?: FlashWord | undefined
  readonly refused?: boolean
  readonly lockedUntil?: Date
}) {
  const title = { th: 'เจ้าหน้าที่เข้าสู่ระบบ', en: 'Officer sign-in' }
  return (
    <Frame title={title} csrf={props.csrf} flash={props.flash} page={{ narrow: true }}>
      <PageHeading {...title} />
      {props.refused && (
        <Notice tone="bad" announce th="ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" en="The user name or the password is wrong." />
      )}
      {props.lockedUntil && (
        <Notice
          tone="warn"
          announce
          th="ใส่รหัสผ่านผิดหลายครั้ง กรุณารอสักครู่แล้วลองใหม่"
          en="Too many wrong attempts. Wait before you try again."
        >
          <p>
            <Countdown until={props.lockedUntil} ended={{ th: 'ลองใหม่ได้แล้ว', en: 'You can try again now' }} />
          </p>
        </Notice>
      )}
      <div class="panel">
        <Form action="/officer/sign-in" csrf={props.csrf}>
          <Field
            name="username"
            label={{ th: 'ชื่อผู้ใช้', en: 'User name' }}
            autoComplete="username"
            maxLength={64}
            required
          />
          <Field
            name="password"
            type="password"
            label={{ th: 'รหัสผ่าน', en: 'Password' }}
            autoComplete="current-password"
            maxLength={256}
            required
          />
          <Button th="เข้าสู่ระบบ" en="Sign in" wide />
        </Form>
      </div>
    </Frame>
  )
}
