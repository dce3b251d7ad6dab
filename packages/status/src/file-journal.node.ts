import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StatusJournalLine, StatusJournalRecord } from '@ekkasan/core'
import { StatusError } from './errors.ts'
import type { CreateFileJournalOptions, FileJournal } from './file-journal.web.ts'
import { isJournalLine } from './journal-line.ts'
import { notePlace, takeReplicaName } from './replica-lock.node.ts'

export type { CreateFileJournalOptions, FileJournal } from './file-journal.web.ts'

const ending = '.jsonl'

/**
 * A journal in files: `<folder>/<replica>.jsonl`, a line of JSON for each event, on the disk (fsync) before `append`
 * resolves. Lines asked for while the disk writes go out together with the next write. Several processes may share a
 * folder: each takes a file that no living process has, or begins one.
 * @throws StatusError `status.journal.damaged`
 */
export async function createFileJournal(options: CreateFileJournalOptions): Promise<FileJournal> {
  const { folder, clock = () => new Date() } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { replica, release } = await takeReplicaName(folder, ending)
  const path = join(folder, replica + ending)
  const handle = await open(path, 'a+', 0o600)
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  /** A write failed, and what it left could not be cut off. */
  let isTorn = false
  let last = 0
  /** Bytes of whole lines that are on the disk. */
  let size = 0
  try {
    for await (const { line, end } of readPlaced(path)) {
      last = line.number
      size = end
    }
    // The last line may be torn: nobody was told that it stands.
    await handle.truncate(size)
    await notePlace(folder, replica, ending)
    await syncFolder(folder)
  } catch (error) {
    await handle.close()
    await release()
    throw error
  }

  const write = async () => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      const bytes = Buffer.from(batch.map(({ text }) => text).join(''))
      try {
        // Half a line in the middle would make the rest unreadable.
        if (isTorn) await handle.truncate(size)
        isTorn = true
        await handle.appendFile(bytes)
        await handle.datasync()
        isTorn = false
        size += bytes.length
        for (const { number, resolve } of batch) resolve(number)
      } catch (cause) {
        await handle.truncate(size).then(
          () => {
            isTorn = false
          },
          () => {},
        )
        last = (batch[0] as Waiting).number - 1
        const error = new StatusError('status.journal.failed', `the journal could not be written: ${path}`, {
          cause,
        })
        for (const { reject } of [...batch, ...waiting]) reject(error)
        waiting = []
      }
    }
    // In the same turn in which nothing was found waiting: who comes later begins anew.
    writing = undefined
  }

  return {
    replica,
    append(event) {
      return new Promise<number>((resolve, reject) => {
        last += 1
        const line = { number: last, time: clock().getTime(), ...event }
        waiting.push({ number: last, text: `${JSON.stringify(line)}\n`, resolve, reject })
        writing ??= Promise.resolve().then(write)
      })
    },
    read: () => readLines(path),
    async others() {
      return (await readFileJournals(folder)).filter((record) => record.replica !== replica)
    },
    async close() {
      await writing
      await handle.close()
      await release()
    },
  }
}

interface Waiting {
  readonly number: number
  readonly text: string
  readonly resolve: (number: number) => void
  readonly reject: (error: unknown) => void
}

/** The journals in a folder, or the one in a file, to be read only. @throws Error when there is no such path */
export async function readFileJournals(path: string): Promise<readonly StatusJournalRecord[]> {
  const isFile = (await stat(path)).isFile()
  const names = isFile ? [path] : (await readdir(path)).sort().map((name) => join(path, name))
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => ({
      replica: (name.split(/[\\/]/).at(-1) as string).slice(0, -ending.length),
      read: () => readLines(name),
    }))
}

async function* readLines(path: string): AsyncGenerator<StatusJournalLine> {
  for await (const { line } of readPlaced(path)) yield line
}

/**
 * The lines, each with the byte at which it ends. The last may be torn: then it is left out. A whole line that this
 * version does not understand is never left out, for a newer version may have written it.
 */
async function* readPlaced(path: string): AsyncGenerator<{ line: StatusJournalLine; end: number }> {
  const damaged = (what: string, cause?: unknown) =>
    new StatusError(
      'status.journal.damaged',
      `${what}: ${path}. Move it out of the folder and keep it; where the store was restored or lost, its replica then counts as one whose journal is missing`,
      { cause },
    )
  let [number, end] = [0, 0]
  let torn: unknown
  try {
    for await (const text of wholeLines(path)) {
      if (torn !== undefined) throw damaged(`the journal is damaged after line ${number}`, torn)
      let line: unknown
      try {
        line = JSON.parse(text.toString('utf8'))
      } catch (cause) {
        torn = cause
        continue
      }
      if (!isJournalLine(line)) {
        const what = `the journal has after line ${number} a line that this version does not understand`
        throw damaged(`${what}; a newer version wrote it, or it is damaged`)
      }
      if (line.number !== number + 1) throw damaged(`the journal is damaged after line ${number}`)
      number = line.number
      end += text.length
      yield { line, end }
    }
  } catch (cause) {
    // Only what the file system says has such a member; what a reader throws does not come here.
    if (cause instanceof Error && 'syscall' in cause) throw damaged('the journal cannot be read', cause)
    throw cause
  }
}

/** Lines with their ends; what follows the last end is none. */
async function* wholeLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let start = 0
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, start)) {
      yield bytes.subarray(start, at + 1)
      start = at + 1
    }
    rest = bytes.subarray(start)
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
