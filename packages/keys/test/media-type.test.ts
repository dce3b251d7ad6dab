import { isCoseType, isJoseType } from '@ekkasan/keys'
import { expect, it } from 'vitest'

it.each(['kb+jwt', 'KB+JWT', 'application/kb+jwt', 'APPLICATION/Kb+Jwt'])('%s is kb+jwt [F10]', (value) => {
  expect(isJoseType(value, 'kb+jwt')).toBe(true)
  expect(isJoseType(value, 'application/kb+jwt')).toBe(true)
})

it.each([
  ...[
    'text/kb+jwt',
    'application/application/kb+jwt',
    'application/kb+jwt; a=b',
    'kb+jwt;a',
    ' kb+jwt',
    'kb',
  ],
  ...['', undefined, null, 7, ['kb+jwt']],
])('%s is not [F10]', (value) => {
  expect(isJoseType(value, 'kb+jwt')).toBe(false)
})

it('a COSE type is the full media type or its number (RFC 9596 section 2) [F10]', () => {
  const type = 'application/statuslist+cwt'
  for (const value of [type, 'Application/StatusList+CWT', 279])
    expect(isCoseType(value, type, 279)).toBe(true)
  for (const value of ['statuslist+cwt', 280, 279.5, null, undefined, '279']) {
    expect(isCoseType(value, type, 279), String(value)).toBe(false)
  }
  expect(isCoseType(279, 'application/vc+cose')).toBe(false)
  expect(isCoseType(undefined, 'application/vc+cose')).toBe(false)
})
