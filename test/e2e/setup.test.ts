import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** Starts a command as on a machine whose Node has another version, or that is another system. */
function runOn(version: string, platform: string) {
  const versions = JSON.stringify({ ...process.versions, node: version })
  const script = `
    Object.defineProperty(process, 'versions', { value: ${versions} })
    Object.defineProperty(process, 'platform', { value: '${platform}' })
    process.argv = [process.execPath, 'scripts/run.mjs', 'no-such-task']
    await import('./scripts/run.mjs')`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, stderr }
}

it.each([
  ['18.20.8', 'linux', '20'],
  ['22.17.1', 'darwin', '22.18'],
  ['20.19.0', 'win32', '22.18'],
])('Node %s on %s is told at once that Node %s or later is needed', (version, platform, wanted) => {
  const { status, stderr } = runOn(version, platform)
  expect(status).toBe(1)
  expect(stderr).toBe(
    `Ekkasan needs Node ${wanted} or later here; this is ${version}. Install it and run again.\n`,
  )
})

it.each([
  ['20.0.0', 'linux'],
  ['22.18.0', 'darwin'],
  ['24.0.0', 'win32'],
])('Node %s on %s is enough', (version, platform) => {
  expect(runOn(version, platform).stderr).toBe('unknown task: no-such-task\n')
})
