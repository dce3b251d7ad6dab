import { appendFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/**
 * Prints why tests were skipped, which are expected to fail, and the closing line `N passed, N failed, N skipped`.
 * A file that crashed counts as failed. Expected failures are in none of the three. With TEST_COUNTS the closing line
 * is appended to that file too.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0
    let failed = 0
    let skipped = 0
    const reasons = new Map<string, number>()
    const expected: string[] = []
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'skipped') {
          skipped += 1
          const reason = result.note ?? (test.options.mode === 'run' ? 'not selected' : 'no reason given')
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        } else if (result.state !== 'passed') failed += 1
        else if (test.options.fails) expected.push(test.name)
        else passed += 1
      }
    }
    for (const [reason, count] of [...reasons].sort()) console.log(`skipped ${count}: ${reason}`)
    if (expected.length > 0) {
      console.log(`expected to fail, ${expected.length}: ${expected.join('; ')}`)
    }
    const line = `${passed} passed, ${failed} failed, ${skipped} skipped`
    console.log(line)
    if (process.env.TEST_COUNTS !== undefined) appendFileSync(process.env.TEST_COUNTS, `${line}\n`)
  }
}
