import type { Child } from 'hono/jsx'
import { timeWords } from './dates.tsx'
import { type Bilingual, Text } from './text.tsx'

const places: Record<'done' | 'now' | 'later', Bilingual> = {
  done: { th: 'เสร็จแล้ว', en: 'Done:' },
  now: { th: 'กำลังดำเนินการ', en: 'Now:' },
  later: { th: 'ยังไม่ถึง', en: 'Not yet:' },
}

/** Steps of something that is under way. `at` is the step that is being waited for, from 0. */
export function Steps({ steps, at }: { readonly steps: readonly Bilingual[]; readonly at: number }) {
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li class={index < at ? 'done' : undefined} aria-current={index === at ? 'step' : undefined}>
          <span class="visually-hidden">
            <Text {...places[index < at ? 'done' : index === at ? 'now' : 'later']} inline />{' '}
          </span>
          <Text {...step} />
        </li>
      ))}
    </ol>
  )
}

/**
 * A part of a page that is fetched again until it says that it is done: the URL answers with the HTML that
 * belongs inside, and with the header `Poll: done` when nothing more will come, or `Poll: reload` when the
 * whole page has changed. Without scripts the page shows its state as it was loaded; give the Page
 * `refreshWithoutScript`.
 */
export function Poll(props: {
  readonly url: string
  readonly seconds?: number
  readonly done?: boolean
  readonly children?: Child
}) {
  return (
    <div
      data-poll={props.done ? undefined : props.url}
      data-poll-seconds={String(props.seconds ?? 2)}
      aria-live="polite"
    >
      {props.children}
    </div>
  )
}

/**
 * Time left until a moment; counts down where scripts run, else says the time of day. Read aloud at one minute, at
 * thirty seconds and at the end only.
 */
export function Countdown({ until, ended }: { readonly until: Date; readonly ended: Bilingual }) {
  const time = timeWords(until)
  return (
    <span class="countdown">
      <time
        role="timer"
        aria-live="off"
        datetime={until.toISOString()}
        data-countdown={until.toISOString()}
        data-ended-th={ended.th}
        data-ended-en={ended.en}
      >
        <Text th={`ใช้ได้ถึงเวลา ${time.th}`} en={`valid until ${time.en}`} inline />
      </time>
      <span class="visually-hidden" aria-live="polite" data-countdown-spoken="" />
    </span>
  )
}
