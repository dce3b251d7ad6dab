import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** `video`: a y4m file that the browser takes for its camera. */
export function launchBrowser(video?: string): Promise<Browser> {
  const camera =
    video === undefined
      ? []
      : [
          '--use-fake-device-for-media-stream',
          '--use-fake-ui-for-media-stream',
          `--use-file-for-fake-video-capture=${video}`,
        ]
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...flags, ...camera] })
}

/** A page in a browser profile of its own; all that it writes to the console is kept. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly console: string[]; readonly errors: string[] }> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const [written, errors]: [string[], string[]] = [[], []]
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    written.push(message.text())
    const expected = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !expected) errors.push(message.text())
  })
  return { page, console: written, errors }
}

/** What axe finds of serious or critical weight (WCAG 2.2 A and AA), and whether the page is wider than the screen. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const faults = await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe-core in the page
    const result = await (globalThis as any).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return result.violations
      .filter(({ impact }: { impact: string }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`)
  })
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  return tooWide ? [...faults, 'wider than the screen'] : faults
}
