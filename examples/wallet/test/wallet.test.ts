import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf, launchBrowser, openPage } from './browser.ts'
import { filmOfQr } from './camera-video.ts'
import {
  ask,
  authorityOf,
  type Offered,
  type OfferedFormat,
  offer,
  offerDocument,
  otherCode,
  startWorld,
  type World,
} from './world.ts'

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

async function paste(page: Page, link: string): Promise<void> {
  await page.fill('#link', link)
  await page.click('form button')
}

async function receive(page: Page, format?: OfferedFormat, citizen?: number): Promise<string> {
  return take(page, await offer(world, format, citizen))
}

async function take(page: Page, offered: Offered): Promise<string> {
  await page.goto(`${wallet}/#/receive`)
  await paste(page, offered.link)
  await page.fill('#code', offered.code)
  await page.click('form button')
  await page.waitForSelector('.notice.ok')
  return offered.id
}

async function present(page: Page, link: string): Promise<void> {
  await page.goto(`${wallet}/#/present`)
  await paste(page, link)
  await page.waitForSelector('#decline')
}

const presentationsOf = (result: unknown) =>
  Object.values((result as { presentations: Record<string, { claims: object }[]> }).presentations).flat()

describe('the wallet in a browser', () => {
  it('receives, shows and presents; a wrong code does not lose the offer; nothing asked for is more than shown', async () => {
    const { page, console: written, errors } = await openPage(browser)
    const asked = new Set<string>()
    page.context().on('request', (request) => {
      const url = new URL(request.url())
      if (url.origin === wallet)
        asked.add(`${request.method()} ${url.pathname.replace(/[^/]*$/, '')}${url.search}`)
    })
    await page.goto(wallet)
    await page.waitForSelector('text=ยังไม่มีเอกสาร')
    expect(await faultsOf(page)).toEqual([])
    expect(await page.textContent('.trial')).toContain('a trial in a test')

    await page.click('#app button.main')
    await page.waitForSelector('#link')
    expect(await faultsOf(page)).toEqual([])
    await paste(page, 'not a link')
    expect(await page.textContent('#link-error')).toContain('ใช้กับกระเป๋าเอกสารไม่ได้')
    expect(await faultsOf(page)).toEqual([])

    const offered = await offer(world)
    await paste(page, offered.link)
    await page.waitForSelector('#code')
    const shown = (await page.textContent('#app')) ?? ''
    expect(shown).toContain('หน่วยงานของรัฐ')
    expect(shown).toContain('บัตรประจำตัวประชาชน')
    expect(shown).toContain(world.issuer.address)
    expect(await faultsOf(page)).toEqual([])

    await page.fill('#code', '12')
    await page.click('form button')
    expect(await page.textContent('#code-error')).toContain('6')
    await page.fill('#code', otherCode(offered.code))
    await page.click('form button')
    await page.waitForSelector('#code-error >> text=ใส่ผิดแล้ว 1 ครั้ง')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('code')
    expect(await faultsOf(page)).toEqual([])
    await page.fill('#code', `${offered.code.slice(0, 3)} ${offered.code.slice(3)}`)
    await page.click('form button')
    await page.waitForSelector('.notice.ok')
    expect(await faultsOf(page)).toEqual([])
    const card = (await page.textContent('#app')) ?? ''
    expect(card).toContain('นาย สมมุติ ตัวอย่างดี')
    expect(card).toContain('15 มกราคม 2533')
    expect(card).toContain('1999900000013')
    expect(await page.locator('.facts img.photo').count()).toBe(1)

    // Survives a reload, and a visit without the network.
    await page.goto(`${wallet}/#/`)
    await page.reload()
    await page.waitForSelector('.cards .card')
    expect(await page.textContent('.cards')).toContain('นาย สมมุติ ตัวอย่างดี')
    expect(await faultsOf(page)).toEqual([])

    const request = await ask(world, 'nameAndPhoto')
    await present(page, request.link)
    const labels = await page.locator('[data-shown] dt').allTextContents()
    expect(labels.map((label) => label.split(/[A-Z]/)[0]?.trim())).toEqual(['ชื่อและชื่อสกุล', 'ภาพถ่าย'])
    expect(await page.textContent('[data-hidden]')).toContain('เลขประจำตัวประชาชน')
    expect(await page.textContent('[data-hidden]')).not.toContain('หน่วยงานผู้ออกบัตร')
    expect(await page.textContent('[data-always]')).toContain('หน่วยงานผู้ออกบัตร')
    expect(await page.textContent('#app')).not.toContain('1999900000013')
    expect(await page.textContent('#app')).toContain('127.0.0.1')
    expect(await page.textContent('#app')).toContain('ไม่อยู่ในรายชื่อที่เชื่อถือ')
    expect(await faultsOf(page)).toEqual([])
    expect((await request.result()).state).toBe('request-fetched')
    await page.click('#consent')
    await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
    expect(await faultsOf(page)).toEqual([])
    const result = await request.result()
    expect(result.state).toBe('verified')
    expect(Object.keys(presentationsOf(result)[0]?.claims ?? {}).sort()).toEqual([
      'issuing_authority',
      'issuing_country',
      'name_th',
      'picture',
    ])

    expect(errors).toEqual([])
    for (const text of written) expect(text).not.toMatch(/1999900000013|สมมุติ|eyJ/)
    expect(asked.size).toBeGreaterThan(2)
    // Its server gave the page and its files, and was told nothing.
    for (const request of asked) expect(request).toMatch(/^GET \/((app|ui)\/[\w-]*\/?)?(\?version=[\w-]+)?$/)
  })

  it('keeps keys that nobody can extract, and no key beside them', async () => {
    const { page } = await openPage(browser)
    await receive(page)
    const keys = await page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('ekkasan-wallet-keys')
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      const all = await new Promise<{ privateKey: CryptoKey }[]>((resolve) => {
        const request = database.transaction('entries').objectStore('entries').getAll()
        request.onsuccess = () => resolve(request.result)
      })
      return Promise.all(
        all.map(async ({ privateKey }) => ({
          isKey: privateKey instanceof CryptoKey,
          extractable: privateKey.extractable,
          refused: await crypto.subtle.exportKey('jwk', privateKey).then(
            () => false,
            () => true,
          ),
        })),
      )
    })
    expect(keys).toEqual([{ isKey: true, extractable: false, refused: true }])
  })

  it('tells the verifier when the person declines, and shows nothing', async () => {
    const { page, errors } = await openPage(browser)
    await receive(page)
    const request = await ask(world, 'fullId')
    await present(page, request.link)
    await page.click('#decline')
    await page.waitForSelector('h1:has-text("ไม่ได้ส่งข้อมูลใด ๆ")')
    expect(await faultsOf(page)).toEqual([])
    expect(await request.result()).toMatchObject({ state: 'refused', error: 'access_denied' })
    expect(errors).toEqual([])
  })

  it('receives jwt_vc_json too, and says that it is shown whole', async () => {
    const { page } = await openPage(browser)
    await receive(page, 'jwt_vc_json')
    const request = await ask(world, 'age20')
    await present(page, request.link)
    expect(await page.textContent('.notice.warn')).toContain('ทั้งฉบับ')
    expect(await page.textContent('[data-shown]')).toContain('1999900000013')
    expect(await page.locator('[data-hidden]').count()).toBe(0)
    await page.click('#consent')
    await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
    expect((await request.result()).state).toBe('verified')
  })

  it('has one chooser for a document held in several formats: the one that shows less first, then any of them', async () => {
    const { page, errors } = await openPage(browser)
    for (const format of ['jwt_vc_json', 'mso_mdoc', 'dc+sd-jwt'] as const) await receive(page, format)
    await page.goto(`${wallet}/#/`)
    await page.waitForSelector('ul.cards')
    for (const format of ['SD-JWT VC', 'ISO mdoc', 'W3C JWT'])
      expect(await page.locator(`ul.cards li:has-text("${format}")`).count()).toBe(1)
    expect(await faultsOf(page)).toEqual([])
    const request = await ask(world, 'age20')
    await present(page, request.link)
    expect(await page.locator('fieldset').count()).toBe(1)
    const entries = await page.locator('fieldset label').allTextContents()
    expect(entries.map((text) => /SD-JWT|mdoc|JWT|ไม่ใช้เอกสารใด/.exec(text)?.[0])).toEqual([
      'SD-JWT',
      'mdoc',
      'JWT',
    ])
    expect(await page.locator('[data-shown]').count()).toBe(1)
    expect(await page.textContent('[data-shown]')).not.toContain('1999900000013')
    expect(await faultsOf(page)).toEqual([])
    // By the keyboard alone.
    await page.locator('fieldset input:checked').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.waitForSelector('.notice.warn:has-text("ทั้งฉบับ")')
    expect(await page.textContent('[data-shown]')).toContain('1999900000013')
    await page.keyboard.press('ArrowUp')
    await page.waitForSelector('.notice.warn', { state: 'detached' })
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).checked)).toBe(true)
    expect(await page.textContent('[data-shown]')).not.toContain('1999900000013')
    expect(await faultsOf(page)).toEqual([])
    await page.click('#consent')
    await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
    expect(Object.keys((await request.result()).presentations as object)).toEqual(['mdoc'])
    expect(errors).toEqual([])
  }, 60_000)

  it.each([
    ['mso_mdoc', 'ThaiNationalID', 'nameAndPhoto'],
    ['mso_mdoc', 'ThaiDrivingLicence', 'mayDrive'],
    ['ldp_vc', 'ThaiNationalID', 'nameAndPhoto'],
    ['jwt_vc_json', 'ThaiDrivingLicence', 'mayDrive'],
  ] as const)(
    'holds and shows %s %s in people’s words, and presents it',
    async (format, document, useCase) => {
      const { page, errors } = await openPage(browser)
      await take(page, await offer(world, format, 0, document))
      const card = (await page.textContent('#app')) ?? ''
      for (const shown of ['นาย สมมุติ ตัวอย่างดี', '15 มกราคม 2533', 'ชาย', 'เลขประจำตัวประชาชน', 'ใช้ได้ถึง'])
        expect(card).toContain(shown)
      expect(await page.locator('#app article img').getAttribute('src')).toMatch(/^data:image\/jpeg/)
      expect(await page.locator('#app dd img').count()).toBe(1)
      if (document === 'ThaiDrivingLicence')
        expect(card).toContain(
          'รถยนต์ (ประเภท B) ตั้งแต่วันที่ 10 มกราคม 2567 ถึงวันที่ 10 มกราคม 2572 Car (category B) from 10 January 2024',
        )
      expect(card).not.toMatch(
        /_9j_|proofValue|org\.iso|credentialSubject|mso_mdoc|ldp_vc|jwt_vc_json|CN=|TH/,
      )
      expect(await page.locator('dd.empty').count()).toBe(0)
      expect(await faultsOf(page)).toEqual([])
      const request = await ask(world, useCase)
      await present(page, request.link)
      expect(await page.locator('[data-shown] img').count()).toBe(1)
      const isWhole = format !== 'mso_mdoc'
      expect((await page.textContent('[data-shown]'))?.includes('1999900000013')).toBe(isWhole)
      expect(await faultsOf(page)).toEqual([])
      await page.click('#consent')
      await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
      const [presented] = presentationsOf(await request.result()) as { format?: string }[]
      expect(presented?.format).toBe(format)
      expect(errors).toEqual([])
      await page.context().close()
    },
    60_000,
  )

  it('takes one of the formats in which a document is offered, the one that shows least', async () => {
    const { page } = await openPage(browser)
    await take(page, await offerDocument(world, 'ThaiDrivingLicence'))
    await page.goto(`${wallet}/#/`)
    await page.waitForSelector('ul.cards')
    expect(await page.locator('ul.cards li').count()).toBe(1)
    await page.click('ul.cards a')
    await page.waitForSelector('dd:has-text("SD-JWT VC")')
    await page.context().close()
  })

  it.each([
    ['ISO mdoc', 'mso_mdoc'],
    ['W3C Data Integrity', 'ldp_vc'],
    ['W3C JWT', 'jwt_vc_json'],
  ])('takes %s where the person chooses it, after a wrong code too', async (name, format) => {
    const { page, errors } = await openPage(browser)
    const offered = await offerDocument(world, 'ThaiDrivingLicence')
    await page.goto(`${wallet}/#/receive`)
    await paste(page, offered.link)
    await page.waitForSelector('#code')
    expect(await page.locator('[data-formats] input').count()).toBe(4)
    await page.click('[data-formats] summary')
    await page.locator(`[data-formats] label:has-text("${name}") input`).check()
    expect(await faultsOf(page)).toEqual([])
    await page.fill('#code', otherCode(offered.code))
    await page.click('form button')
    await page.waitForSelector('#code-error >> text=ใส่ผิดแล้ว 1 ครั้ง')
    await page.fill('#code', offered.code)
    await page.click('form button')
    await page.waitForSelector(`dd:has-text("${name}")`)
    const request = await ask(world, 'mayDrive')
    await present(page, request.link)
    await page.click('#consent')
    await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
    expect(presentationsOf(await request.result())).toMatchObject([{ format }])
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('lets the person choose between documents that answer, each told by whose it is', async () => {
    const { page } = await openPage(browser)
    await receive(page)
    await receive(page, 'dc+sd-jwt', 9)
    const request = await ask(world, 'houseRegistrationAddress')
    await present(page, request.link)
    const radios = page.locator('[data-set] input[type=radio]')
    expect(await radios.count()).toBe(2)
    const entries = await page.locator('[data-set] label').allTextContents()
    expect(entries.filter((text) => text.includes('สมมุติ ตัวอย่างดี'))).toHaveLength(1)
    expect(await page.textContent('[data-shown]')).toContain('สมมุติ ตัวอย่างดี')
    await radios.nth(1).check()
    const chosen = (await page.textContent('[data-shown] .said')) ?? ''
    expect(chosen).not.toContain('สมมุติ ตัวอย่างดี')
    expect(await faultsOf(page)).toEqual([])
    await page.click('#consent')
    await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
    expect(presentationsOf(await request.result())[0]?.claims).toMatchObject({ name_th: chosen })
  })

  it('says what is missing where no document answers', async () => {
    const { page } = await openPage(browser)
    await present(page, (await ask(world, 'age20')).link)
    expect(await page.textContent('#app')).toContain('ยังไม่มีเอกสารที่ขอ')
    expect(await page.locator('#consent').count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
  })

  it('is told that a revoked document was refused', async () => {
    const { page } = await openPage(browser)
    const id = await receive(page)
    const { state } = await world.issuerOffice('GET', `/offers/${id}`)
    const [issuance] = (state as { issuances: string[] }).issuances
    await world.issuerOffice('POST', `/issuances/${issuance}/revoke`)
    // The verifier may hold the list of a moment ago, which an earlier test let it fetch.
    const present20 = async () => {
      const request = await ask(world, 'age20')
      await present(page, request.link)
      await page.click('#consent')
      await page.waitForSelector('.notice.bad, h1:has-text("ส่งข้อมูลเรียบร้อย")')
      return (await request.result()).state
    }
    await expect.poll(present20, { interval: 50, timeout: 10_000 }).toBe('rejected')
    expect(await page.textContent('.notice.bad')).toContain('ไม่ผ่านการตรวจสอบ')
    expect(await faultsOf(page)).toEqual([])
  })

  it('deletes a document and its key only after asking', async () => {
    const { page } = await openPage(browser)
    await receive(page)
    await page.click('button:has-text("ลบเอกสารนี้")')
    expect(await faultsOf(page)).toEqual([])
    await page.click('button:has-text("ไม่ลบ")')
    await page.click('button:has-text("ลบเอกสารนี้")')
    await page.click('button.danger')
    await page.waitForSelector('text=ยังไม่มีเอกสาร')
    await page.reload()
    await page.waitForSelector('text=ยังไม่มีเอกสาร')
  })

  it('is opened by a link with an offer in its fragment, which leaves the address at once', async () => {
    const { page } = await openPage(browser)
    const { link, code } = await offer(world)
    await page.goto(`${wallet}/#offer=${encodeURIComponent(link)}`)
    await page.waitForSelector('#code')
    expect(page.url()).toBe(`${wallet}/#/open`)
    await page.reload()
    await page.fill('#code', code)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.notice.ok')
  })

  it('goes back to the verifier on the same device, in the browser that asked', async () => {
    const { page, errors } = await openPage(browser)
    await receive(page)
    await page.goto(world.verifier.address)
    await page.check('input[value=age20]')
    await page.check('input[value=this]')
    await page.click('main form button')
    const link = (await page.getAttribute('a[href^="openid4vp:"]', 'href')) ?? ''
    await page.goto(`${wallet}/#request=${encodeURIComponent(link)}`)
    await page.click('#consent')
    await page.waitForSelector('[data-result=verified]')
    expect(page.url()).toContain(`${world.verifier.address}/return?`)
    expect(errors).toEqual([])
  })

  it('shows documents without a connection', async () => {
    const { page } = await openPage(browser)
    await receive(page)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await page.reload()
    await page.waitForSelector('.card')
    await page.context().setOffline(true)
    await page.goto(`${wallet}/`)
    await page.waitForSelector('.cards .card')
    expect(await page.textContent('.cards')).toContain('นาย สมมุติ ตัวอย่างดี')
  })

  it('can be used by the keyboard alone', async () => {
    const { page } = await openPage(browser)
    const { link, code } = await offer(world)
    await page.goto(wallet)
    await page.waitForSelector('#app button.main')
    const tabTo = async (selector: string) => {
      for (let at = 0; at < 40; at++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
      }
      throw new Error(`no way by Tab to ${selector}`)
    }
    await tabTo('#app button.main')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#link')
    await tabTo('#link')
    await page.keyboard.insertText(link)
    await tabTo('form button')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#code')
    await tabTo('#code')
    await page.keyboard.type(code)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.notice.ok')
  })
})

describe('the camera', () => {
  it('reads the QR of an offer', async () => {
    const { link } = await offer(world)
    const film = join(world.folder, 'camera.y4m')
    writeFileSync(film, filmOfQr(link))
    const filming = await launchBrowser(film)
    try {
      const { page, errors } = await openPage(filming)
      await page.goto(`${wallet}/#/receive`)
      await page.click('#scan')
      await page.waitForSelector('#code')
      expect(await page.textContent('#app')).toContain('หน่วยงานของรัฐ')
      expect(errors).toEqual([])
    } finally {
      await filming.close()
    }
  })

  it('says so where there is none, and the link can still be pasted', async () => {
    const { page } = await openPage(browser)
    await page.goto(`${wallet}/#/receive`)
    await page.click('#scan')
    await page.waitForSelector('.scanner .notice.bad')
    expect(await page.textContent('.scanner')).toContain('วางลิงก์')
    expect(await page.locator('#link').isVisible()).toBe(true)
    expect(await faultsOf(page)).toEqual([])
  })
})

describe('the server', () => {
  it('gives one page and its files, compressed, under a policy that lets in no other script', async () => {
    const page = await fetch(wallet)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("style-src 'self';")
    expect(policy).toContain("connect-src 'self' https: http://localhost:* http://127.0.0.1:*;")
    expect(page.headers.get('permissions-policy')).toContain('camera=(self)')
    const script = /\/app\/main-\w+\.js/.exec(await page.text())?.[0]
    const answer = await fetch(`${wallet}${script}`)
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect((await fetch(`${wallet}/app/..%2fmain.ts`)).status).toBe(404)
    expect((await fetch(`${wallet}/healthz`)).status).toBe(200)
  })
})

describe('trust', () => {
  it('receives from nobody and shows to nobody who is not listed', async () => {
    const strict = (await world.startWallet({ TRUSTED_ISSUERS: 'https://other.example' })).address
    const { page } = await openPage(browser)
    await page.goto(`${strict}/#/receive`)
    expect(await page.locator('.trial').count()).toBe(0)
    await paste(page, (await offer(world)).link)
    await page.waitForSelector('.notice.bad')
    expect(await page.textContent('.notice.bad')).toContain('รายชื่อที่เชื่อถือ')
    expect(await page.locator('#code').count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
    await page.goto(`${strict}/#/present`)
    await paste(page, (await ask(world, 'age20')).link)
    await page.waitForSelector('#decline')
    expect(await page.textContent('.notice.bad')).toContain('รายชื่อที่เชื่อถือ')
    expect(await page.locator('#consent').count()).toBe(0)
  })

  it('shows to a verifier whose exact client identifier is listed', async () => {
    const request = await ask(world, 'age20')
    const clientId = new URL(request.link).searchParams.get('client_id') ?? ''
    const listed = (
      await world.startWallet({ TRUSTED_ISSUERS: world.issuer.address, TRUSTED_VERIFIERS: clientId })
    ).address
    const { page } = await openPage(browser)
    const offered = await offer(world)
    await page.goto(`${listed}/#offer=${encodeURIComponent(offered.link)}`)
    await page.fill('#code', offered.code)
    await page.click('form button')
    await page.waitForSelector('.notice.ok')
    await page.goto(`${listed}/?request=${encodeURIComponent(request.link)}`)
    await page.waitForSelector('#consent')
    expect(await page.textContent('#app')).not.toContain('ไม่อยู่ในรายชื่อที่เชื่อถือ')
    await page.click('#consent')
    await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
    expect((await request.result()).state).toBe('verified')
  })
})
