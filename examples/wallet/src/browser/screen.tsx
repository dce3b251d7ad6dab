import { type Bilingual, inOneLanguage, Notice, Text } from '@ekkasan-examples/ui/parts'
import type { Child } from 'hono/jsx'
import { useEffect, useRef, useState } from 'hono/jsx/dom'
import type { Problem } from './problems.ts'
import { goTo } from './route.ts'

/** Heading of a screen: takes the focus when the screen appears, so that a screen reader says where one is. */
export function Heading({ th, en, children }: Bilingual & { readonly children?: Child }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${inOneLanguage({ th, en })} · ${inOneLanguage({ th: 'กระเป๋าเอกสาร', en: 'wallet' })}`
    heading.current?.focus()
    scrollTo(0, 0)
  }, [th])
  return (
    <div class="stack tight">
      <h1 tabindex={-1} ref={heading}>
        <Text th={th} en={en} />
      </h1>
      {children}
    </div>
  )
}

export function Busy({ th, en }: Bilingual) {
  return (
    <p class="busy" role="status">
      <Text th={th} en={en} />
    </p>
  )
}

export function ProblemNotice({ problem }: { readonly problem: Problem }) {
  return (
    <>
      <Notice tone="bad" announce th={problem.th} en={problem.en}>
        <p>
          <Text {...problem.advice} />
        </p>
      </Notice>
      {problem.code !== undefined && (
        <p class="hint">
          <Text th="รหัสข้อผิดพลาด (สำหรับเจ้าหน้าที่)" en="Error code (for staff)" inline />{' '}
          <code class="small">{problem.code}</code>
        </p>
      )}
    </>
  )
}

/** A screen that says what went wrong, with the way on. */
export function Failure(props: { readonly problem: Problem; readonly onRetry?: () => void }) {
  const { problem, onRetry } = props
  return (
    <>
      <Heading th="ดำเนินการต่อไม่ได้" en="Cannot continue" />
      <ProblemNotice problem={problem} />
      <WayOn problem={problem} {...(onRetry && { onRetry })} />
    </>
  )
}

/** The buttons after a problem: what can help, then back to the documents. */
export function WayOn(props: { readonly problem: Problem; readonly onRetry?: () => void }) {
  const { problem, onRetry } = props
  const { next } = problem
  return (
    <>
      {next === 'retry' && onRetry && <Act onClick={onRetry} th="ลองใหม่" en="Try again" />}
      {next === 'scan' && (
        <Act onClick={() => goTo('receive')} th="สแกนคิวอาร์โค้ดใหม่" en="Scan a new QR code" />
      )}
      {typeof next === 'object' && (
        <Act
          onClick={() => goTo(`card/${encodeURIComponent(next.document)}`)}
          th="ดูเอกสาร"
          en="See the document"
        />
      )}
      <Act onClick={() => goTo('')} kind="quiet" th="กลับหน้าเอกสารของฉัน" en="Back to my documents" />
    </>
  )
}

/** A wide button that does something in the page. */
export function Act(
  props: Bilingual & {
    readonly onClick: () => void
    readonly kind?: 'main' | 'quiet' | 'danger'
    readonly busy?: boolean
    readonly id?: string
  },
) {
  const { onClick, kind = 'main', busy = false, th, en, id } = props
  return (
    <button type="button" class={`button wide ${kind}`} onClick={onClick} disabled={busy} id={id}>
      <Text th={th} en={en} />
    </button>
  )
}

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'loaded'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown }

/** Loads once for each `key`; `reload` does it again, `quietly` without taking away what is shown. */
export function useLoaded<T>(
  load: () => Promise<T>,
  key: string,
  quietly = false,
): readonly [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' })
  const [round, setRound] = useState(0)
  useEffect(() => {
    let isCurrent = true
    if (!quietly || round === 0) setLoaded({ state: 'loading' })
    load().then(
      (value) => isCurrent && setLoaded({ state: 'loaded', value }),
      (error: unknown) => isCurrent && setLoaded({ state: 'failed', error }),
    )
    return () => {
      isCurrent = false
    }
  }, [key, round])
  return [loaded, () => setRound((count) => count + 1)]
}
