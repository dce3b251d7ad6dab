import { resolve } from 'node:path'
import { startProgram } from './program.ts'
import { say } from './say.ts'

// Keeps the three reference programs running; their data and keys stay in DATA_DIR (.data unless told).

const data = resolve(process.env.DATA_DIR ?? '.data')
const port = (name: string, otherwise: string) => process.env[name] ?? otherwise

const issuer = await startProgram(
  'issuer',
  { DATA_DIR: `${data}/issuer`, PORT: port('ISSUER_PORT', '4001') },
  (line) => sayOfficer(line),
)
const verifier = await startProgram('verifier', {
  DATA_DIR: `${data}/verifier`,
  PORT: port('VERIFIER_PORT', '4002'),
  TRUSTED_ISSUERS: issuer.address,
  ALLOW_HOSTS: new URL(issuer.address).host,
})
const wallet = await startProgram('wallet', {
  DATA_DIR: `${data}/wallet`,
  PORT: port('WALLET_PORT', '4003'),
  TRUSTED_ISSUERS: issuer.address,
  TRUST_ANYONE: 'a trial on one machine',
  ALLOW_HTTP: '1',
})
say.fact('ผู้ออกเอกสาร', 'Issuer', issuer.address)
say.fact('ผู้ตรวจสอบ', 'Verifier', verifier.address)
say.fact('กระเป๋าเอกสาร', 'Wallet', wallet.address)
say.note('กด Ctrl+C เพื่อหยุด', 'Press Ctrl+C to stop.')

function sayOfficer(line: string): void {
  const { username, password } = JSON.parse(line) as { readonly username: string; readonly password: string }
  say.fact('เจ้าหน้าที่ (แสดงครั้งเดียว)', 'Officer, shown this once', `${username} / ${password}`)
}

const stop = async () => {
  await Promise.all([issuer.stop(), verifier.stop(), wallet.stop()])
  process.exit(0)
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
