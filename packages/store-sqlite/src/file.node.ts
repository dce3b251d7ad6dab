import { closeSync, openSync } from 'node:fs'

/** Creates the file, if there is none, so that only its owner can read it; SQLite's -wal and -shm inherit it. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
}
