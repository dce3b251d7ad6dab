import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { citizens } from '@ekkasan-examples/citizens'
import { afterEach, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-demo-test-'))
  folders.push(folder)
  return folder
}

function demo(parameters: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'demo', ...parameters], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 120_000,
  })
  return { status, stdout, stderr }
}

function seen(stdout: string): string {
  return stdout.slice(stdout.indexOf('saw this and no more'), stdout.indexOf('The verifier checked'))
}

describe('npm run demo', () => {
  it('issues, presents only what is asked, revokes, and shows the next presentation refused', () => {
    const { status, stdout } = demo([])
    expect(status).toBe(0)
    expect(seen(stdout)).toContain('name_th: นาย สมมุติ ตัวอย่างดี')
    expect(Array.from(seen(stdout).matchAll(/^ {5}(\w+): /gm), ([, name]) => name)).toEqual([
      'issuing_authority',
      'issuing_country',
      'name_th',
      'picture',
    ])
    const [, checked = '', reason = ''] = stdout.split(/The verifier checked:|Reason:/)
    expect(Array.from(checked.matchAll(/^ {5}✓ ([\w-]+): /gm), ([, name]) => name)).toEqual([
      ...['structure', 'issuer-key', 'issuer-signature', 'issuer-trust', 'validity-start', 'validity-end'],
      ...['data-model', 'holder-signature', 'holder-audience', 'holder-nonce', 'holder-time'],
      ...['holder-content', 'type-metadata', 'status', 'query'],
    ])
    expect(reason.match(/^ {5}✗ .*$/gm)).toEqual([expect.stringContaining('[core.status.revoked]')])
    expect(stdout).toContain('This is not level of assurance 3')
  }, 120_000)

  it('shows what the programs answer: another name in the register is another name shown', () => {
    const data = dataFolder()
    const { record } = citizens[0] as (typeof citizens)[number]
    const renamed = { ...record, person: { ...record.person, firstName: 'เปลี่ยนชื่อ', lastName: 'ฐิติกำธร' } }
    mkdirSync(join(data, 'issuer'), { recursive: true, mode: 0o700 })
    writeFileSync(join(data, 'issuer', 'registry.json'), JSON.stringify([renamed]))
    const { status, stdout } = demo(['--data', data])
    expect(status).toBe(0)
    expect(seen(stdout)).toContain('นาย เปลี่ยนชื่อ ฐิติกำธร')
    expect(stdout).not.toContain('ตัวอย่างดี')
  }, 120_000)

  it.each([
    ['dc+sd-jwt-plain', 'dc+sd-jwt', /^name_th, picture$/],
    // Every element of an mdoc is selective: what other formats always disclose is asked for.
    ['mso_mdoc', 'mso_mdoc', /^name_th, portrait, issuing_authority, issuing_country$/],
    ['ldp_vc', 'ldp_vc', /all of it/],
    ['jwt_vc_json', 'jwt_vc_json', /all of it/],
  ])(
    'does it in the format %s: the verifier sees what it asked for, and the revocation',
    (name, format, told) => {
      const { status, stdout } = demo(['--format', name])
      expect(status).toBe(0)
      expect(stdout).toContain(`Format: ${format}\n`)
      expect(/To be disclosed: (.*)/.exec(stdout)?.[1]).toMatch(told)
      // What some formats show whole, the verifier keeps and shows no more of than it asked for.
      expect(seen(stdout)).toContain('name_th: นาย สมมุติ ตัวอย่างดี')
      expect(seen(stdout)).toMatch(/picture: data:image\/jpeg/)
      expect(seen(stdout)).not.toMatch(/citizen_id|birthdate|address/)
      expect(stdout).toContain('core.status.revoked')
    },
    120_000,
  )

  it.each(['dc+sd-jwt', 'mso_mdoc'])(
    'does it with a driving licence (%s)',
    (format) => {
      const { status, stdout } = demo(['--document', 'ThaiDrivingLicence', '--format', format])
      expect(status).toBe(0)
      expect(seen(stdout)).toContain('licence_types: ["รถยนต์ส่วนบุคคล","รถจักรยานยนต์ส่วนบุคคล"]')
      expect(seen(stdout)).not.toMatch(/citizen_id|birth_date|resident_address/)
      expect(stdout).toContain('core.status.revoked')
    },
    120_000,
  )

  it('does it with the keys and DIDs of a Veramo agent, by one line of configuration', () => {
    const { status, stdout } = demo([], { KEYS: 'veramo' })
    expect(status).toBe(0)
    expect(stdout).toContain('core.status.revoked')
  }, 120_000)

  it('makes keys, tokens and stores that only the owner can read', () => {
    const data = dataFolder()
    expect(demo(['--data', data]).status).toBe(0)
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    const open = files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => (statSync(file).mode & 0o077) !== 0)
    expect(files.length).toBeGreaterThan(5)
    expect(open.map((file) => file.slice(data.length))).toEqual([])
  }, 120_000)

  it.each([
    [['--format', 'paper'], 2, /^--format must be one of: dc\+sd-jwt, /],
    [['--citizen', '1'], 2, /^--citizen must be a number of examples\/citizens/],
    [['--colour', 'red'], 2, /--colour.*\nnpm run demo -- --help tells the options$/s],
    [['--use-case', 'nothing'], 1, /"use_cases":\["age20"/],
  ])(
    'says of %j what would do, without a stack',
    (parameters, status, told) => {
      const answer = demo(parameters)
      expect(answer.status).toBe(status)
      expect(answer.stderr.trim()).toMatch(told)
      expect(answer.stderr).not.toContain('    at ')
    },
    120_000,
  )
})
