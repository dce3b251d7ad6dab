import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf, launchBrowser, openPage, signIn } from './browser.ts'
import { callApi, type RunningIssuer, startIssuer, temporaryFolder } from './running-issuer.ts'
import { claim } from './scripted-wallet.ts'

// The first of the synthetic citizens.
const number = '1-9999-00000-01-3'
const name = 'สมมุติ ตัวอย่างดี'

let browser: Browser
let issuer: RunningIssuer
const folder = temporaryFolder()
beforeAll(async () => {
  ;[browser, issuer] = await Promise.all([launchBrowser(), startIssuer(folder.path)])
})
afterAll(async () => {
  await Promise.all([browser?.close(), issuer?.stop()])
  folder.remove()
})

async function findCitizen(page: Page): Promise<void> {
  await page.goto(`${issuer.address}/officer`)
  await page.fill('#query', number)
  await page.click('main form button')
  await page.waitForURL('**/officer/citizens/*')
}

async function makeOffer(page: Page): Promise<{ readonly link: string; readonly txCode: string }> {
  await findCitizen(page)
  await page.click('form[action$="/offers"] button')
  await page.waitForURL('**/officer/offers/*')
  const link = await page.locator('#offer-link').textContent()
  return { link: link!.trim(), txCode: await showCode(page) }
}

/** From the page of the QR to the code on a page of its own, and back. */
async function showCode(page: Page): Promise<string> {
  const offer = page.url()
  await page.click('form[action$="/code"] button')
  const txCode = await page.locator('[data-tx-code]').getAttribute('data-tx-code')
  await page.goto(offer)
  return txCode!
}

describe('the officer at a phone', () => {
  it.each(['light', 'dark'] as const)(
    'signs in, finds a citizen, sees what will be issued, offers it, watches it claimed, revokes it (%s)',
    async (colorScheme) => {
      const { page, complaints } = await openPage(browser, { colorScheme })
      await page.goto(`${issuer.address}/`)
      expect(await faultsOf(page)).toEqual([])
      await page.fill('#username', 'officer')
      await page.fill('#password', 'not the password')
      await page.click('main button')
      expect(await page.locator('[role=alert]').textContent()).toContain('รหัสผ่านไม่ถูกต้อง')
      expect(await faultsOf(page)).toEqual([])
      await signIn(page, issuer.address)
      expect(await faultsOf(page)).toEqual([])

      await page.fill('#query', '1999900000014')
      await page.click('main form button')
      expect(await page.locator('#query-error').textContent()).toContain('เลขประจำตัวประชาชนไม่ถูกต้อง')
      expect(await page.locator('#query').getAttribute('aria-invalid')).toBe('true')
      expect(await faultsOf(page)).toEqual([])

      await page.fill('#query', 'ตัวอย่างดี')
      await page.click('main form button')
      await page.waitForURL('**/officer/search')
      expect(await page.locator('main table').textContent()).toContain(name)
      expect(await faultsOf(page)).toEqual([])
      await page.click(`main table a:has-text("${name}")`)
      expect(page.url()).not.toContain('19999')

      const preview = (await page.locator('main').textContent())!
      for (const shown of [name, '1999900000013', 'เลขประจำตัวประชาชน', 'อายุครบ 20 ปี', 'กรมการปกครอง']) {
        expect(preview).toContain(shown)
      }
      expect(await page.locator('main img').first().getAttribute('src')).toMatch(/^data:image/)
      expect(await faultsOf(page)).toEqual([])

      const { link, txCode } = await makeOffer(page)
      expect(txCode).toMatch(/^\d{6}$/)
      expect(link).not.toContain(txCode)
      expect(await page.locator('[data-countdown]').first().textContent()).toMatch(/เหลือเวลา [45] นาที/)
      expect(await faultsOf(page)).toEqual([])

      await claim(link, txCode)
      await page.locator('text=ผู้รับได้รับเอกสารแล้ว').waitFor()
      expect(await page.locator('[data-tx-code]').count()).toBe(0)
      expect(await faultsOf(page)).toEqual([])

      await page.goto(`${issuer.address}/officer/issuances`)
      expect(await page.locator('main table').textContent()).toContain(name)
      expect(await faultsOf(page)).toEqual([])
      await page.locator('main table a').first().click()
      expect(await faultsOf(page)).toEqual([])
      const id = new URL(page.url()).pathname.split('/').at(-1)!

      await page.click('main a:has-text("เพิกถอน")')
      expect(await faultsOf(page)).toEqual([])
      await page.click('main button.danger')
      expect(await page.locator('#reason-error').textContent()).toContain('เลือกเหตุผล')
      expect(await faultsOf(page)).toEqual([])
      await page.check('input[value="device-lost"]')
      await page.fill('#note', 'แจ้งที่เคาน์เตอร์')
      await page.click('main button.danger')
      await page.locator('text=เพิกถอนเอกสารแล้ว').waitFor()
      const after = (await page.locator('main').textContent())!
      expect(after).toContain('โทรศัพท์สูญหายหรือถูกขโมย')
      expect(after).toContain('แจ้งที่เคาน์เตอร์')
      expect(await page.locator('main a:has-text("ยกเลิกการระงับ")').count()).toBe(0)
      expect(await faultsOf(page)).toEqual([])
      expect((await callApi(issuer, 'GET', `/issuances/${id}`)).body).toMatchObject({ status: 'revoked' })

      await page.goto(`${issuer.address}/officer/retention`)
      expect(await page.locator('main').textContent()).toContain('90 วัน')
      expect(await faultsOf(page)).toEqual([])
      await page.goto(`${issuer.address}/officer/nowhere`)
      expect(await page.locator('h1').textContent()).toContain('ไม่พบหน้านี้')
      expect(await faultsOf(page)).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    },
    90_000,
  )

  it('does the main path with scripts off', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false })
    await signIn(page, issuer.address)
    await findCitizen(page)
    await page.click('nav.tabs a:has-text("ใบอนุญาตขับรถ")')
    expect(await page.locator('main').textContent()).toContain('รถจักรยานยนต์ส่วนบุคคล')
    await page.click('form[action$="/offers"] button')
    await page.click('summary:has-text("ลิงก์ของคิวอาร์โค้ด")')
    const link = await page.locator('#offer-link').textContent()
    await claim(link!.trim(), await showCode(page))
    await page.click('noscript a, a:has-text("ดูสถานะล่าสุด")')
    await page.locator('text=ผู้รับได้รับเอกสารแล้ว').waitFor()
    await page.click('a:has-text("ดูรายการเอกสารที่ออก")')
    for (const [verb, reason, badge] of [
      ['ระงับชั่วคราว', 'holder-request', 'suspended'],
      ['ยกเลิกการระงับ', 'cleared', 'valid'],
    ] as const) {
      await page.click(`main a:has-text("${verb}")`)
      await page.check(`input[value="${reason}"]`)
      await page.click('main form button')
      expect(await page.locator('main .badge').first().textContent()).toContain(badge)
    }
    await page.context().close()
  }, 60_000)

  it('does the main path with the keyboard alone, its focus always to be seen', async () => {
    const { page } = await openPage(browser)
    await page.goto(`${issuer.address}/officer/sign-in`)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip')
    await page.keyboard.press('Enter')
    const press = async (target: string) => {
      for (let step = 0; step < 120; step++) {
        await page.keyboard.press('Tab')
        const reached = await page.evaluate((selector) => {
          const element = document.activeElement as HTMLElement
          const seen = element.closest('.choice') ?? element
          const style = getComputedStyle(seen)
          if (element !== document.body && style.outlineStyle === 'none') throw new Error(element.outerHTML)
          return element.matches(selector)
        }, target)
        if (reached) return
      }
      throw new Error(`the keyboard does not reach ${target}`)
    }
    await press('#username')
    await page.keyboard.type('officer')
    await press('#password')
    await page.keyboard.type((await import('./running-issuer.ts')).password)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${issuer.address}/officer`)
    await press('#query')
    await page.keyboard.type(number)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/officer/citizens/*')
    await press('form[action$="/offers"] button')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/officer/offers/*')
    await press('summary')
    await page.keyboard.press('Enter')
    await press('#offer-link')
    await page.context().close()
  }, 60_000)

  it('shows the transaction code once, apart from the QR, and the offer can be replaced', async () => {
    const { page } = await openPage(browser)
    await signIn(page, issuer.address)
    const first = await makeOffer(page)
    await page.reload()
    expect(await page.locator('[data-tx-code]').count()).toBe(0)
    expect(await page.content()).not.toContain(first.txCode)
    await page.click('summary:has-text("ผู้รับรับเอกสารไม่ได้")')
    await page.click('form[action$="/replace"] button')
    await page.locator('text=ออกคิวอาร์โค้ดใหม่แล้ว').waitFor()
    await expect(claim(first.link, first.txCode)).rejects.toThrow(/410/)
    const link = await page.locator('#offer-link').textContent()
    expect(await claim(link!.trim(), await showCode(page))).toContain('.')
    await page.context().close()
  }, 60_000)
})

describe('what must not get out', () => {
  it('no log and no audit line holds a number, a name, a token or a code', async () => {
    const { page } = await openPage(browser)
    await signIn(page, issuer.address)
    const { link, txCode } = await makeOffer(page)
    const credential = await claim(link, txCode)
    await page.context().close()
    const audit = readdirSync(join(folder.path, 'audit')).map((file) =>
      readFileSync(join(folder.path, 'audit', file), 'utf8'),
    )
    const written = issuer.log() + audit.join('')
    expect(written).toContain('offer-created')
    for (const secret of [
      '1999900000013',
      number,
      'ตัวอย่างดี',
      txCode,
      credential.slice(0, 40),
      link.slice(-40),
    ]) {
      expect(written).not.toContain(secret)
    }
  })

  it('everything in its data folder is for its owner only', () => {
    const open = (path: string): string[] =>
      readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
        const whole = join(path, entry.name)
        const own = statSync(whole).mode & 0o077 ? [whole] : []
        return entry.isDirectory() ? [...own, ...open(whole)] : own
      })
    expect(open(folder.path)).toEqual([])
  })

  it('no screen is shown and no form is taken without signing in, and none from another site', async () => {
    const { address } = issuer
    for (const path of ['', '/citizens/x', '/offers/x', '/issuances', '/issuances/x/revoke', '/retention']) {
      const answer = await fetch(`${address}/officer${path}`, { redirect: 'manual' })
      expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 303, '/officer/sign-in'])
    }
    const post = (headers: Record<string, string>) =>
      fetch(`${address}/officer/sign-in`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ username: 'officer', password: 'x', csrf: 'x' }),
      })
    expect((await post({})).status).toBe(403)
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    const page = await fetch(`${address}/officer/sign-in`)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/)
    expect(page.headers.get('cache-control')).toBe('no-store')
  })
})
