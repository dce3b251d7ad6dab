import { createReadStream, existsSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/**
 * Writes lines into a new file that only its owner can read; it has its name once it is whole and on the disk.
 * @throws Error when there is a file of that name
 */
export async function writeLines<Result>(
  file: string,
  lines: AsyncGenerator<string, Result>,
): Promise<Result> {
  if (existsSync(file)) throw new Error(`there is a file already: ${file}`)
  const part = `${file}.part`
  rmSync(part, { force: true })
  const handle = await open(part, 'wx', 0o600)
  try {
    let chunk = ''
    for (;;) {
      const next = await lines.next()
      if (!next.done) chunk += `${next.value}\n`
      if (next.done || chunk.length > 1_000_000) {
        await handle.appendFile(chunk)
        chunk = ''
      }
      if (!next.done) continue
      await handle.sync()
      renameSync(part, file)
      return next.value
    }
  } finally {
    await handle.close()
    rmSync(part, { force: true })
  }
}

export async function* readLines(file: string): AsyncGenerator<string> {
  // Made only when the first line is asked for: an interface loses the lines that come before somebody listens.
  yield* createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
}
