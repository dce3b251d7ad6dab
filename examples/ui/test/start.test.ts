import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  faultText,
  keepIdentity,
  makePrivateFolder,
  nameOfStore,
  readApiToken,
  readOrCreatePrivateFile,
  readOrCreatePrivateJson,
  readPrivateJson,
  unknownSettings,
} from '@ekkasan-examples/ui'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ekkasan-start-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A program that is expected to end by itself; what it wrote on standard error. */
function start(name: string, environment: Record<string, string>) {
  const { NODE_OPTIONS, VITEST, STORE, KEYS, FORMATS, PORT, HOST, ISSUER_URL, ...rest } = process.env
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=@ekkasan/source', `examples/${name}/src/main.ts`],
    { cwd: root, encoding: 'utf8', env: { ...rest, DATA_DIR: folder, ...environment }, timeout: 30_000 },
  )
  const lines = stderr.split('\n').filter((line) => line !== '')
  const said = lines.filter((line) => !line.startsWith('{')).join('\n')
  const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  return { status, said, events: events as { event: string; name?: string; meant?: string }[] }
}

describe('a file with a secret', () => {
  const file = () => join(folder, 'secret')
  const write = (text: string, mode = 0o600) => {
    writeFileSync(file(), text)
    chmodSync(file(), mode)
  }

  it.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
  ])('that holds %j is refused by its name [L11]', (text, why) => {
    write(text)
    expect(() => readOrCreatePrivateFile(file(), () => 'fresh')).toThrow(`${file()} ${why}`)
    expect(readFileSync(file(), 'utf8')).toBe(text)
  })

  it.each([0o644, 0o604, 0o666, 0o602, 0o660, 0o777])('of mode %o is refused by its name [L11]', (mode) => {
    write('a secret of forty characters, or nearly so', mode)
    const read = () => readOrCreatePrivateFile(file(), () => 'fresh')
    expect(read).toThrow(`${file()} holds a secret and has the mode ${mode.toString(8)}`)
    expect(read).not.toThrow('forty')
  })

  it.each([0o600, 0o400, 0o440, 0o640])('of mode %o is read: it may be mounted for a group', (mode) => {
    write('a secret', mode)
    expect(readOrCreatePrivateFile(file(), () => 'fresh').text).toBe('a secret')
  })

  it('that is a folder or broken JSON is refused by its name, without what is in it [L11]', () => {
    mkdirSync(file())
    expect(() => readOrCreatePrivateFile(file(), () => 'fresh')).toThrow(`${file()} must be a file`)
    rmSync(file(), { recursive: true })
    write('{"d":"c2VjcmV0"')
    expect(() => readOrCreatePrivateJson(file(), {})).toThrow(`${file()} is not JSON`)
    expect(() => readPrivateJson(file())).not.toThrow('c2VjcmV0')
  })

  it.each(['short', 'x'.repeat(31), `${'x'.repeat(20)} ${'x'.repeat(20)}`])(
    'a token of an API is not %j [L11]',
    (text) => {
      write(text)
      expect(() => readApiToken(file())).toThrow(`${file()} must hold a token of at least 32 characters`)
    },
  )

  it.each([
    ['issuer', 'api-token'],
    ['issuer', 'keys/first.json'],
    ['verifier', 'keys/request-signing.json'],
    ['vc-api', 'keys/ES256.json'],
  ])('the %s does not start with an empty %s, and names it [L11]', (program, name) => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), '', { mode: 0o600 })
    const { status, said } = start(program, { ISSUER_URL: 'http://127.0.0.1:4001' })
    expect([status, said]).toEqual([1, expect.stringContaining(`${join(folder, name)} is empty`)])
    expect(said).not.toContain('    at ')
  })
})

describe('a start that fails', () => {
  it.each([
    [
      'the host of a database',
      { STORE: 'postgres://someone:secret@127.0.0.1:9/agency' },
      '127.0.0.1:9/agency',
    ],
    ['a file that is no database', { broken: 'issuer.sqlite' }, 'issuer.sqlite'],
    ['a folder that cannot be made', { DATA_DIR: '/dev/null/x' }, '/dev/null/x'],
    [
      'an address that is not of this machine',
      { HOST: '192.0.2.1', ISSUER_URL: 'https://a.example' },
      '192.0.2.1',
    ],
  ])(
    'names %s, in one line without a stack [L11]',
    (_what, { broken, ...environment }: Record<string, string>, named) => {
      if (broken !== undefined) writeFileSync(join(folder, broken), 'no database', { mode: 0o600 })
      const { status, said } = start('issuer', environment)
      expect([status, said]).toEqual([1, expect.stringContaining(named)])
      expect(said.split('\n')).toHaveLength(1)
      expect(said).not.toMatch(/ at .*:\d+:\d+|secret/)
    },
  )

  it('says every cause once', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:5432')
    const all = new AggregateError([cause, new Error('connect ECONNREFUSED ::1:5432')], '')
    expect(faultText(new Error('the store', { cause: new Error('PostgreSQL', { cause: all }) }))).toBe(
      'the store: PostgreSQL: connect ECONNREFUSED 127.0.0.1:5432: connect ECONNREFUSED ::1:5432',
    )
    expect(nameOfStore('postgres://someone:secret@db.example:5432/agency?sslmode=require')).toBe(
      'postgres://db.example:5432/agency',
    )
  })
})

describe('variables that a program does not know', () => {
  const known = new Set(['ISSUER_URL', 'PORT', 'HOST', 'STORE', 'DATA_DIR', 'STATUS_SECONDS'])

  it.each([
    ['ISSUR_URL', 'ISSUER_URL'],
    ['ISSUER_URI', 'ISSUER_URL'],
    ['issuer_url', 'ISSUER_URL'],
    ['ISSUERURL', 'ISSUER_URL'],
    ['STAUTS_SECONDS', 'STATUS_SECONDS'],
    ['STATUS_SECOND', 'STATUS_SECONDS'],
    ['DATADIR', 'DATA_DIR'],
    ['PROT', 'PORT'],
    ['HOSTS', 'HOST'],
    ['ISSUER_NAME', undefined],
    ['ISSUER_SERVICE_HOST', undefined],
    ['ISSUER_PORT', undefined],
  ])('%s is named, with what is probably meant: %s [C2]', (name, meant) => {
    expect(unknownSettings([name], known, 'ISSUER_')).toEqual([{ name, ...(meant && { meant }) }])
  })

  it('what is known or nobody’s is not named [C2]', () => {
    const others = [
      'PATH',
      'HOME',
      'HOSTNAME',
      'LANG',
      'NODE_EXTRA_CA_CERTS',
      'KUBERNETES_PORT',
      'TERM',
      'SHELL',
    ]
    expect(unknownSettings([...others, ...known], known, 'ISSUER_')).toEqual([])
  })

  it('what Kubernetes injects stops no program, and is named; no value is logged [C2]', () => {
    const injected = {
      ISSUER_SERVICE_HOST: '10.0.0.7',
      ISSUER_SERVICE_PORT: '4000',
      ISSUER_PORT: 'tcp://10.0.0.7:4000',
      ISSUER_PORT_4000_TCP_ADDR: '10.0.0.7',
      ISSUR_URL: 'https://issuer.example',
    }
    // It ends at the store, which comes after the settings.
    const { said, events } = start('issuer', { ...injected, STORE: 'postgres://127.0.0.1:9/x' })
    expect(said).toContain('127.0.0.1:9')
    const named = events.filter(({ event }) => event === 'unknown-setting')
    expect(named.map(({ name }) => name).sort()).toEqual(Object.keys(injected).sort())
    expect(named.find(({ name }) => name === 'ISSUR_URL')?.meant).toBe('ISSUER_URL')
    expect(JSON.stringify(events)).not.toMatch(/10\.0\.0\.7|issuer\.example/)
  })
})

describe('an identity that would change with the port', () => {
  const given = { url: undefined, port: 0, setting: 'ISSUER_URL' }
  const keep = (more: Partial<Parameters<typeof keepIdentity>[0]>) =>
    keepIdentity({ ...given, dataDir: folder, address: 'http://127.0.0.1:4001', hasKeys: true, ...more })

  it('is refused once keys exist, naming what to set and what it was [C2]', () => {
    expect(keep({ hasKeys: false })).toBe('http://127.0.0.1:4001')
    expect(() => keep({ address: 'http://127.0.0.1:4002' })).toThrow(
      /ISSUER_URL must be set.*127\.0\.0\.1:4002.*belong to http:\/\/127\.0\.0\.1:4001/,
    )
    expect(keep({})).toBe('http://127.0.0.1:4001')
    expect(keep({ url: 'https://issuer.example' })).toBe('https://issuer.example')
    // The setting was forgotten, or misspelt, at the next start.
    expect(() => keep({ port: 4001 })).toThrow('belong to https://issuer.example')
  })

  it('is refused where keys of an earlier version say nothing of it, unless the port is fixed [C2]', () => {
    expect(() => keep({})).toThrow('ISSUER_URL must be set')
    expect(keep({ port: 4001 })).toBe('http://127.0.0.1:4001')
  })
})

describe('the folder of a program’s data', () => {
  it.each([
    ['below a file', () => join(folder, 'file', 'data')],
    [
      'below a folder that takes none',
      () => (process.platform === 'linux' ? '/proc/ekkasan/data' : join(folder, 'file', 'a')),
    ],
  ])('%s is refused by its name, and at once', (_what, pathOf) => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => makePrivateFolder(pathOf())).toThrow(
      / must be a folder that the program can make and write to$/,
    )
  })

  it('is made with the folders above it, for its owner alone', () => {
    makePrivateFolder(join(folder, 'a', 'b'))
    makePrivateFolder(join(folder, 'a', 'b'))
    expect([join(folder, 'a'), join(folder, 'a', 'b')].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o700,
    ])
  })
})
