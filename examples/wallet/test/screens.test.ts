import { createServer } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizens } from '../../citizens/src/index.ts'
import { faultsOf, launchBrowser, openPage } from './browser.ts'
import { ask, authorityOf, type Offered, offer, otherCode, startWorld, type World } from './world.ts'

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
      TRUST_ANYONE: 'a trial in a test',
    })
  ).address
})

afterAll(async () => {
  await browser?.close()
  await world?.stop()
})

async function open(page: Page, at: 'receive' | 'present', link: string, base = wallet): Promise<void> {
  await page.goto(`${base}/#/${at}`)
  await page.fill('#link', link)
  await page.click('form button')
}

async function receive(page: Page, offered: Offered): Promise<string> {
  await open(page, 'receive', offered.link)
  await page.fill('#code', offered.code)
  await page.click('form button')
  await page.waitForSelector('.notice.ok')
  return offered.id
}

async function problem(page: Page): Promise<string> {
  await page.waitForSelector('.notice.bad')
  expect(await faultsOf(page)).toEqual([])
  return (await page.textContent('#app')) ?? ''
}

const setStatus = async (offerId: string, verb: 'revoke' | 'suspend' | 'restore') => {
  const { state } = await world.issuerOffice('GET', `/offers/${offerId}`)
  const [issuance] = (state as { issuances: string[] }).issuances
  await world.issuerOffice('POST', `/issuances/${issuance}/${verb}`)
}

const misleading = /อีกฝ่าย|ข้อเสนอยังอยู่|did not answer as it should|The offer is still here/

describe('what is over', () => {
  it('an offer that this wallet redeemed leads to the document; one redeemed elsewhere warns [J1] [J12]', async () => {
    const [mine, other] = await Promise.all([openPage(browser), openPage(browser)])
    const offered = await offer(world)
    await receive(mine.page, offered)
    await open(mine.page, 'receive', offered.link)
    const here = await problem(mine.page)
    expect(here).toContain('รับเอกสารนี้ไปแล้ว')
    expect(here).toContain('Already received')
    expect(here).not.toMatch(misleading)
    expect(await mine.page.locator('button:has-text("ลองใหม่")').count()).toBe(0)
    await mine.page.click('button:has-text("ดูเอกสาร")')
    await mine.page.waitForSelector('#app .card')

    await open(other.page, 'receive', offered.link)
    const elsewhere = await problem(other.page)
    expect(elsewhere).toContain('คิวอาร์โค้ดนี้ถูกใช้ไปแล้ว')
    expect(elsewhere).toContain('If that was not you, tell the officer at once')
    await Promise.all([mine.page.context().close(), other.page.context().close()])
  }, 60_000)

  it('a replaced, a withdrawn and a broken one each say what they are [J1] [J12]', async () => {
    const { page } = await openPage(browser)
    const replaced = await offer(world)
    await world.issuerOffice('POST', `/offers/${replaced.id}/replace`)
    await open(page, 'receive', replaced.link)
    expect(await problem(page)).toContain('คิวอาร์โค้ดนี้ถูกแทนด้วยอันใหม่แล้ว')

    const withdrawn = await offer(world)
    await world.issuerOffice('DELETE', `/offers/${withdrawn.id}`)
    await open(page, 'receive', withdrawn.link)
    expect(await problem(page)).toContain('เจ้าหน้าที่ยกเลิกรายการนี้แล้ว')
    await page.context().close()
  }, 60_000)

  it.each([
    [410, { error: 'offer_expired' }, 'คิวอาร์โค้ดหมดเวลาแล้ว', 'The QR code has expired'],
    [410, { error: 'offer_locked' }, 'คิวอาร์โค้ดถูกล็อกเพื่อความปลอดภัย', 'locked for safety'],
    [410, {}, 'คิวอาร์โค้ดนี้ใช้ไม่ได้แล้ว', 'can no longer be used'],
    [404, {}, 'คิวอาร์โค้ดนี้ใช้ไม่ได้แล้ว', 'can no longer be used'],
    [500, {}, 'ไม่ตอบในขณะนี้', 'does not answer at present'],
    [200, 'a page', 'ตอบไม่ถูกต้อง', 'does not answer as it should'],
  ])('an answer of %i %j is told as what it is [J12]', async (status, body, thai, english) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const { page } = await openPage(browser)
    const reference = encodeURIComponent(`http://127.0.0.1:${port}/offers/x`)
    await open(page, 'receive', `openid-credential-offer://?credential_offer_uri=${reference}`)
    const said = await problem(page)
    // A text that is no JSON is no offer; whichever of the two texts, it is not that of a dead offer.
    if (body !== 'a page') {
      expect(said).toContain(thai)
      expect(said).toContain(english)
    } else expect(said).not.toContain('ใช้ไม่ได้แล้ว')
    expect(said).not.toMatch(/ข้อเสนอ|อีกฝ่าย/)
    await page.context().close()
    server.close()
  })

  it('a request that was answered says so, and one that another answered says that it is over [J1]', async () => {
    const { page } = await openPage(browser)
    await receive(page, await offer(world))
    const request = await ask(world, 'nameAndPhoto')
    await open(page, 'present', request.link)
    await page.click('#consent')
    await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
    await open(page, 'present', request.link)
    expect(await problem(page)).toContain('ตอบคำขอนี้ไปแล้ว')
    const { page: other } = await openPage(browser)
    await open(other, 'present', request.link)
    const said = await problem(other)
    expect(said).toMatch(/คำขอดูข้อมูลนี้ใช้ไม่ได้แล้ว|ตอบคำขอนี้ไปแล้ว/)
    expect(said).not.toMatch(misleading)
    await page.context().close()
  }, 60_000)

  it('counts its own wrong codes, over a new scan too, and says when the offer is locked [J1] [J12]', async () => {
    const { page } = await openPage(browser)
    const offered = await offer(world)
    await open(page, 'receive', offered.link)
    for (let count = 1; count <= 4; count++) {
      await page.fill('#code', otherCode(offered.code))
      await page.click('form button')
      await page.waitForSelector(`#code-error >> text=ใส่ผิดแล้ว ${count} ครั้ง`)
      if (count === 2) await open(page, 'receive', offered.link)
    }
    expect(await page.textContent('#code-error')).toContain('4 wrong so far; after 5')
    expect(await page.textContent('#app')).not.toMatch(misleading)
    await page.fill('#code', otherCode(offered.code))
    await page.click('form button')
    const locked = await problem(page)
    expect(locked).toContain('ใส่รหัสผิดครบ 5 ครั้ง คิวอาร์โค้ดถูกล็อก')
    expect(locked).toContain('Wrong code 5 times')
    expect(await page.locator('#code').count()).toBe(0)
    await open(page, 'receive', offered.link)
    expect(await problem(page)).toContain('คิวอาร์โค้ดถูกล็อก')
    await page.context().close()
  }, 60_000)
})

describe('what cannot be answered', () => {
  it('a person without the document is told which, one who is too young which condition, and the counter neither [J1] [J9]', async () => {
    const { page } = await openPage(browser)
    const none = await ask(world, 'mayDrive')
    await open(page, 'present', none.link)
    await page.waitForSelector('#decline')
    const without = (await page.textContent('#app')) ?? ''
    expect(without).toContain('ยังไม่มีเอกสารที่ขอ')
    expect(without).toContain('ใบอนุญาตขับรถ (ดิจิทัล)')
    expect(without).toContain('Driving licence (digital)')
    expect(await page.textContent('#decline')).toMatch(/ปิด.*Close/)
    expect(without).not.toMatch(/ไม่ยินยอม|Decline/)

    const year = new Date().getFullYear() + 543
    const young = citizens.findIndex(({ record: { person, card } }) => {
      const age = year - Number(String(person.dateOfBirth).slice(0, 4))
      return age < 19 && age > 8 && person.nationalityCode === '099' && card !== undefined
    })
    expect(young).toBeGreaterThan(-1)
    await receive(page, await offer(world, 'dc+sd-jwt', young))
    const asked = await ask(world, 'age20')
    await open(page, 'present', asked.link)
    await page.waitForSelector('#decline')
    const tooYoung = (await page.textContent('#app')) ?? ''
    expect(tooYoung).toContain('เอกสารของท่านไม่ตรงกับเงื่อนไขที่ขอ')
    expect(tooYoung).toContain('อายุครบ 20 ปี')
    expect(tooYoung).toContain('Your document does not meet the condition')
    expect(tooYoung).not.toMatch(/รับเอกสารที่ขอก่อน|Receive it first/)
    expect(await faultsOf(page)).toEqual([])
    await page.click('#decline')
    await page.waitForSelector('.cards')
    expect(await asked.result()).toMatchObject({ state: 'refused', error: 'access_denied' })
    await page.context().close()
  }, 60_000)

  it('a verifier that is not listed gets no word and no praise for its certificate [J9]', async () => {
    const strict = (await world.startWallet({ TRUSTED_ISSUERS: world.issuer.address })).address
    const { page } = await openPage(browser)
    const request = await ask(world, 'age20')
    await open(page, 'present', request.link, strict)
    await page.waitForSelector('#decline')
    const said = (await page.textContent('#app')) ?? ''
    expect(said).toContain('ไม่อยู่ในรายชื่อที่เชื่อถือได้ กระเป๋าเอกสารจึงไม่ส่งข้อมูล')
    expect(said).not.toMatch(/ลายมือชื่อถูกต้อง|signature correct/)
    expect(await page.locator('[data-shown]').count()).toBe(0)
    expect(await page.locator('#consent').count()).toBe(0)
    const folded = page.locator('details[data-technical]')
    expect(await folded.getAttribute('open')).toBeNull()
    expect(await folded.textContent()).toContain('แต่ไม่ทราบว่าผู้ใดรับรอง')
    await page.click('#decline')
    expect((await request.result()).state).toBe('request-fetched')
    await page.context().close()
  }, 60_000)

  it('the button that lets data out claims no consent, and says what goes along every time [J9]', async () => {
    const { page } = await openPage(browser)
    await receive(page, await offer(world))
    await open(page, 'present', (await ask(world, 'nameAndPhoto')).link)
    await page.waitForSelector('#consent')
    expect(await page.textContent('#consent')).toMatch(/ตกลง ส่งข้อมูล\s+Agree and send/)
    expect(await page.textContent('#app')).not.toMatch(/ยินยอม|[Cc]onsent/)
    expect(await page.locator('[data-always]').isVisible()).toBe(true)
    expect(await page.textContent('[data-always]')).toContain('อาจนำมาเทียบกันได้ว่าเป็นเอกสารฉบับเดียวกัน')
    await page.context().close()
  }, 60_000)
})

describe('a clock that is wrong', () => {
  it.each([-3, 3])(
    'by %i hours is named, with the time that it is [J11]',
    async (hours) => {
      const { page } = await openPage(browser)
      const offered = await offer(world)
      await page.clock.setSystemTime(Date.now() + hours * 3_600_000)
      await open(page, 'receive', offered.link)
      await page.fill('#code', offered.code)
      await page.click('form button')
      const said = await problem(page)
      expect(said).toContain('วันที่หรือเวลาของโทรศัพท์ไม่ตรง')
      expect(said).toContain('Your phone’s date or time is wrong')
      const time = (at: number) =>
        new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: 'Asia/Bangkok' }).format(at)
      expect(said).toMatch(new RegExp(`โทรศัพท์แสดง .* เวลา ${time(Date.now() + hours * 3_600_000)}:`))
      expect(said).toMatch(new RegExp(`เวลาจริง .* เวลา ${time(Date.now())}:`))
      expect(said).not.toMatch(/ไม่ออกเอกสารให้|did not issue/)
      await page.context().close()
    },
    60_000,
  )

  it('that is right is not blamed [J11]', async () => {
    const { page } = await openPage(browser)
    const offered = await offer(world)
    await page.route('**/credential', (route) =>
      route.fulfill({
        status: 400,
        headers: { 'access-control-allow-origin': '*' },
        contentType: 'application/json',
        body: '{"error":"credential_request_denied"}',
      }),
    )
    await open(page, 'receive', offered.link)
    await page.fill('#code', offered.code)
    await page.click('form button')
    const said = await problem(page)
    expect(said).toContain('ออกเอกสารไม่สำเร็จ')
    expect(said).not.toContain('โทรศัพท์แสดง')
    await page.context().close()
  }, 60_000)
})

describe('the status of what is held', () => {
  it('is looked up only when the person asks, then marks the card: valid, suspended, revoked [J2]', async () => {
    const { page } = await openPage(browser)
    const lists: string[] = []
    page.on('request', (request) => {
      if (/status-lists/.test(request.url())) lists.push(request.url())
    })
    const id = await receive(page, await offer(world))
    await page.goto(`${wallet}/#/`)
    await page.waitForSelector('.cards .card')
    expect(lists).toEqual([])
    expect(await page.locator('.cards .badge').count()).toBe(0)
    expect(await page.textContent('[data-status-panel]')).toContain('ผู้ออกเอกสารจะทราบว่ามีผู้เปิดดูรายการ')
    expect(await faultsOf(page)).toEqual([])
    const look = async (badge: string) => {
      await page.waitForTimeout(150)
      await expect
        .poll(
          async () => {
            await page.click('#look-up-status')
            await page.waitForSelector('#look-up-status:not([disabled])')
            return page.locator('.cards .badge').first().textContent()
          },
          { timeout: 10_000, interval: 150 },
        )
        .toContain(badge)
    }
    await look('ใช้ได้')
    expect(lists.length).toBeGreaterThan(0)
    expect(await page.textContent('[data-checked]')).toMatch(/ตรวจสอบสถานะครั้งล่าสุด .* เวลา \d\d:\d\d น\./)
    await setStatus(id, 'suspend')
    await look('ถูกระงับ')
    expect(await page.textContent('.standing')).toContain('เอกสารนี้ถูกระงับชั่วคราว')
    expect(await faultsOf(page)).toEqual([])
    await setStatus(id, 'restore')
    await look('ใช้ได้')
    await setStatus(id, 'revoke')
    await look('ถูกเพิกถอน')
    const said = (await page.textContent('.standing')) ?? ''
    expect(said).toContain('เพิกถอนเอกสารนี้แล้ว')
    expect(said).toContain('Your physical card is not affected')
    expect(await page.locator('.card.ended').count()).toBe(1)
    expect(await faultsOf(page)).toEqual([])
    // Kept: the card stays marked without asking again, and is not offered to a verifier.
    await page.reload()
    await page.waitForSelector('.cards .badge:has-text("ถูกเพิกถอน")')
    await open(page, 'present', (await ask(world, 'age20')).link)
    await page.waitForSelector('#decline')
    expect(await page.textContent('#app')).toContain('ถูกเพิกถอนแล้ว')
    expect(await page.locator('#consent').count()).toBe(0)
    await page.context().close()
  }, 90_000)

  it.each(['mso_mdoc', 'ldp_vc', 'jwt_vc_json'] as const)(
    'of %s too, by itself where the person allowed it [J2]',
    async (format) => {
      const { page } = await openPage(browser)
      const id = await receive(page, await offer(world, format))
      await setStatus(id, 'revoke')
      await page.goto(`${wallet}/#/`)
      await page.check('#always-look')
      await page.goto(`${wallet}/#/receive`)
      await page.goto(`${wallet}/#/`)
      await page.waitForSelector('.cards .badge:has-text("ถูกเพิกถอน")')
      await page.context().close()
    },
    60_000,
  )

  it('that nobody answers for is said to be unknown, never revoked [J2]', async () => {
    const { page } = await openPage(browser)
    await receive(page, await offer(world))
    await page.route(/status-lists/, (route) => route.abort())
    await page.click('#look-up-status')
    await page.waitForSelector('.card .badge:has-text("ยังตรวจสอบไม่ได้")')
    expect(await page.textContent('#app')).toContain('เอกสารของท่านไม่ได้มีปัญหา')
    expect(await faultsOf(page)).toEqual([])
    await page.context().close()
  }, 60_000)

  it('a document past its end is marked, with the last day on which it was valid [J2] [J10]', async () => {
    const { page } = await openPage(browser)
    await receive(page, await offer(world))
    const until = ((await page.textContent('.card .line:has-text("ใช้ได้ถึงวันที่")')) ?? '').trim()
    expect(until).toMatch(/ใช้ได้ถึงวันที่ \d{1,2} [ก-๙]+ 25\d\d/)
    expect(await page.textContent('#app')).toContain('บัตรตัวจริงมีอายุตามที่ระบุบนบัตร')
    await page.clock.setSystemTime(Date.now() + 400 * 86_400_000)
    await page.goto(`${wallet}/#/`)
    await page.waitForSelector('.cards .badge:has-text("หมดอายุ")')
    expect(await page.textContent('.standing')).toContain('เอกสารดิจิทัลนี้หมดอายุแล้ว')
    await page.context().close()
  }, 60_000)
})

describe('in one language', () => {
  it.each([
    ['th', /[A-Za-z]{4,}/],
    ['en', /[ก-๙]/],
  ] as const)(
    '%s: nothing of the other is seen or read aloud; the choice is kept [J13]',
    async (language, foreign) => {
      const { page } = await openPage(browser)
      await page.goto(wallet)
      await page.click(`.languages [data-choose-language=${language}]`)
      const names = /ไทย|English|Ekkasan|Wi-Fi|JavaScript/g
      const seen = async () => {
        // What is laid out, and so also what is read aloud; textContent has both languages.
        // biome-ignore lint/performance/useDomNodeTextContent: see above
        const text = await page.locator('body').innerText()
        return text.replaceAll(names, '').replace('a trial in a test', '')
      }
      expect(await seen()).not.toMatch(foreign)
      await page.goto(`${wallet}/#/receive`)
      await page.waitForSelector('#link')
      expect(await seen()).not.toMatch(foreign)
      expect(await faultsOf(page)).toEqual([])
      await open(page, 'receive', 'not a link')
      expect(await seen()).not.toMatch(foreign)
      await page.reload()
      expect(await page.getAttribute('html', 'data-language')).toBe(language)
      expect(await page.getAttribute('html', 'lang')).toBe(language)
      expect(await page.title()).not.toMatch(foreign)
      await page.context().close()
    },
    60_000,
  )

  it('in both, the two are apart and each is marked with its language [J13]', async () => {
    const { page } = await openPage(browser)
    await receive(page, await offer(world))
    await open(page, 'present', (await ask(world, 'nameAndPhoto')).link)
    await page.waitForSelector('#consent')
    const faults = await page.evaluate(() => {
      const texts = [...document.querySelectorAll('.text')]
      return texts
        .filter((text) => text.querySelector('.en'))
        .filter(
          (text) =>
            /[ก-๙][A-Za-z]/.test(text.textContent ?? '') ||
            text.querySelector('.en')?.getAttribute('lang') !== 'en' ||
            text.querySelector('.th')?.getAttribute('lang') !== 'th',
        )
        .map((text) => text.outerHTML)
    })
    expect(faults).toEqual([])
    const labels = await page.evaluate(() =>
      [...document.querySelectorAll('[aria-label], [alt]')].map(
        (element) => element.getAttribute('aria-label') ?? element.getAttribute('alt') ?? '',
      ),
    )
    expect(labels.filter((label) => /[ก-๙].*[A-Za-z]/.test(label))).toEqual([])
    await page.context().close()
  }, 60_000)
})
