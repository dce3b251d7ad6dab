import { credentialStatusOf, parseCredentialStatus } from '@ekkasan/vcdm'
import { expect, it } from 'vitest'

const entry = {
  type: 'BitstringStatusListEntry' as const,
  statusPurpose: 'revocation',
  statusListIndex: '94567',
  statusListCredential: 'https://issuer.example/status/1',
}
const other = { ...entry, statusPurpose: 'suspension' }

it('reads one entry and several, and writes them as they were read (Bitstring Status List section 2.1)', () => {
  for (const credentialStatus of [entry, [entry, other]]) {
    const status = parseCredentialStatus({ credentialStatus })
    expect(status).toEqual({ credentialStatus: [credentialStatus].flat() })
    if (typeof status === 'object') expect(credentialStatusOf(status)).toEqual(credentialStatus)
  }
  expect(parseCredentialStatus({})).toBeUndefined()
  expect(() => credentialStatusOf({ uri: 'https://issuer.example/1', index: 1 })).toThrow(TypeError)
})

it.each([
  ['another type', { ...entry, type: 'StatusList2021Entry' }],
  ['another type beside it', [entry, { ...entry, type: 'X' }]],
  ['no entry', []],
  ['too many', Array(17).fill(entry)],
  ['a number as index', { ...entry, statusListIndex: 1 }],
  ['no list', { ...entry, statusListCredential: null }],
  ['a size of nothing', { ...entry, statusSize: 0 }],
  ['messages that are none', { ...entry, statusMessage: [{ status: '0x0' }] }],
  ['a text', 'x'],
])('does not take for a status that it knows: %s', (_name, credentialStatus) => {
  expect(parseCredentialStatus({ credentialStatus: credentialStatus as never })).toBe('unsupported')
})
