import { Notice, Text } from '@ekkasan-examples/ui/parts'
import { useState } from 'hono/jsx/dom'
import { kindOfLink } from './link.ts'
import { linkProblem } from './problems.ts'
import { openLink } from './route.ts'
import { Scanner } from './scanner.tsx'
import { Act, Heading } from './screen.tsx'

const words = {
  receive: {
    heading: { th: 'รับเอกสาร', en: 'Receive a document' },
    label: { th: 'หรือวางลิงก์ที่ได้รับ', en: 'Or paste the link you received' },
    hint: {
      th: 'กรณีสแกนไม่ได้ ใช้ลิงก์จากผู้ออกเอกสาร',
      en: 'If you cannot scan: the link from the issuer',
    },
  },
  present: {
    heading: { th: 'แสดงเอกสาร', en: 'Show a document' },
    label: { th: 'หรือวางลิงก์ที่ได้รับ', en: 'Or paste the link you received' },
    hint: {
      th: 'กรณีสแกนไม่ได้ ใช้ลิงก์จากผู้ตรวจสอบเอกสาร',
      en: 'If you cannot scan: the link from the verifier',
    },
  },
} as const

/** Takes a link by the camera or by hand. Either kind is understood on both screens. */
export function LinkScreen({ purpose }: { readonly purpose: 'receive' | 'present' }) {
  const { heading, label, hint } = words[purpose]
  const [scanning, setScanning] = useState(false)
  const [refused, setRefused] = useState<'pasted' | 'scanned' | undefined>(undefined)

  const open = (text: string, how: 'pasted' | 'scanned') => {
    if (kindOfLink(text)) openLink(text.trim())
    else setRefused(how)
  }
  const submit = (event: Event) => {
    event.preventDefault()
    open(String(new FormData(event.target as HTMLFormElement).get('link') ?? ''), 'pasted')
  }
  return (
    <>
      <Heading {...heading} />
      {refused === 'scanned' && (
        <Notice tone="bad" announce th={linkProblem.th} en={linkProblem.en}>
          <p>
            <Text
              th="คิวอาร์โค้ดนี้ไม่ใช่ของกระเป๋าเอกสาร กรุณาสแกนคิวอาร์โค้ดที่เจ้าหน้าที่แสดง"
              en="This QR code is for something else. Scan the one that the officer shows."
            />
          </p>
        </Notice>
      )}
      {scanning ? (
        <Scanner
          onText={(text) => {
            setScanning(false)
            open(text, 'scanned')
          }}
          onStop={() => setScanning(false)}
        />
      ) : (
        <Act
          id="scan"
          onClick={() => {
            setRefused(undefined)
            setScanning(true)
          }}
          th="สแกนคิวอาร์โค้ดด้วยกล้อง"
          en="Scan a QR code with the camera"
        />
      )}
      <form class="stack" onSubmit={submit} novalidate>
        <div class="field">
          <label for="link">
            <Text {...label} />
          </label>
          <p class="hint" id="link-hint">
            <Text {...hint} inline />
          </p>
          <textarea
            id="link"
            name="link"
            rows={3}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-describedby={refused === 'pasted' ? 'link-hint link-error' : 'link-hint'}
            aria-invalid={refused === 'pasted' ? 'true' : undefined}
          />
          {refused === 'pasted' && (
            <p class="error" id="link-error" role="alert">
              <Text th={linkProblem.th} en={linkProblem.en} />
              <Text {...linkProblem.advice} />
            </p>
          )}
        </div>
        <button type="submit" class="button wide quiet">
          <Text th="เปิดลิงก์" en="Open the link" />
        </button>
      </form>
    </>
  )
}
