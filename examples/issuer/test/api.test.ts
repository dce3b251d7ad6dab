import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callApi, password, type RunningIssuer, startIssuer, temporaryFolder } from './running-issuer.ts'
import { claim } from './scripted-wallet.ts'

let issuer: RunningIssuer
const folder = temporaryFolder()
beforeAll(async () => {
  issuer = await startIssuer(folder.path)
})
afterAll(async () => {
  await issuer?.stop()
  folder.remove()
})

type AuditLine = Readonly<Record<string, string>>

const auditLines = (): readonly AuditLine[] =>
  readdirSync(join(folder.path, 'audit'))
    .flatMap((file) =>
      readFileSync(join(folder.path, 'audit', file), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as AuditLine)

it('what an agency’s own system does is in the audit log as what officers do is', async () => {
  const made = await callApi(issuer, 'POST', '/offers', {
    subject: '1999900000013',
    credentials: ['ThaiNationalID-sd-jwt-vc'],
  })
  await claim(made.body.uriByReference as string, made.body.txCode as string)
  const offer = made.body.id as string
  const state = (await callApi(issuer, 'GET', `/offers/${offer}`)).body.state as { issuances: string[] }
  const [issuance = ''] = state.issuances
  for (const verb of ['suspend', 'restore', 'revoke']) {
    expect((await callApi(issuer, 'POST', `/issuances/${issuance}/${verb}`)).status).toBe(204)
  }
  const replaced = (await callApi(issuer, 'POST', `/offers/${offer}/replace`)).body.id as string
  expect((await callApi(issuer, 'DELETE', `/offers/${replaced}`)).status).toBe(204)
  // What was refused was not done.
  expect((await callApi(issuer, 'POST', `/issuances/${issuance}/restore`)).status).toBe(400)
  expect((await callApi(issuer, 'DELETE', '/offers/unknown')).status).toBe(400)

  const lines = auditLines()
  const citizen = lines[0]?.citizen
  expect(citizen).toMatch(/^[\w-]{22}$/)
  expect(lines.map(({ time: _time, ...rest }) => rest)).toEqual([
    { event: 'offer-created', officer: 'api', citizen, offer },
    { event: 'suspended', officer: 'api', issuance, citizen },
    { event: 'restored', officer: 'api', issuance, citizen },
    { event: 'revoked', officer: 'api', issuance, citizen },
    { event: 'offer-replaced', officer: 'api', offer: replaced, citizen },
    { event: 'offer-withdrawn', officer: 'api', offer: replaced },
  ])
}, 60_000)

it('no method and no spelling of a path leads past the token of the API, nor to a screen', async () => {
  for (const path of ['/api/offers/x', '/api/issuances/x', '/api/offers/x/replace', '/api', '/api/nowhere']) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await fetch(issuer.address + path, { method })
      expect([method, path, answer.status]).toEqual([method, path, 401])
    }
  }
  for (const path of [
    '/%61pi/offers/x',
    '//api/offers/x',
    '/API/offers/x',
    '/%6Ffficer',
    '/officer%2Fissuances',
  ]) {
    const answer = await fetch(issuer.address + path, { redirect: 'manual' })
    expect([path, [303, 401, 404].includes(answer.status)]).toEqual([path, true])
    expect(await answer.text()).not.toContain('<html')
  }
})

it('a name in the register is text on every screen, whatever it holds; nothing of people is kept on the way', async () => {
  const folder = temporaryFolder()
  const hostile = await startIssuer(folder.path)
  try {
    const file = join(folder.path, 'registry.json')
    const records = JSON.parse(readFileSync(file, 'utf8')) as { person: Record<string, string> }[]
    const attack = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`
    for (const { person } of records) Object.assign(person, { lastName: attack, englishLastName: attack })
    writeFileSync(file, JSON.stringify(records))
    const cookies = new Map<string, string>()
    const browse = async (path: string, fields?: Record<string, string>) => {
      const answer = await fetch(new URL(path, hostile.address), {
        method: fields ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(fields && { body: new URLSearchParams(fields) }),
      })
      for (const one of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = one.split(';')[0]?.split('=') ?? []
        cookies.set(name, value)
      }
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      const text = await answer.text()
      return {
        text,
        to: answer.headers.get('location') ?? '',
        csrf: /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '',
      }
    }
    const { csrf } = await browse('/officer/sign-in')
    const session = await browse('/officer/sign-in', { csrf, username: 'officer', password })
    const start = await browse(session.to)
    const found = await browse('/officer/search', { csrf: start.csrf, query: '1999900000013' })
    const pages = [found.to]
    const { body } = await callApi(hostile, 'POST', '/offers', {
      subject: '1999900000013',
      credentials: ['ThaiNationalID-jwt-vc'],
    })
    pages.push(`/officer/offers/${body.id}`, '/officer', '/officer/issuances')
    let shown = 0
    for (const path of pages) {
      const { text } = await browse(path)
      expect(text).not.toMatch(/<img src=x|<script>alert/)
      if (text.includes('&lt;img src=x')) shown++
    }
    expect(shown).toBeGreaterThanOrEqual(2)
  } finally {
    await hostile.stop()
    folder.remove()
  }
}, 60_000)

it('a browser that signed in is known again though strangers lock the account; its cookie is for no script', async () => {
  const signIn = async (word: string, device = '') => {
    const page = await fetch(`${issuer.address}/officer/sign-in`)
    const cookie = page.headers.getSetCookie().map((one) => one.split(';')[0])
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    return fetch(`${issuer.address}/officer/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: [...cookie, device].join('; ') },
      body: new URLSearchParams({ csrf, username: 'officer', password: word }),
    })
  }
  const first = await signIn(password)
  expect(first.status).toBe(303)
  const given = first.headers.getSetCookie().find((one) => one.startsWith('issuer-device=')) ?? ''
  expect(given).toMatch(/HttpOnly/)
  expect(given).toMatch(/SameSite=Strict/)
  for (let guess = 0; guess < 5; guess++) expect((await signIn('wrong')).status).toBe(401)
  expect((await signIn(password)).status).toBe(429)
  expect((await signIn(password, given.split(';')[0])).status).toBe(303)
  expect(issuer.log() + JSON.stringify(auditLines())).not.toContain(given.slice(14, 40))
}, 60_000)
