import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { faultsOf, launchBrowser, openPage } from '../../wallet/test/browser.ts'
import { startWorld } from './world.ts'

let world: Awaited<ReturnType<typeof startWorld>>
let browser: Browser

beforeAll(async () => {
  world = await startWorld()
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await world?.stop()
})

/** Asks for a use case on the screen; resolves to the link in the QR. */
async function ask(page: Page, useCase: string): Promise<string> {
  await page.goto(world.verifier)
  await page.check(`input[value=${useCase}]`)
  await page.click('main form button')
  return (await page.textContent('.qr code')) ?? ''
}

it('asks by a QR, and the result arrives with its checks in plain words and nothing that was not asked for', async () => {
  const wallet = await world.holder()
  const { page, errors } = await openPage(browser)
  await page.goto(world.verifier)
  expect(await faultsOf(page)).toEqual([])
  const link = await ask(page, 'nameAndPhoto')
  expect(await page.textContent('main')).toContain('รอผู้ถือเอกสารสแกนคิวอาร์โค้ด')
  expect(await page.textContent('details:has(ul)')).toContain('ชื่อและชื่อสกุล')
  expect(await faultsOf(page)).toEqual([])

  await wallet.answer(link)
  await page.waitForSelector('[data-result=verified]')
  const text = (await page.textContent('main')) ?? ''
  expect(text).toContain('เอกสารใช้ได้')
  expect(text).toContain('นาย สมมุติ ตัวอย่างดี')
  expect(text).not.toMatch(/1999900000013|2533|1990/)
  const labels = await page.locator('.facts dt').allTextContents()
  expect(labels.map((label) => label.split(/[A-Z]/)[0]?.trim())).toEqual([
    'ชื่อและชื่อสกุล',
    'ภาพถ่าย',
    'หน่วยงานผู้ออกบัตร',
    'ประเทศผู้ออกบัตร',
    'ผู้ออกเอกสาร',
    'รูปแบบเอกสาร',
  ])
  const checks = await page
    .locator('.checks li')
    .evaluateAll((items) =>
      items.map((item) => [item.getAttribute('data-check'), item.getAttribute('data-outcome')]),
    )
  expect(checks.length).toBeGreaterThan(10)
  // The schema of a W3C body can be held against the whole alone.
  const others = checks.filter(([, outcome]) => outcome !== 'passed')
  expect(others).toEqual([['credential-schema', 'skipped']])
  expect(await page.textContent('[data-check=status]')).toContain('สถานะใช้ได้ ไม่ถูกระงับหรือเพิกถอน')
  expect(await page.textContent('main')).toContain('ระบบจะลบผลนี้ในเวลา')
  expect(await page.locator('.checks code').count()).toBe(0)
  expect(await faultsOf(page)).toEqual([])

  await page.click('button:has-text("ลบผลนี้")')
  await page.waitForURL(`${world.verifier}/`)
  expect(errors).toEqual([])
})

it('refuses a revoked document with the reason first', async () => {
  const wallet = await world.holder()
  await wallet.revoke('fullId')
  const { page } = await openPage(browser)
  const link = await ask(page, 'fullId')
  await expect(wallet.answer(link)).rejects.toMatchObject({ code: 'wallet.present.refused' })
  await page.waitForSelector('[data-result=rejected]')
  expect(await page.textContent('[data-result]')).toContain('เอกสารดิจิทัลนี้ถูกเพิกถอนแล้ว')
  expect(await page.textContent('main')).not.toContain('สมมุติ')
  const failed = page.locator('.checks [data-outcome=failed]')
  expect(await failed.count()).toBe(1)
  expect(await failed.getAttribute('data-check')).toBe('status')
  const names = await page
    .locator('.checks li')
    .evaluateAll((items) => items.map((item) => item.getAttribute('data-check')))
  expect(new Set(names).size).toBe(names.length)
  expect(await faultsOf(page)).toEqual([])
})

it('says that the holder declined', async () => {
  const wallet = await world.holder()
  const { page } = await openPage(browser)
  await wallet.decline(await ask(page, 'age20'))
  await page.waitForSelector('[data-result=refused]')
  expect(await page.textContent('[data-result]')).toContain('ยังไม่ได้รับข้อมูล')
  expect(await faultsOf(page)).toEqual([])
})

it('shows a request and its result only to the browser that asked', async () => {
  const wallet = await world.holder()
  const { page } = await openPage(browser)
  const link = await ask(page, 'nameAndPhoto')
  const { page: other } = await openPage(browser)
  await other.goto(world.verifier)
  const path = new URL(page.url()).pathname
  for (const suffix of ['', '/state']) {
    expect((await other.request.get(`${world.verifier}${path}${suffix}`)).status()).toBe(404)
  }
  await wallet.answer(link)
  await page.waitForSelector('[data-result=verified]')
  const answer = await other.goto(page.url())
  expect(answer?.status()).toBe(404)
  expect(await other.textContent('main')).not.toContain('สมมุติ')
  expect((await other.request.get(`${world.verifier}/api/requests/${path.split('/')[2]}`)).status()).toBe(401)
})

it('takes the person back on the same device, and only that browser sees the result', async () => {
  const wallet = await world.holder()
  const { page, errors } = await openPage(browser)
  await page.goto(world.verifier)
  await page.check('input[value=nameAndPhoto]')
  await page.check('input[value=this]')
  await page.click('main form button')
  const link = (await page.getAttribute('a.button[href^="openid4vp:"]', 'href')) ?? ''
  expect(await page.locator('.qr').count()).toBe(0)
  expect(await faultsOf(page)).toEqual([])
  const { redirectUri = '' } = await wallet.answer(link)
  expect(new URL(redirectUri).searchParams.get('response_code')).toBeTruthy()

  const { page: other } = await openPage(browser)
  expect((await other.goto(redirectUri))?.status()).toBe(404)
  const forged = new URL(redirectUri)
  forged.searchParams.set('response_code', 'x'.repeat(43))
  expect((await page.goto(String(forged)))?.status()).toBe(404)
  await page.goto(redirectUri)
  await page.waitForSelector('[data-result=verified]')
  expect(await page.textContent('main')).toContain('นาย สมมุติ ตัวอย่างดี')
  expect(await faultsOf(page)).toEqual([])
  expect(errors).toEqual([])
})

it('asks for chosen items with a reason, and tells what is missing', async () => {
  const wallet = await world.holder()
  const { page } = await openPage(browser)
  await page.goto(`${world.verifier}/custom`)
  expect(await faultsOf(page)).toEqual([])
  await page.click('main form button')
  expect(await page.textContent('#purpose-error')).toContain('กรุณาระบุวัตถุประสงค์')
  expect(await page.textContent('#claim-groups')).toContain('อย่างน้อยหนึ่งรายการ')
  expect(await faultsOf(page)).toEqual([])
  await page.fill('#purpose', 'ส่งพัสดุถึงบ้าน')
  for (const summary of await page.locator('details > summary').all()) await summary.click()
  expect(await faultsOf(page)).toEqual([])
  await page.check('input[value=\'["address","province"]\']')
  await page.check('input[value=\'["nationalities"]\']')
  await page.check('input[value=\'["birthdate"]\']')
  await page.click('main form button')
  expect(await page.textContent('main')).toContain('ส่งพัสดุถึงบ้าน')
  await wallet.answer((await page.textContent('.qr code')) ?? '')
  await page.waitForSelector('[data-result=verified]')
  expect(await page.textContent('.facts')).toContain('กรุงเทพมหานคร')
  expect(await page.textContent('.facts')).toContain('15 มกราคม 2533')
  expect(await page.textContent('.facts')).toContain('สัญชาติ')
  expect(await page.textContent('.facts')).not.toContain('สมมุติ')
})

it('works without scripts: the page asks again by itself', async () => {
  const wallet = await world.holder()
  const { page } = await openPage(browser, { javaScriptEnabled: false })
  const link = await ask(page, 'nameAndPhoto')
  expect(await page.locator('meta[http-equiv=refresh]').count()).toBe(1)
  await wallet.answer(link)
  await page.waitForSelector('[data-result=verified]')
  expect(await page.locator('meta[http-equiv=refresh]').count()).toBe(0)
})

it('can be used by the keyboard alone', async () => {
  const { page } = await openPage(browser)
  await page.goto(world.verifier)
  const tabTo = async (selector: string) => {
    for (let at = 0; at < 30; at++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
    }
    throw new Error(`no way by Tab to ${selector}`)
  }
  await tabTo('input[name=use_case]')
  await page.keyboard.press('ArrowDown')
  await tabTo('main form button')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.qr')
  expect(await page.textContent('h1')).toContain('ชื่อและภาพถ่าย')
})

it('refuses a form that is not its own, and a request that was never made', async () => {
  const { page } = await openPage(browser)
  await page.goto(world.verifier)
  const answer = await page.request.post(`${world.verifier}/requests`, { form: { use_case: 'age20' } })
  expect(answer.status()).toBe(403)
  expect((await page.goto(`${world.verifier}/requests/${'x'.repeat(22)}`))?.status()).toBe(404)
  expect(await faultsOf(page)).toEqual([])
})
