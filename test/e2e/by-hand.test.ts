import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { faultsOf, launchBrowser, openPage } from '../../examples/wallet/test/browser.ts'

// The way round by hand, as README.md tells it: `npm start`, then the pages of the three programs in a browser.

const root = resolve(import.meta.dirname, '../..')
let data: string
let child: ReturnType<typeof spawn>
let said: string

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'ekkasan-by-hand-'))
  child = spawn(process.execPath, ['scripts/run.mjs', 'start'], {
    cwd: root,
    env: {
      ...process.env,
      DATA_DIR: data,
      ISSUER_PORT: '0',
      VERIFIER_PORT: '0',
      WALLET_PORT: '0',
      STATUS_SECONDS: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    lines.push(line)
    if (line.includes('Ctrl+C')) break
  }
  said = lines.join('\n')
}, 60_000)
afterAll(async () => {
  const ended = new Promise((done) => child.once('exit', done))
  process.kill(-(child.pid as number), 'SIGINT')
  await ended
  rmSync(data, { recursive: true, force: true })
})

const addressOf = (program: string) => new RegExp(`${program}: (http://\\S+)`).exec(said)?.[1] as string

async function openInWallet(page: Page, screen: 'receive' | 'present', link: string): Promise<void> {
  await page.goto(`${addressOf('Wallet')}/#/${screen}`)
  await page.fill('#link', link)
  await page.click('form button')
}

it('an officer offers, a person receives and shows, a counter checks, the officer revokes, the counter refuses', async () => {
  const browser = await launchBrowser()
  const [officer, person, counter] = await Promise.all([
    openPage(browser, { viewport: { width: 1280, height: 900 } }),
    openPage(browser),
    openPage(browser, { viewport: { width: 1280, height: 900 } }),
  ])
  const desk = officer.page
  const [, name = '', password = ''] = /shown this once: (\S+) \/ (\S+)/.exec(said) ?? []
  await desk.goto(addressOf('Issuer'))
  await desk.fill('#username', name)
  await desk.fill('#password', password)
  await desk.click('main button')
  await desk.fill('#query', '1999900000013')
  await desk.click('main form button')
  await desk.waitForURL('**/officer/citizens/*')
  await desk.click('nav.tabs a:has-text("ใบอนุญาตขับรถ")')
  await desk.click('form[action$="/offers"] button')
  const link = ((await desk.textContent('#offer-link')) ?? '').trim()
  await desk.click('form[action$="/code"] button')
  const code = (await desk.locator('[data-tx-code]').getAttribute('data-tx-code')) as string
  await desk.click('main a:has-text("กลับไปดูความคืบหน้า")')
  await openInWallet(person.page, 'receive', link)
  await person.page.fill('#code', code)
  await person.page.click('form button')
  await person.page.waitForSelector('.notice.ok')
  await desk.locator('text=ผู้รับได้รับเอกสารแล้ว').waitFor()

  const check = async () => {
    await counter.page.goto(addressOf('Verifier'))
    await counter.page.check('input[value="mayDrive"]')
    await counter.page.click('main button[type=submit]')
    await counter.page.waitForURL('**/requests/*')
    await openInWallet(person.page, 'present', ((await counter.page.textContent('#qr-link')) ?? '').trim())
    await person.page.waitForSelector('.badge:has-text("อยู่ในรายชื่อที่เชื่อถือได้")')
    await person.page.click('#consent')
    // The page of the counter looks by itself.
    await counter.page.waitForSelector('[data-result]')
    expect(await faultsOf(counter.page)).toEqual([])
    return counter.page.locator('[data-result]').getAttribute('data-result')
  }
  expect(await check()).toBe('verified')
  expect(await counter.page.textContent('main')).toMatch(/รถยนต์ \(ประเภท B\) ตั้งแต่วันที่ 10 มกราคม 2567/)

  await desk.click('a:has-text("ดูรายการเอกสารที่ออก")')
  await desk.click('main a:has-text("เพิกถอน")')
  await desk.check('input[value="device-lost"]')
  await desk.click('main button.danger')
  await desk.locator('text=เพิกถอนเอกสารแล้ว').waitFor()
  // The counter goes on with the list that it has until that list is a second old.
  await expect.poll(check, { interval: 50, timeout: 20_000 }).toBe('rejected')
  expect(await counter.page.textContent('main')).toMatch(/เอกสารดิจิทัลนี้ถูกเพิกถอนแล้ว/)
  await person.page.waitForSelector('.notice.bad:has-text("ไม่ผ่านการตรวจสอบ")')
  for (const { errors } of [officer, person, counter]) expect(errors).toEqual([])
  await browser.close()
}, 90_000)
