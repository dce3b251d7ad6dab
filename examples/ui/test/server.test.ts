import { createMemoryStore } from '@ekkasan/core'
import {
  assetUrl,
  createCsrf,
  createFlash,
  createLog,
  createSessions,
  logError,
  logRequests,
  requireApiToken,
  securityHeaders,
  uiAssets,
} from '@ekkasan-examples/ui'
import { Hono } from 'hono'
import { expect, it } from 'vitest'

const cookies = { program: 'test', https: true }

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

function formApp() {
  const csrf = createCsrf({ ...cookies, refused: (c) => c.text('refused', 403) })
  const app = new Hono()
  app.use(csrf.guard)
  app.get('/', (c) => c.text(csrf.token(c)))
  app.post('/', (c) => c.text('taken'))
  app.post('/renew', (c) => {
    csrf.renew(c)
    return c.text(csrf.token(c))
  })
  const page = async () => {
    const answer = await app.request('/')
    return { token: await answer.text(), cookie: cookiesOf(answer) }
  }
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
    app.request(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  return { page, post }
}

it('takes a form with the token of its own cookie, and no other', async () => {
  const { page, post } = formApp()
  const [mine, other] = [await page(), await page()]
  const send = async (csrf: string, headers: Record<string, string>) =>
    (await post('/', { csrf }, headers)).status
  expect(await send(mine.token, { cookie: mine.cookie })).toBe(200)
  expect(await send(mine.token, { cookie: mine.cookie, 'sec-fetch-site': 'same-origin' })).toBe(200)
  expect(await send(mine.token, {})).toBe(403)
  expect(await send(other.token, { cookie: mine.cookie })).toBe(403)
  expect(await send('', { cookie: mine.cookie })).toBe(403)
  expect(await send(mine.token, { cookie: mine.cookie, 'sec-fetch-site': 'same-site' })).toBe(403)
  const renewed = await post('/renew', { csrf: mine.token }, { cookie: mine.cookie })
  const token = await renewed.text()
  expect(await send(token, { cookie: cookiesOf(renewed) })).toBe(200)
  expect(await send(mine.token, { cookie: cookiesOf(renewed) })).toBe(403)
})

it('keeps a session in the store under another name than the cookie says, and ends it there', async () => {
  const store = createMemoryStore()
  const sessions = createSessions({ ...cookies, store, seconds: 60 })
  const app = new Hono()
  app.post('/in', async (c) => {
    await sessions.start(c, { officer: 'a' })
    return c.json((await sessions.read(c)) ?? {})
  })
  app.get('/', async (c) => c.json((await sessions.read(c)) ?? {}))
  app.post('/out', async (c) => {
    await sessions.end(c)
    return c.text('')
  })
  const entered = await app.request('/in', { method: 'POST' })
  expect(await entered.json()).toEqual({ officer: 'a' })
  const [set] = entered.headers.getSetCookie()
  expect(set).toMatch(/^__Host-test-session=[\w-]{43}; .*HttpOnly; Secure; SameSite=Strict/)
  const cookie = cookiesOf(entered)
  const { entries } = await store.list('session/')
  expect(entries[0]?.key).not.toContain(cookie.split('=')[1])
  expect(await (await app.request('/', { headers: { cookie } })).json()).toEqual({ officer: 'a' })
  await app.request('/out', { method: 'POST', headers: { cookie } })
  expect(await (await app.request('/', { headers: { cookie } })).json()).toEqual({})
})

it('shows a flash word once, and only words that it knows', async () => {
  const flash = createFlash(['saved'], cookies)
  const app = new Hono()
  app.get('/', (c) => c.text(flash.take(c) ?? '-'))
  const first = await app.request('/', { headers: { cookie: '__Host-test-flash=saved' } })
  expect(await first.text()).toBe('saved')
  expect(first.headers.get('set-cookie')).toContain('Max-Age=0')
  expect(await (await app.request('/', { headers: { cookie: '__Host-test-flash=<b>' } })).text()).toBe('-')
})

it('logs of a fault what kind it is and where, never its message', () => {
  const lines: string[] = []
  const log = createLog('test', (line) => lines.push(line))
  logError(log, Object.assign(new TypeError('Somchai lives at home\n at last'), { code: 'x.y' }))
  logError(log, 'Somchai')
  expect(lines.join('')).not.toContain('Somchai')
  expect(JSON.parse(lines[0]!)).toMatchObject({ event: 'error', name: 'TypeError', code: 'x.y' })
  expect(JSON.parse(lines[0]!).where).toContain('server.test.ts')
  expect(JSON.parse(lines[1]!)).toMatchObject({ event: 'error', name: 'string' })
})

it('strikes numbers, tokens and keys out of the log, and logs the route in place of the URL', async () => {
  const lines: string[] = []
  const log = createLog('test', (line) => lines.push(line))
  log('event', {
    a: '1-9999-00000-01-3',
    b: 'number 1999900000013 there',
    c: `eyJhbGciOiJFUzI1NiJ9.${'x'.repeat(20)}.y`,
    d: 'k'.repeat(43),
    e: 42,
  })
  expect(JSON.parse(lines[0]!)).toMatchObject({
    a: '[number]',
    b: 'number [number] there',
    c: '[token]',
    d: '[long]',
    e: 42,
  })
  const app = new Hono()
  app.use(logRequests(log))
  app.get('/things/:id', (c) => c.text('x'))
  app.all('*', (c) => c.text('', 404))
  await app.request('/things/secret?code=secret')
  expect(JSON.parse(lines[1]!)).toMatchObject({ event: 'request', route: '/things/:id', status: 200 })
  expect(lines[1]).not.toContain('secret')
})

it('serves its files for good under a URL of their bytes, and nothing else', async () => {
  const app = uiAssets()
  for (const name of ['style.css', 'islands.js', 'icon.svg', 'sarabun-thai-400-normal.woff2']) {
    const answer = await app.request(assetUrl(name))
    expect([name, answer.status]).toEqual([name, 200])
    expect(answer.headers.get('cache-control')).toContain('immutable')
  }
  expect((await app.request('/ui/000000000000/style.css')).status).toBe(404)
  expect((await app.request('/ui/000000000000/..%2Findex.ts')).status).toBe(404)
})

it('sends a policy without inline scripts or styles, and opens only what is asked for', async () => {
  const app = new Hono()
  app.use(securityHeaders({ connect: ['https:'], features: ['camera'], https: true }))
  app.get('/', (c) => c.text('x'))
  const { headers } = await app.request('/')
  const policy = headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("connect-src 'self' https:")
  expect(policy).not.toContain('unsafe')
  expect(headers.get('permissions-policy')).toContain('camera=(self), microphone=()')
  expect(headers.get('strict-transport-security')).toContain('max-age')
  expect(headers.get('cache-control')).toBe('no-store')
})

it('a back-office API wants its token, and none of its answers is kept on the way', async () => {
  const app = new Hono()
  app.use(requireApiToken('right'))
  app.get('/', (c) => c.json({ subject: 'somebody' }))
  app.delete('/', (c) => c.body(null, 204))
  app.get('/broken', () => {
    throw new Error('broken')
  })
  app.onError((_error, c) => c.json({}, 500))
  const ask = (authorization: string | undefined, path = '/', method = 'GET') =>
    app.request(path, { method, headers: authorization === undefined ? {} : { authorization } })
  const answers = [
    [ask('Bearer right'), 200],
    [ask('Bearer right', '/', 'DELETE'), 204],
    [ask('Bearer right', '/nowhere'), 404],
    [ask('Bearer right', '/broken'), 500],
    ...[undefined, '', 'Bearer', 'Bearer ', 'Bearer wrong', 'Basic right', 'right'].map((given) => [
      ask(given),
      401,
    ]),
  ] as [Promise<Response>, number][]
  for (const [answer, status] of answers) {
    expect((await answer).status).toBe(status)
    expect((await answer).headers.get('cache-control')).toBe('no-store')
  }
})
