import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
    join(folder, file),
  )
}

/** `packages/x/src/a.ts, b.ts`: a name without a folder stands beside the one before it. */
function pathsOf(cell: string): string[] {
  let folder = ''
  return cell.split(/,\s*/).map((name) => {
    const path = name.trim().replaceAll('`', '')
    if (!path.includes('/')) return join(folder, path)
    const isWhole = /^(packages|examples|test|scripts|docs)\//.test(path)
    const whole = isWhole ? path : join(folder, path)
    if (isWhole) folder = path.endsWith('.ts') ? dirname(path) : path
    return whole
  })
}

const rows = read('docs/specs.md')
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.startsWith('|---') && !line.startsWith('| standard |'))
  .map((line) => line.split('|').slice(1, -1))
const named = rows.flatMap((cells) => pathsOf(cells.at(-1) ?? ''))

it('docs/specs.md names files that exist', () => {
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

it('docs/specs.md says of every row which document', () => {
  expect(rows.filter((cells) => cells.length !== 4 || cells[0]?.trim() === '')).toEqual([])
})

// A file whose comments cite a section implements it; types, ports and errors only speak of it.
it('docs/specs.md has a row for every file that cites a section of a standard', () => {
  const cites =
    /(?:RFC \d{4}|OpenID4V(?:CI|P)|VCDM|SD-JWT VC|Status List|HAIP)[^.\n]{0,20} (?:section|Appendix) /i
  const citing = readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'README.md')))
    .flatMap((name) => filesIn(`packages/${name}/src`))
    .filter((path) => path.endsWith('.ts') && !/(?:types|ports|errors)\.ts$/.test(path))
    .filter((path) => cites.test(read(path)))
  const isNamed = (path: string) => named.some((name) => path === name || path.startsWith(`${name}/`))
  expect(citing.length).toBeGreaterThan(20)
  expect(citing.filter((path) => !isNamed(path))).toEqual([])
})

it.each(
  [
    ...filesIn('docs'),
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    ...filesIn('packages'),
    ...filesIn('examples'),
  ].filter((path) => path.endsWith('.md') && !path.includes('node_modules') && existsSync(join(root, path))),
)('the links of %s lead somewhere', (path) => {
  const links = Array.from(read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g), ([, link = '']) => link)
  const local = links.filter((link) => !/^[a-z]+:/.test(link))
  expect(local.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([])
})

// What is written like a path of the repository, in tables, in backticks or in running text.
it.each(
  [...filesIn('docs'), 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'test/interop/README.md'].filter(
    (path) => path.endsWith('.md'),
  ),
)('the paths in %s exist', (path) => {
  const named = Array.from(
    read(path).matchAll(/(?<![\w/@.:-])(?:packages|examples|test|scripts|docs)\/[\w./-]*\w/g),
    ([found]) => found,
  )
  // A decision is also called by its number.
  const exists = (name: string) =>
    existsSync(join(root, name)) ||
    (/^docs\/decisions\/\d{4}$/.test(name) && filesIn('docs').some((file) => file.startsWith(name)))
  expect(named.filter((name) => !exists(name))).toEqual([])
})

it('what the documents run by npm is there', () => {
  const inside = (parent: string) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}/README.md`)
  const documents = ['README.md', 'CONTRIBUTING.md', ...inside('packages'), ...inside('examples')]
  const text = [...documents, ...filesIn('docs').filter((path) => path.endsWith('.md'))]
    .filter((path) => existsSync(join(root, path)))
    .map(read)
    .join('\n')
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const runs = Array.from(text.matchAll(/npm run ([a-z]+)(?: ([a-z-]+))?/g))
  const missing = runs.filter(([, script = '', name]) =>
    script === 'example' && name
      ? !existsSync(join(root, `examples/${name}/src/main.ts`))
      : !Object.hasOwn(scripts, script),
  )
  expect(runs.length).toBeGreaterThan(10)
  expect(missing.map(([command]) => command)).toEqual([])
})
