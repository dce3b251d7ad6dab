import type { DatabaseSync } from 'node:sqlite'
import { isBusy } from './database.ts'
import { SqliteStoreError } from './errors.ts'

/** What runs inside a transaction; `nextVersion` gives a number never given before, by any process. */
export type Operation<T> = (nextVersion: () => number) => T

export interface CommitQueue {
  /** Runs behind all earlier operations; resolves when what it did is on the disk. */
  write<T>(operation: Operation<T>): Promise<T>
  /** Runs behind all earlier operations, at once if there are none. */
  read<T>(operation: () => T): Promise<T>
  /** Refuses new operations and resolves when the earlier ones are done. */
  close(): Promise<void>
}

interface Waiting {
  readonly run: Operation<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

const maxBatch = 1000
const busyLimit = 10_000
/** How many version numbers a process takes at once: the file is told of them in one of so many writes. */
const versionBlock = 4096

/** Operations asked for in one turn of the event loop share one commit, and are answered after it. */
export function createCommitQueue(database: DatabaseSync): CommitQueue {
  const selectVersion = database.prepare('SELECT version FROM last_version')
  const updateVersion = database.prepare('UPDATE last_version SET version = ?')
  // The numbers that this process may still give; what is in the file is where the next block begins.
  let versions = { last: 0, end: 0 }
  let waiting: Waiting[] = []
  let scheduled = false
  let busySince: number | undefined
  let closed: Promise<void> | undefined
  let onIdle: (() => void) | undefined

  const enqueue = <T>(run: Operation<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ run, resolve: resolve as (value: unknown) => void, reject })
      schedule()
    })
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    // One turn more: who came while the last commit was written is read in it, and joins this one.
    setImmediate(() => setImmediate(flush))
  }

  const takeVersions = () => {
    const last = Number(selectVersion.get()?.version)
    versions = { last, end: last + versionBlock }
    updateVersion.run(versions.end)
  }
  const rollback = () => {
    try {
      database.exec('ROLLBACK')
    } catch {
      // SQLite has already rolled back by itself.
    }
  }
  /** All or nothing; the values are those of the operations, in order. */
  const transact = (operations: readonly Waiting[]): unknown[] => {
    database.exec('BEGIN IMMEDIATE')
    try {
      const nextVersion = () => {
        if (versions.last === versions.end) takeVersions()
        versions.last += 1
        return versions.last
      }
      const values = operations.map(({ run }) => run(nextVersion))
      database.exec('COMMIT')
      return values
    } catch (error) {
      rollback()
      // The block may have been taken in the transaction that did not come to pass.
      versions = { last: 0, end: 0 }
      throw error
    }
  }
  const settle = (operations: readonly Waiting[]) => {
    const values = transact(operations)
    operations.forEach(({ resolve }, i) => {
      resolve(values[i])
    })
  }

  const flush = () => {
    const batch = waiting.slice(0, maxBatch)
    try {
      settle(batch)
    } catch (error) {
      if (isBusy(error)) {
        busySince ??= performance.now()
        if (performance.now() - busySince < busyLimit) {
          setTimeout(flush, 1 + Math.random() * 20)
          return
        }
        for (const { reject } of batch) reject(busy(error))
      } else if (batch.length === 1) {
        batch[0]?.reject(failed(error))
      } else {
        for (const one of batch) settleAlone(one)
      }
    }
    busySince = undefined
    waiting = waiting.slice(batch.length)
    scheduled = false
    if (waiting.length > 0) schedule()
    else onIdle?.()
  }
  // One of a batch failed: its neighbours must not fail with it.
  const settleAlone = (one: Waiting) => {
    try {
      settle([one])
    } catch (error) {
      one.reject(isBusy(error) ? busy(error) : failed(error))
    }
  }

  return {
    write: (operation) => (closed ? Promise.reject(closedError()) : enqueue(operation)),
    async read(operation) {
      if (closed) throw closedError()
      if (waiting.length > 0) return enqueue(operation)
      try {
        return operation()
      } catch (error) {
        throw isBusy(error) ? busy(error) : failed(error)
      }
    },
    close() {
      closed ??= new Promise((resolve) => {
        if (waiting.length === 0) resolve()
        else onIdle = resolve
      })
      return closed
    },
  }
}

function busy(cause: unknown): SqliteStoreError {
  return new SqliteStoreError('store-sqlite.busy', 'another process holds the file', { cause })
}

function failed(cause: unknown): SqliteStoreError {
  return new SqliteStoreError('store-sqlite.failed', 'SQLite could not carry the operation out', { cause })
}

function closedError(): SqliteStoreError {
  return new SqliteStoreError('store-sqlite.closed', 'the store was closed')
}
