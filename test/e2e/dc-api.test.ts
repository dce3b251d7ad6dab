import { createMemoryStore, type DcApiResponse, type JsonObject } from '@ekkasan/core'
import { createIssuer } from '@ekkasan/issuer'
import { parseJws } from '@ekkasan/keys'
import { mdoc, mobileDrivingLicence } from '@ekkasan/mdoc'
import type { SessionState, StartDcApiOptions, StartedDcApi, Verifier } from '@ekkasan/verifier'
import { requireReceived } from '@ekkasan/wallet'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partialDrivingLicence } from '../partial-documents.ts'
import {
  byChain,
  credentialQuery,
  type FormatId,
  formatIds,
  issuerUrl,
  openWallet,
  shown,
  startVerifier,
  walletWith,
} from './all-formats.ts'

// The Digital Credentials API of a real browser: a page of the verifier asks on a click. Chromium's virtual wallet gives
// what it was told to, without seeing the request, so that our wallet is given that first.

const page = `<!doctype html><title>verifier</title><button>ask</button><script>
  document.querySelector('button').onclick = async () => {
    const { requests, responseUri } = window.started
    try {
      const credential = await navigator.credentials.get({ mediation: 'required', digital: { requests } })
      const { protocol, data } = credential
      const headers = { 'Content-Type': 'application/json' }
      const body = JSON.stringify({ protocol, data })
      window.outcome = (await fetch(responseUri, { method: 'POST', headers, body })).status
    } catch (error) {
      window.outcome = error.name
    }
  }
</script>`

let verifier: Verifier
let origin: string
let closeVerifier: () => Promise<void>
let browser: Browser
let tab: Page
let cdp: CDPSession
beforeAll(async () => {
  ;({ verifier, origin, close: closeVerifier } = await startVerifier(page))
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  tab = await browser.newPage()
  tab.setDefaultTimeout(10_000)
  cdp = await tab.context().newCDPSession(tab)
})
afterAll(async () => {
  await browser?.close()
  await closeVerifier?.()
})

type Outcome = number | string

async function behave(behaviour: object): Promise<void> {
  await (cdp.send as (method: string, parameters: object) => Promise<unknown>)(
    'DigitalCredentials.setVirtualWalletBehavior',
    behaviour,
  )
}

/** What a person does: opens the page, clicks, and his wallet answers. */
async function click(started: StartedDcApi, at = origin): Promise<Outcome> {
  await tab.goto(`${at}/`)
  await tab.evaluate((value) => Object.assign(globalThis, { started: value }), started as object)
  await tab.click('button')
  const outcome = await tab.waitForFunction('window.outcome')
  return (await outcome.jsonValue()) as Outcome
}

async function answerOf(
  started: StartedDcApi,
  protocol: string,
  formats: readonly FormatId[],
): Promise<DcApiResponse> {
  const asked = started.requests.find((request) => request.protocol === protocol)
  if (!asked) throw new Error(`${protocol} was not offered`)
  const wallet = await walletWith(formats)
  const request = await wallet.openDcApiRequest({ ...asked, origin })
  const choice = request.options.map(
    ({ queryId, candidates }) => [queryId, [candidates[0]?.credentialId as string]] as const,
  )
  const { dcApiResponse } = await wallet.present(request, Object.fromEntries(choice))
  if (!dcApiResponse) throw new Error('no answer for the platform')
  return dcApiResponse
}

async function ask(
  options: Partial<StartDcApiOptions>,
  protocol: string,
  formats: readonly FormatId[] = ['dc+sd-jwt'],
): Promise<{ readonly data: JsonObject; readonly outcome: Outcome; readonly result: SessionState }> {
  const query = { credentials: formats.map((format) => credentialQuery(format)) }
  const started = await verifier.startDcApi({ query, ...options })
  const { data } = await answerOf(started, protocol, formats)
  await behave({ action: 'respond', protocol, response: data })
  const outcome = await click(started)
  return { data, outcome, result: await verifier.result(started.id) }
}

const verified = (format: FormatId) => ({ state: 'verified', presentations: { id: [{ format }] } })

describe.each(['dc_api', 'dc_api.jwt'] as const)('a page asks with %s', (responseMode) => {
  describe.each(['openid4vp-v1-unsigned', 'openid4vp-v1-signed', 'openid4vp-v1-multisigned'] as const)(
    '%s',
    (protocol) => {
      it.each(formatIds)('and %s is presented (OpenID4VP Appendix A)', async (format) => {
        const { data, outcome, result } = await ask({ responseMode, protocols: [protocol] }, protocol, [
          format,
        ])
        expect(Object.keys(data)).toEqual([responseMode === 'dc_api' ? 'vp_token' : 'response'])
        expect(outcome).toBe(200)
        expect(result).toMatchObject(verified(format))
        expect('presentations' in result && result.presentations.id?.[0]?.claims).toMatchObject(shown(format))
      })
    },
  )
})

it('a page asks with org-iso-mdoc (ISO/IEC TS 18013-7 Annex C), encrypted always', async () => {
  const { data, outcome, result } = await ask({}, 'org-iso-mdoc', ['mso_mdoc'])
  expect(Object.keys(data)).toEqual(['response'])
  expect(outcome).toBe(200)
  expect(result).toMatchObject(verified('mso_mdoc'))
})

describe('an age that the licence does not hold (ISO/IEC 18013-5 section 7.2.5)', () => {
  const licence = { docType: mobileDrivingLicence.docType, elements: mobileDrivingLicence.elements }
  const drivers = partialDrivingLicence.as(mdoc({ signer: byChain, type: () => licence }))
  const transport = createIssuer({
    url: issuerUrl,
    names: { en: 'Transport' },
    credentials: [drivers],
    store: createMemoryStore(),
    getClaims: async () => ({ claims: { age_over_15: true, age_over_18: true, age_over_20: false } }),
  })

  async function askAge(element: string) {
    const wallet = openWallet(['mso_mdoc'], {
      fetch: (input, init) => transport.fetch(new Request(input, init)),
    })
    const made = await transport.createOffer({ credentials: [drivers.id], subject: 'one' })
    requireReceived(await wallet.receive(await wallet.readOffer(made.uriByReference)))
    const claims = [{ path: [namespace, element] }]
    const meta = { doctype_value: licence.docType }
    const query = { credentials: [{ id: 'id', format: 'mso_mdoc', meta, claims }] }
    const started = await verifier.startDcApi({ query, protocols: ['org-iso-mdoc'] })
    const [asked] = started.requests
    const request = await wallet.openDcApiRequest({ ...(asked as NonNullable<typeof asked>), origin })
    return { wallet, request, started }
  }
  const namespace = 'org.iso.18013.5.1'

  it.each([
    ['age_over_17', 'age_over_18', true],
    ['age_over_21', 'age_over_20', false],
    ['age_over_18', 'age_over_18', true],
  ])('%s is answered by %s: shown to the person, disclosed, and accepted', async (asked, answer, value) => {
    const { wallet, request, started } = await askAge(asked)
    const [candidate] = request.options[0]?.candidates ?? []
    expect(candidate?.disclose).toEqual([[namespace, answer]])
    const { dcApiResponse } = await wallet.present(request, { 0: [candidate?.credentialId as string] })
    await behave({ action: 'respond', protocol: 'org-iso-mdoc', response: dcApiResponse?.data })
    expect(await click(started)).toBe(200)
    const result = await verifier.result(started.id)
    expect(result).toMatchObject({ state: 'verified' })
    expect('presentations' in result && result.presentations.id?.[0]?.claims).toEqual({
      [namespace]: { [answer]: value },
    })
  })

  it('is not answered where nothing that is held says it', async () => {
    expect((await askAge('age_over_19')).request.missing).toEqual(['0'])
  })

  it('by another protocol is not answered: DCQL names the claim itself', async () => {
    const { wallet } = await askAge('age_over_18')
    const claims = [{ path: [namespace, 'age_over_17'] }]
    const meta = { doctype_value: licence.docType }
    const query = { credentials: [{ id: 'id', format: 'mso_mdoc', meta, claims }] }
    const [asked] = (await verifier.startDcApi({ query, protocols: ['openid4vp-v1-unsigned'] })).requests
    const request = await wallet.openDcApiRequest({ ...(asked as NonNullable<typeof asked>), origin })
    expect(request.missing).toEqual(['id'])
  })
})

it('offers the signed request first, then the unsigned, then org-iso-mdoc where that can say the query', async () => {
  const offered = async (...formats: readonly FormatId[]) => {
    const credentials = formats.map((format, index) => credentialQuery(format, { id: `q${index}` }))
    const { requests } = await verifier.startDcApi({ query: { credentials } })
    return requests.map(({ protocol }) => protocol)
  }
  const both = ['openid4vp-v1-signed', 'openid4vp-v1-unsigned']
  expect(await offered('mso_mdoc')).toEqual([...both, 'org-iso-mdoc'])
  expect(await offered('dc+sd-jwt')).toEqual(both)
  expect(await offered('dc+sd-jwt', 'mso_mdoc')).toEqual(both)
  expect(await offered('mso_mdoc', 'mso_mdoc')).toEqual(both)
})

it('binds to the origin, and says who asks in a signed request alone (A.2)', async () => {
  const query = { credentials: [credentialQuery('dc+sd-jwt')] }
  const { requests } = await verifier.startDcApi({ query, responseMode: 'dc_api' })
  const [signed, unsigned] = requests
  const payload = parseJws(signed?.data.request as string).payload
  expect(payload).toMatchObject({ client_id: verifier.clientId, expected_origins: [origin] })
  expect(unsigned?.data).not.toHaveProperty('client_id')
  expect(unsigned?.data).not.toHaveProperty('expected_origins')
  for (const member of ['response_uri', 'state', 'redirect_uri']) expect(payload).not.toHaveProperty(member)
  for (const { protocol, data } of requests) {
    const wallet = await walletWith(['dc+sd-jwt'])
    const request = await wallet.openDcApiRequest({ protocol, data, origin })
    const isSigned = protocol === 'openid4vp-v1-signed'
    expect(request.verifier).toMatchObject({
      clientId: isSigned ? verifier.clientId : `origin:${origin}`,
      origin,
      names: isSigned ? { und: 'CN=Verifier' } : {},
    })
    const id = request.options[0]?.candidates[0]?.credentialId as string
    const { dcApiResponse } = await wallet.present(request, { id: [id] })
    const vpToken = dcApiResponse?.data.vp_token as { id: [string] }
    const keyBinding = parseJws(vpToken.id[0].split('~').at(-1) as string)
    expect(keyBinding.payload.aud).toBe(`origin:${origin}`)
  }
})

it('when the person says no the browser tells the page so, and the session stays as it was', async () => {
  const started = await verifier.startDcApi({ query: { credentials: [credentialQuery('dc+sd-jwt')] } })
  await behave({ action: 'decline' })
  expect(await click(started)).toBe('NotAllowedError')
  expect(await verifier.result(started.id)).toEqual({ state: 'requested' })
})

it('a wallet that answers with an error is heard (A.4)', async () => {
  const started = await verifier.startDcApi({ query: { credentials: [credentialQuery('dc+sd-jwt')] } })
  const wallet = await walletWith(['dc+sd-jwt'])
  const [asked] = started.requests
  const request = await wallet.openDcApiRequest({ ...(asked as NonNullable<typeof asked>), origin })
  const { dcApiResponse } = await wallet.decline(request)
  expect(dcApiResponse?.data).toEqual({ error: 'access_denied' })
  await behave({ action: 'respond', protocol: asked?.protocol, response: dcApiResponse?.data })
  expect(await click(started)).toBe(200)
  expect(await verifier.result(started.id)).toMatchObject({ state: 'refused', error: 'access_denied' })
})

it('a page of another origin is not heard, whatever it was given', async () => {
  const protocol = 'openid4vp-v1-unsigned'
  const query = { credentials: [credentialQuery('dc+sd-jwt')] }
  const started = await verifier.startDcApi({ query, protocols: [protocol] })
  const { data } = await answerOf(started, protocol, ['dc+sd-jwt'])
  await behave({ action: 'respond', protocol, response: data })
  const elsewhere = origin.replace('localhost', '127.0.0.1')
  expect(await click(started, elsewhere)).toBe(400)
  expect(await verifier.result(started.id)).toEqual({ state: 'requested' })
  await behave({ action: 'respond', protocol, response: data })
  expect(await click(started)).toBe(200)
  expect(await verifier.result(started.id)).toMatchObject({ state: 'verified' })
})
