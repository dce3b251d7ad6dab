import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { StatusJournalLine, StatusJournalRecord } from '@ekkasan/core'
import { StatusError } from './errors.ts'
import type { CreateFileJournalOptions, FileJournal } from './file-journal.web.ts'
import { takeReplicaName } from './replica-lock.node.ts'

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
  let last = 0
  try {
    await cutTornLine(handle)
    for await (const line of readLines(path)) last = line.number
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
      const { size } = await handle.stat()
      try {
        await handle.appendFile(batch.map(({ text }) => text).join(''))
        await handle.datasync()
        for (const { number, resolve } of batch) resolve(number)
      } catch (cause) {
        // Half a line in the middle would make the rest unreadable.
        await handle.truncate(size).catch(() => {})
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
  const damaged = (number: number, cause?: unknown) =>
    new StatusError('status.journal.damaged', `the journal is damaged after line ${number}: ${path}`, {
      cause,
    })
  let number = 0
  let torn: unknown
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    if (torn !== undefined) throw damaged(number, torn)
    let line: StatusJournalLine
    try {
      line = JSON.parse(text) as StatusJournalLine
    } catch (cause) {
      // The last line may be half written: nobody was told that it stands.
      torn = cause
      continue
    }
    if (line.number !== number + 1) throw damaged(number)
    number = line.number
    yield line
  }
}

async function cutTornLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat()
  const tail = Buffer.alloc(Math.min(size, 65_536))
  await handle.read(tail, 0, tail.length, size - tail.length)
  const end = tail.lastIndexOf(0x0a)
  if (end + 1 < tail.length) await handle.truncate(size - tail.length + end + 1)
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
