import type { DcApiRequest } from '@ekkasan/core'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf, launchBrowser, openPage } from '../../wallet/test/browser.ts'
import { startWorld } from './world.ts'

// The Digital Credentials API of a real browser. Chromium's virtual wallet gives what it was told to without seeing the
// request, so that a wallet of ours is given that first.

let browser: Browser
let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  ;[browser, world] = await Promise.all([launchBrowser(), startWorld()])
}, 60_000)
afterAll(async () => {
  await Promise.all([browser?.close(), world?.stop()])
})

async function behave(page: Page, behaviour: object): Promise<void> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  await (cdp.send as (method: string, parameters: object) => Promise<unknown>)(
    'DigitalCredentials.setVirtualWalletBehavior',
    behaviour,
  )
}

async function askFor(page: Page, useCase: string): Promise<void> {
  await page.goto(`${world.verifier}/`)
  await page.check(`input[value="${useCase}"]`)
  await page.click('main button[type=submit]')
  await page.waitForURL('**/requests/*')
}

/** The holder's wallet answers what the page asks its browser by one of the protocols; resolves to all those offered. */
async function answerInBrowser(
  page: Page,
  protocol: string,
  holder: Awaited<ReturnType<(typeof world)['holder']>>,
): Promise<readonly string[]> {
  const offered: string[] = []
  await page.route('**/requests/*/browser', async (route) => {
    const answer = await route.fetch()
    const { requests } = (await answer.json()) as { requests: DcApiRequest[] }
    offered.push(...requests.map((request) => request.protocol))
    const asked = requests.find((request) => request.protocol === protocol)
    if (!asked) throw new Error(`${protocol} was not offered`)
    const { data, asker } = await holder.answerInBrowser({ ...asked, origin: world.verifier })
    // The platform vouches for an unsigned request alone.
    const isSigned = protocol !== 'openid4vp-v1-unsigned'
    expect(asker).toMatchObject(
      isSigned
        ? { clientId: world.clientId, names: { und: 'CN=127.0.0.1' } }
        : { clientId: `origin:${world.verifier}`, names: {} },
    )
    await behave(page, { action: 'respond', protocol, response: data })
    await route.fulfill({ response: answer })
  })
  return offered
}

const button = 'button:has-text("เบราว์เซอร์")'

describe('the wallet of the browser', () => {
  it.each([
    ['openid4vp-v1-signed', 'ThaiNationalID-sd-jwt-vc', 'nameAndPhoto'],
    ['openid4vp-v1-unsigned', 'ThaiNationalID-ldp-vc', 'nameAndPhoto'],
    ['openid4vp-v1-signed', 'ThaiNationalID-mdoc', 'age20'],
    ['openid4vp-v1-unsigned', 'ThaiNationalID-jwt-vc', 'nameAndPhoto'],
    ['org-iso-mdoc', 'ThaiDrivingLicence-mdoc', 'mayDrive'],
  ])(
    'answers by %s with %s, beside the QR',
    async (protocol, configuration, useCase) => {
      const { page, errors } = await openPage(browser)
      const holder = await world.holder(configuration)
      await askFor(page, useCase)
      expect(await page.locator('.qr').isVisible()).toBe(true)
      expect(await faultsOf(page)).toEqual([])
      const offered = await answerInBrowser(page, protocol, holder)
      await page.click(button)
      await page.waitForSelector('[data-result=verified]')
      const shown = (await page.textContent('main')) ?? ''
      expect(shown).toContain(useCase === 'age20' ? 'อายุครบ 20 ปี' : 'นาย สมมุติ ตัวอย่างดี')
      expect(shown).not.toMatch(/1999900000013|mso_mdoc|ldp_vc|dc\+sd-jwt|CN=/)
      expect(offered).toEqual([
        'openid4vp-v1-signed',
        'openid4vp-v1-unsigned',
        // Has no words for the value that a claim must have.
        ...(useCase === 'age20' ? [] : ['org-iso-mdoc']),
      ])
      expect(await faultsOf(page)).toEqual([])
      expect(errors).toEqual([])
      await page.context().close()
    },
    60_000,
  )

  it.each([
    ['openid4vp-v1-signed', 'ThaiNationalID-ldp-vc', 'nameAndPhoto'],
    ['org-iso-mdoc', 'ThaiDrivingLicence-mdoc', 'mayDrive'],
  ])(
    'answers by %s with %s that was revoked: the page says why it is not accepted',
    async (protocol, configuration, useCase) => {
      const { page, errors } = await openPage(browser)
      const holder = await world.holder(configuration)
      await holder.revoke(useCase)
      await askFor(page, useCase)
      await answerInBrowser(page, protocol, holder)
      await page.click(button)
      await page.waitForSelector('[data-result=rejected]')
      expect(await page.textContent('[data-result=rejected]')).toContain('เอกสารดิจิทัลนี้ถูกเพิกถอนแล้ว')
      expect(await page.textContent('main')).not.toContain('นาย สมมุติ ตัวอย่างดี')
      expect(await faultsOf(page)).toEqual([])
      expect(errors).toEqual([])
      await page.context().close()
    },
    60_000,
  )

  it('may have nothing to show: the page says so, and its QR goes on', async () => {
    const { page } = await openPage(browser)
    await askFor(page, 'nameAndPhoto')
    await behave(page, { action: 'decline' })
    await page.click(button)
    await page.waitForSelector('[data-dc-api] [role=status]:not(:empty)')
    expect(await faultsOf(page)).toEqual([])
    const holder = await world.holder()
    await holder.answer(((await page.textContent('#qr-link')) ?? '').trim())
    await page.waitForSelector('[data-result=verified]')
    await page.context().close()
  }, 60_000)
})
