import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface RunningProgram {
  readonly address: string
  stop(): Promise<void>
  /** Ends it at once, as a power cut would. */
  kill(): void
}

/** Starts a reference program as a process of its own; resolves when it says that it is ready. */
export async function startProgram(
  name: 'issuer' | 'verifier' | 'wallet',
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => undefined,
): Promise<RunningProgram> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@ekkasan/source', `examples/${name}/src/main.ts`],
    { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let log = ''
  child.stderr.on('data', (data: Buffer) => {
    log = (log + data.toString()).slice(-4000)
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  const address = await new Promise<string>((resolve, reject) => {
    ended.then((code) => reject(new Error(`the ${name} ended with ${code} before it was ready:\n${log}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = line.startsWith('{"ready"') ? (JSON.parse(line) as { address: string }) : undefined
      if (ready) resolve(ready.address)
      else onLine(line)
    })
  })
  return {
    address,
    kill: () => child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
