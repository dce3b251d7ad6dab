import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

it.each([
  'http://verifier.example',
  'ftp://verifier.example',
  'https://user:secret@verifier.example',
  'https://verifier.example/tenant',
  'https://verifier.example?a=b',
  'verifier.example',
])('wallets are not sent to %s', (url) => {
  expect(() => readConfig({ VERIFIER_URL: url })).toThrow('VERIFIER_URL must')
})

it('has a URL of its own wherever others than this machine reach it', () => {
  expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow('VERIFIER_URL must be set')
  expect(readConfig({ HOST: '0.0.0.0', VERIFIER_URL: 'https://verifier.example/' }).url).toBe(
    'https://verifier.example',
  )
  expect(readConfig({ VERIFIER_URL: 'http://127.0.0.1:4002' }).url).toBe('http://127.0.0.1:4002')
  expect(readConfig({}).url).toBeUndefined()
})
