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

/** A state in one or two words. `about`, of what, is read aloud before it. */
export function Badge(props: Bilingual & { readonly tone?: Tone; readonly about?: Bilingual }) {
  const { th, en, tone, about } = props
  return (
    <span class={`badge ${tone ?? ''}`}>
      {about && (
        <span class="visually-hidden">
          <Text {...about} inline />{' '}
        </span>
      )}
      <Text th={th} en={en} inline />
    </span>
  )
}
