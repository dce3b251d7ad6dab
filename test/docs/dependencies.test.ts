import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

type Dependencies = Readonly<Record<string, string>>
interface Manifest {
  readonly dependencies?: Dependencies
  readonly devDependencies?: Dependencies
  readonly optionalDependencies?: Dependencies
}

const manifests = execFileSync('git', ['ls-files', 'package.json', '*/package.json'], { cwd: root })
  .toString()
  .trim()
  .split('\n')

/** `name version` of everything from outside, as package.json files have it. */
const installed = new Set(
  manifests.flatMap((path) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(path)) as Manifest
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !version.startsWith('workspace:'))
      .map(
        ([name, version]) =>
          version
            .match(/^npm:(.+)@(.+)$/)
            ?.slice(1)
            .join(' ') ?? `${name} ${version}`,
      )
  }),
)

const firstCells = read('docs/dependencies.md')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|')[1] ?? '')
const listed = new Set(
  firstCells.flatMap((cell) =>
    Array.from(cell.matchAll(/(@?[a-z\d][\w./-]*) (\d+\.\d[\w.-]*)/g), ([whole]) => whole),
  ),
)

it('every dependency has exact versions', () => {
  expect([...installed].filter((entry) => !/ \d+\.\d+\.\d+[\w.-]*$/.test(entry))).toEqual([])
})

it('docs/dependencies.md lists every dependency in its version (types of others go with them)', () => {
  const own = [...installed].filter((entry) => !entry.startsWith('@types/'))
  expect(own.length).toBeGreaterThan(50)
  expect(own.filter((entry) => !listed.has(entry))).toEqual([])
})

it('docs/dependencies.md lists no dependency that is gone', () => {
  expect([...listed].filter((entry) => !installed.has(entry))).toEqual([])
})

it('docs/formats.md says of each library what it brings', () => {
  const dependenciesOf = (name: string) =>
    Object.keys((JSON.parse(read(`packages/${name}/package.json`)) as Manifest).dependencies ?? {})
  const brings = (name: string): string[] =>
    dependenciesOf(name).flatMap((dependency) =>
      dependency.startsWith('@ekkasan/') ? [dependency, ...brings(dependency.slice(9))] : [dependency],
    )
  const rows = read('docs/formats.md').matchAll(/^\| \[`([\w-]+)`\]\(\.\.\/packages\/.*?\|(.*)\|(.*)\|$/gm)
  const said = Array.from(rows, ([, name = '', ours = '', outside = '']) => {
    const list = (cell = '') => cell.trim().split(/, /)
    const packages = [...list(ours.split(';')[0]).map((part) => `@ekkasan/${part}`), ...list(outside)]
    return [name, packages.sort()]
  })
  expect(said).toHaveLength(5)
  expect(said).toEqual(said.map(([name]) => [name, [...new Set(brings(name as string))].sort()]))
})
