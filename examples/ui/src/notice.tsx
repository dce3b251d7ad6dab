import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'
import { type Bilingual, Text } from './text.tsx'

export type Tone = 'info' | 'ok' | 'warn' | 'bad'

const icons: Record<Tone, IconName> = { info: 'info', ok: 'check', warn: 'alert', bad: 'cross' }

/** Says what happened or what to mind. `announce` makes screen readers read it at once. */
export function Notice(
  props: Bilingual & { readonly tone?: Tone; readonly announce?: boolean; readonly children?: Child },
) {
  const tone = props.tone ?? 'info'
  return (
    <div class={`notice ${tone}`} role={props.announce ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      <Icon name={icons[tone]} />
      <div class="stack tight">
        <p class="title">
          <Text th={props.th} en={props.en} />
        </p>
        {props.children}
      </div>
    </div>
  )
}

/** A state in one or two words. */
export function Badge({ th, en, tone }: Bilingual & { readonly tone?: Tone }) {
  return (
    <span class={`badge ${tone ?? ''}`}>
      <Text th={th} en={en} inline />
    </span>
  )
}
