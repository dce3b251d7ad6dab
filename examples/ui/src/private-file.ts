import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

// Files that only their owner can read, written whole or not at all.

/** @throws Error that names the folder, where it cannot be made, or belongs to somebody else and is open to others */
export function makePrivateFolder(path: string): void {
  try {
    makeFolders(path)
  } catch (cause) {
    throw new Error(`${path} must be a folder that the program can make and write to`, { cause })
  }
  if ((statSync(path).mode & 0o777) === 0o700) return
  try {
    chmodSync(path, 0o700)
  } catch (cause) {
    throw new Error(`${path} must belong to the user that the program runs as, with the mode 700`, { cause })
  }
}

// One by one: `recursive` never returns where a folder that is there takes no folders, as /proc.
function makeFolders(path: string): void {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolders(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another replica may have made it meanwhile.
    if (!isFolder(path)) throw error
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

export function writePrivateFile(path: string, text: string): void {
  const temporary = writeBeside(path, text)
  try {
    renameSync(temporary, path)
  } catch (error) {
    unlinkSync(temporary)
    throw error
  }
}

/**
 * The text of a file with a secret in it.
 * @throws Error that names the file, where it is empty, no file, or where others than its owner and group may read it
 */
export function readPrivateFile(path: string): string {
  const found = statSync(path)
  if (!found.isFile()) throw new Error(`${path} must be a file`)
  const open = process.platform === 'win32' ? 0 : found.mode & 0o027
  if (open !== 0) {
    const mode = (found.mode & 0o777).toString(8)
    throw new Error(
      `${path} holds a secret and has the mode ${mode}: ${open & 0o007 ? 'everybody' : 'its group'} can ` +
        `${open & 0o022 ? 'change' : 'read'} it. Set it to 600 (chmod 600), or 440 where it is mounted for a group; ` +
        'if others had access, replace the secret',
    )
  }
  const text = readFileSync(path, 'utf8')
  if (text.trim() === '') {
    throw new Error(`${path} is empty: restore it from the backup, or remove it where a new secret will do`)
  }
  return text
}

/** What a file with a secret says in JSON. @throws Error that names the file and never shows what is in it */
export function readPrivateJson<Content>(path: string): Content {
  return jsonOf<Content>(path, readPrivateFile(path))
}

/** What a file says in JSON that holds no secret. @throws Error that names the file */
export function readJsonFile<Content>(path: string): Content {
  return jsonOf<Content>(path, readFileSync(path, 'utf8'))
}

function jsonOf<Content>(path: string, text: string): Content {
  try {
    return JSON.parse(text) as Content
  } catch {
    throw new Error(`${path} is not JSON: restore it from the backup`)
  }
}

/** The file's text; made first if there is none. Of several processes that make it at once, one wins. */
export function readOrCreatePrivateFile(
  path: string,
  create: () => string,
): { text: string; created: boolean } {
  if (existsSync(path)) return { text: readPrivateFile(path), created: false }
  const text = create()
  const temporary = writeBeside(path, text)
  try {
    linkSync(temporary, path)
    return { text, created: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { text: readPrivateFile(path), created: false }
  } finally {
    unlinkSync(temporary)
  }
}

/** What a file says in JSON that only its owner can read; made first if there is none. */
export function readOrCreatePrivateJson<Content>(path: string, fresh: Content): Content {
  readOrCreatePrivateFile(path, () => JSON.stringify(fresh))
  return readPrivateJson<Content>(path)
}

/**
 * A new file beside the path, with its bytes on the disk before it gets the name: after a loss of power there is no
 * empty key. What a full disk took of it is removed.
 */
function writeBeside(path: string, text: string): string {
  makePrivateFolder(dirname(path))
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  let handle: number | undefined
  try {
    handle = openSync(temporary, 'wx', 0o600)
    writeFileSync(handle, text)
    fsyncSync(handle)
    return temporary
  } catch (cause) {
    if (handle !== undefined) unlinkSync(temporary)
    throw new Error(`${path} could not be written`, { cause })
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}
