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
    label: { th: 'ลิงก์ข้อเสนอ', en: 'Link of the offer' },
    hint: { th: 'ลิงก์จากหน่วยงานผู้ออกเอกสาร', en: 'From the agency that issues the document' },
    example: 'openid-credential-offer://…',
  },
  present: {
    heading: { th: 'แสดงเอกสาร', en: 'Present a document' },
    label: { th: 'ลิงก์คำขอ', en: 'Link of the request' },
    hint: { th: 'ลิงก์จากผู้ขอตรวจเอกสาร', en: 'From the party that asks for a document' },
    example: 'openid4vp://…',
  },
} as const

/** Takes a link by the camera or by hand. Either kind is understood on both screens. */
export function LinkScreen({ purpose }: { readonly purpose: 'receive' | 'present' }) {
  const { heading, label, hint, example } = words[purpose]
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
            <Text th="QR นี้เป็นของอย่างอื่น ลองสแกนอีกครั้ง" en="This QR is for something else; scan again." />
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
          th="สแกน QR ด้วยกล้อง"
          en="Scan a QR with the camera"
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
            placeholder={example}
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
