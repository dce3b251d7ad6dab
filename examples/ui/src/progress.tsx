import type { Child } from 'hono/jsx'
import { type Bilingual, Text } from './text.tsx'

/** Steps of something that is under way. `at` is the step that is being waited for, from 0. */
export function Steps({ steps, at }: { readonly steps: readonly Bilingual[]; readonly at: number }) {
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li class={index < at ? 'done' : undefined} aria-current={index === at ? 'step' : undefined}>
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

/** Time left until a moment; counts down where scripts run, else says the time of day. */
export function Countdown({ until, ended }: { readonly until: Date; readonly ended: Bilingual }) {
  const time = new Intl.DateTimeFormat('th-TH', { timeStyle: 'short', timeZone: 'Asia/Bangkok' }).format(
    until,
  )
  return (
    <time
      class="countdown"
      datetime={until.toISOString()}
      data-countdown={until.toISOString()}
      data-ended={`${ended.th} · ${ended.en}`}
    >
      {`ถึง ${time} น. · until ${time}`}
    </time>
  )
}
