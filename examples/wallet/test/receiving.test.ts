import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizens } from '../../citizens/src/index.ts'
import { faultsOf, launchBrowser, openPage } from './browser.ts'
import { authorityOf, offer, startWorld, type World } from './world.ts'

let world: World
let browser: Browser
let wallet: string

beforeAll(async () => {
  world = await startWorld()
  browser = await launchBrowser()
  wallet = (
    await world.startWallet({
      TRUSTED_ISSUERS: world.issuer.address,
      TRUSTED_CERTIFICATES: authorityOf(world.folder),
    })
  ).address
})

afterAll(async () => {
  await browser?.close()
  await world?.stop()
})

async function open(page: Page, link: string): Promise<void> {
  await page.goto(`${wallet}/#/receive`)
  await page.fill('#link', link)
  await page.click('form button')
  await page.waitForSelector('#code')
}

const cors = { 'access-control-allow-origin': '*' }

describe('two documents in one offer [M2]', () => {
  const both = async () => {
    const { issuer, issuerOffice } = world
    const metadata = await (await fetch(`${issuer.address}/.well-known/openid-credential-issuer`)).json()
    const ids = Object.keys(metadata.credential_configurations_supported)
    const credentials = ['ThaiNationalID-', 'ThaiDrivingLicence-'].map(
      (document) => ids.find((id) => id.startsWith(document) && id.includes('sd-jwt')) as string,
    )
    const subject = citizens[0]?.record.person.pid ?? ''
    const made = await issuerOffice('POST', '/offers', { subject, credentials, tx_code: true })
    return { credentials, link: String(made.uriByReference), code: String(made.txCode) }
  }

  /** The issuer refuses one of the configurations. */
  const refuse = (page: Page, refused: string) =>
    page.route('**/credential', async (route) => {
      const asked = route.request().postDataJSON()?.credential_configuration_id
      if (route.request().method() !== 'POST' || asked !== refused) return route.continue()
      return route.fulfill({
        status: 400,
        headers: cors,
        contentType: 'application/json',
        body: '{"error":"credential_request_denied"}',
      })
    })

  it.each([
    ['the second', 1, 'บัตรประจำตัวประชาชน', 'ใบอนุญาตขับรถ'],
    ['the first', 0, 'ใบอนุญาตขับรถ', 'บัตรประจำตัวประชาชน'],
  ])(
    '%s fails: the page says which came and which did not, and what came is kept',
    async (_which, at, came, missing) => {
      const { page, errors } = await openPage(browser)
      const { credentials, link, code } = await both()
      await refuse(page, credentials[at] as string)
      await open(page, link)
      await page.fill('#code', code)
      await page.click('form button')

      await page.waitForSelector('h1:has-text("ได้รับเอกสารบางส่วน")')
      expect(await page.textContent('h1')).toContain('Some documents were received')
      const good = await page.locator('.notice.ok').allTextContents()
      const bad = await page.locator('.notice.bad').allTextContents()
      expect([good.length, bad.length]).toEqual([1, 1])
      expect(good[0]).toContain(`ได้รับ ${came}`)
      expect(good[0]).toContain('Received: ')
      expect(bad[0]).toContain(missing)
      expect(bad[0]).toContain('ออกเอกสารไม่สำเร็จ')
      expect(bad[0]).toContain('The document could not be issued')
      expect(bad[0]).not.toContain(came)
      expect(await page.locator('form').count()).toBe(0)
      expect(await faultsOf(page)).toEqual([])

      await page.click('button:has-text("ไปที่เอกสารของฉัน")')
      await page.waitForSelector('.cards .card')
      expect(await page.locator('.cards .card').count()).toBe(1)
      const cards = await page.textContent('.cards')
      expect(cards).toContain(came)
      expect(cards).not.toContain(missing)
      expect(errors).toEqual([])
      await page.context().close()
    },
    60_000,
  )

  it('both fail: that is no "some", and nothing is kept', async () => {
    const { page } = await openPage(browser)
    const { link, code } = await both()
    await page.route('**/credential', (route) =>
      route.fulfill({
        status: 400,
        headers: cors,
        contentType: 'application/json',
        body: '{"error":"credential_request_denied"}',
      }),
    )
    await open(page, link)
    await page.fill('#code', code)
    await page.click('form button')
    await page.waitForSelector('.notice.bad')
    const said = (await page.textContent('#app')) ?? ''
    expect(said).toContain('ออกเอกสารไม่สำเร็จ')
    expect(said).not.toContain('ได้รับเอกสารบางส่วน')
    expect(await page.locator('.notice.ok').count()).toBe(0)
    await page.goto(`${wallet}/#/`)
    await page.waitForSelector('text=ยังไม่มีเอกสาร')
    await page.context().close()
  }, 60_000)
})

describe('a receiving code of letters [F6]', () => {
  /** An offer of our issuer that says of its code something else; the code that is sent is exchanged for the right one. */
  const letters = async (page: Page, txCode: object) => {
    const { link, code } = await offer(world)
    const sent: (string | null)[] = []
    await page.route(new URL(link).searchParams.get('credential_offer_uri') ?? '', async (route) => {
      const response = await route.fetch()
      const object = await response.json()
      for (const grant of Object.values<Record<string, unknown>>(object.grants)) grant.tx_code = txCode
      await route.fulfill({ response, json: object })
    })
    await page.route('**/token', async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      const form = new URLSearchParams(route.request().postData() ?? '')
      sent.push(form.get('tx_code'))
      form.set('tx_code', code)
      return route.continue({ postData: form.toString() })
    })
    await open(page, link)
    return sent
  }

  it('is typed on a keyboard with letters, and sent as typed', async () => {
    const { page, errors } = await openPage(browser)
    const sent = await letters(page, { length: 8, input_mode: 'text', description: 'In your letter' })
    expect(await page.getAttribute('#code', 'inputmode')).toBe('text')
    const asked = (await page.textContent('.field')) ?? ''
    expect(asked).toContain('รหัสรับเอกสาร 8 ตัวอักษร')
    expect(asked).toContain('Receiving code of 8 characters')
    expect(asked).toContain('In your letter')
    expect(asked).not.toMatch(/หลัก|digit/)
    expect(await faultsOf(page)).toEqual([])

    await page.fill('#code', 'AB-12-c')
    await page.click('form button')
    const problem = (await page.textContent('#code-error')) ?? ''
    expect(problem).toContain('รหัสรับเอกสารมี 8 ตัวอักษร')
    expect(problem).toContain('has 8 characters')
    expect(problem).not.toMatch(/หลัก|digit/)
    expect(sent).toEqual([])

    await page.fill('#code', 'AB-12-cd')
    await page.click('form button')
    await page.waitForSelector('.notice.ok')
    expect(sent).toEqual(['AB-12-cd'])
    expect(errors).toEqual([])
    await page.context().close()
  }, 60_000)

  it.each([
    ['of any length, with Thai digits and spaces', { input_mode: 'text' }, 'ก ๑-2'],
    ['in capitals and small letters', { input_mode: 'text', length: 4 }, 'aB c'],
  ])(
    '%s is sent as typed',
    async (_what, txCode, typed) => {
      const { page } = await openPage(browser)
      const sent = await letters(page, txCode)
      await page.fill('#code', typed)
      await page.click('form button')
      await page.waitForSelector('.notice.ok')
      expect(sent).toEqual([typed])
      await page.context().close()
    },
    60_000,
  )

  it('of digits alone loses its spaces and hyphens, and Thai digits become Arabic ones', async () => {
    const { page } = await openPage(browser)
    const sent = await letters(page, { length: 6 })
    expect(await page.getAttribute('#code', 'inputmode')).toBe('numeric')
    expect(await page.textContent('.field')).toContain('รหัสรับเอกสาร 6 หลัก')
    await page.fill('#code', '๑๒๓ 4-56')
    await page.click('form button')
    await page.waitForSelector('.notice.ok')
    expect(sent).toEqual(['123456'])
    await page.context().close()
  }, 60_000)
})
