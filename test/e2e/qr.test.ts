import { createRequire } from 'node:module'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser, openPage, signIn } from '../../examples/issuer/test/browser.ts'
import {
  type RunningIssuer,
  startIssuer,
  temporaryFolder,
} from '../../examples/issuer/test/running-issuer.ts'
import { startWorld } from '../../examples/verifier/test/world.ts'

type ReadQr = (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null
const readQr = createRequire(import.meta.url)('jsqr') as ReadQr

const folder = temporaryFolder()
let browser: Browser
let issuer: RunningIssuer
let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  browser = await launchBrowser()
  issuer = await startIssuer(folder.path)
  world = await startWorld()
})
afterAll(async () => {
  await Promise.all([browser?.close(), issuer?.stop(), world?.stop()])
  folder.remove()
})

/** What a camera would read from a part of the screen. */
async function scanned(part: Locator): Promise<string | undefined> {
  const picture = `data:image/png;base64,${(await part.screenshot()).toString('base64')}`
  const blank = await browser.newPage()
  const { pixels, width, height } = await blank.evaluate(async (source) => {
    const image = new Image()
    image.src = source
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    const context = canvas.getContext('2d') as CanvasRenderingContext2D
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    return { pixels: Array.from(data), width: image.width, height: image.height }
  }, picture)
  await blank.close()
  return readQr(Uint8ClampedArray.from(pixels), width, height)?.data
}

it.each(['light', 'dark'] as const)(
  'the QR of an offer on a phone holds its link (%s)',
  async (colorScheme) => {
    const { page } = await openPage(browser, { colorScheme })
    await signIn(page, issuer.address)
    await page.fill('#query', '1999900000013')
    await page.click('main form button')
    await page.waitForURL('**/officer/citizens/*')
    await page.click('form[action$="/offers"] button')
    await page.waitForURL('**/officer/offers/*')
    const link = (await page.locator('#offer-link').textContent())?.trim()
    expect(link).toMatch(/^openid-credential-offer:\/\//)
    expect(await scanned(page.locator('.qr .code'))).toBe(link)
    await page.context().close()
  },
  60_000,
)

it.each(['light', 'dark'] as const)(
  'the QR of a request on a phone holds its link (%s)',
  async (colorScheme) => {
    const { page } = await openPage(browser, { colorScheme })
    await page.goto(world.verifier)
    await page.check('input[value=nameAndPhoto]')
    await page.click('main form button')
    const link = (await page.textContent('.qr code'))?.trim()
    expect(link).toMatch(/^openid4vp:\/\//)
    expect(await scanned(page.locator('.qr .code'))).toBe(link)
    await page.context().close()
  },
  60_000,
)
