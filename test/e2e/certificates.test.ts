import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Check, JsonObject } from '@ekkasan/core'
import { citizens } from '@ekkasan-examples/citizens'
import { afterEach, expect, it } from 'vitest'
import { createBackOffice } from '../../examples/demo/src/back-office.ts'
import { startProgram } from '../../examples/demo/src/program.ts'
import { runCommand, temporaryFolder } from '../../examples/issuer/test/running-issuer.ts'
import { createTestWallet, issueTo, presentTo } from './wallet.ts'

// What the reference verifier does with an mdoc whose signer's certificate was revoked, or cannot be looked up.

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return String(port)
}

async function start(name: 'issuer' | 'verifier', environment: Record<string, string>) {
  const program = await startProgram(name, environment)
  let running = true
  const stop = async () => {
    if (running) await program.stop()
    running = false
  }
  closers.push(stop)
  return { ...program, stop }
}

it('an mdoc of a retired key is refused by its certificate; while the revocation list is out of reach it is neither', async () => {
  const folder = temporaryFolder()
  closers.push(() => folder.remove())
  const issuerData = join(folder.path, 'issuer')
  const settings = { PORT: await freePort(), DATA_DIR: issuerData, STATUS_SECONDS: '1' }
  let issuer = await start('issuer', settings)
  const authority = join(issuerData, 'certificates', 'authority.pem')

  /** By a verifier that has seen nothing before. */
  const presentToNew = async (name: string): Promise<{ state: string; checks: readonly Check[] }> => {
    const dataDir = join(folder.path, name)
    const verifier = await start('verifier', {
      PORT: '0',
      DATA_DIR: dataDir,
      TRUSTED_ISSUERS: issuer.address,
      TRUSTED_CERTIFICATES: authority,
      ALLOW_HOSTS: new URL(issuer.address).host,
    })
    const result = await presentTo(wallet, createBackOffice(verifier.address, dataDir))
    const credentials = Object.values((result.presentations ?? {}) as Record<string, JsonObject[]>).flat()
    const reports = [...credentials, ...((result.report ?? []) as JsonObject[])]
    const checks = reports.flatMap((report) => report.checks as unknown as readonly Check[])
    return { state: String(result.state), checks }
  }
  const wallet = createTestWallet([issuer.address], [readFileSync(authority, 'utf8')], ['mso_mdoc'])
  const office = createBackOffice(issuer.address, issuerData)
  await issueTo(wallet, office, citizens[0]?.record.person.pid as string, 'ThaiNationalID-mdoc')
  expect(await presentToNew('before')).toMatchObject({ state: 'verified' })

  const { out } = await runCommand(issuerData, ['keys', 'list'], settings)
  const kid = /[\w-]{43}/.exec(out)?.[0] as string
  await issuer.stop()
  const unreachable = await presentToNew('unreachable')
  expect(unreachable.state).toBe('unavailable')
  expect(unreachable.checks.find(({ name }) => name === 'issuer-key')).toMatchObject({ outcome: 'unknown' })

  await runCommand(issuerData, ['keys', 'rotate'], settings)
  expect((await runCommand(issuerData, ['keys', 'retire', kid], settings)).code).toBe(0)
  issuer = await start('issuer', settings)
  const revoked = await presentToNew('revoked')
  expect(revoked.state).toBe('rejected')
  expect(revoked.checks.filter(({ outcome }) => outcome === 'failed')).toMatchObject([{ name: 'issuer-key' }])
}, 120_000)
