import { readFileSync } from 'node:fs'
import {
  type Log,
  languageOfScreens,
  logRequests,
  Notice,
  Page,
  securityHeaders,
  Text,
  uiAssets,
} from '@ekkasan-examples/ui'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import type { Bundle } from './bundle.ts'
import type { WalletConfig } from './wallet-config.ts'

export interface WalletAppOptions {
  /** Where people reach the program. */
  readonly url: string
  readonly wallet: WalletConfig
  readonly bundle: Bundle
  readonly log: Log
}

/** Serves one page and its files. No document, key or request of a person ever comes here. */
export function createWalletApp({ url, wallet, bundle, log }: WalletAppOptions): Hono {
  const app = new Hono()
  const loopback = ['http://localhost:*', 'http://127.0.0.1:*']
  app.use(logRequests(log))
  app.use(
    securityHeaders({
      https: url.startsWith('https:'),
      connect: ['https:', ...(wallet.allowHttp ? loopback : [])],
      features: ['camera'],
    }),
  )
  app.use('/app/*', compress())
  app.use('/', languageOfScreens())
  app.route('/', uiAssets())
  app.get('/', (c) => c.html(<WalletPage wallet={wallet} bundle={bundle} />))
  app.get('/app/:name', (c) => {
    const file = bundle.files.get(c.req.path)
    if (!file) return c.notFound()
    return c.body(file.body, 200, {
      'content-type': file.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
  const worker = readFileSync(new URL('./browser/worker.js', import.meta.url), 'utf8')
  app.get('/worker.js', (c) => c.body(worker, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
  app.notFound((c) => c.text('not found', 404))
  return app
}

function WalletPage({ wallet, bundle }: Pick<WalletAppOptions, 'wallet' | 'bundle'>) {
  return (
    <Page
      title={{ th: 'เอกสารของฉัน', en: 'My documents' }}
      program={{ th: 'กระเป๋าเอกสารดิจิทัล', en: 'Digital document wallet' }}
      home="/#/"
      narrow
      bodyClass="wallet"
      navigation={[
        { href: '/#/', th: 'เอกสารของฉัน', en: 'My documents' },
        { href: '/#/receive', th: 'รับเอกสาร', en: 'Receive' },
        { href: '/#/present', th: 'แสดงเอกสาร', en: 'Show' },
      ]}
      scripts={[bundle.script]}
      styles={[bundle.style]}
    >
      {wallet.trustAnyone !== undefined && (
        <div class="trial" role="note">
          <Text
            th="กระเป๋าเอกสารสำหรับทดลอง ยอมรับทุกหน่วยงานโดยไม่ตรวจสอบ ห้ามใช้กับเอกสารจริง"
            en={`Trial wallet: accepts everybody unchecked (${wallet.trustAnyone}). Not for real documents.`}
          />
        </div>
      )}
      <div id="app" class="stack" data-config={JSON.stringify(wallet)} data-version={bundle.version} />
      <noscript>
        <Notice
          tone="bad"
          th="กระเป๋าเอกสารทำงานในเบราว์เซอร์ กรุณาเปิดใช้ JavaScript"
          en="The wallet lives in the browser and needs JavaScript."
        />
      </noscript>
    </Page>
  )
}
