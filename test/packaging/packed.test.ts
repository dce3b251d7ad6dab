import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fetchRuntimes, type RuntimeName, runModule, runtimeNames, runWorker } from './runtimes.ts'

// What a user gets: the packed tarballs, checked by publint and are-the-types-wrong, installed into an empty
// folder and imported there by every entry point.

const root = resolve(import.meta.dirname, '../..')
const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
)
const folder = mkdtempSync(join(tmpdir(), 'ekkasan-packed-'))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  packageManager: string
}
const pnpm = (parameters: readonly string[], cwd: string) =>
  run('npx', ['-y', packageManager.split('+')[0] as string, ...parameters], cwd)

function run(command: string, parameters: readonly string[], cwd: string): string {
  return execFileSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 64 * 1024 * 1024,
  })
}

function manifest(name: string): {
  name: string
  version: string
  exports: Record<string, unknown>
  engines: { node: string }
} {
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
    run(
      process.execPath,
      [join(root, 'node_modules/publint/src/cli.js'), 'run', tarball(name), '--strict'],
      root,
    )
  })

  it.each(packages)(
    'of %s has right types by are-the-types-wrong',
    (name) => {
      const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
      run(process.execPath, [attw, tarball(name), '--profile', 'esm-only', '--no-emoji'], root)
    },
    60_000,
  )

  it.each(packages)('of %s holds its licence and no sources, tests or workspace references', (name) => {
    const files = run('tar', ['-tzf', tarball(name)], folder)
      .trim()
      .split('\n')
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
    writeFileSync(
      join(app, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies: files, overrides: files }),
    )
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], app)
  }, 300_000)

  it.each(packages)('%s is imported by every entry point', (name) => {
    const entries = Object.keys(manifest(name).exports).map((entry) => entry.replace('.', `@ekkasan/${name}`))
    const code = entries.map(
      (entry) => `if (Object.keys(await import('${entry}')).length === 0) throw new Error('empty: ${entry}')`,
    )
    run(process.execPath, ['--input-type=module', '-e', code.join('\n')], app)
  })

  it('type-checks under strict settings without skipping library checks of our declarations', () => {
    const imports = packages.flatMap((name) =>
      Object.keys(manifest(name).exports).map(
        (entry, at) =>
          `export * as ${name.replaceAll('-', '_')}_${at} from '${entry.replace('.', `@ekkasan/${name}`)}'`,
      ),
    )
    writeFileSync(join(app, 'main.ts'), imports.join('\n'))
    writeFileSync(
      join(app, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'NodeNext',
          target: 'ES2023',
          lib: ['ES2024', 'DOM', 'DOM.Iterable'],
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          types: [],
        },
        files: ['main.ts'],
      }),
    )
    run(process.execPath, [join(root, 'node_modules/typescript-native/bin/tsc'), '-p', app], app)
  })

  const runtimes = fetchRuntimes(root)
  if (typeof runtimes === 'string' && process.env.CI) throw new Error(runtimes)

  /** In the folder in which the packages are: one module that imports them, or one that holds them. */
  async function bundled(entry: string, options: BuildOptions): Promise<string> {
    for (const file of ['in-browser.ts', 'in-runtime.ts', entry]) {
      copyFileSync(join(import.meta.dirname, file), join(app, file))
    }
    const outfile = join(app, entry.replace('.ts', '.mjs'))
    await build({
      absWorkingDir: app,
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      outfile,
      ...options,
    })
    return basename(outfile)
  }

  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) server.close()
  })
  let targets = 0
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const [, status] = /^\/redirect\/(\d+)/.exec(request.url ?? '') ?? []
    if (request.url === '/target') targets++
    if (status === undefined) response.end('plain')
    else response.writeHead(Number(status), { location: '/target' }).end()
  }
  /** A server whose `/redirect/302` leads to its `/target`. */
  async function redirecting(): Promise<string> {
    const server = createServer(answer)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    return `http://localhost:${(server.address() as AddressInfo).port}`
  }
  /** What `fetched` of in-browser.ts answers where no redirect is followed. */
  function requireDirect(fetched: readonly string[] | undefined): void {
    const refused = 'core.fetch.redirect-refused'
    expect(fetched).toEqual(['plain', ...Array.from({ length: 5 }, () => refused), 'core.resolve.invalid'])
    expect(targets).toBe(0)
  }

  describe('on every runtime', () => {
    beforeEach(({ skip }) => {
      if (typeof runtimes === 'string') skip(runtimes)
    })

    it('every library but the SQLite store is imported on Node 20 too', () => {
      const libraries = packages.filter((name) => manifest(name).engines.node.startsWith('>=20'))
      const code = libraries.map((name) => `await import('@ekkasan/${name}')`)
      const node = (runtimes as Record<RuntimeName, string>)['Node 20']
      run(node, ['--input-type=module', '-e', code.join('\n')], app)
      expect(packages.filter((name) => !libraries.includes(name))).toEqual(['store-sqlite'])
    })

    it.each(runtimeNames)(
      'issues, presents and verifies on %s: all roles, all formats, every algorithm that it has [D]',
      async (name) => {
        const binary = (runtimes as Record<RuntimeName, string>)[name]
        const answer =
          name === 'workerd'
            ? await runWorker(binary, {
                bundle: await bundled('on-workerd.ts', {
                  platform: 'browser',
                  conditions: ['workerd', 'worker'],
                }),
                base: await redirecting(),
                cwd: app,
              })
            : await runModule(name, binary, {
                module: await bundled('on-server.ts', { platform: 'node', packages: 'external' }),
                base: await redirecting(),
                cwd: app,
              })
        const { signatures, joseCose, roles, fetched } = answer as Record<string, string[]>
        requireDirect(fetched)
        expect(signatures).toEqual(
          expect.arrayContaining(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519', 'PS256', 'PS384', 'PS512']),
        )
        expect(joseCose?.map((subject) => JSON.parse(subject).name)).toEqual(['สมมุติ', 'สมมุติ', 'สมมุติ'])
        expect(roles).toEqual(
          ['dc+sd-jwt', 'jwt_vc_json', 'ldp_vc', 'mso_mdoc'].map((format) => `${format} verified`),
        )
      },
      180_000,
    )
  })

  it('issues, presents and verifies in Chromium: all roles, all formats, every algorithm WebCrypto has', async () => {
    copyFileSync(join(import.meta.dirname, 'in-browser.ts'), join(app, 'in-browser.ts'))
    const { outputFiles } = await build({
      absWorkingDir: app,
      entryPoints: ['in-browser.ts'],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
    })
    const script = outputFiles[0]?.text as string
    const server = createServer((request, response) => {
      if (/^\/(?:redirect|target|plain)/.test(request.url ?? '')) return answer(request, response)
      const isScript = request.url === '/main.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? script : '<!doctype html><script type="module" src="/main.js"></script>')
    })
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    const base = `http://localhost:${(server.address() as AddressInfo).port}`
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    try {
      const page = await browser.newPage()
      await page.goto(`${base}/`)
      await page.waitForFunction('globalThis.ekkasan')
      expect(await page.evaluate('ekkasan.signatures()')).toEqual(
        expect.arrayContaining(['ES256', 'ES384', 'EdDSA', 'PS256']),
      )
      const joseCose = (await page.evaluate('ekkasan.joseCose()')) as string[]
      expect(joseCose.map((subject) => JSON.parse(subject).name)).toEqual(['สมมุติ', 'สมมุติ', 'สมมุติ'])
      expect(await page.evaluate('ekkasan.roles()')).toEqual(
        ['dc+sd-jwt', 'jwt_vc_json', 'ldp_vc', 'mso_mdoc'].map((format) => `${format} verified`),
      )
      requireDirect((await page.evaluate(`ekkasan.fetched('${base}')`)) as string[])
    } finally {
      await browser.close()
      server.close()
    }
  }, 120_000)
})
