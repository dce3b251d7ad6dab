import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const page = read('docs/conformance.md')
const guide = read('examples/vc-api/README.md')

const cellsOf = (row: string) =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The text below `## name`, up to the next heading. */
function sectionOf(name: string): string {
  const [, section = ''] = page.split(`\n## ${name}\n`)
  return section.split('\n## ')[0] ?? ''
}

const results = page
  .split('\n')
  .filter((row) => row.startsWith('| [vc-'))
  .map(cellsOf)
  .map(([link = '', passes = '', failed, pending]) => ({
    suite: link.slice(1, link.indexOf(']')),
    passes,
    failed: Number(failed),
    pending: Number(pending),
  }))

describe('docs/conformance.md', () => {
  it('has a result of each of the six suites', () => {
    expect(results.map(({ suite }) => suite).sort()).toEqual([
      'vc-bitstring-status-list-test-suite',
      'vc-data-model-2.0-test-suite',
      'vc-di-bbs-test-suite',
      'vc-di-ecdsa-test-suite',
      'vc-di-eddsa-test-suite',
      'vc-jose-cose-test-suite',
    ])
  })

  it('says of what, when and how the suites were run', () => {
    expect(page).toMatch(/run on \d{4}-\d\d-\d\d against commit [0-9a-f]{7} of this repository/)
    expect(page).toMatch(/vc-test-suite-implementations at [0-9a-f]{7}/)
    expect(page).toMatch(/data-integrity-test-suite-assertion at 8d84d18/)
  })

  it.each(results)(
    'explains as many failures of $suite as it counts',
    ({ suite, passes, failed, pending }) => {
      const section = sectionOf(suite)
      const [ok, all] = passes.split(' of ').map(Number)
      expect(failed).toBe(Number(all) - Number(ok))
      expect(section).toMatch(
        new RegExp(
          `^\\s*Passes ${passes} tests of w3c/${suite} at commit [0-9a-f]{7} \\(\\d{4}-\\d\\d-\\d\\d\\), on \\d{4}-\\d\\d-\\d\\d, by \`mocha `,
        ),
      )
      expect(/^Pending: /m.test(section)).toBe(pending > 0)
      const explained = section
        .split('\n')
        .filter((row) => /^\|.*\| \d+ \|/.test(row))
        .map(cellsOf)
      expect(explained.reduce((sum, [, tests]) => sum + Number(tests), 0)).toBe(failed)
      for (const [, , reason = ''] of explained) expect(reason.length).toBeGreaterThan(40)
    },
  )
})

describe('the BBS suite in docs/conformance.md [K10]', () => {
  const section = sectionOf('vc-di-bbs-test-suite')

  it('runs whole with a loader that knows the vdl context, and nothing else added [K10]', () => {
    expect(results.find(({ suite }) => suite === 'vc-di-bbs-test-suite')).toEqual({
      suite: 'vc-di-bbs-test-suite',
      passes: '80 of 80',
      failed: 0,
      pending: 7,
    })
    expect(section).toContain('One thing is added to the suite')
    for (const word of [
      '`documentLoader`',
      'https://w3id.org/vdl/v1',
      '@digitalbazaar/vdl-context',
      '8d84d18',
    ])
      expect(section).toContain(word)
    expect(section).not.toMatch(/could not begin|not run|three mended|after signing/)
    expect(page).not.toMatch(/could not begin|three mended/)
  })

  // The suite and what it stands on are not here: two stand-ins give the loader what it imports.
  it('has the loader in the guide: vdl from npm, all else from the assertion package [K10]', async () => {
    const [, code = ''] = /```js\n(import \{ CONTEXT[\s\S]*?)```/.exec(guide) ?? []
    expect(code).toContain("from '@digitalbazaar/vdl-context'")
    expect(code).toContain("from 'data-integrity-test-suite-assertion'")
    const body = code.replace(/^import .*$/gm, '')
    const make = new Function('CONTEXT', 'CONTEXT_URL', 'createDocLoader', `${body}; return documentLoader`)
    const vdl = { '@context': { licence: 'https://vocabulary.example/licence' } }
    const others = async (url: string) => ({ documentUrl: url, document: 'of the assertion package' })
    const load = make(vdl, 'https://w3id.org/vdl/v1', () => others)
    expect(await load('https://w3id.org/vdl/v1')).toEqual({
      contextUrl: null,
      documentUrl: 'https://w3id.org/vdl/v1',
      document: vdl,
    })
    expect(await load('https://www.w3.org/ns/credentials/v2')).toEqual(
      await others('https://www.w3.org/ns/credentials/v2'),
    )
  })
})
