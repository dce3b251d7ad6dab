import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPostgres, startPostgres } from '../postgres.ts'
import { uses } from './uses.ts'

// Every ```ts block of the READMEs and of the format guide is checked by the compiler and run as it stands, as a process of its own. One that
// cannot run is marked ```ts no-run, with the reason in the text.

const root = fileURLToPath(new URL('../..', import.meta.url))
// Two runs at once must not remove each other's files.
const folder = join(root, 'test/docs/.blocks', String(process.pid))
const run = promisify(execFile)

interface Block {
  readonly name: string
  readonly file: string
  readonly code: string
  readonly runs: boolean
}

function findReadmes(): string[] {
  const inside = (parent: string) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}/README.md`)
  return ['README.md', 'docs/formats.md', ...inside('packages'), ...inside('examples')].filter((path) =>
    existsSync(join(root, path)),
  )
}

function extract(readme: string): Block[] {
  const text = readFileSync(join(root, readme), 'utf8')
  return Array.from(text.matchAll(/^```ts( no-run)?\n([\s\S]*?)^```$/gm), ([, mark, code = ''], index) => {
    const name = `${readme} ${index + 1}`
    return { name, file: `${name.replace(/[^\w-]+/g, '.')}.ts`, code, runs: mark === undefined }
  })
}

const readmes = findReadmes()
const blocks = readmes.flatMap(extract)
const database = 'postgresql://issuer@127.0.0.1/issuer'
const errors = new Map<string, string[]>()
let postgres: RunningPostgres | undefined

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  if (blocks.some(({ code }) => code.includes(database))) postgres = await startPostgres()
  for (const { name, file, code } of blocks) {
    const text = postgres ? code.replaceAll(database, postgres.url) : code
    writeFileSync(join(folder, file), `${text}\n${uses[name] ?? ''}\nexport {}\n`)
  }
  const settings = { extends: '../../../../tsconfig.json', include: ['*.ts'], exclude: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const compiler = join(root, 'node_modules/typescript-native/bin/tsc')
  const check = run(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { cwd: folder })
  const { stdout } = await check.catch((error) => error as { stdout: string })
  for (const line of stdout.split('\n')) {
    const file = line.match(/^([^(]+)\(\d/)?.[1]
    if (file) errors.set(file, [...(errors.get(file) ?? []), line])
    else if (line.startsWith('error')) throw new Error(line)
  }
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await postgres?.stop()
})

describe.each(blocks)('$name', ({ name, file, code, runs }) => {
  it('says what the compiler accepts', () => {
    expect(errors.get(file) ?? []).toEqual([])
  })

  it('imports packages by name', () => {
    expect(code).not.toMatch(/from '\.|import\('\./)
  })

  it.runIf(runs)('runs', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'ekkasan-docs-'))
    const flags = ['--conditions=@ekkasan/source', '--disable-warning=ExperimentalWarning']
    try {
      const { stdout, stderr } = await run(process.execPath, [...flags, join(folder, file)], {
        cwd,
        timeout: 20_000,
      })
      expect(stderr).toBe('')
      if (code.includes('console.log') || uses[name]) expect(stdout).not.toBe('')
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  })
})

it('every library has a README with a block that runs', () => {
  const running = blocks.filter(({ runs }) => runs).map(({ name }) => name.split(' ')[0])
  const libraries = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)
  expect(libraries.filter((readme) => !running.includes(readme))).toEqual([])
})

it('what is used of a block is used of one that exists', () => {
  expect(Object.keys(uses).filter((name) => !blocks.some((block) => block.name === name))).toEqual([])
})
