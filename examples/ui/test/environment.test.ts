import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { clientIds, createEnvironmentReader, issuerIds } from '@ekkasan-examples/ui'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

it.each([
  [issuerIds, 'https://a.example did:web:b.example, http://127.0.0.1:4001', undefined],
  [issuerIds, 'https://a.example, issuer.example', 'issuer.example'],
  [issuerIds, 'https://a.example, http://b.example', 'http://b.example'],
  [issuerIds, 'http://localhost.example', 'http://localhost.example'],
  [clientIds, 'x509_hash:abc origin:https://a.example', undefined],
  [clientIds, 'verifier.example', 'verifier.example'],
  [clientIds, 'https://verifier.example', 'https://verifier.example'],
])('a list of those who are trusted names %j or nobody: %s', (shape, text, odd) => {
  const list = () => createEnvironmentReader({ TRUSTED: text }).list('TRUSTED', shape)
  if (odd === undefined) expect(list()).toHaveLength(text.split(' ').length)
  else expect(list).toThrow(`TRUSTED must list ${shape.what}; this is none: ${odd}`)
})

it('a file that is not there is told by the name of its setting', () => {
  const file = fileURLToPath(import.meta.url)
  expect(createEnvironmentReader({ FILES: file }).files('FILES')).toEqual([file])
  expect(() => createEnvironmentReader({ FILES: 'nope.pem' }).files('FILES')).toThrow(
    'FILES must list files that are there; this is not: nope.pem',
  )
})

it.each(['issuer', 'verifier', 'wallet', 'vc-api'])(
  'the %s ends at a wrong setting, with the message alone',
  (name) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--conditions=@ekkasan/source', `examples/${name}/src/main.ts`],
      { cwd: root, encoding: 'utf8', env: { ...process.env, PORT: 'x' }, timeout: 30_000 },
    )
    expect(status).toBe(1)
    expect(stderr).toBe('PORT must be a whole number from 0 to 65535\n')
  },
)
