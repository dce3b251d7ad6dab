import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Check, createGuardedFetch, createMemoryStore, type JsonObject, trustOnly } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import {
  createMemoryHolderKeys,
  createWallet,
  type PresentationOption,
  requireReceived,
  WalletError,
} from '@ekkasan/wallet'
import { readClientCertificate } from '@ekkasan/x509'
import { citizens } from '@ekkasan-examples/citizens'
import {
  claimsOf,
  documentOf,
  documents,
  issuerKeys,
  trustedAuthorities,
  trustIssuers,
} from '@ekkasan-examples/documents'
import { createHolderFormats } from '../../wallet/src/formats.ts'
import { describeReceived } from '../../wallet/src/received-check.ts'
import { createBackOffice } from './back-office.ts'
import { startProgram } from './program.ts'
import { describe, say } from './say.ts'

// The main job once: a citizen's record becomes a credential in a wallet, the wallet presents it, the credential is
// revoked, the next presentation is refused. Everything shown comes from the answers of the programs.

const options = readOptions()
/** The end of a credential configuration's id. */
const formats: Readonly<Record<string, string>> = {
  'dc+sd-jwt': 'sd-jwt-vc',
  'dc+sd-jwt-plain': 'sd-jwt-vc-plain',
  mso_mdoc: 'mdoc',
  ldp_vc: 'ldp-vc',
  jwt_vc_json: 'jwt-vc',
}
const useCases: Readonly<Record<string, string>> = {
  ThaiNationalID: 'nameAndPhoto',
  ThaiDrivingLicence: 'mayDrive',
}
if (options.help) {
  console.log(`npm run demo -- [options]
  --document <id>    ${Object.keys(useCases).join(', ')}
  --format <name>    ${Object.keys(formats).join(', ')} (the first: SD-JWT VC with a W3C body)
  --citizen <number> one of examples/citizens
  --use-case <id>    what the verifier asks for
  --data <folder>    keys and data of the programs, kept`)
  process.exit(0)
}
const format = choose('format', options.format, formats)
const useCase = options['use-case'] ?? choose('document', options.document, useCases)
const document = documentOf(options.document)
const subject = options.citizen ?? citizens[0]?.record.person.pid ?? ''
if (options.data === undefined && !citizens.some(({ record }) => record.person.pid === subject)) {
  stop('--citizen must be a number of examples/citizens, such as 1999900000013')
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        document: { type: 'string', default: documents[0]?.type.id ?? '' },
        format: { type: 'string', default: 'dc+sd-jwt' },
        citizen: { type: 'string' },
        'use-case': { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return stop(`${(error as Error).message}\nnpm run demo -- --help tells the options`)
  }
}

function stop(why: string): never {
  console.error(why)
  process.exit(2)
}

function choose(name: string, given: string, known: Readonly<Record<string, string>>): string {
  const found = Object.hasOwn(known, given) ? known[given] : undefined
  return found ?? stop(`--${name} must be one of: ${Object.keys(known).join(', ')}`)
}

const data = options.data ?? mkdtempSync(join(tmpdir(), 'ekkasan-demo-'))
const programs: { stop(): Promise<void> }[] = []
try {
  await demo()
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
} finally {
  await Promise.all(programs.map((program) => program.stop()))
  if (options.data === undefined) rmSync(data, { recursive: true, force: true })
}

async function demo(): Promise<void> {
  const certificate = join(data, 'issuer', 'certificates', 'authority.pem')
  say.title('1', 'เริ่มโปรแกรม', 'Start the programs')
  const issuer = await startProgram('issuer', {
    DATA_DIR: join(data, 'issuer'),
    PORT: '0',
    STATUS_SECONDS: '1',
    ...(process.env.KEYS && { KEYS: process.env.KEYS }),
  })
  programs.push(issuer)
  const verifier = await startProgram('verifier', {
    DATA_DIR: join(data, 'verifier'),
    PORT: '0',
    TRUSTED_ISSUERS: issuer.address,
    TRUSTED_CERTIFICATES: certificate,
    ALLOW_HOSTS: new URL(issuer.address).host,
  })
  programs.push(verifier)
  say.fact('ผู้ออกเอกสาร', 'Issuer', issuer.address)
  say.fact('ผู้ตรวจสอบเอกสาร', 'Verifier', verifier.address)
  const issuerOffice = createBackOffice(issuer.address, join(data, 'issuer'))
  const verifierOffice = createBackOffice(verifier.address, join(data, 'verifier'))

  say.title('2', 'เจ้าหน้าที่ออกคิวอาร์โค้ดรับเอกสาร', 'An officer makes a QR code')
  const offer = await issuerOffice('POST', '/offers', {
    subject,
    document: document.type.id,
    tx_code: true,
  })
  say.fact('ลิงก์ในคิวอาร์โค้ด', 'Link in the QR code', String(offer.uriByReference))
  say.fact('รหัสรับเอกสาร 6 หลัก (ส่งแยกช่องทาง)', '6-digit code (sent separately)', String(offer.txCode))

  say.title('3', 'กระเป๋าเอกสารรับเอกสาร', 'The wallet receives the credential')
  const { wallet, clientIds } = createDemoWallet(
    issuer.address,
    verifier.address,
    readFileSync(certificate, 'utf8'),
  )
  const received = await wallet.readOffer(String(offer.uriByReference))
  say.fact('ผู้ออกเอกสารชื่อ', 'Issuer says it is', Object.values(received.issuer.names).join(' · '))
  say.fact('เอกสาร', 'Document', `${document.type.names.th} · ${document.type.names.en}`)
  say.fact(
    'เสนอในรูปแบบ',
    'Offered as',
    [...received.credentials, ...received.others]
      .map(({ configurationId }) => nameOf(configurationId))
      .join(', '),
  )
  const [credential] = requireReceived(
    await wallet.receive(received, {
      txCode: String(offer.txCode),
      configurationIds: [`${document.type.id}-${format}`],
    }),
  )
  if (!credential) throw new Error('the wallet received no credential')
  say.fact('รูปแบบ', 'Format', credential.format)
  say.checks('กระเป๋าเอกสารตรวจ', 'The wallet checked', credential.checks, describeReceived)
  say.claims(
    'ข้อมูลในเอกสาร (ผู้ถือเอกสารเห็นเท่านั้น)',
    'In the credential (the holder alone sees it)',
    claimsOf(document, credential.format, credential.view.claims),
  )

  say.title('4', 'ผู้ตรวจสอบเอกสารขอดูข้อมูล กระเป๋าเอกสารส่งข้อมูล', 'The verifier asks, the wallet presents')
  const first = await present()
  say.fact('ผลตรวจ', 'Result', describe(first.state as string))
  for (const credentials of Object.values((first.presentations ?? {}) as Record<string, JsonObject[]>)) {
    for (const shown of credentials) {
      say.claims(
        'ผู้ตรวจสอบเอกสารเห็นเท่านี้',
        'The verifier saw this and no more',
        claimsOf(document, shown.format as string, shown.claims as JsonObject),
      )
      say.checks('ผู้ตรวจสอบเอกสารตรวจ', 'The verifier checked', shown.checks as unknown as readonly Check[])
    }
  }
  if (first.state !== 'verified') throw new Error('the first presentation was not accepted')

  say.title('5', 'เพิกถอน แล้วแสดงอีกครั้ง', 'Revoke, then present again')
  const claimed = await issuerOffice('GET', `/offers/${offer.id}`)
  const [issuance] = (claimed.state as JsonObject).issuances as string[]
  await issuerOffice('POST', `/issuances/${issuance}/revoke`)
  say.fact('ผู้ออกเอกสารเพิกถอน', 'The issuer revoked', String(issuance))
  // A verifier may rely on a status list for its ttl, one second here.
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const second = await present()
  say.fact('ผลตรวจ', 'Result', describe(second.state as string))
  const report = (second.report ?? []) as JsonObject[]
  const failed = report
    .flatMap(({ checks }) => checks as unknown as Check[])
    .filter(({ outcome }) => outcome === 'failed')
  say.checks('เหตุผล', 'Reason', failed)
  if (second.state !== 'rejected') throw new Error('a revoked credential was not refused')

  say.note(
    'ตัวอย่างนี้ไม่ถึงระดับความเชื่อมั่น 3 ซึ่งต้องมี DPoP การรับรองกระเป๋าเอกสาร และกุญแจใน HSM',
    'This is not level of assurance 3, which needs DPoP, wallet attestation and a key in an HSM.',
  )

  async function present(): Promise<JsonObject> {
    const asked = await verifierOffice('POST', '/requests', { use_case: useCase })
    clientIds.add(new URL(String(asked.request_uri)).searchParams.get('client_id') ?? '')
    const request = await wallet.readRequest(String(asked.request_uri))
    const option = request.options.find(({ candidates }) => candidates.length > 0)
    const candidate = option?.candidates[0]
    if (!option || !candidate) throw new Error('the wallet has nothing that answers the request')
    say.fact('ข้อมูลที่จะแสดง', 'To be disclosed', disclosed(candidate))
    try {
      await wallet.present(request, { [option.queryId]: [candidate.credentialId] })
    } catch (error) {
      // The verifier tells the wallet no more than that; its report is for the counter.
      if (!(error instanceof WalletError) || error.code !== 'wallet.present.refused') throw error
      say.fact('ผู้ตรวจสอบเอกสารตอบกระเป๋าเอกสาร', 'The verifier told the wallet', error.message)
    }
    return verifierOffice('GET', `/requests/${asked.id}`)
  }
}

/** Of a credential configuration, as `--format` has it. */
function nameOf(configurationId: string): string {
  const named = Object.entries(formats).find(([, end]) => configurationId === `${document.type.id}-${end}`)
  return named?.[0] ?? configurationId
}

/** Names of claims that are shown because they were asked for, without the namespace or the member of the W3C body. */
function disclosed({ shown }: Pick<PresentationOption['candidates'][number], 'shown'>): string {
  if (['ldp-vc', 'jwt-vc'].includes(format)) {
    return 'เอกสารทั้งฉบับ เพราะรูปแบบนี้เลือกไม่ได้ · all of it: this format cannot choose'
  }
  const names = shown
    .filter(({ always }) => !always)
    .map(({ path }) => path.slice(format === 'sd-jwt-vc-plain' ? 0 : 1).join('.'))
  return names.join(', ')
}

function createDemoWallet(issuer: string, verifier: string, certificate: string) {
  const hosts = [issuer, verifier].map((address) => new URL(address).host)
  const fetch = createGuardedFetch({ allowHosts: hosts })
  const resolveDid = createDidResolver({ fetch, allowHttp: hosts })
  const certificates = [certificate]
  const keys = issuerKeys({ fetch, resolveDid, allowHttp: true, certificates })
  const isTrustedIssuer = trustIssuers({ issuers: [issuer], certificates })
  // The verifier that the person meets at the counter; a real wallet would have a trusted list.
  const clientIds = new Set<string>()
  const wallet = createWallet({
    formats: createHolderFormats({ ...keys, issuers: [issuer] }),
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: (question) =>
      question.role === 'verifier'
        ? trustOnly([...clientIds].map((id) => ({ role: 'verifier', id })))(question)
        : isTrustedIssuer(question),
    trustedAuthorities,
    readCertificate: readClientCertificate,
    resolveDid,
    fetch,
  })
  return { wallet, clientIds }
}
