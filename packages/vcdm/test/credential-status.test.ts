import { credentialStatusOf, parseCredentialStatus, validateCredential } from '@ekkasan/vcdm'
import fc from 'fast-check'
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

const malformed = (credentialStatus: unknown) => {
  const body = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    issuer: 'https://issuer.example',
    credentialSubject: { a: 1 },
    credentialStatus,
  }
  return validateCredential(body as never).map(({ path, code }) => `${path} ${code}`)
}
const messages = (...values: string[]) => values.map((status) => ({ status, message: 'm' }))

it.each([
  ['statusListIndex', 'a number as index', { statusListIndex: 1 }],
  ['statusListIndex', 'a negative index', { statusListIndex: '-1' }],
  ['statusListIndex', 'a fraction', { statusListIndex: '1.5' }],
  ['statusListIndex', 'hexadecimal', { statusListIndex: '0x1' }],
  ['statusListIndex', 'a second spelling', { statusListIndex: '01' }],
  ['statusListIndex', 'no index', { statusListIndex: '' }],
  ['statusListCredential', 'no list', { statusListCredential: null }],
  ['statusListCredential', 'a list that is no URL', { statusListCredential: 'status/1' }],
  ['statusPurpose', 'no purpose', { statusPurpose: ' ' }],
  ['statusPurpose', 'several purposes', { statusPurpose: ['revocation', 'suspension'] }],
  ['id', 'the list as its id', { id: 'https://issuer.example/status/1' }],
  ['type', 'another type beside', { type: ['BitstringStatusListEntry', 'X'] }],
  ['statusSize', 'a size of nothing', { statusSize: 0 }],
  ['statusSize', 'a size without end', { statusSize: 1e9 }],
  ['statusSize', 'a size as text', { statusSize: '2' }],
  ['statusMessage', 'a size above 1 without messages', { statusSize: 2 }],
  ['statusMessage', 'too few messages', { statusSize: 2, statusMessage: messages('0x0', '0x1', '0x2') }],
  ['statusMessage', 'two messages of a value', { statusMessage: messages('0x0', '0x00') }],
  ['statusMessage', 'a message of no value', { statusMessage: messages('0x0', '0x2') }],
  ['statusMessage', 'a decimal value', { statusMessage: messages('0', '1') }],
  ['statusMessage', 'messages that are none', { statusMessage: [{ status: '0x0' }, { status: '0x1' }] }],
  ['statusReference', 'a reference that is no URL', { statusReference: ['dictionary'] }],
])('reports %s: %s (Bitstring Status List section 2.1)', (member, _name, change) => {
  const credentialStatus = { ...entry, ...change }
  expect(malformed(credentialStatus)).toEqual([`/credentialStatus/${member} vcdm.status.invalid`])
  expect(malformed([entry, credentialStatus])).toEqual([`/credentialStatus/1/${member} vcdm.status.invalid`])
  expect(parseCredentialStatus({ credentialStatus } as never)).toBe('unsupported')
})

it('takes messages for each value, in any order and spelling of the digits', () => {
  const statusMessage = messages('0x3', '0x00', '0X1'.toLowerCase(), '0x2')
  const credentialStatus = { ...entry, statusPurpose: 'message', statusSize: 2, statusMessage }
  expect(malformed(credentialStatus)).toEqual([])
  expect(parseCredentialStatus({ credentialStatus })).toEqual({ credentialStatus: [credentialStatus] })
})

it.each([
  ['another type', { ...entry, type: 'StatusList2021Entry' }],
  ['another type beside it', [entry, { ...entry, type: 'X' }]],
  ['no entry', []],
  ['too many', Array(17).fill(entry)],
  ['a text', 'x'],
])('does not take for a status that it knows: %s', (_name, credentialStatus) => {
  expect(parseCredentialStatus({ credentialStatus: credentialStatus as never })).toBe('unsupported')
})

it('lets neither of two statuses hide the other: a claim beside the body', () => {
  const claim = { uri: 'https://issuer.example/status/1', index: 3 }
  expect(parseCredentialStatus({}, claim)).toBe(claim)
  expect(parseCredentialStatus({}, 'unsupported')).toBe('unsupported')
  expect(parseCredentialStatus({ credentialStatus: entry }, undefined)).toEqual({ credentialStatus: [entry] })
  expect(parseCredentialStatus({ credentialStatus: entry }, claim)).toBe('unsupported')
})

it('reads an entry or says that it does not, for any value of any member', () => {
  const member = fc.constantFrom(
    ...Object.keys(entry),
    'id',
    'statusSize',
    'statusMessage',
    'statusReference',
  )
  fc.assert(
    fc.property(member, fc.jsonValue(), (name, value) => {
      const credentialStatus = { ...entry, [name]: value } as never
      const isRead = typeof parseCredentialStatus({ credentialStatus }) === 'object'
      const isOfType = name !== 'type' || value === 'BitstringStatusListEntry'
      if (isOfType) expect(malformed(credentialStatus).length === 0).toBe(isRead)
    }),
  )
})
