import { trustAnyone } from '@ekkasan/core'
import { createContextRegistry } from '@ekkasan/data-integrity'
import { expect, it } from 'vitest'
import { readStatus } from '../src/check-status.ts'

const entry = {
  type: 'BitstringStatusListEntry' as const,
  statusPurpose: 'revocation',
  statusListIndex: '7',
  statusListCredential: 'https://other.example/status-lists/revocation/0',
}

it.each<[string, string | Uint8Array<ArrayBuffer>]>([
  ['is no JSON', '{'],
  ['names a member twice', '{"a":1,"a":2}'],
  ['is nested without end', `{"a":${'['.repeat(50)}${']'.repeat(50)}}`],
  ['is a page in another encoding', Uint8Array.of(0x3c, 0xa1, 0xc3)],
  ['is nothing', ''],
])('a list that %s is one that must not be relied on, and no fault of this service', async (_what, body) => {
  const check = readStatus({
    url: 'https://own.example',
    fetch: async () => new Response(body),
    lists: { fetch: async () => undefined } as never,
    resolveIssuerKey: async () => Promise.reject(new TypeError('not asked')),
    isTrusted: trustAnyone('a test'),
    contexts: createContextRegistry([]),
  })
  await expect(
    check({ credentialStatus: [entry] }, { issuer: { id: 'did:example:1', method: 'did' } }),
  ).rejects.toMatchObject({ code: 'core.resolve.invalid' })
})
