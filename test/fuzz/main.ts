import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildSync } from 'esbuild'
import { dictionaryOf } from './dictionary.ts'
import { fetchJazzer } from './fetch-jazzer.ts'
import { grown } from './grown.ts'
import { type FuzzTarget, readGuarded, type Seed } from './target.ts'
import { loadTarget, targetNames } from './targets.ts'

// `npm run fuzz -- PARSER [--seconds 600]`: what docs/fuzzing.md tells. `--input FILE` reads one input that was found,
// `--grown` the seeds grown to a megabyte.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '600' },
    input: { type: 'string' },
    grown: { type: 'boolean', default: false },
  },
})
const root = new URL('../..', import.meta.url).pathname
const leastEdges = 100

if (values.list) {
  for (const name of targetNames) console.log(`${name}: ${(await loadTarget(name)).reads}`)
} else {
  const [name = ''] = positionals
  const seconds = Number(values.seconds)
  if (!targetNames.includes(name) || !(seconds > 0)) {
    console.error(`npm run fuzz -- PARSER [--seconds 600], where PARSER is one of: ${targetNames.join(', ')}`)
    process.exit(1)
  }
  const target = await loadTarget(name)
  if (values.input !== undefined) await readGuarded(target, readFileSync(values.input))
  else if (values.grown) process.exitCode = await readGrown(name, target)
  else process.exitCode = await fuzz(name, target, seconds)
}

async function fuzz(name: string, target: FuzzTarget, seconds: number): Promise<number> {
  const folder = join(root, '.data/fuzz', name)
  const seeds = await writeSeeds(join(folder, 'seeds'), target)
  mkdirSync(join(folder, 'corpus'), { recursive: true })
  writeFileSync(join(folder, 'dictionary'), dictionaryOf(seeds))
  const bundle = join(folder, 'target.cjs')
  buildSync({
    stdin: {
      contents: `import { target } from './parsers/${name}.ts'
import { readGuarded } from './target.ts'
export const fuzz = (input) => readGuarded(target, input)`,
      resolveDir: new URL('.', import.meta.url).pathname,
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    // What is not CommonJS is not instrumented.
    format: 'cjs',
    conditions: ['@ekkasan/source'],
    logLevel: 'error',
  })
  const [command, ...parameters] = fetchJazzer(root)
  const run = [
    bundle,
    join(folder, 'corpus'),
    join(folder, 'seeds'),
    ...['-i', bundle, '--timeout', '25000', '--'],
    `-max_total_time=${seconds}`,
    `-dict=${join(folder, 'dictionary')}`,
    `-artifact_prefix=${folder}/`,
    ...['-max_len=16384', '-rss_limit_mb=4096', '-print_final_stats=1', '-reload=0'],
  ]
  const start = performance.now()
  const { code, output } = await runLogged(command, [...parameters, ...run], join(folder, 'log'))
  const runs = Number(/number_of_executed_units: (\d+)/.exec(output)?.[1] ?? lastNumber(output, /^#(\d+)/gm))
  const edges = lastNumber(output, /\bcov: (\d+)/g)
  console.log(`${name}: ${runs} runs, ${edges} edges in ${Math.round((performance.now() - start) / 1000)} s`)
  if (code !== 0) {
    const found = readdirSync(folder).filter((file) => /^(crash|timeout|oom|leak)-/.test(file))
    console.error(`${name}: a finding. Read it again: npm run fuzz -- ${name} --input FILE, of ${folder}/`)
    console.error(found.join('\n'))
    return 1
  }
  if (edges >= leastEdges) return 0
  console.error(`${name}: under ${leastEdges} edges, the fuzzer did not get into the parser`)
  return 1
}

/** All grown inputs, without the fuzzer. */
async function readGrown(name: string, target: FuzzTarget): Promise<number> {
  let [count, faults] = [0, 0]
  for (const [index, seed] of (await target.seeds()).entries()) {
    for (const { what, bytes } of grown(seed)) {
      count += 1
      try {
        await readGuarded(target, bytes)
      } catch (error) {
        faults += 1
        console.error(`${name}: seed ${index}, ${what}: ${String(error)}`)
      }
    }
  }
  console.log(`${name}: ${count} grown inputs, ${faults} findings`)
  return faults > 0 ? 1 : 0
}

async function writeSeeds(folder: string, target: FuzzTarget): Promise<readonly Seed[]> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const seeds = await target.seeds()
  for (const [index, seed] of seeds.entries()) writeFileSync(join(folder, String(index)), seed)
  return seeds
}

/** Shows a line a minute, and keeps all of it. */
function runLogged(command: string, parameters: readonly string[], log: string) {
  return new Promise<{ readonly code: number; readonly output: string }>((done, reject) => {
    writeFileSync(log, '')
    let output = ''
    const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'], cwd: root })
    const keep = (text: string) => {
      appendFileSync(log, text)
      output = (output + text).slice(-200_000)
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep)
    child.once('error', reject)
    child.once('close', (code) => done({ code: code ?? 1, output }))
  })
}

function lastNumber(text: string, pattern: RegExp): number {
  return Number(Array.from(text.matchAll(pattern)).at(-1)?.[1] ?? 0)
}
