import { decodeStatusList, parseStatusListToken, readStatus } from '@ekkasan/status'
import { expect, it } from 'vitest'
import { readVector } from '../../../test/vectors.ts'

const read = (name: string) => readVector(`token-status-list/examples/${name}`)

it('reads the Status List Token of the standard (section 5.1)', async () => {
  const text = read('status_list_jwt_raw.md').replaceAll(/\s/g, '')
  const token = parseStatusListToken(text)
  expect(token).toMatchObject({
    kid: '12',
    iss: 'https://example.com',
    sub: 'https://example.com/statuslists/1',
    issuedAt: new Date(1686920170_000),
    expiresAt: new Date(2291720170_000),
    ttl: 43200,
  })
  const list = await decodeStatusList(token.statusList)
  expect(list.bits).toBe(1)
  expect([0, 1, 3, 15].map((index) => readStatus(list, index))).toEqual([1, 0, 1, 1])
})

it('agrees with the decoded example on header and claims', () => {
  const [header, payload] = read('status_list_jwt.md')
    .split('\n.\n')
    .map((part) => JSON.parse(part))
  const text = read('status_list_jwt_raw.md').replaceAll(/\s/g, '')
  const { jws } = parseStatusListToken(text)
  expect(jws.header).toEqual(header)
  expect(jws.payload).toMatchObject(payload)
})
