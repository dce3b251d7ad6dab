import { readFileSync } from 'node:fs'
import { createGuardedFetch, createMemoryStore, ignoreStatus, trustAnyone } from '@ekkasan/core'
import { ldpVc, ldpVcVerifier } from '@ekkasan/data-integrity'
import { createDidResolver, didJwkOf, didJwkUrlOf } from '@ekkasan/did'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentContexts, issuerKeys } from '../../examples/documents/src/index.ts'
import { faultsOf, launchBrowser, openPage } from '../../examples/wallet/test/browser.ts'
import { authorityOf, offer, startWorld, type World } from '../../examples/wallet/test/world.ts'
import { partialNationalId } from '../partial-documents.ts'
import { serve } from '../serve.ts'

// What the reference wallet's screen makes of what the reference programs never send: options of several documents, what
// is not required (OpenID4VP section 6.4.2), and an `ldp_vc` that hides claims.

let world: World
let browser: Browser
let wallet: string
let verifier: Verifier
let selectiveIssuer: Issuer
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  world = await startWorld()
  browser = await launchBrowser()
  const own = await startSelectiveIssuer()
  const settings = { TRUSTED_ISSUERS: `${world.issuer.address},${own}`, TRUST_ANYONE: 'a test' }
  wallet = (await world.startWallet(settings)).address
  const jwk = await generateJwk('ES256')
  const did = didJwkOf(publicJwkOf(jwk))
  const signer = await signerFromJwk(jwk, { kid: didJwkUrlOf(publicJwkOf(jwk)) })
  const resolveDid = createDidResolver()
  const fetch = createGuardedFetch({
    allowHosts: [world.issuer.address, own].map((address) => new URL(address).host),
  })
  const { resolveIssuerKey } = issuerKeys({
    fetch,
    resolveDid,
    allowHttp: true,
    certificates: [readFileSync(authorityOf(world.folder), 'utf8')],
  })
  const contexts = documentContexts([own])
  const { close: end } = await serve((at) => {
    verifier = createVerifier({
      url: `${at}/openid4vp`,
      names: { th: 'ผู้ตรวจ', en: 'Verifier' },
      identity: { prefix: 'decentralized_identifier', did, signer },
      formats: [
        sdJwtVcVerifier({ resolveIssuerKey }),
        ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
      ],
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
      checkStatus: ignoreStatus('a test'),
    })
    return verifier.fetch
  })
  closers.push(end)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  for (const close of closers) await close()
  await world?.stop()
})

/** One whose national ID is an `ldp_vc` with a base proof of ecdsa-sd-2023; resolves to its address. */
async function startSelectiveIssuer(): Promise<string> {
  const jwk = { ...(await generateJwk('ES256')), kid: 'key-1' }
  const { origin, close } = await serve(async (at) => {
    const signer = await signerFromJwk(jwk, { kid: `${at}#key-1` })
    selectiveIssuer = createIssuer({
      url: at,
      names: { th: 'ผู้ออก', en: 'Issuer' },
      credentials: [partialNationalId.as(ldpVc({ signer, issuer: at, cryptosuite: 'ecdsa-sd-2023' }))],
      keys: [publicJwkOf(jwk)],
      store: createMemoryStore(),
      resolveDid: createDidResolver(),
      getClaims: async () => ({
        claims: { citizen_id: '1999900000013', name_th: 'นาย สมมุติ ตัวอย่างดี', issuing_country: 'TH' },
      }),
    })
    return selectiveIssuer.fetch
  })
  closers.push(close)
  return origin
}

async function receive(page: Page, document: string, citizen = 0): Promise<void> {
  const { link, code } = await offer(world, 'dc+sd-jwt', citizen, document)
  await page.goto(`${wallet}/#/receive`)
  await page.fill('#link', link)
  await page.click('form button')
  await page.fill('#code', code)
  await page.click('form button')
  await page.waitForSelector('.notice.ok')
}

function askFor(id: string, type: string, claim: string) {
  const meta = { vct_values: [`${world.issuer.address}/vct/${type}/v1`] }
  return { id, format: 'dc+sd-jwt', meta, claims: [{ path: ['credentialSubject', claim] }] }
}

it('an option of several documents is one choice, each of them another; what is not required can be left out', async () => {
  const { page, errors } = await openPage(browser)
  await receive(page, 'ThaiNationalID')
  await receive(page, 'ThaiNationalID', 9)
  await receive(page, 'ThaiDrivingLicence')
  const query = {
    credentials: [
      askFor('name', 'ThaiNationalIDCredential', 'name_th'),
      askFor('licence', 'ThaiDrivingLicenceCredential', 'licence_types'),
      askFor('born', 'ThaiDrivingLicenceCredential', 'birth_date'),
      askFor('sex', 'ThaiNationalIDCredential', 'sex'),
    ],
    credential_sets: [{ options: [['name', 'licence'], ['born']] }, { options: [['sex']], required: false }],
  }
  const present = async () => {
    const started = await verifier.start({ query })
    await page.goto(`${wallet}/#/present`)
    await page.fill('#link', started.requestUri)
    await page.click('form button')
    await page.waitForSelector('#consent')
    return async () => {
      await page.click('#consent')
      await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
      const result = await verifier.result(started.id)
      if (result.state !== 'verified') throw new Error(result.state)
      return result.presentations
    }
  }
  const radios = (set: number, chooser: number) =>
    page.locator(`[data-set="${set}"] fieldset >> nth=${chooser}`).locator('input')

  const both = await present()
  // Two options, then two identity cards for the first query of the one that is taken; the second set: a card, or none.
  expect(await radios(0, 0).count()).toBe(2)
  expect(await radios(0, 1).count()).toBe(2)
  expect(await radios(1, 0).count()).toBe(3)
  expect(await radios(1, 0).last().isChecked()).toBe(true)
  expect(await page.locator('[data-set="0"] [data-shown]').count()).toBe(2)
  expect(await page.locator('[data-set="1"] [data-shown]').count()).toBe(0)
  expect(await faultsOf(page)).toEqual([])
  const [before, after] = [page.locator('[data-set="0"] [data-shown] .said').first(), radios(0, 1).nth(1)]
  const first = await before.textContent()
  await after.check()
  expect(await before.textContent()).not.toBe(first)
  expect(await radios(0, 0).first().isChecked()).toBe(true)
  const name = await before.textContent()
  const shown = await both()
  expect(Object.keys(shown).sort()).toEqual(['licence', 'name'])
  expect(shown.name?.[0]?.claims).toMatchObject({ name_th: name })

  const other = await present()
  await radios(0, 0).nth(1).check()
  await radios(1, 0).first().check()
  expect(await page.locator('[data-shown]').count()).toBe(2)
  expect(await faultsOf(page)).toEqual([])
  expect(Object.keys(await other()).sort()).toEqual(['born', 'sex'])
  expect(errors).toEqual([])
}, 90_000)

it('of an ldp_vc whose holder may hide claims the screen shows what is seen, what always goes with it, and what stays hidden', async () => {
  const { page, errors } = await openPage(browser)
  const offered = await selectiveIssuer.createOffer({
    credentials: ['ThaiNationalID-ldp-vc'],
    subject: 'one',
    txCode: true,
  })
  await page.goto(`${wallet}/#/receive`)
  await page.fill('#link', offered.uriByReference)
  await page.click('form button')
  await page.fill('#code', String(offered.txCode))
  await page.click('form button')
  await page.waitForSelector('dd:has-text("เลือกเปิดเผยเฉพาะบางรายการได้ (W3C Data Integrity)")')
  expect(await faultsOf(page)).toEqual([])
  const started = await verifier.start({
    query: {
      credentials: [
        {
          id: 'name',
          format: 'ldp_vc',
          meta: { type_values: [['ThaiNationalIDCredential']] },
          claims: [{ path: ['credentialSubject', 'name_th'] }],
        },
      ],
    },
  })
  await page.goto(`${wallet}/#/present`)
  await page.fill('#link', started.requestUri)
  await page.click('form button')
  await page.waitForSelector('#consent')
  expect(await page.locator('.notice.warn').count()).toBe(0)
  expect(await page.locator('[data-shown] dt').count()).toBe(1)
  expect(await page.textContent('[data-shown]')).toContain('นาย สมมุติ ตัวอย่างดี')
  expect(await page.textContent('[data-always]')).toContain('ประเทศผู้ออกบัตร')
  expect(await page.textContent('[data-hidden]')).toContain('เลขประจำตัวประชาชน')
  expect(await page.textContent('[data-hidden]')).not.toContain('ประเทศผู้ออกบัตร')
  expect(await faultsOf(page)).toEqual([])
  await page.click('#consent')
  await page.waitForSelector('h1:has-text("ส่งข้อมูลเรียบร้อย")')
  const result = await verifier.result(started.id)
  expect('presentations' in result && result.presentations.name).toMatchObject([
    { format: 'ldp_vc', claims: { name_th: 'นาย สมมุติ ตัวอย่างดี' } },
  ])
  expect(errors).toEqual([])
}, 60_000)
