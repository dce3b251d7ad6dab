import { execFile, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface RunningPostgres {
  /** `postgresql://…` of an empty database. */
  readonly url: string
  readonly port: number
  /** A standby of this server, asynchronous, that has all that was written so far. */
  startStandby(): Promise<StandbyPostgres>
  /** Ends the server and removes its files. */
  stop(): Promise<void>
}

export interface StandbyPostgres extends RunningPostgres {
  /** What the primary writes from now on does not get here. */
  cutOff(): Promise<void>
  promote(): Promise<void>
}

/**
 * Starts a PostgreSQL server of its own on a free loopback port, with its files in a temporary folder. It ends
 * with `stop`, and at the latest with the process that started it.
 */
export function startPostgres(): Promise<RunningPostgres> {
  return startServer(async (as, data) => {
    await as('initdb', '--no-sync', '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '-D', data)
  })
}

type RunAs = (command: string, ...args: string[]) => Promise<unknown>

async function startServer(makeData: (as: RunAs, data: string) => Promise<void>): Promise<StandbyPostgres> {
  const bin = findBinaries()
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-postgres-'))
  // PostgreSQL refuses to run as root; root lends it the user that its package made.
  const isRoot = process.getuid?.() === 0
  const drop = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
  const as = (command: string, ...args: string[]) => {
    const [file, ...rest] = [...drop, join(bin, command), ...args] as [string, ...string[]]
    return run(file, rest, { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8', PGDATA: data } })
  }
  const data = join(folder, 'data')
  if (isRoot) {
    const [uid, gid] = postgresIds()
    chownSync(folder, uid, gid)
  }
  try {
    await makeData(as, data)
    const port = await freePort()
    const settings = `-h 127.0.0.1 -p ${port} -k ${folder} -c fsync=off -c max_connections=100`
    await as('pg_ctl', '-w', '-t', '60', '-D', data, '-l', join(folder, 'log'), '-o', settings, 'start')
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    // SIGQUIT ends the server at once: nothing here is kept.
    const kill = () => {
      try {
        process.kill(pid, 'SIGQUIT')
      } catch {
        // It has ended already.
      }
    }
    const killAndRemove = () => {
      kill()
      spawnSync('sleep', ['0.3'])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
    process.once('exit', killAndRemove)
    return {
      url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
      port,
      startStandby: () =>
        startServer(async (asStandby, standby) => {
          const from = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']
          await asStandby('pg_basebackup', ...from, '-D', standby, '-R', '-X', 'stream', '-c', 'fast')
        }),
      async cutOff() {
        await as(
          'psql',
          '-h',
          folder,
          '-p',
          String(port),
          '-U',
          'postgres',
          '-c',
          "ALTER SYSTEM SET primary_conninfo = ''",
        )
        await as('pg_ctl', '-D', data, 'reload')
        const received = () =>
          as(
            'psql',
            '-h',
            folder,
            '-p',
            String(port),
            '-U',
            'postgres',
            '-Atc',
            'SELECT count(*) FROM pg_stat_wal_receiver',
          )
        while (!String(((await received()) as { stdout: string }).stdout).startsWith('0')) {
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      },
      async promote() {
        await as('pg_ctl', '-w', '-D', data, 'promote')
      },
      async stop() {
        process.off('exit', killAndRemove)
        await as('pg_ctl', '-w', '-D', data, '-m', 'immediate', 'stop').catch(kill)
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  } catch (error) {
    const log = join(folder, 'log')
    const detail = existsSync(log) ? readFileSync(log, 'utf8') : ''
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`PostgreSQL did not start as ${userInfo().username}\n${detail}`, { cause: error })
  }
}

function findBinaries(): string {
  const versions = '/usr/lib/postgresql'
  const packaged = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, 'bin'))
    : []
  const onPath = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '')
  const found = [...packaged, ...onPath].find((folder) =>
    ['initdb', 'pg_ctl', 'postgres'].every((name) => existsSync(join(folder, name))),
  )
  if (!found) {
    throw new Error(
      'PostgreSQL is not installed: initdb, pg_ctl and postgres are neither in /usr/lib/postgresql/*/bin nor on PATH (Debian: apt-get install postgresql)',
    )
  }
  return found
}

function postgresIds(): [number, number] {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'))
  if (!line) throw new Error('PostgreSQL does not run as root, and there is no user "postgres" to run it as')
  const fields = line.split(':')
  return [Number(fields[2]), Number(fields[3])]
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
