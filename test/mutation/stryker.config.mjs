// Mutation tests of the files that decide; `npm run mutation -- PACKAGE`. The figures stand in docs/mutation.md.
import { readFileSync } from 'node:fs'

const name = process.env.MUTATED_PACKAGE ?? ''
const files = JSON.parse(readFileSync(new URL('files.json', import.meta.url), 'utf8'))[name]?.mutate ?? []

export default {
  mutate: files.map((file) => `packages/${name}/${file}`),
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 2),
  timeoutMS: 20_000,
  disableTypeChecks: false,
  tempDirName: '.data/mutation',
  cleanTempDir: 'always',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: `.data/mutation-${name}.json` },
  thresholds: { high: 95, low: 85, break: 85 },
}
