import { randomBytes } from 'node:crypto'
import { readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Store, withinTime } from '@ekkasan/core'
import { type Log, logFault } from './log.ts'

/** Throws where a program cannot do its work now. */
export type CheckReady = () => Promise<void>

export interface ReadinessOptions {
  readonly store: Store
  readonly dataDir: string
  /** Names of files in `dataDir` that are held open, and so must stay the very files that they were. */
  readonly files?: readonly string[]
}

/**
 * Whether a program can keep what it promises: writes to the store and reads it back, and does the same in its folder,
 * for a full disk, a database that may only be read and a folder that is gone all let themselves be read.
 */
export function createReadiness({ store, dataDir, files = [] }: ReadinessOptions): CheckReady {
  const instance = randomBytes(9).toString('hex')
  const key = `health/${instance}`
  const probe = join(dataDir, `.ready-${instance}`)
  const identityOf = async (name: string) => {
    const { dev, ino } = await stat(join(dataDir, name))
    return `${dev} ${ino}`
  }
  const identities = Promise.all(files.map(identityOf))
  identities.catch(() => undefined)

  const checkStore = async () => {
    const value = randomBytes(9).toString('hex')
    await store.put(key, value, { expiresIn: 60 })
    if ((await store.get(key))?.value !== value) throw new Error('the store does not keep what is written')
  }
  const checkFolder = async () => {
    const value = randomBytes(9).toString('hex')
    await writeFile(probe, value, { mode: 0o600 })
    const isKept = (await readFile(probe, 'utf8')) === value
    await unlink(probe)
    if (!isKept) throw new Error('the folder does not keep what is written')
    const [before, now] = await Promise.all([identities, Promise.all(files.map(identityOf))])
    const replaced = files.find((_, index) => before[index] !== now[index])
    if (replaced !== undefined) throw new Error(`${replaced} is not the file that was opened: start again`)
  }
  return async () => {
    await Promise.all([checkStore(), checkFolder()])
  }
}

/** Milliseconds within which a program has to have found out that it is ready, and for which the answer is kept. */
const readyWithin = 1000
/** Milliseconds after which a check that came to no end, of a store that answers nothing, is given up for a new one. */
const givenUpAfter = 10_000

/**
 * Answers whether a program is ready, within a second. However often it is asked, one check is made at a time and one
 * in a second; a change is logged with its cause.
 */
export function watchReadiness(check: CheckReady, log: Log): () => Promise<boolean> {
  let last: { readonly at: number; readonly answer: Promise<boolean> } | undefined
  let running: Promise<void> | undefined
  let wasReady = true

  const ask = async (): Promise<boolean> => {
    running ??= withinTime(check(), givenUpAfter).finally(() => {
      running = undefined
    })
    try {
      await withinTime(running, readyWithin)
      if (!wasReady) log('ready-again')
      wasReady = true
    } catch (error) {
      if (wasReady) logFault(log, 'not-ready', error)
      wasReady = false
    }
    return wasReady
  }
  return () => {
    const now = performance.now()
    if (!last || now - last.at >= readyWithin) last = { at: now, answer: ask() }
    return last.answer
  }
}
