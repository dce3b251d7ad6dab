import { randomBytes } from 'node:crypto'
import { open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

export interface ReplicaName {
  readonly replica: string
  release(): Promise<void>
}

/**
 * A name for this process among those that share a folder: that of a file whose process has ended, or a new one. In doubt
 * whether the other process lives, a new one: a name that two processes had at once would be worse than one too many.
 * So the files of a copied folder are read, but nobody writes on under their names.
 */
export async function takeReplicaName(folder: string, ending: string): Promise<ReplicaName> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort()
  for (const name of names) {
    const replica = name.slice(0, -ending.length)
    if (!(await isInPlace(folder, replica, ending))) continue
    if (await lock(folder, replica)) return taken(folder, replica)
  }
  const replica = randomBytes(6).toString('hex')
  await lock(folder, replica)
  return taken(folder, replica)
}

const placeOf = (folder: string, replica: string) => join(folder, `${replica}.place`)

async function place(folder: string, replica: string, ending: string): Promise<string> {
  const files = [join(folder, replica + ending), placeOf(folder, replica)]
  return (await Promise.all(files.map((file) => stat(file, { bigint: true }))))
    .map(({ ino }) => ino)
    .join(' ')
}

/** Notes beside a journal which files they are, so that copies of both are known as copies. */
export async function notePlace(folder: string, replica: string, ending: string): Promise<void> {
  const handle = await open(placeOf(folder, replica), 'w', 0o600)
  try {
    await handle.writeFile(await place(folder, replica, ending))
  } finally {
    await handle.close()
  }
}

async function isInPlace(folder: string, replica: string, ending: string): Promise<boolean> {
  const noted = await readFile(placeOf(folder, replica), 'utf8').catch(() => undefined)
  return noted !== undefined && noted === (await place(folder, replica, ending))
}

function taken(folder: string, replica: string): ReplicaName {
  return { replica, release: () => unlink(lockOf(folder, replica)).catch(() => {}) }
}

const lockOf = (folder: string, replica: string) => join(folder, `${replica}.lock`)

async function lock(folder: string, replica: string): Promise<boolean> {
  const path = lockOf(folder, replica)
  if (await create(path)) return true
  const holder = await readFile(path, 'utf8').catch(() => undefined)
  if (holder === undefined || !isDead(holder)) return false
  // Of several who find it dead, one moves it away; what was moved must be what was found dead.
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await rename(path, aside)
    const moved = await readFile(aside, 'utf8')
    if (moved !== holder) {
      await rename(aside, path)
      return false
    }
    await unlink(aside)
  } catch {
    return false
  }
  return create(path)
}

async function create(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o600)
    const who = { host: hostname(), pid: process.pid, id: randomBytes(8).toString('hex') }
    try {
      await handle.writeFile(JSON.stringify(who)).finally(() => handle.close())
    } catch (error) {
      // On a full disk; without a holder in it, it would never be found dead.
      await unlink(path)
      throw error
    }
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Only of a process of this machine can it be known. */
function isDead(holder: string): boolean {
  try {
    const { host, pid } = JSON.parse(holder) as { host: string; pid: number }
    if (host !== hostname() || pid === process.pid) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
