import { type Bilingual, labelled, Notice, Text } from '@ekkasan-examples/ui/parts'
import { useEffect, useRef, useState } from 'hono/jsx/dom'
import { Act } from './screen.tsx'

const faults: Readonly<Record<string, Bilingual>> = {
  NotAllowedError: {
    th: 'ใช้กล้องไม่ได้ กรุณาอนุญาตให้ใช้กล้องในการตั้งค่าเบราว์เซอร์ หรือวางลิงก์ด้านล่าง',
    en: 'The camera may not be used: allow it in the browser, or paste the link below.',
  },
  NotFoundError: {
    th: 'เครื่องนี้ไม่มีกล้อง กรุณาวางลิงก์ด้านล่าง',
    en: 'There is no camera here: paste the link below.',
  },
  NotReadableError: {
    th: 'โปรแกรมอื่นกำลังใช้กล้องอยู่ กรุณาปิดโปรแกรมนั้นแล้วลองใหม่ หรือวางลิงก์ด้านล่าง',
    en: 'Another program uses the camera: close it and try again, or paste the link below.',
  },
}
const otherFault: Bilingual = {
  th: 'เปิดกล้องไม่ได้ กรุณาวางลิงก์ด้านล่าง',
  en: 'The camera could not be opened: paste the link below.',
}

/** The camera, until it sees a QR. Pictures stay in the page. */
export function Scanner(props: { readonly onText: (text: string) => void; readonly onStop: () => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const [state, setState] = useState<'starting' | 'looking' | Bilingual>('starting')
  useEffect(() => {
    const ending = new AbortController()
    scan(video.current, ending.signal, () => setState('looking')).then(
      (text) => text !== undefined && props.onText(text),
      (error: unknown) => setState(faults[error instanceof Error ? error.name : ''] ?? otherFault),
    )
    return () => ending.abort()
  }, [])
  const isFault = typeof state === 'object'
  return (
    <section class="scanner stack tight" {...labelled({ th: 'กล้อง', en: 'Camera' })}>
      {isFault ? (
        <Notice tone="bad" announce {...state} />
      ) : (
        <p role="status">
          {state === 'starting' ? (
            <Text th="กำลังเปิดกล้อง" en="Opening the camera" />
          ) : (
            <Text th="เล็งกล้องไปที่คิวอาร์โค้ด" en="Point the camera at the QR code" />
          )}
        </p>
      )}
      <video ref={video} muted playsinline hidden={isFault} />
      <Act onClick={props.onStop} kind="quiet" th="ปิดกล้อง" en="Close the camera" />
    </section>
  )
}

async function scan(
  video: HTMLVideoElement | null,
  signal: AbortSignal,
  onLooking: () => void,
): Promise<string | undefined> {
  const camera = navigator.mediaDevices
  if (!video || !camera) throw new Error('no camera in this browser')
  const [stream, { default: readQr }] = await Promise.all([
    camera.getUserMedia({ video: { facingMode: 'environment' }, audio: false }),
    import('jsqr'),
  ])
  try {
    if (signal.aborted) return undefined
    video.srcObject = stream
    await video.play()
    onLooking()
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('no canvas in this browser')
    while (!signal.aborted) {
      // A QR needs no more than 640 pixels, and a slow phone no more work.
      const scale = Math.min(1, 640 / Math.max(1, video.videoWidth, video.videoHeight))
      canvas.width = Math.round(video.videoWidth * scale)
      canvas.height = Math.round(video.videoHeight * scale)
      if (canvas.width > 0 && canvas.height > 0) {
        context.drawImage(video, 0, 0, canvas.width, canvas.height)
        const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height)
        const found = readQr.default(data, width, height)
        if (found && found.data !== '') return found.data
      }
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    return undefined
  } finally {
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
}
