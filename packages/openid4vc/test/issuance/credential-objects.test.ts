import { parseCredentialResponse } from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'

const response = (credential: string) => `{"credentials":[{"credential":${credential}}]}`
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

describe('a credential that is a JSON object (OpenID4VCI section 8.3, Appendix A.1.2)', () => {
  it('is taken as it is, several and with texts beside it', () => {
    const json = '{"credentials":[{"credential":{"type":["VerifiableCredential"]}},{"credential":"a.b.c"}]}'
    expect(parseCredentialResponse(json)).toEqual(JSON.parse(json))
  })

  it('may be nested 32 deep', () => {
    expect(parseCredentialResponse(response(deep(32)))).toEqual(JSON.parse(response(deep(32))))
  })

  it.each([
    ['nested deeper', deep(33)],
    ['nested without end', deep(100_000)],
    ['longer than 1 MiB', `{"a":"${'a'.repeat(1_048_576)}"}`],
    ['longer than 1 MiB in many members', `{${Array.from({ length: 150_000 }, (_none, at) => `"${at}":1`)}}`],
    ['with a member twice', '{"a":1,"a":2}'],
    ['with a member twice inside', '{"a":[{"b":1,"b":1}]}'],
    ['with __proto__', '{"__proto__":{}}'],
    ['with a number beyond all', '{"a":1e999}'],
    ['a list', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['an empty text', '""'],
  ])('%s is refused', (_what, credential) => {
    expect(() => parseCredentialResponse(response(credential))).toThrow(
      expect.objectContaining({ code: 'openid4vc.credential-response.malformed' }),
    )
  })
})
