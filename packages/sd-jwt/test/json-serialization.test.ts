import type { JsonObject } from '@ekkasan/core'
import { flattenedSdJwt, generalSdJwt, parseSdJwt, presentSdJwt } from '@ekkasan/sd-jwt'
import { describe, expect, it } from 'vitest'
import { digest, disclosure, forge, holder } from './setting.ts'

const name = disclosure('salt', 'name', 'A')
const compact = await forge({ _sd: [digest(name)] }, [name])
const bound = await presentSdJwt(compact, {
  disclose: [['name']],
  keyBinding: { holder, audience: 'a', nonce: 'n' },
})

describe('JWS JSON serialization (RFC 9901 section 8)', () => {
  it.each([
    ['an SD-JWT', compact],
    ['an SD-JWT+KB', bound],
  ])('says the same as the compact form of %s', (_what, sdJwt) => {
    expect(parseSdJwt(flattenedSdJwt(sdJwt))).toEqual(parseSdJwt(sdJwt))
    expect(parseSdJwt(generalSdJwt(sdJwt))).toEqual(parseSdJwt(sdJwt))
  })

  const flattened = flattenedSdJwt(bound)
  const general = generalSdJwt(bound)
  const [first] = general.signatures
  const bad: readonly [string, JsonObject][] = [
    ['no signature', { ...general, signatures: [] }],
    ['signatures that are no objects', { ...general, signatures: ['x'] }],
    ['both forms at once', { ...general, signature: 'x' }],
    ['disclosures beside the second signature', { ...general, signatures: [first, first] }],
    ['disclosures that are no list', { ...flattened, header: { disclosures: 'x' } }],
    ['a disclosure that is no string', { ...flattened, header: { disclosures: [1] } }],
    ['a disclosure with a tilde', { ...flattened, header: { disclosures: ['a~b'] } }],
    ['a kb_jwt with a tilde', { ...flattened, header: { disclosures: [], kb_jwt: 'a~b' } }],
    ['a payload with a dot', { ...flattened, payload: 'a.b' }],
    ['no payload', { signatures: [first] }],
    ['a header that is no object', { ...flattened, header: null }],
    ['nothing in it', {}],
  ]
  it.each(bad)('rejects one with %s', (_what, json) => {
    expect(() => parseSdJwt(json)).toThrow(expect.objectContaining({ code: 'sd-jwt.malformed' }))
  })

  it.each(['', '~', 'a.b.c', '~a.b.c', 'a.b.c~~'])('rejects the compact form %j', (text) => {
    expect(() => parseSdJwt(text)).toThrow()
  })
})
