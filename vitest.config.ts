import { defineConfig } from 'vitest/config'

const conditions = ['@ekkasan/source', 'module', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'test',
          include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/drill/**', '**/node_modules/**'],
        },
      },
      // What takes long: restores, kills, starvation, failover. `npm run drill -- --list` names them.
      { extends: true, test: { name: 'drill', include: ['test/drill/*.test.ts'], testTimeout: 300_000 } },
    ],
    reporters: ['default', './scripts/count-reporter.ts'],
  },
})
