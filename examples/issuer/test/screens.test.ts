import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf, launchBrowser, openPage, signIn } from './browser.ts'
import { type RunningIssuer, startIssuer, temporaryFolder } from './running-issuer.ts'
import { claim } from './scripted-wallet.ts'

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

async function officerPage(options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const { page } = await openPage(browser, options)
  await signIn(page, issuer.address)
  return page
}

async function search(page: Page, query: string): Promise<void> {
  await page.goto(`${issuer.address}/officer`)
  await page.fill('#query', query)
  await page.click('main form button')
  await page.waitForURL(/officer\/(search|citizens)/)
}

/** Makes a QR code for the first of the synthetic citizens; leaves the page at it. */
async function makeQr(page: Page): Promise<string> {
  await search(page, '1999900000013')
  await page.click('form[action$="/offers"] button')
  await page.waitForURL('**/officer/offers/*')
  return ((await page.locator('#offer-link').textContent()) ?? '').trim()
}

async function issueOne(page: Page): Promise<void> {
  const link = await makeQr(page)
  const offer = page.url()
  await page.click('form[action$="/code"] button')
  const code = await page.locator('[data-tx-code]').getAttribute('data-tx-code')
  await page.goto(offer)
  await claim(link, code ?? '')
  await page.locator('text=ผู้รับได้รับเอกสารแล้ว').waitFor()
}

describe('QR and code', () => {
  it('stand on two pages and on two prints; the code is shown once, on its own [J4]', async () => {
    const page = await officerPage()
    const link = await makeQr(page)
    const offer = page.url()
    expect(await page.locator('.qr').count()).toBe(1)
    expect(await page.locator('[data-tx-code], .code-shown').count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
    const withQr = await page.content()

    await page.click('form[action$="/code"] button')
    const code = (await page.locator('[data-tx-code]').getAttribute('data-tx-code')) ?? ''
    expect(code).toMatch(/^\d{6}$/)
    expect(withQr).not.toContain(code)
    expect(withQr).not.toContain(`${code.slice(0, 3)} ${code.slice(3)}`)
    // Nothing on the page of the code leads to the document: no QR, no link of the offer.
    expect(await page.locator('.qr, #offer-link').count()).toBe(0)
    expect(await page.content()).not.toContain(link)
    expect(await faultsOf(page)).toEqual([])
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.code-shown').isVisible()).toBe(true)
    await page.emulateMedia({ media: 'screen' })
    const spoken = await page.locator('.code-shown').getAttribute('aria-label')
    expect(spoken).toContain([...code].join(' '))

    await page.goto(offer)
    expect(await page.content()).not.toContain(code)
    expect(await page.locator('form[action$="/code"]').count()).toBe(0)
    await page.goto(`${offer}/code`)
    expect(await page.content()).not.toContain(code)
    expect(await page.textContent('main')).toContain('แสดงรหัสไปแล้ว')
    expect(await faultsOf(page)).toEqual([])
    await page.context().close()
  }, 60_000)

  it('the code of one offer is not shown with another [J4]', async () => {
    const page = await officerPage()
    await makeQr(page)
    const first = page.url()
    await makeQr(page)
    await page.goto(first)
    expect(await page.locator('form[action$="/code"]').count()).toBe(0)
    await page.context().close()
  }, 60_000)
})

describe('the officer sees', () => {
  it('the birth date of each person found, in words [J5]', async () => {
    const page = await officerPage()
    await search(page, 'ตัวอย่างดี')
    const table = (await page.textContent('main table')) ?? ''
    expect(table).toContain('วันเกิด')
    expect(table).toContain('15 มกราคม 2533')
    expect(table).not.toMatch(/25330115/)
    await page.context().close()
  }, 60_000)

  it('the state of an offer as it is after it was received [J5]', async () => {
    const page = await officerPage()
    await issueOne(page)
    const badges = await page.locator('main .badge').allTextContents()
    expect(badges.join()).toContain('รับเอกสารแล้ว')
    expect(badges.join()).not.toMatch(/รอ|waiting/)
    await page.goto(`${issuer.address}/officer`)
    expect(await page.locator('main table .badge').first().textContent()).toContain('รับเอกสารแล้ว')
    await page.context().close()
  }, 60_000)

  it('before a revocation which document it is, when it was issued, and that the plastic card stays valid [J9]', async () => {
    const page = await officerPage()
    await issueOne(page)
    await page.click('a:has-text("ดูรายการเอกสารที่ออก")')
    expect(await page.textContent('h1')).toMatch(/บัตรประจำตัวประชาชน \(ดิจิทัล\) ของ นาย ?สมมุติ ตัวอย่างดี/)
    await page.click('main a:has-text("เพิกถอน")')
    const text = (await page.textContent('main')) ?? ''
    expect(await page.textContent('h1')).toContain('บัตรประจำตัวประชาชน (ดิจิทัล) ของ')
    expect(await page.textContent('h1')).toContain('National ID card (digital) of')
    expect(text).toContain('1-xxxx-xxxxx-01-3')
    expect(text).toMatch(/ออกวันที่ \d{1,2} [ก-๙]+ 25\d\d เวลา \d\d:\d\d น\./)
    expect(text).toContain('การเพิกถอนเป็นการถาวร')
    expect(text).toContain('ไม่มีผลต่อบัตรตัวจริง')
    expect(text).toContain('The physical card is not affected')
    expect(text).toMatch(/ภายในประมาณ \d+ (วินาที|นาที)/)
    expect(await page.textContent('main button.danger')).toContain('เพิกถอนเอกสารนี้')
    expect(await faultsOf(page)).toEqual([])
    await page.context().close()
  }, 60_000)

  it('no code, no raw date and no contradicting end, whoever is looked up [J10]', async () => {
    const page = await officerPage()
    let lifelong = 0
    for (const { pid } of await people()) {
      await search(page, pid)
      for (const tab of await page.locator('nav.tabs a').all()) {
        await page.goto(new URL((await tab.getAttribute('href')) ?? '', issuer.address).href)
        const text = (await page.textContent('main')) ?? ''
        const preview =
          (await page
            .locator('.columns')
            .textContent()
            .catch(() => '')) ?? ''
        expect(text, pid).not.toMatch(/year-began-in-april/)
        expect(text, pid).not.toMatch(/วันเกิดตามทะเบียน[^0-9]*\d{8}/)
        expect(preview, pid).not.toMatch(/[๐-๙]/)
        // The end stands beside the card's own: which of the two it is must be said.
        if (preview !== '') expect(text, pid).toContain('บัตรตัวจริงมีอายุตามที่ระบุบนบัตร')
        if (text.includes('บัตรตลอดชีพ')) lifelong += 1
        break
      }
    }
    expect(lifelong).toBeGreaterThan(0)
    await page.context().close()
  }, 180_000)

  it('the last day of validity, not the midnight after it [J10]', async () => {
    const page = await officerPage()
    await search(page, '1999900000013')
    const end = page.locator('section[aria-labelledby=offer] time')
    const until = new Date((await end.getAttribute('datetime')) ?? '')
    const shown = (await end.textContent()) ?? ''
    const lastDay = new Intl.DateTimeFormat('th-TH', { dateStyle: 'long', timeZone: 'Asia/Bangkok' })
    expect(shown).toContain(lastDay.format(new Date(until.getTime() - 1)))
    expect(shown).not.toMatch(/00:00|น\./)
    await page.context().close()
  }, 60_000)
})

describe('for screen readers and in one language', () => {
  it('links in a list differ, attributes have one language, texts of two languages are apart [J13]', async () => {
    const page = await officerPage()
    for (let count = 0; count < 2; count++) await makeQr(page)
    await page.goto(`${issuer.address}/officer`)
    const names = await page.locator('main table a').allTextContents()
    expect(names.length).toBeGreaterThan(1)
    expect(names.every((name) => /บัตรประจำตัวประชาชน \(ดิจิทัล\)/.test(name) && /เวลา/.test(name))).toBe(true)
    await search(page, 'ตัวอย่าง')
    const found = await page.locator('main table a').allTextContents()
    expect(new Set(found).size).toBe(found.length)
    for (const path of ['', '/search', '/issuances', '/retention']) {
      await page.goto(`${issuer.address}/officer${path}`)
      const mixed = await page.evaluate(() =>
        [...document.querySelectorAll('[aria-label], img[alt]')]
          .map((element) => element.getAttribute('aria-label') ?? element.getAttribute('alt') ?? '')
          .filter((label) => /[ก-๙]/.test(label) && /[A-Za-z]{3}/.test(label)),
      )
      expect(mixed, path).toEqual([])
      const together = await page.evaluate(
        () => document.querySelector('main')?.textContent?.match(/[ก-๙][A-Za-z]{2,}/g) ?? [],
      )
      expect(together, path).toEqual([])
      const unmarked = await page.evaluate(
        () =>
          [...document.querySelectorAll('.en')].filter((element) => element.getAttribute('lang') !== 'en')
            .length,
      )
      expect(unmarked, path).toBe(0)
    }
    await page.context().close()
  }, 90_000)

  it('a person chooses Thai, English or both; the choice is kept and hides the other from everybody [J13]', async () => {
    const page = await officerPage()
    await makeQr(page)
    // What is laid out, and so also what is read aloud; textContent has both languages.
    // biome-ignore lint/performance/useDomNodeTextContent: see above
    const seen = () => page.locator('body').innerText()
    expect(await page.getAttribute('html', 'data-language')).toBe('both')
    await page.click('.languages a:has-text("English")')
    // The page was not loaded again: only its words changed.
    expect(await page.getAttribute('html', 'lang')).toBe('en')
    expect(await seen()).toContain('Step 1')
    expect(await seen()).not.toContain('ขั้นที่')
    expect(await page.getAttribute('nav.menu', 'aria-label')).toBe('Main menu')
    expect(await faultsOf(page)).toEqual([])
    await page.goto(`${issuer.address}/officer`)
    expect(await page.getAttribute('html', 'data-language')).toBe('en')
    expect(await page.title()).toBe('Find a person · Credential issuer')
    await page.click('.languages a >> nth=0')
    expect(await seen()).not.toContain('Find a person')
    expect(await page.getAttribute('html', 'lang')).toBe('th')
    expect(await page.title()).toContain('ค้นหาบุคคล')
    expect(await faultsOf(page)).toEqual([])
    await page.context().close()
  }, 60_000)

  it('the language is chosen without scripts too, and first by what the browser prefers [J13]', async () => {
    const plain = await officerPage({ javaScriptEnabled: false })
    await plain.click('.languages a:has-text("English")')
    expect(plain.url()).toBe(`${issuer.address}/officer`)
    expect(await plain.getAttribute('html', 'data-language')).toBe('en')
    await plain.context().close()
    const of = async (language: string) => {
      const answer = await fetch(`${issuer.address}/officer/sign-in`, {
        headers: { 'accept-language': language },
      })
      return /data-language="(\w+)"/.exec(await answer.text())?.[1]
    }
    expect(await of('th-TH,th;q=0.9,en;q=0.8')).toBe('th')
    expect(await of('th')).toBe('th')
    expect(await of('en-US,en;q=0.9,th;q=0.8')).toBe('both')
    expect(await of('de')).toBe('both')
  }, 60_000)
})

/** The people of the demonstration. */
async function people(): Promise<readonly { readonly pid: string }[]> {
  const { citizens } = await import('../../citizens/src/index.ts')
  return citizens.map(({ record }) => record.person)
}
