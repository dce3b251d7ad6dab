import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPostgres } from '../../../test/postgres.ts'
import { launchBrowser, openPage, signIn } from './browser.ts'
import { callApi, runCommand, startIssuer, temporaryFolder } from './running-issuer.ts'
import { claim } from './scripted-wallet.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

it('what changes in the registry is what is shown and issued next', async () => {
  const folder = temporaryFolder()
  const issuer = await startIssuer(folder.path)
  try {
    const file = join(folder.path, 'registry.json')
    const records = JSON.parse(readFileSync(file, 'utf8')) as { person: { pid: string; lastName: string } }[]
    const record = records.find(({ person }) => person.pid === '1999900000013')!
    record.person.lastName = 'เปลี่ยนแล้ว'
    writeFileSync(file, JSON.stringify(records))
    const { page } = await openPage(browser)
    await signIn(page, issuer.address)
    await page.fill('#query', '1999900000013')
    await page.click('main form button')
    expect(await page.locator('h1').textContent()).toContain('เปลี่ยนแล้ว')
    await page.context().close()
    const { body } = await callApi(issuer, 'POST', '/offers', {
      subject: '1999900000013',
      credentials: ['ThaiNationalID-jwt-vc'],
    })
    const credential = await claim(body.uriByReference as string, body.txCode as string)
    expect(Buffer.from(credential.split('.')[1]!, 'base64url').toString('utf8')).toContain('เปลี่ยนแล้ว')
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 60_000)

it('lists what was issued page by page, the newest first, each once', async () => {
  const folder = temporaryFolder()
  const issuer = await startIssuer(folder.path)
  try {
    for (let count = 0; count < 27; count++) {
      const { body } = await callApi(issuer, 'POST', '/offers', {
        subject: '1999900000013',
        credentials: ['ThaiNationalID-sd-jwt-vc'],
        tx_code: false,
      })
      await claim(body.uriByReference as string, '', false)
    }
    const { page } = await openPage(browser)
    await signIn(page, issuer.address)
    await page.goto(`${issuer.address}/officer/issuances`)
    const links = () =>
      page.locator('main table a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))
    const first = await links()
    expect(first).toHaveLength(25)
    await page.click('a:has-text("เก่ากว่านี้")')
    const second = await links()
    expect(second).toHaveLength(2)
    expect(new Set([...first, ...second]).size).toBe(27)
    expect([...first, ...second].sort()).toEqual([...first, ...second])
    expect(await page.locator('a:has-text("เก่ากว่านี้")').count()).toBe(0)
    await page.context().close()
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 60_000)

it('answers every search in plain words', async () => {
  const folder = temporaryFolder()
  const issuer = await startIssuer(folder.path)
  try {
    const { page, complaints } = await openPage(browser)
    await signIn(page, issuer.address)
    for (const [query, words] of [
      ['12345', '13 หลัก'],
      ['', 'พิมพ์เลขหรือชื่อ'],
      ['\u200bสมมุติ', 'อักขระ'],
      ['่่', 'อักขระ'],
      ['ไม่มีชื่อนี้', 'ไม่พบข้อมูลในทะเบียน'],
      ['1999900999991', 'ไม่พบข้อมูลในทะเบียน'],
      ['1999900999992', 'เลขประจำตัวประชาชนไม่ถูกต้อง'],
      ["' OR 1=1 --<script>alert(1)</script>", 'ไม่พบข้อมูลในทะเบียน'],
    ] as const) {
      await page.fill('#query', query)
      await page.click('main form button')
      await page.locator(`main :text("${words}")`).first().waitFor()
    }
    expect(complaints).toEqual([])
    await page.context().close()
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 60_000)

it.each(['SQLite', 'PostgreSQL'])(
  'two processes on one %s know the same officer, the same offers and the same lock',
  async (kind) => {
    const folder = temporaryFolder()
    const postgres = kind === 'PostgreSQL' ? await startPostgres() : undefined
    const environment = { ISSUER_URL: 'http://localhost:1', ...(postgres && { STORE: postgres.url }) }
    const [first, second] = await Promise.all([
      startIssuer(folder.path, environment),
      startIssuer(folder.path, environment),
    ])
    try {
      const { page } = await openPage(browser)
      await signIn(page, first.address)
      await page.goto(`${second.address}/officer`)
      expect(await page.locator('h1').textContent()).toContain('ค้นหาบุคคล')
      await page.fill('#query', '1999900000013')
      await page.click('main form button')
      await page.click('form[action$="/offers"] button')
      await page.waitForURL('**/officer/offers/*')
      const { pathname } = new URL(page.url())
      await page.goto(first.address + pathname)
      expect(await page.locator('#offer-link').count()).toBe(1)
      await page.context().close()

      const stranger = (await openPage(browser)).page
      let locked = ''
      for (let attempt = 0; attempt < 7; attempt++) {
        await stranger.goto(`${attempt % 2 ? first.address : second.address}/officer/sign-in`)
        await stranger.fill('#username', 'officer')
        await stranger.fill('#password', `guess ${attempt}`)
        await stranger.click('main button')
        locked = (await stranger.locator('main').textContent())!
      }
      expect(locked).toContain('ใส่รหัสผ่านผิดหลายครั้ง')
      await stranger.context().close()
    } finally {
      await Promise.all([first.stop(), second.stop()])
      await postgres?.stop()
      folder.remove()
    }
  },
  60_000,
)

it('the password made at the first start is printed once and kept hashed', async () => {
  const folder = temporaryFolder()
  const environment = {
    ISSUER_OFFICER_PASSWORD: undefined as unknown as string,
    ISSUER_URL: 'http://localhost:1',
  }
  const first = await startIssuer(folder.path, environment)
  const made = JSON.parse(
    first
      .log()
      .split('\n')
      .find((line) => line.startsWith('{"created":"officer"'))!,
  ) as { password: string }
  expect(made.password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/)
  expect(readFileSync(join(folder.path, 'officer.json'), 'utf8')).not.toContain(made.password)
  await first.stop()
  const second = await startIssuer(folder.path, environment)
  try {
    expect(second.log()).not.toContain('"created"')
    const { page } = await openPage(browser)
    await page.goto(`${second.address}/officer/sign-in`)
    await page.fill('#username', 'officer')
    await page.fill('#password', made.password)
    await page.click('main button')
    await page.waitForURL(`${second.address}/officer`)
    await page.context().close()
  } finally {
    await second.stop()
    folder.remove()
  }
}, 60_000)

it('answers /healthz, and ends at SIGTERM', async () => {
  const folder = temporaryFolder()
  const issuer = await startIssuer(folder.path)
  expect((await fetch(`${issuer.address}/healthz`)).status).toBe(200)
  await issuer.stop()
  await expect(fetch(`${issuer.address}/healthz`)).rejects.toThrow()
  folder.remove()
}, 30_000)

it.each([
  ['PORT', '70000'],
  ['STORE', 'mysql://x'],
  ['KEYS', 'cloud'],
  ['FORMATS', 'paper'],
  ['ISSUER_URL', 'http://issuer.example'],
  ['HOST', '0.0.0.0', 'ISSUER_URL'],
  ['ISSUER_OFFICER_PASSWORD', 'short'],
  ['RETENTION_DAYS', '-1'],
])('a start with %s=%s ends with a message that names it', async (name, value, named = name) => {
  const folder = temporaryFolder()
  const { code, out } = await runCommand(folder.path, [], { [name]: value })
  expect(code).toBe(1)
  expect(out.trim()).toMatch(new RegExp(`^${named} must [^\n]+$`))
  folder.remove()
})
