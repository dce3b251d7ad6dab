import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
type ProgramName = 'issuer' | 'verifier'
const commandOf = (program: ProgramName) => [
  ...['--import', 'tsx', '--conditions=@ekkasan/source'],
  `examples/${program}/src/main.ts`,
]
export const password = 'ทดสอบ-correct-horse'

export interface RunningIssuer {
  readonly address: string
  readonly dataDir: string
  /** What it wrote on standard output and standard error so far. */
  log(): string
  stop(): Promise<void>
  /** As kill -9 ends it. */
  kill(): Promise<void>
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'ekkasan-issuer-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** The reference issuer, or verifier, as a process of its own; resolves when it says that it is ready. */
export async function startIssuer(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
  program: ProgramName = 'issuer',
): Promise<RunningIssuer> {
  const env = { ...cleanEnvironment(), DATA_DIR: dataDir, ISSUER_OFFICER_PASSWORD: password, ...environment }
  const child = spawn(process.execPath, commandOf(program), {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (data: Buffer) => {
    log += data.toString()
  })
  const ended = exitOf(child)
  const address = await new Promise<string>((resolve, reject) => {
    ended.then((code) => reject(new Error(`ended with ${code} before it was ready:\n${log}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      log += `${line}\n`
      if (line.startsWith('{"ready"')) resolve((JSON.parse(line) as { address: string }).address)
    })
  })
  return {
    address,
    dataDir,
    log: () => log,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** One of its commands; resolves to the exit code and what it printed. */
export async function runCommand(
  dataDir: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  program: ProgramName = 'issuer',
): Promise<{ readonly code: number | null; readonly out: string }> {
  const env = { ...cleanEnvironment(), DATA_DIR: dataDir, ...environment }
  const child = spawn(process.execPath, [...commandOf(program), ...words], { cwd: root, env })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      out += data.toString()
    })
  }
  return { code: await exitOf(child), out }
}

export async function callApi(
  { address, dataDir }: RunningIssuer,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const token = readFileSync(join(dataDir, 'api-token'), 'utf8').trim()
  const answer = await fetch(`${address}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', resolve)
  })
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, VITEST, STORE, KEYS, FORMATS, PORT, HOST, ISSUER_URL, ...rest } = process.env
  return rest
}
