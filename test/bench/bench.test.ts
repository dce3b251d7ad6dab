import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('one small round of the bench runs every contender and both flows through', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@ekkasan/source',
    '--no-warnings',
    join(import.meta.dirname, 'main.ts'),
    '--rounds',
    '1',
    '--share',
    '10',
  ])
  const lines = stdout.split('\n')
  for (const contender of [
    'raw: one signature',
    'raw: one verification',
    'raw: two verifications',
    'ours: vc+jwt',
    'ours: jwt_vc_json',
    'ours: SD-JWT VC, plain',
    'ours: SD-JWT VC, with a W3C body',
    'jose 6',
    'did-jwt-vc 4',
    'Veramo 7',
    '@sd-jwt 0.19',
    'ours: mdoc',
    '@owf/mdoc',
    '@auth0/mdl',
    'raw: one Ed25519 signature',
    'ours: eddsa-jcs-2022',
    'ours: eddsa-rdfc-2022',
    'ours: ecdsa-jcs-2019',
    'ours: ecdsa-rdfc-2019',
    '@digitalbazaar eddsa-rdfc-2022',
    '@digitalbazaar ecdsa-rdfc-2019',
    'ours: ecdsa-sd-2023, verify',
    '@digitalbazaar ecdsa-sd-2023, verify',
    'ours: bbs-2023, verify',
    '@digitalbazaar bbs-2023, verify',
    'raw: zlib',
    'ours: Token Status List',
    'ours: Bitstring Status List',
    'JSON.parse',
    'Buffer',
    'createHash',
  ]) {
    // A name, then microseconds and the ratio with its range.
    const row = lines.find((line) => line.startsWith(contender))
    expect(row, contender).toMatch(/ \d+(\.\d)? +\d+\.\d\d +\d+\.\d\d–\d+\.\d\d$/)
  }
  for (const flow of ['flow of an issuance', 'flow of a presentation']) {
    const at = lines.findIndex((line) => line.startsWith(flow))
    expect(lines.slice(at + 3, at + 5).map((line) => line.trim().split(/\s+/)[0])).toEqual(['1', '16'])
  }
}, 120_000)
