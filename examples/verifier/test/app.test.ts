import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore, trustOnly } from '@ekkasan/core'
import { sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createVerifier } from '@ekkasan/verifier'
import { createLog } from '@ekkasan-examples/ui'
import { afterAll, expect, it } from 'vitest'
import { createVerifierApp } from '../src/app.tsx'
import { readConfig } from '../src/config.ts'
import { formatNames } from '../src/formats.ts'
import { openIdentity } from '../src/identity.ts'
import { readUseCases } from '../src/use-cases.ts'

const url = 'https://verifier.example'
const folder = mkdtempSync(join(tmpdir(), 'ekkasan-verifier-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function openApp() {
  let passed = 0
  const store = createMemoryStore({ clock: () => new Date(Date.now() + passed * 1000) })
  const useCases = readUseCases(join(folder, 'use-cases.json'))
  const identity = await openIdentity(readConfig({ DATA_DIR: folder }), url)
  const formats = formatNames.map((format) => ({
    ...sdJwtVcVerifier({ resolveIssuerKey: () => Promise.reject(new Error('nobody presents here')) }),
    format,
  }))
  const verifier = createVerifier({
    url: `${url}/openid4vp`,
    names: { th: 'ทดสอบ' },
    identity,
    formats,
    store,
    isTrusted: trustOnly([]),
  })
  const asking = { formats: formatNames, issuers: ['https://issuer.example'] }
  const log = createLog('test', () => undefined)
  const app = createVerifierApp({ url, verifier, store, useCases, asking, resultLifetime: 600, log })
  const visit = async (cookie = '') => {
    const page = await app.request('/', { headers: { cookie } })
    const cookies = page.headers.getSetCookie().map((one) => one.split(';')[0])
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    return { cookie: cookies.join('; '), csrf }
  }
  const ask = (cookie: string, csrf: string, device = 'other') =>
    app.request('/requests', {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ csrf, use_case: 'age20', device }),
    })
  const pass = (seconds: number) => {
    passed += seconds
  }
  return { app, store, visit, ask, pass }
}

it('a visit writes nothing (an unauthenticated caller cannot fill the disk)', async () => {
  const { app, store, visit } = await openApp()
  for (let count = 0; count < 10; count++) await visit()
  await app.request('/custom')
  expect((await store.list('')).entries).toEqual([])
})

it('a request and its state belong to the browser that asked', async () => {
  const { app, visit, ask } = await openApp()
  const [mine, other] = [await visit(), await visit()]
  const asked = await ask(mine.cookie, mine.csrf)
  const path = asked.headers.get('location') ?? ''
  expect(path).toMatch(/^\/requests\/[\w-]{43}$/)
  for (const below of ['', '/state']) {
    expect((await app.request(`${path}${below}`, { headers: { cookie: mine.cookie } })).status).toBe(200)
    for (const cookie of [other.cookie, '', '__Host-verifier-browser=']) {
      expect((await app.request(`${path}${below}`, { headers: { cookie } })).status).toBe(404)
    }
  }
  const forget = (cookie: string, csrf: string) =>
    app.request(`${path}/forget`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ csrf }),
    })
  expect((await forget(other.cookie, other.csrf)).status).toBe(404)
  expect((await forget(mine.cookie, other.csrf)).status).toBe(403)
  expect((await forget(mine.cookie, mine.csrf)).status).toBe(303)
})

it('on the same device nobody has the result without the code that came back, nor with one of another browser', async () => {
  const { app, visit, ask } = await openApp()
  const [mine, other] = [await visit(), await visit()]
  const asked = await ask(mine.cookie, mine.csrf, 'this')
  const secret = asked.headers.getSetCookie().map((one) => one.split(';')[0])
  const answers = [
    ['/return', [mine.cookie, ...secret]],
    ['/return?response_code=', [mine.cookie, ...secret]],
    ['/return?response_code=guess', [other.cookie]],
  ] as const
  for (const [path, cookies] of answers) {
    expect((await app.request(path, { headers: { cookie: cookies.join('; ') } })).status, path).toBe(404)
  }
})

it('what it keeps of a request ends with the result', async () => {
  const { store, visit, ask, pass } = await openApp()
  const { cookie, csrf } = await visit()
  await ask(cookie, csrf)
  expect((await store.list('')).entries).toHaveLength(2)
  pass(300 + 600 + 1)
  expect((await store.list('')).entries).toEqual([])
})

it('reads no more of a form than its bound, whoever posts it', async () => {
  const { app, visit } = await openApp()
  const { cookie } = await visit()
  let sent = 0
  const body = new ReadableStream({
    pull(controller) {
      if (sent > 10_000_000) controller.close()
      else controller.enqueue(new Uint8Array(65_536).fill(97))
      sent += 65_536
    },
  })
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
  const request = new Request(`${url}/requests`, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit)
  expect((await app.request(request)).status).toBe(413)
  expect(sent).toBeLessThan(1_000_000)
})

it('what could not be checked can be asked again, by the browser that asked [J9]', async () => {
  const { app, visit, ask } = await openApp()
  const [mine, other] = [await visit(), await visit()]
  const path = (await ask(mine.cookie, mine.csrf)).headers.get('location') ?? ''
  const again = (cookie: string, csrf: string) =>
    app.request(`${path}/again`, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ csrf }) })
  expect((await again(other.cookie, other.csrf)).status).toBe(404)
  const answer = await again(mine.cookie, mine.csrf)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toMatch(/^\/requests\/[\w-]{43}$/)
  expect(answer.headers.get('location')).not.toBe(path)
})
