import { readFileSync } from 'node:fs'
import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

const name = process.env.MUTATED_PACKAGE ?? ''
const files = JSON.parse(readFileSync(new URL('files.json', import.meta.url), 'utf8'))
// Tests that say nothing of the changed files, or try thousands of texts, take minutes for every change.
const tests: readonly string[] = files[name]?.tests ?? ['test/**/*.test.ts']
const { projects: _projects, ...test } = base.test ?? {}

export default mergeConfig(
  { ...base, test },
  defineConfig({
    root: new URL('../..', import.meta.url).pathname,
    test: { include: tests.map((test) => `packages/${name}/${test}`), reporters: ['default'] },
  }),
)
