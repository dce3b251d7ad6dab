import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
// test/docs/code-blocks.test.ts asks that every library has one.
const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'README.md')),
)

function sourceOf(name: string): string {
  const folder = join(root, 'packages', name, 'src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
}

describe.each(packages)('the README of %s', (name) => {
  const readme = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8')

  it('names every error code', () => {
    const codes = new Set(
      Array.from(sourceOf(name).matchAll(/'((?:[a-z0-9-]+\.)+[\w-]+)'/g), ([, code = '']) => code),
    )
    // After its first code a family is written by its endings: `x.y.first`, `.second`.
    const isNamed = (code: string) => {
      const [family] = code.split(/\.[^.]+$/)
      const ending = code.slice(family?.length)
      return (
        readme.includes(`\`${code}\``) ||
        (readme.includes(`\`${family}.`) &&
          (readme.includes(`\`${ending}\``) || readme.includes(`\`${ending.slice(1)}\``)))
      )
    }
    const own = [...codes].filter((code) => code.startsWith(`${name}.`))
    expect(own.filter((code) => !isNamed(code))).toEqual([])
  })

  it('names no error code that the package does not have', () => {
    const source = sourceOf(name)
    const named = Array.from(readme.matchAll(/`([a-z0-9-]+(?:\.[a-z0-9_-]+){2,})`/g), ([, code = '']) => code)
    const own = named.filter((code) => code.startsWith(`${name}.`))
    expect(own.filter((code) => !source.includes(`'${code}'`))).toEqual([])
  })

  it('has its name, and stays short', () => {
    expect(readme.startsWith(`# @ekkasan/${name}\n`)).toBe(true)
    expect(readme.split('\n').length).toBeLessThanOrEqual(60)
  })
})
