import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { password } from './running-issuer.ts'

export const phone = { width: 360, height: 780 } as const
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

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags })
}

/** A page in a browser profile of its own; what it complains about is kept. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({ viewport: phone, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    const expected = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !expected) complaints.push(message.text())
  })
  return { page, complaints }
}

export async function signIn(page: Page, address: string): Promise<void> {
  await page.goto(`${address}/officer/sign-in`)
  await page.fill('#username', 'officer')
  await page.fill('#password', password)
  await page.click('main button')
  await page.waitForURL(`${address}/officer`)
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
