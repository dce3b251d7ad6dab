import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

// Files that only their owner can read, written whole or not at all.

export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
}

export function writePrivateFile(path: string, text: string): void {
  const temporary = temporaryBeside(path)
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
  renameSync(temporary, path)
}

/** The file's text; made first if there is none. Of several processes that make it at once, one wins. */
export function readOrCreatePrivateFile(
  path: string,
  create: () => string,
): { text: string; created: boolean } {
  if (existsSync(path)) return { text: readFileSync(path, 'utf8'), created: false }
  const text = create()
  const temporary = temporaryBeside(path)
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(temporary, path)
    return { text, created: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { text: readFileSync(path, 'utf8'), created: false }
  } finally {
    unlinkSync(temporary)
  }
}

function temporaryBeside(path: string): string {
  makePrivateFolder(dirname(path))
  return `${path}.${randomBytes(6).toString('hex')}.tmp`
}
