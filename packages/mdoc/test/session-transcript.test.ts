import { hash } from '@ekkasan/core/bytes'
import { encodeCbor } from '@ekkasan/cose'
import { jwkThumbprint } from '@ekkasan/keys'
import { dcApiSessionTranscript, sessionTranscriptOf } from '@ekkasan/mdoc'
import { expect, it } from 'vitest'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const request = {
  clientId: 'x509_san_dns:example.com',
  nonce: 'exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA',
  responseUri: 'https://example.com/response',
  encryptionKeyThumbprint: jwkThumbprint({
    kty: 'EC',
    crv: 'P-256',
    x: 'DxiH5Q4Yx3UrukE2lWCErq8N8bqC9CHLLrAwLz5BmE0',
    y: 'XtLM4-3h5o3HUH0MHVJV0kyq0iBlrBwlh8qEDMZ4-Pc',
  }),
}

it('is that of the example for redirects (OpenID4VP Appendix B.2.6.1)', () => {
  expect(hex(sessionTranscriptOf(request))).toBe(
    '83f6f682714f70656e494434565048616e646f7665725820048bc053c00442af9b8eed494cefdd9d95240d254b046b11b68013722aad38ac',
  )
})

it('is that of the example for the Digital Credentials API (OpenID4VP Appendix B.2.6.2)', () => {
  expect(hex(sessionTranscriptOf({ ...request, origin: 'https://example.com' }))).toBe(
    '83f6f682764f70656e4944345650444341504948616e646f7665725820fbece366f4212f9762c74cfdbf83b8c69e371d5d68cea09cb4c48ca6daab761a',
  )
})

it('has null for the thumbprint of a response that is not encrypted', () => {
  const { encryptionKeyThumbprint: _none, ...plain } = request
  const info = encodeCbor([request.clientId, request.nonce, null, request.responseUri])
  expect(hex(sessionTranscriptOf(plain))).toBe(
    `83f6f682714f70656e494434565048616e646f7665725820${hex(hash('sha-256', info))}`,
  )
})

it('binds a request by org-iso-mdoc to its encryption info and origin (ISO/IEC TS 18013-7 Annex C)', () => {
  const options = { encryptionInfo: 'gmVkY2FwaQ', origin: 'https://example.com' }
  const info = encodeCbor([options.encryptionInfo, options.origin])
  expect(hex(dcApiSessionTranscript(options))).toBe(
    `83f6f68265646361706958 20${hex(hash('sha-256', info))}`.replace(' ', ''),
  )
})
