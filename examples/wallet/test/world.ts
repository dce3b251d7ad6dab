import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@ekkasan/core'
import { citizens } from '../../citizens/src/index.ts'
import { createBackOffice } from '../../demo/src/back-office.ts'
import { type RunningProgram, startProgram } from '../../demo/src/program.ts'

export type BackOffice = ReturnType<typeof createBackOffice>

export interface World {
  readonly issuer: RunningProgram
  readonly verifier: RunningProgram
  readonly issuerOffice: BackOffice
  readonly verifierOffice: BackOffice
  /** A folder that goes away with the world. */
  readonly folder: string
  startWallet(environment: Readonly<Record<string, string>>): Promise<RunningProgram>
  stop(): Promise<void>
}

/** The certificate that verifiers and wallets are given of the issuer's own authority. */
export const authorityOf = (folder: string) => join(folder, 'issuer', 'certificates', 'authority.pem')

/** The reference issuer and verifier as processes of their own. */
export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-wallet-'))
  const programs: RunningProgram[] = []
  const start = async (name: 'issuer' | 'verifier' | 'wallet', environment: Record<string, string>) => {
    const program = await startProgram(name, { DATA_DIR: join(folder, name), PORT: '0', ...environment })
    programs.push(program)
    return program
  }
  const issuer = await start('issuer', { STATUS_SECONDS: '1' })
  const verifier = await start('verifier', {
    TRUSTED_ISSUERS: issuer.address,
    TRUSTED_CERTIFICATES: authorityOf(folder),
    NAME_AUTHORITIES: '1',
    ALLOW_HOSTS: new URL(issuer.address).host,
  })
  return {
    issuer,
    verifier,
    issuerOffice: createBackOffice(issuer.address, join(folder, 'issuer')),
    verifierOffice: createBackOffice(verifier.address, join(folder, 'verifier')),
    folder,
    startWallet: (environment) =>
      start('wallet', { ALLOW_HTTP: '1', TRUSTED_CERTIFICATES: authorityOf(folder), ...environment }),
    async stop() {
      await Promise.all(programs.map((program) => program.stop()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Offered {
  readonly id: string
  readonly link: string
  readonly code: string
}

export type OfferedFormat = 'dc+sd-jwt' | 'mso_mdoc' | 'ldp_vc' | 'jwt_vc_json'

export async function offer(
  { issuer, issuerOffice }: World,
  format: OfferedFormat = 'dc+sd-jwt',
  citizen = 0,
  document = 'ThaiNationalID',
): Promise<Offered> {
  const metadata = await (await fetch(`${issuer.address}/.well-known/openid-credential-issuer`)).json()
  const offered = metadata.credential_configurations_supported as Record<string, { format: string }>
  const configuration =
    Object.keys(offered).find((id) => id.startsWith(`${document}-`) && offered[id]?.format === format) ?? ''
  const subject = citizens[citizen]?.record.person.pid ?? ''
  const made = await issuerOffice('POST', '/offers', { subject, credentials: [configuration], tx_code: true })
  return { id: String(made.id), link: String(made.uriByReference), code: String(made.txCode) }
}

/** An offer of a document, in all formats that the issuer has. */
export async function offerDocument({ issuerOffice }: World, document: string): Promise<Offered> {
  const subject = citizens[0]?.record.person.pid ?? ''
  const made = await issuerOffice('POST', '/offers', { subject, document, tx_code: true })
  return { id: String(made.id), link: String(made.uriByReference), code: String(made.txCode) }
}

export async function ask({ verifierOffice }: World, useCase: string) {
  const asked = await verifierOffice('POST', '/requests', { use_case: useCase })
  const id = String(asked.id)
  return {
    link: String(asked.request_uri),
    result: (): Promise<JsonObject> => verifierOffice('GET', `/requests/${id}`),
  }
}

/** Another code than the right one. */
export const otherCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
