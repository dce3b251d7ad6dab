import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Creates the file, if there is none, so that only its owner can read it; SQLite's -wal and -shm inherit it. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
}

export function isFile(file: string): boolean {
  return existsSync(file)
}

/** A copy that only its owner can read. */
export function copyPrivateFile(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL)
  chmodSync(to, 0o600)
}

export function removeFile(file: string): void {
  rmSync(file, { force: true })
}

/** Gives a file another name once its bytes are on the disk; after a loss of power it has the one name or the other. */
export function moveFile(from: string, to: string): void {
  sync(from)
  renameSync(from, to)
  sync(dirname(to))
}

function sync(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
