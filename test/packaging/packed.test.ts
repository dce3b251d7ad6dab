import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// What a user gets: the packed tarballs, checked by publint and are-the-types-wrong, installed into an empty
// folder and imported there by every entry point.

const root = resolve(import.meta.dirname, '../..')
const packages = readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
const folder = mkdtempSync(join(tmpdir(), 'ekkasan-packed-'))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string }
const pnpm = (parameters: readonly string[], cwd: string) => run('npx', ['-y', packageManager.split('+')[0] as string, ...parameters], cwd)

function run(command: string, parameters: readonly string[], cwd: string): string {
  return execFileSync(command, parameters, { cwd, encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 })
}

function manifest(name: string): { name: string; version: string; exports: Record<string, unknown>; engines: { node: string } } {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
}

const tarball = (name: string) => join(folder, `ekkasan-${name}-${manifest(name).version}.tgz`)

beforeAll(() => {
  pnpm(['-r', '--filter', './packages/**', 'run', 'build'], root)
  for (const name of packages) pnpm(['pack', '--pack-destination', folder], join(root, 'packages', name))
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the packed tarball', () => {
  it.each(packages)('of %s is right by publint', (name) => {
    run(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), 'run', tarball(name), '--strict'], root)
  })

  it.each(packages)('of %s has right types by are-the-types-wrong', (name) => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
    run(process.execPath, [attw, tarball(name), '--profile', 'esm-only', '--no-emoji'], root)
  }, 60_000)

  it.each(packages)('of %s holds its licence and no sources, tests or workspace references', (name) => {
    const files = run('tar', ['-tzf', tarball(name)], folder).trim().split('\n')
    expect(files).toContain('package/LICENSE')
    expect(files).toContain('package/README.md')
    expect(files.filter((file) => /\/(src|test)\//.test(file))).toEqual([])
    const packed = run('tar', ['-xzOf', tarball(name), 'package/package.json'], folder)
    expect(packed).not.toMatch(/workspace:|@ekkasan\/source/)
  })
})

describe('installed into an empty folder', () => {
  const app = join(folder, 'app')

  beforeAll(() => {
    mkdirSync(app)
    const files = Object.fromEntries(packages.map((name) => [`@ekkasan/${name}`, `file:${tarball(name)}`]))
    writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: files, overrides: files }))
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], app)
  }, 300_000)

  it.each(packages)('%s is imported by every entry point', (name) => {
    const entries = Object.keys(manifest(name).exports).map((entry) => entry.replace('.', `@ekkasan/${name}`))
    const code = entries.map((entry) => `if (Object.keys(await import('${entry}')).length === 0) throw new Error('empty: ${entry}')`)
    run(process.execPath, ['--input-type=module', '-e', code.join('\n')], app)
  })

  it('type-checks under strict settings without skipping library checks of our declarations', () => {
    const imports = packages.flatMap((name) =>
      Object.keys(manifest(name).exports).map((entry, at) => `export * as ${name.replaceAll('-', '_')}_${at} from '${entry.replace('.', `@ekkasan/${name}`)}'`),
    )
    writeFileSync(join(app, 'main.ts'), imports.join('\n'))
    writeFileSync(
      join(app, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { module: 'NodeNext', target: 'ES2023', lib: ['ES2024', 'DOM', 'DOM.Iterable'], strict: true, noEmit: true, skipLibCheck: true, types: [] }, files: ['main.ts'] }),
    )
    run(process.execPath, [join(root, 'node_modules/typescript-native/bin/tsc'), '-p', app], app)
  })
})
