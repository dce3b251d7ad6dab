import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const flags = ['--conditions=@ekkasan/source', '--disable-warning=ExperimentalWarning']
const path = (program: string) => fileURLToPath(new URL(program, import.meta.url))

/** Runs a program of this folder in a process of its own and gives what it printed. */
export async function runProgram(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, path(program), ...args])
  return stdout
}
