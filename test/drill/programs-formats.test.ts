// Every format through the reference programs, from the offer to a revocation that reaches the verifier.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@ekkasan/core'
import { citizens } from '@ekkasan-examples/citizens'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBackOffice } from '../../examples/demo/src/back-office.ts'
import { type RunningProgram, startProgram } from '../../examples/demo/src/program.ts'
import { claimsOf, documentOf } from '../../examples/documents/src/index.ts'
import { createTestWallet, issueTo, presentTo } from '../e2e/wallet.ts'

// The reference issuer and verifier as processes, and for each format a wallet that has no other.

type BackOffice = ReturnType<typeof createBackOffice>

let folder: string
const programs: RunningProgram[] = []
let addresses: readonly string[]
let issuerOffice: BackOffice
let verifierOffice: BackOffice

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ekkasan-formats-'))
  const issuer = await start('issuer', { STATUS_SECONDS: '1' })
  const verifier = await start('verifier', {
    TRUSTED_ISSUERS: issuer,
    TRUSTED_CERTIFICATES: authority(),
    NAME_AUTHORITIES: '1',
    ALLOW_HOSTS: new URL(issuer).host,
  })
  addresses = [issuer, verifier]
  issuerOffice = createBackOffice(issuer, join(folder, 'issuer'))
  verifierOffice = createBackOffice(verifier, join(folder, 'verifier'))
}, 60_000)

async function start(name: 'issuer' | 'verifier', environment: Record<string, string>): Promise<string> {
  const program = await startProgram(name, { PORT: '0', DATA_DIR: join(folder, name), ...environment })
  programs.push(program)
  return program.address
}

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const authority = () => join(folder, 'issuer', 'certificates', 'authority.pem')
const subject = citizens[0]?.record.person.pid as string

interface Presented {
  readonly format: string
  readonly claims: JsonObject
}

const presentedIn = ({ presentations }: JsonObject) =>
  Object.values((presentations ?? {}) as unknown as Record<string, readonly Presented[]>).flat()

/** What a verifier that looks again says of the document. */
function failedIn({ report }: JsonObject): readonly (string | undefined)[] {
  const entries = (report ?? []) as unknown as readonly {
    readonly checks: readonly { readonly outcome: string; readonly code?: string }[]
  }[]
  return entries
    .flatMap(({ checks }) => checks)
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ code }) => code)
}

const nextStatus = () => new Promise((resolve) => setTimeout(resolve, 2200))

describe.concurrent.each([
  ['dc+sd-jwt', 'status_list'],
  ['mso_mdoc', 'status_list'],
  ['ldp_vc', 'credentialStatus'],
  ['jwt_vc_json', 'status_list'],
] as const)('a wallet that has %s alone', (format, status) => {
  it.each([
    ['ThaiNationalID', 'nameAndPhoto'],
    ['ThaiDrivingLicence', 'mayDrive'],
  ])(
    'takes that format of the one offer of %s, and shows it; suspension, restoring and revocation are seen',
    async (document, useCase) => {
      const wallet = createTestWallet(addresses, [readFileSync(authority(), 'utf8')], [format])
      const issuance = await issueTo(wallet, issuerOffice, subject, { document })
      expect((await wallet.credentials()).map((kept) => kept.format)).toEqual([format])
      const record = await issuerOffice('GET', `/issuances/${issuance}`)
      const isBitstring = 'credentialStatus' in (record.statusReference as JsonObject)
      expect(isBitstring).toBe(status === 'credentialStatus')

      const shown = await presentTo(wallet, verifierOffice, useCase)
      expect(shown.state).toBe('verified')
      const [presented] = presentedIn(shown)
      expect(presented?.format).toBe(format)
      const claims = claimsOf(documentOf(document), format, presented?.claims as JsonObject)
      expect(claims.name_th).toBe('นาย สมมุติ ตัวอย่างดี')
      expect(Object.keys(claims)).not.toContain('citizen_id')

      const seen: (readonly (string | undefined)[])[] = []
      for (const verb of ['suspend', 'restore', 'revoke']) {
        await issuerOffice('POST', `/issuances/${issuance}/${verb}`)
        await nextStatus()
        seen.push(failedIn(await presentTo(wallet, verifierOffice, useCase)))
      }
      expect(seen).toEqual([['core.status.suspended'], [], ['core.status.revoked']])
    },
    60_000,
  )
})

it('an mdoc under an authority that the wallet does not know is not kept', async () => {
  const wallet = createTestWallet(addresses, [], ['mso_mdoc'])
  const issued = issueTo(wallet, issuerOffice, subject, { document: 'ThaiNationalID' })
  await expect(issued).rejects.toMatchObject({ code: 'core.resolve.invalid' })
  expect(await wallet.credentials()).toEqual([])
})

it('a request that names authorities is answered by a wallet that understands them, with an mdoc under one of them', async () => {
  const certificate = readFileSync(authority(), 'utf8')
  const wallet = createTestWallet(addresses, [certificate], ['mso_mdoc'])
  await issueTo(wallet, issuerOffice, subject, { document: 'ThaiNationalID' })
  const asked = await verifierOffice('POST', '/requests', { use_case: 'age20' })
  const request = await wallet.readRequest(String(asked.request_uri))
  expect(request.sets).toEqual([{ required: true, options: [['mdoc']] }])
})

it('and is not answered with an mdoc under another authority that the wallet trusts', async () => {
  const dataDir = join(folder, 'other')
  const other = await start('issuer', { DATA_DIR: dataDir })
  const certificate = readFileSync(join(dataDir, 'certificates', 'authority.pem'), 'utf8')
  const wallet = createTestWallet([...addresses, other], [certificate], ['mso_mdoc'])
  await issueTo(wallet, createBackOffice(other, dataDir), subject, { document: 'ThaiNationalID' })
  const asked = await verifierOffice('POST', '/requests', { use_case: 'age20' })
  const request = await wallet.readRequest(String(asked.request_uri))
  expect(request.options).toEqual([])
  expect(request.missing).toHaveLength(1)
}, 60_000)
