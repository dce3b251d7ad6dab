import { resolve } from 'node:path'
import { createBackOffice } from './back-office.ts'
import { type RunningProgram, startProgram } from './program.ts'
import { say } from './say.ts'

// Keeps the three reference programs running; their data and keys stay in DATA_DIR (default: .data).

const data = resolve(process.env.DATA_DIR ?? '.data')
const running: RunningProgram[] = []

process.once('SIGINT', () => stop(0))
process.once('SIGTERM', () => stop(0))
try {
  await start()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(message)
  if (message.includes('EADDRINUSE')) {
    console.error('End what uses the port, or set ISSUER_PORT, VERIFIER_PORT and WALLET_PORT to free ones.')
  }
  await stop(1)
}

async function start(): Promise<void> {
  // Revocation is to be seen at once in a trial; an agency's verifiers ask less often.
  const issuer = await run('issuer', '4001', { STATUS_SECONDS: process.env.STATUS_SECONDS ?? '5' })
  const trust = {
    TRUSTED_ISSUERS: issuer.address,
    TRUSTED_CERTIFICATES: `${data}/issuer/certificates/authority.pem`,
  }
  const verifier = await run('verifier', '4002', {
    ...trust,
    ALLOW_HOSTS: new URL(issuer.address).host,
  })
  const { client_id } = await createBackOffice(verifier.address, `${data}/verifier`)('GET', '/identity')
  const wallet = await run('wallet', '4003', {
    ...trust,
    TRUSTED_VERIFIERS: String(client_id),
    ALLOW_HTTP: '1',
  })
  say.fact('ผู้ออกเอกสาร', 'Issuer', issuer.address)
  say.fact('ผู้ตรวจสอบเอกสาร', 'Verifier', verifier.address)
  say.fact('กระเป๋าเอกสาร', 'Wallet', wallet.address)
  say.note('กด Ctrl+C เพื่อหยุด', 'Press Ctrl+C to stop.')
}

async function run(
  name: 'issuer' | 'verifier' | 'wallet',
  port: string,
  environment: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  const settings = {
    DATA_DIR: `${data}/${name}`,
    PORT: process.env[`${name.toUpperCase()}_PORT`] ?? port,
    ...environment,
  }
  const program = await startProgram(name, settings, sayOfficer)
  running.push(program)
  return program
}

async function stop(code: number): Promise<never> {
  await Promise.all(running.map((program) => program.stop()))
  process.exit(code)
}

/** The issuer tells the password of an account that it has just made. */
function sayOfficer(line: string): void {
  const { username, password } = JSON.parse(line) as { readonly username: string; readonly password: string }
  say.fact('เจ้าหน้าที่ (แสดงครั้งเดียว)', 'Officer, shown this once', `${username} / ${password}`)
}
