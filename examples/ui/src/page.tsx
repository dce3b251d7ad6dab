import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { assetUrl } from './assets.ts'
import { inOneLanguage, labelled, type ScreenLanguage, screenLanguage } from './screen-language.ts'
import { type Bilingual, Text } from './text.tsx'

export interface NavigationLink extends Bilingual {
  readonly href: string
  readonly current?: boolean
}

export interface PageProps {
  readonly title: Bilingual
  /** Name of the program, in the header of every page. */
  readonly program: Bilingual
  /** Where the program's name leads. */
  readonly home?: string
  readonly navigation?: readonly NavigationLink[]
  /** Right end of the header: who is signed in, a sign-out form. */
  readonly account?: Child
  readonly footer?: Child
  /** A column for forms and phones. */
  readonly narrow?: boolean
  readonly bodyClass?: string
  /** URLs of the program's own script modules, besides the shared islands. */
  readonly scripts?: readonly string[]
  readonly styles?: readonly string[]
  /** Seconds after which the page loads itself again where scripts are off. */
  readonly refreshWithoutScript?: number
  readonly children?: Child
}

/** A whole document: head, skip link, header, main, footer. */
export function Page(props: PageProps) {
  const { title, program, home = '/', navigation = [] } = props
  const language = screenLanguage()
  const [thaiTitle, englishTitle] = [`${title.th} · ${program.th}`, `${title.en} · ${program.en}`]
  return (
    <>
      {raw('<!DOCTYPE html>')}
      <html lang={language === 'en' ? 'en' : 'th'} data-language={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title data-label-th={thaiTitle} data-label-en={englishTitle}>
            {inOneLanguage({ th: thaiTitle, en: englishTitle })}
          </title>
          <meta name="color-scheme" content="light dark" />
          <meta name="referrer" content="no-referrer" />
          <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
          <link
            rel="preload"
            href={assetUrl('sarabun-thai-400-normal.woff2')}
            as="font"
            type="font/woff2"
            crossorigin=""
          />
          <link rel="stylesheet" href={assetUrl('style.css')} />
          {props.styles?.map((href) => (
            <link rel="stylesheet" href={href} />
          ))}
          <script type="module" src={assetUrl('islands.js')} />
          {props.scripts?.map((src) => (
            <script type="module" src={src} />
          ))}
          {props.refreshWithoutScript !== undefined && (
            <noscript>
              <meta http-equiv="refresh" content={String(props.refreshWithoutScript)} />
            </noscript>
          )}
        </head>
        <body class={props.bodyClass}>
          <a class="skip" href="#main">
            <Text th="ข้ามไปเนื้อหาหลัก" en="Skip to the main content" inline />
          </a>
          <header class="bar">
            <div>
              <a class="brand" href={home}>
                <Mark />
                <Text {...program} />
              </a>
              {navigation.length > 0 && (
                <nav class="menu" {...labelled({ th: 'เมนูหลัก', en: 'Main menu' })}>
                  <ul>
                    {navigation.map((link) => (
                      <li>
                        <a href={link.href} aria-current={link.current ? 'page' : undefined}>
                          <Text th={link.th} en={link.en} />
                        </a>
                      </li>
                    ))}
                  </ul>
                </nav>
              )}
              <Languages chosen={language} />
              {props.account}
            </div>
          </header>
          <main id="main" tabindex={-1} class={props.narrow ? 'narrow stack' : 'stack'}>
            {props.children}
          </main>
          <footer class="foot">
            <div>
              {props.footer ?? (
                <Text
                  th="โปรแกรมตัวอย่าง Ekkasan ข้อมูลบุคคลในระบบเป็นข้อมูลสมมุติ"
                  en="Ekkasan reference program. The people in it are invented."
                />
              )}
            </div>
          </footer>
        </body>
      </html>
    </>
  )
}

const languages: readonly (readonly [ScreenLanguage, string])[] = [
  ['th', 'ไทย'],
  ['en', 'English'],
  ['both', 'ไทย+EN'],
]

/** Without scripts each is a link to the same page; with them the page stays as it is and only its words change. */
function Languages({ chosen }: { readonly chosen: ScreenLanguage }) {
  return (
    <nav class="languages no-print" {...labelled({ th: 'ภาษา', en: 'Language' })}>
      {languages.map(([language, name]) => (
        <a
          href={`?language=${language}`}
          lang={language === 'en' ? 'en' : 'th'}
          data-choose-language={language}
          aria-current={language === chosen ? 'true' : undefined}
        >
          {name}
        </a>
      ))}
    </nav>
  )
}

/** Heading of a page, with an optional line below it. */
export function PageHeading({ th, en, children }: Bilingual & { readonly children?: Child }) {
  return (
    <div class="stack tight">
      <h1>
        <Text th={th} en={en} />
      </h1>
      {children}
    </div>
  )
}

/** A document with a seal: the house's mark. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <path d="M7 3h12l7 7v19H7z" fill="currentColor" />
      <path d="M19 3v7h7" stroke="var(--surface)" stroke-width="1.6" />
      <circle cx="16.5" cy="18" r="5" fill="var(--surface)" />
      <path
        d="M14.2 18l1.7 1.7 3-3.3"
        stroke="currentColor"
        stroke-width="1.7"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
