import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// What the fuzzer needs beside the root's packages, in a folder of its own outside git: jazzer.js from npm, as
// test/fuzz/tools/package-lock.json has it, and the C library that its binary wants, where the machine's is older.

const here = new URL('tools', import.meta.url).pathname
const suite = 'trixie'
const libraries = ['libc6', 'libstdc++6', 'libgcc-s1']
const wantedGlibc = [2, 38] as const

/** The command line with which jazzer.js starts, without its own parameters; fetches what is not there yet. */
export function fetchJazzer(root: string): readonly [command: string, ...parameters: string[]] {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('the fuzzer is fetched for Linux on x64 only')
  const cache = join(root, 'node_modules/.cache/ekkasan-fuzz')
  const packages = join(cache, 'npm')
  const cli = join(packages, 'node_modules/@jazzer.js/core/dist/cli.js')
  if (!existsSync(cli)) {
    mkdirSync(packages, { recursive: true })
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(here, file), join(packages, file))
    run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], packages)
  }
  if (!isOlder(glibcOfMachine())) return [process.execPath, cli]
  const folder = join(fetchLibraries(cache), 'usr/lib/x86_64-linux-gnu')
  return [join(folder, 'ld-linux-x86-64.so.2'), '--library-path', folder, process.execPath, cli]
}

function glibcOfMachine(): string {
  const { header } = process.report.getReport() as { readonly header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime ?? '0'
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < wantedGlibc[0] || (major === wantedGlibc[0] && minor < wantedGlibc[1])
}

/** Debian's packages from the mirror that this machine uses, proved by the archive's keys; unpacked, not installed. */
function fetchLibraries(cache: string): string {
  const folder = join(cache, suite)
  if (existsSync(folder)) return folder
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const targets = run('apt-get', ['indextargets', '--format', '$(ORIGIN) $(COMPONENT) $(REPO_URI)'], cache)
  const mirror = targets.split('\n').find((line) => /^Debian main \S+\/debian\/?$/.test(line))
  if (mirror === undefined || !existsSync(keyring)) {
    const wanted = wantedGlibc.join('.')
    throw new Error(
      `the fuzzer wants glibc ${wanted} or later, or a Debian machine from whose mirror to take it`,
    )
  }
  const work = join(cache, 'apt')
  rmSync(work, { recursive: true, force: true })
  for (const name of ['lists/partial', 'cache/archives/partial', 'root'])
    mkdirSync(join(work, name), { recursive: true })
  const source = `deb [signed-by=${keyring}] ${mirror.split(' ')[2]} ${suite} main\n`
  writeFileSync(join(work, 'sources.list'), source)
  const settings = [
    `Dir::Etc::sourcelist=${work}/sources.list`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${work}/lists`,
    `Dir::Cache=${work}/cache`,
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting])
  run('apt-get', [...settings, 'update', '-qq'], work)
  run('apt-get', [...settings, 'download', '-qq', ...libraries], work)
  for (const file of readdirSync(work).filter((name) => name.endsWith('.deb')))
    run('dpkg', ['-x', file, join(work, 'root')], work)
  renameSync(join(work, 'root'), folder)
  rmSync(work, { recursive: true })
  return folder
}

function run(command: string, parameters: readonly string[], cwd: string): string {
  return execFileSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 300_000,
  })
}
