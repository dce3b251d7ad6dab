import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

const name = process.env.MUTATED_PACKAGE ?? ''
const { projects: _projects, ...test } = base.test ?? {}

export default mergeConfig(
  { ...base, test },
  defineConfig({
    root: new URL('../..', import.meta.url).pathname,
    test: { include: [`packages/${name}/test/**/*.test.ts`], reporters: ['default'] },
  }),
)
