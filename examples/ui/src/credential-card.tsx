import type { Child } from 'hono/jsx'
import { type Bilingual, Text } from './text.tsx'

export interface CredentialCardProps {
  readonly kind: Bilingual
  readonly issuer?: Bilingual
  readonly name?: Bilingual
  /** Short lines below the name: a masked number, dates. */
  readonly lines?: readonly Child[]
  /** A data URL or a path of the same site. */
  readonly photo?: string
  readonly backgroundColor?: string
  readonly textColor?: string
  readonly badge?: Child
  /** Revoked or past its end: drawn without colour. */
  readonly ended?: boolean
}

const color = /^#[0-9a-fA-F]{6}$/

/**
 * A credential as a card. Colours come from the credential's display metadata; anything but `#rrggbb` is
 * ignored. They are set through SVG attributes, as the content security policy allows no inline style.
 */
export function CredentialCard(props: CredentialCardProps) {
  const background = color.test(props.backgroundColor ?? '') ? props.backgroundColor : '#17457f'
  const ink = color.test(props.textColor ?? '') ? (props.textColor as string) : '#ffffff'
  return (
    <article class={`card ${isDark(ink) ? 'dark-ink' : 'light-ink'} ${props.ended ? 'ended' : ''}`}>
      <Guilloche background={background as string} ink={ink} />
      <div class="head">
        <div class="kind">
          <Text {...props.kind} />
        </div>
        {props.badge}
      </div>
      <div class="body">
        {props.photo && <img class="photo" src={props.photo} alt="" />}
        <div>
          {props.name && (
            <div class="name">
              <Text {...props.name} />
            </div>
          )}
          {props.lines?.map((line) => (
            <div class="line">{line}</div>
          ))}
        </div>
      </div>
      {props.issuer && (
        <div class="line">
          <Text {...props.issuer} />
        </div>
      )}
    </article>
  )
}

function isDark(hex: string): boolean {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
  return (r ?? 0) * 0.299 + (g ?? 0) * 0.587 + (b ?? 0) * 0.114 < 128
}

function Guilloche({ background, ink }: { readonly background: string; readonly ink: string }) {
  const waves = Array.from({ length: 14 }, (_, at) => {
    const y = -40 + at * 26
    return `M-20 ${y} C 90 ${y - 70}, 190 ${y + 90}, 300 ${y} S 460 ${y - 60}, 520 ${y + 20}`
  })
  return (
    <svg class="guilloche" viewBox="0 0 420 250" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="420" height="250" fill={background} />
      <g stroke={ink} stroke-opacity="0.09" fill="none" stroke-width="1.2">
        {waves.map((path) => (
          <path d={path} />
        ))}
      </g>
      <circle cx="372" cy="210" r="64" fill={ink} fill-opacity="0.05" />
      <circle cx="372" cy="210" r="44" fill={ink} fill-opacity="0.05" />
    </svg>
  )
}
