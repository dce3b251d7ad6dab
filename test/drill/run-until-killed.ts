import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const flags = ['--conditions=@ekkasan/source', '--disable-warning=ExperimentalWarning']
const path = (program: string) => fileURLToPath(new URL(program, import.meta.url))

/** Runs a program until it has said `ready` and then for some time more, and kills it (SIGKILL). */
export async function runUntilKilled(
  program: string,
  args: string[],
  milliseconds: number,
): Promise<string[]> {
  const child = spawn(process.execPath, [...flags, path(program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const input = createInterface({ input: child.stdout })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${program} ended by itself with ${code}`)))
    input.on('line', (line) => {
      if (line === 'ready') resolve()
      else lines.push(line)
    })
  })
  child.removeAllListeners('exit')
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  child.kill('SIGKILL')
  await closed
  return lines
}
