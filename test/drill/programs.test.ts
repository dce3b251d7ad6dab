// The reference programs as an agency runs them, two processes on one database, one of each killed midway; revocation reaches verifiers.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@ekkasan/core'
import { createCitizens } from '@ekkasan-examples/citizens'
import { afterEach, expect, it } from 'vitest'
import { createBackOffice } from '../../examples/demo/src/back-office.ts'
import { type RunningProgram, startProgram } from '../../examples/demo/src/program.ts'
import { type Front, startFront } from '../e2e/front.ts'
import { createTestWallet, issueTo, presentTo } from '../e2e/wallet.ts'
import { startPostgres } from '../postgres.ts'

// The reference programs as an agency runs them: processes of their own.

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-programs-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function start(
  name: 'issuer' | 'verifier',
  environment: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  const program = await startProgram(name, { PORT: '0', ...environment })
  closers.push(() => program.stop())
  return program
}

const subjects = createCitizens(new Date())
  .filter((citizen) => !('refused' in citizen) || citizen.refused === undefined)
  .map(({ record }) => record.person.pid)

const failedOf = (result: JsonObject) =>
  ((result.report ?? []) as { checks: { name: string; outcome: string; code?: string }[] }[])
    .flatMap(({ checks }) => checks)
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ code }) => code)

it('a verifier that never saw the credential refuses it once revoked, one that saw it after the ttl', async () => {
  const data = dataFolder()
  const issuer = await start('issuer', { DATA_DIR: join(data, 'issuer'), STATUS_SECONDS: '2' })
  const authority = join(data, 'issuer', 'certificates', 'authority.pem')
  const trust = {
    TRUSTED_ISSUERS: issuer.address,
    TRUSTED_CERTIFICATES: authority,
    ALLOW_HOSTS: new URL(issuer.address).host,
  }
  const [seen, never] = await Promise.all(
    ['seen', 'never'].map((name) => start('verifier', { DATA_DIR: join(data, name), ...trust })),
  )
  const issuerOffice = createBackOffice(issuer.address, join(data, 'issuer'))
  const seenOffice = createBackOffice(seen?.address as string, join(data, 'seen'))
  const neverOffice = createBackOffice(never?.address as string, join(data, 'never'))
  const wallet = createTestWallet([issuer.address], [readFileSync(authority, 'utf8')])
  const issuance = await issueTo(wallet, issuerOffice, subjects[0] as string)
  expect((await presentTo(wallet, seenOffice)).state).toBe('verified')

  await issuerOffice('POST', `/issuances/${issuance}/suspend`)
  expect(failedOf(await presentTo(wallet, neverOffice))).toEqual(['core.status.suspended'])
  await new Promise((resolve) => setTimeout(resolve, 3200))
  expect(failedOf(await presentTo(wallet, seenOffice))).toEqual(['core.status.suspended'])

  await issuerOffice('POST', `/issuances/${issuance}/restore`)
  await new Promise((resolve) => setTimeout(resolve, 3200))
  expect((await presentTo(wallet, seenOffice)).state).toBe('verified')

  await issuerOffice('POST', `/issuances/${issuance}/revoke`)
  await new Promise((resolve) => setTimeout(resolve, 3200))
  expect(failedOf(await presentTo(wallet, seenOffice))).toEqual(['core.status.revoked'])
  expect(failedOf(await presentTo(wallet, neverOffice))).toEqual(['core.status.revoked'])
  await expect(issuerOffice('POST', `/issuances/${issuance}/restore`)).rejects.toThrow(/400/)
}, 120_000)

it('two processes of the issuer and of the verifier on one PostgreSQL serve requests in turns; one of each is killed midway', async () => {
  const data = dataFolder()
  const postgres = await startPostgres()
  closers.push(() => postgres.stop())
  const fronts: Record<'issuer' | 'verifier', Front> = {
    issuer: await startFront(),
    verifier: await startFront(),
  }
  closers.push(
    () => fronts.issuer.close(),
    () => fronts.verifier.close(),
  )
  const authority = join(data, 'issuer', 'certificates', 'authority.pem')
  const settings = {
    issuer: { ISSUER_URL: fronts.issuer.url, STATUS_SECONDS: '1' },
    verifier: {
      VERIFIER_URL: fronts.verifier.url,
      TRUSTED_ISSUERS: fronts.issuer.url,
      TRUSTED_CERTIFICATES: authority,
      ALLOW_HOSTS: new URL(fronts.issuer.url).host,
    },
  }
  const victims: RunningProgram[] = []
  for (const name of ['issuer', 'verifier'] as const) {
    const environment = { ...settings[name], DATA_DIR: join(data, name), STORE: postgres.url }
    // The first makes the keys; both replicas read the same folder.
    const first = await start(name, environment)
    const second = await start(name, environment)
    fronts[name].replicas.push(first.address, second.address)
    victims.push(second)
  }
  const issuerOffice = createBackOffice(fronts.issuer.url, join(data, 'issuer'))
  const verifierOffice = createBackOffice(fronts.verifier.url, join(data, 'verifier'))

  const killed = new Promise<void>((resolve) => {
    setTimeout(() => {
      for (const victim of victims) victim.kill()
      resolve()
    }, 500)
  })
  const again = async <T>(go: () => Promise<T>): Promise<T> => {
    try {
      return await go()
    } catch {
      // The replica that had this request was killed: begun anew after that, it must go through.
      await killed
      return go()
    }
  }
  const flows = subjects.slice(0, 12).map(async (subject, at) => {
    await new Promise((resolve) => setTimeout(resolve, at * 60))
    const wallet = createTestWallet(
      [fronts.issuer.url, fronts.verifier.url],
      [readFileSync(authority, 'utf8')],
    )
    const format = ['sd-jwt-vc', 'mdoc', 'ldp-vc', 'jwt-vc'][at % 4]
    const issuance = await again(() => issueTo(wallet, issuerOffice, subject, `ThaiNationalID-${format}`))
    const result = await again(async () => {
      const { state } = await presentTo(wallet, verifierOffice, 'age20')
      // The response, or what the verifier asked the issuer for it, went to the replica that was killed.
      if (state === 'request-fetched' || state === 'unavailable') throw new Error(`it is ${state}`)
      return { state }
    })
    return { issuance, state: result.state }
  })
  const ended = await Promise.all(flows)
  const issuances = await Promise.all(
    ended.map(({ issuance }) => again(() => issuerOffice('GET', `/issuances/${issuance}`))),
  )
  const indices = issuances.map(({ statusReference }) => JSON.stringify(statusReference))
  expect(new Set(indices).size).toBe(ended.length)
  expect(ended.map(({ state }) => state)).toEqual(ended.map(() => 'verified'))
}, 180_000)
