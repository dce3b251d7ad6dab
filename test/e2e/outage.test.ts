import { rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import {
  callApi,
  type RunningIssuer,
  startIssuer,
  temporaryFolder,
} from '../../examples/issuer/test/running-issuer.ts'
import { claim } from '../../examples/issuer/test/scripted-wallet.ts'
import { startPostgres } from '../postgres.ts'

const offered = { subject: '1999900000013', credentials: ['ThaiNationalID-sd-jwt-vc'] }
const ask = async ({ address }: RunningIssuer, path: string) => (await fetch(address + path)).status
const eventsOf = (issuer: RunningIssuer) =>
  issuer
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{"time"'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>>)

it('a database that may only be read loses no revocation: 503 with Retry-After, unready, the cause in the log, the list still served [L6]', async () => {
  const folder = temporaryFolder()
  const postgres = await startPostgres()
  const issuer = await startIssuer(folder.path, { STORE: postgres.url })
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  const setReadOnly = async (to: 'on' | 'off') => {
    await admin.query(`ALTER DATABASE postgres SET default_transaction_read_only = ${to}`)
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
    )
  }
  try {
    const made = await callApi(issuer, 'POST', '/offers', offered)
    const credential = await claim(made.body.uriByReference as string, made.body.txCode as string)
    const { status } = JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const { pathname: list } = new URL(status.status_list.uri)
    const state = (await callApi(issuer, 'GET', `/offers/${made.body.id}`)).body.state
    const [issuance = ''] = (state as { issuances: string[] }).issuances
    expect(await ask(issuer, list)).toBe(200)
    expect([await ask(issuer, '/readyz'), await ask(issuer, '/livez')]).toEqual([200, 200])

    await admin.query('SET default_transaction_read_only = off')
    await setReadOnly('on')
    await expect.poll(() => ask(issuer, '/readyz'), { timeout: 5000, interval: 200 }).toBe(503)
    expect([await ask(issuer, '/livez'), await ask(issuer, '/healthz')]).toEqual([200, 503])
    for (const [path, body] of [
      [`/issuances/${issuance}/revoke`, undefined],
      ['/offers', offered],
      [`/offers/${made.body.id}/replace`, undefined],
    ] as const) {
      const refused = await callApi(issuer, 'POST', path, body)
      expect([path, refused.status, refused.body.error]).toEqual([path, 503, 'temporarily_unavailable'])
    }
    expect(await ask(issuer, list)).toBe(200)
    const told = eventsOf(issuer).filter(({ event }) => event === 'error' || event === 'not-ready')
    expect(told.length).toBeGreaterThan(0)
    // 25006: read_only_sql_transaction.
    expect(told.some(({ cause = '' }) => cause.includes('code=25006'))).toBe(true)
    expect(JSON.stringify(told)).not.toContain(offered.subject)

    await setReadOnly('off')
    await expect.poll(() => ask(issuer, '/readyz'), { timeout: 5000, interval: 200 }).toBe(200)
    expect((await callApi(issuer, 'POST', `/issuances/${issuance}/revoke`)).status).toBe(204)
    expect((await callApi(issuer, 'GET', `/issuances/${issuance}`)).body.status).toBe('revoked')

    // A screen says the same with a page, and so does the protocol.
    await admin.end()
    await postgres.stop()
    for (const [path, method] of [
      ['/token', 'POST'],
      ['/officer/sign-in', 'POST'],
    ] as const) {
      const answer = await fetch(issuer.address + path, {
        method,
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
          'pre-authorized_code': `${'a'.repeat(16)}.${'b'.repeat(22)}`,
        }),
      })
      if (path === '/token') expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
      else expect(answer.status).toBe(403)
    }
  } finally {
    await issuer.stop()
    await postgres.stop().catch(() => undefined)
    folder.remove()
  }
}, 90_000)

it('a folder that is gone is not ready, though SQLite goes on with the deleted file [L6]', async () => {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  const issuer = await startIssuer(data)
  try {
    expect(await ask(issuer, '/readyz')).toBe(200)
    expect(statSync(data).mode & 0o777).toBe(0o700)
    rmSync(data, { recursive: true })
    await expect.poll(() => ask(issuer, '/readyz'), { timeout: 5000, interval: 200 }).toBe(503)
    expect(await ask(issuer, '/livez')).toBe(200)
    const told = eventsOf(issuer).find(({ event }) => event === 'not-ready')
    expect(told).toMatchObject({ name: 'Error', code: 'ENOENT' })
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 60_000)

it('uploads that break off are no errors in the log [G5]', async () => {
  const folder = temporaryFolder()
  const issuer = await startIssuer(folder.path)
  const { hostname, port } = new URL(issuer.address)
  const abort = (path: string, headers: string) =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${headers}Content-Length: 10000\r\n\r\nabc`,
        )
        setTimeout(() => socket.destroy(), 50)
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve())
    })
  try {
    const form = 'Content-Type: application/x-www-form-urlencoded\r\n'
    await Promise.all([
      abort('/token', form),
      abort('/token', `${form}Expect: 100-continue\r\n`),
      abort('/nonce', form),
      abort('/officer/sign-in', form),
      abort('/api/offers', 'Content-Type: application/json\r\n'),
    ])
    await expect.poll(() => ask(issuer, '/livez')).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(eventsOf(issuer).filter(({ event }) => event === 'error')).toEqual([])
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 60_000)

it('answers over HTTP carry the time by which a wallet finds its clock wrong, readable from another origin [J11]', async () => {
  const folder = temporaryFolder()
  const issuer = await startIssuer(folder.path)
  try {
    for (const path of ['/nonce', '/credential', '/token']) {
      const { headers } = await fetch(issuer.address + path, { method: 'POST' })
      expect(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now())).toBeLessThan(5000)
      expect(headers.get('access-control-expose-headers')).toMatch(/\bDate\b/)
    }
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 60_000)
