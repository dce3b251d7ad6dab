import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const longest = 200

const files = ['test', 'packages', 'examples']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  .filter((file) => /\/?test\/.*\.tsx?$/.test(file) && !/node_modules|^test\/drill\//.test(file))

/** The sleeps of a source text: each as it is written, with the length that is written there. */
const sleepsIn = (source: string) => [
  ...source.matchAll(/\bsetTimeout\(\s*\w+\s*,\s*([^)]*)\)|\bwaitForTimeout\(\s*([^)]*)\)/g),
]

const isShort = (length: string) => /^[\d_]+$/.test(length) && Number(length.replaceAll('_', '')) <= longest

const tooLong = (source: string) =>
  sleepsIn(source)
    .filter(([, timer, page]) => !isShort((timer ?? page ?? '').trim()))
    .map(([written]) => written)

it('sees the sleeps that are too long, and those whose length cannot be read', () => {
  const sleep = (length: string) => `await new Promise((resolve) => ${'setTimeout'}(resolve, ${length}))`
  expect(tooLong(sleep('200'))).toEqual([])
  expect(tooLong(sleep('1_500'))).toHaveLength(1)
  expect(tooLong(sleep('201'))).toHaveLength(1)
  expect(tooLong(sleep('seconds * 1000'))).toHaveLength(1)
  expect(tooLong(`await page.${'waitForTimeout'}(2200)`)).toHaveLength(1)
})

it(`no test sleeps over ${longest} ms: clocks are handed in, and what a program does is waited for`, () => {
  expect(files.length).toBeGreaterThan(200)
  const found = files.flatMap((file) =>
    tooLong(readFileSync(join(root, file), 'utf8')).map((written) => `${file}: ${written}`),
  )
  expect(found).toEqual([])
})
