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

/** Asks for chosen items; resolves to the link in the QR code. */
async function askFor(page: Page, ...paths: readonly (readonly string[])[]): Promise<string> {
  await page.goto(`${world.verifier}/custom`)
  await page.fill('#purpose', 'จำหน่ายเครื่องดื่ม')
  for (const summary of await page.locator('details > summary').all()) await summary.click()
  for (const path of paths) await page.check(`input[value='${JSON.stringify(path)}']`)
  await page.click('main form button')
  return (await page.textContent('.qr code')) ?? ''
}

it('a valid document that says "not yet" is no green answer, and the answer stands in the box [J9]', async () => {
  const wallet = await world.holder()
  const { page } = await openPage(browser)
  await wallet.answer(await askFor(page, ['age_equal_or_over', '60']))
  await page.waitForSelector('[data-result=verified]')
  const box = page.locator('[data-result] .notice')
  expect(await box.getAttribute('class')).not.toMatch(/\bok\b/)
  expect(await box.textContent()).toContain('เอกสารใช้ได้')
  expect(await box.textContent()).toContain('ยังไม่ครบ 60 ปี')
  expect(await box.textContent()).toContain('not yet 60')
  expect(await box.textContent()).not.toMatch(/เอกสารถูกต้อง|genuine/)
  expect(await page.textContent('.facts')).toContain('ยังไม่ครบ')
  expect(await faultsOf(page)).toEqual([])

  await wallet.answer(await askFor(page, ['age_equal_or_over', '20']))
  await page.waitForSelector('[data-result=verified]')
  expect(await box.getAttribute('class')).toMatch(/\bok\b/)
  expect(await box.textContent()).toContain('ครบ 20 ปีแล้ว')
  await page.context().close()
})

it('the next person stands above what was received and the checks, the issuer by name [J5]', async () => {
  const wallet = await world.holder()
  const { page } = await openPage(browser)
  await wallet.answer(await askFor(page, ['name_th']))
  await page.waitForSelector('[data-result=verified]')
  const next = page.locator('main a:has-text("ตรวจสอบเอกสารของคนถัดไป")')
  const [button, data, checks] = await Promise.all(
    [next, page.locator('.facts').first(), page.locator('details:has(.checks)').first()].map((one) =>
      one.boundingBox(),
    ),
  )
  expect(button?.y).toBeLessThan(data?.y ?? 0)
  expect(button?.y).toBeLessThan(checks?.y ?? 0)
  // On a phone it is seen without scrolling.
  expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThan(740)
  expect(await page.locator('.checks').first().isVisible()).toBe(false)
  const issuer = page.locator('.facts > div:has(dt:has-text("ผู้ออกเอกสาร"))')
  expect(await issuer.locator('dd .text').first().textContent()).toContain('กรมการปกครอง')
  expect(await issuer.textContent()).toContain('Department of Provincial Administration')
  await page.locator('details:has(.checks) summary').first().click()
  expect(await page.textContent('[data-check=holder-signature]')).toContain('ยังไม่ใช่การยืนยันใบหน้า')
  expect(await faultsOf(page)).toEqual([])
  await page.context().close()
})

it('nobody is said to have declined where no data came; what is over can be asked again [J9]', async () => {
  const wallet = await world.holder()
  const { page } = await openPage(browser)
  const link = await askFor(page, ['name_th'])
  await wallet.decline(link)
  await page.waitForSelector('[data-result=refused]')
  const said = (await page.textContent('main')) ?? ''
  expect(said).toContain('ผู้ถือเอกสารไม่ส่งข้อมูล หรือไม่มีเอกสารที่ตรงกับคำขอ')
  expect(said).toContain('The holder sent none, or has no document that fits')
  expect(said).not.toMatch(/ไม่ยินยอม|declined/)
  expect(await faultsOf(page)).toEqual([])
  await page.context().close()
})

it('the count down goes on after the page asked again, in words that are no time of day [J13]', async () => {
  const { page } = await openPage(browser)
  await askFor(page, ['name_th'])
  const timer = page.locator('[data-countdown]')
  const read = async () => (await timer.textContent()) ?? ''
  expect(await read()).toMatch(/เหลือเวลา \d+ นาที \d+ วินาที/)
  await page.waitForResponse((response) => response.url().endsWith('/state'))
  await expect.poll(read).toMatch(/เหลือเวลา \d+ นาที \d+ วินาที/)
  expect(await timer.getAttribute('role')).toBe('timer')
  const qr = (await page.getAttribute('.qr [role=img]', 'aria-label')) ?? ''
  expect(qr).toMatch(/^[^A-Za-z]+$/)
  await page.context().close()
})
