// What `npm run demo`, `npm test` and the others start: sets everything up, then runs on the project's own Node.
// Plain JavaScript, for whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [task, ...args] = process.argv.slice(2).filter((word) => word !== '--')

const [major, minor] = process.versions.node.split('.').map(Number)
const bundledNode = process.platform === 'linux' ? [20, 0] : [22, 18]
if (major < bundledNode[0] || (major === bundledNode[0] && minor < bundledNode[1])) {
  const wanted = process.platform === 'linux' ? '20' : '22.18'
  fail(
    `Ekkasan needs Node ${wanted} or later here; this is ${process.versions.node}. Install it and run again.`,
  )
}

// Ctrl+C goes to what was started too; this waits for it to end in order.
process.on('SIGINT', () => undefined)

install()
const node = projectNode()
const source = '--conditions=@ekkasan/source'
const vitest = ['node_modules/vitest/vitest.mjs', 'run']
const tsx = ['--import', 'tsx', source]

const tasks = {
  test: () => {
    installSystemPackages({ chromium: 'chromium', postgres: 'postgresql' })
    if (args.length === 0) tasks.check()
    run(node, [...vitest, '--project', 'test', ...args])
  },
  drill: () => {
    const known = drills()
    if (args[0] === '--list') return console.log(known.map(({ name, what }) => `${name}: ${what}`).join('\n'))
    const unknown = args.filter((name) => !known.some((drill) => drill.name === name))
    if (unknown.length > 0)
      fail(`no drill is called ${unknown.join(', ')}; there are: ${known.map(({ name }) => name).join(', ')}`)
    installSystemPackages({ chromium: 'chromium', postgres: 'postgresql' })
    run(node, [...vitest, '--project', 'drill', ...args.map((name) => `test/drill/${name}.test.ts`)])
  },
  check: () => {
    run(node, ['node_modules/@biomejs/biome/bin/biome', 'check'])
    run(node, ['node_modules/typescript-native/bin/tsc', '-p', '.'])
    run(node, ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', 'packages', 'examples'])
  },
  build: () => run('npx', ['-y', 'pnpm@10.34.9', '-r', '--filter', './packages/**', 'run', 'build']),
  demo: () => run(node, [...tsx, 'examples/demo/src/main.ts', ...args]),
  start: () => run(node, [...tsx, 'examples/demo/src/start.ts', ...args]),
  example: () => {
    const [name, ...parameters] = args
    if (!examples().includes(name))
      fail(`npm run example NAME, where NAME is one of: ${examples().join(', ')}`)
    run(node, [...tsx, `examples/${name}/src/main.ts`, ...parameters])
  },
  mutation: () => {
    const files = JSON.parse(readFileSync(`${root}test/mutation/files.json`, 'utf8'))
    const [name] = args
    if (!Object.hasOwn(files, name ?? ''))
      fail(`npm run mutation -- PACKAGE, where PACKAGE is one of: ${Object.keys(files).join(', ')}`)
    const stryker = 'node_modules/@stryker-mutator/core/bin/stryker.js'
    const env = { ...process.env, MUTATED_PACKAGE: name }
    run(node, [stryker, 'run', 'test/mutation/stryker.config.mjs'], { env })
  },
  fuzz: () => run(node, [source, 'test/fuzz/main.ts', ...args]),
  bench: () => run(node, [source, 'test/bench/main.ts', ...args]),
}
if (!Object.hasOwn(tasks, task)) fail(`unknown task: ${task}`)
tasks[task]()

function examples() {
  return readdirSync(`${root}examples`).filter((name) => existsSync(`${root}examples/${name}/src/main.ts`))
}

/** The files of test/drill; the first line of each says what it tries. */
function drills() {
  return readdirSync(`${root}test/drill`)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => ({
      name: file.slice(0, -'.test.ts'.length),
      what: readFileSync(`${root}test/drill/${file}`, 'utf8')
        .split('\n')[0]
        .replace(/^\/\/ /, ''),
    }))
}

function install() {
  const stamp = `${root}node_modules/.modules.yaml`
  const lock = `${root}pnpm-lock.yaml`
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return
  console.log('Installing what the project needs; the first time takes about a minute …')
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  const version = packageManager.split('+')[0]
  run('npx', ['-y', version, 'install', '--frozen-lockfile', '--reporter=append-only'], { quiet: true })
}

/** The tests drive a real browser and a real database. */
function installSystemPackages(packages) {
  const missing = Object.keys(packages).filter((program) => !isInstalled(program))
  if (missing.length === 0) return
  const names = missing.map((program) => packages[program])
  const isRoot = process.getuid?.() === 0
  const sudo = isRoot ? [] : ['sudo', '-n']
  if (process.platform !== 'linux' || !isOnPath('apt-get') || (!isRoot && !isOnPath('sudo'))) {
    fail(`The tests need ${names.join(' and ')}. Install them and run again.`)
  }
  console.log(`Installing ${names.join(' and ')} for the tests …`)
  const quiet = { quiet: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const [command, ...parameters] = [...sudo, 'apt-get']
  run(command, [...parameters, 'update', '-qq'], quiet)
  run(command, [...parameters, 'install', '-y', '-qq', '--no-install-recommends', ...names], quiet)
}

function isInstalled(program) {
  if (program !== 'postgres') return isOnPath(program)
  return (
    isOnPath('postgres') ||
    (existsSync('/usr/lib/postgresql') && readdirSync('/usr/lib/postgresql').length > 0)
  )
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

function projectNode() {
  const own = `${root}node_modules/node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}/bin/node`
  return existsSync(own) ? own : process.execPath
}

function run(command, parameters, { quiet = false, env = process.env } = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, parameters, {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
    env,
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32' && command === 'npx',
  })
  if (error) fail(`${command} could not be started: ${error.message}`)
  if (status === 0) return
  if (quiet) console.error(`${stdout}\n${stderr}`)
  process.exit(signal ? 1 : status)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
