import type { JsonObject, Signer } from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import {
  certificateHashClientId,
  type PresentationRequestError,
  verifyDcApiRequest,
} from '@ekkasan/openid4vc'
import { beforeAll, describe, expect, it } from 'vitest'
import { readVector } from '../../../../test/vectors.ts'
import { paperCertificate, readPaperCertificate } from '../../../verifier/test/certificate.ts'

const examples = 'openid4vp/1.0/examples/digital_credentials_api'
const query = { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['x'] } }] }
const typ = 'oauth-authz-req+jwt'
const readCertificate = readPaperCertificate

/** The examples abridge their query. */
const example = (name: string): JsonObject =>
  JSON.parse(
    readVector(`${examples}/${name}.json`).replace(
      '"dcql_query": {...}',
      `"dcql_query": ${JSON.stringify(query)}`,
    ),
  )
const codeOf = (error: PresentationRequestError) => error.code

let signer: Signer
let x5c: readonly string[]

beforeAll(async () => {
  const jwk = await generateJwk('ES256')
  x5c = [paperCertificate(publicJwkOf(jwk), ['rp.example.com'], 'Department')]
  signer = await signerFromJwk(jwk, { x5c })
})

describe('the examples of OpenID4VP Appendix A.3.2', () => {
  const signed = async () => ({
    protocol: 'openid4vp-v1-signed',
    data: {
      request: await signJws({
        signer,
        header: { typ, x5c },
        payload: example('signed_request_payload_compact'),
      }),
    },
  })
  const multisigned = async (more: JsonObject = {}) => {
    const payload = { ...example('signed_request_payload'), ...more }
    const header = { typ, x5c, client_id: certificateHashClientId(x5c) }
    const [head = '', body = '', signature = ''] = (await signJws({ signer, header, payload })).split('.')
    const data: JsonObject = { payload: body, signatures: [{ protected: head, signature }] }
    return { protocol: 'openid4vp-v1-multisigned', data }
  }

  it.each(['https://origin1.example.com', 'https://origin2.example.com'])(
    'a signed request is taken from a page of %s',
    async (origin) => {
      const { request, clients } = await verifyDcApiRequest(await signed(), { origin, readCertificate })
      expect(clients.map(({ clientId }) => clientId)).toEqual(['x509_san_dns:rp.example.com'])
      expect(request).toMatchObject({ response_mode: 'dc_api', nonce: 'n-0S6_WzA2Mj', dcql_query: query })
    },
  )

  it('a signed request is refused from a page of another origin (Appendix A.2)', async () => {
    const origin = 'https://rp.example.com'
    const refused = verifyDcApiRequest(await signed(), { origin, readCertificate }).catch(codeOf)
    expect(await refused).toBe('openid4vc.request.origin')
  })

  it('one signed in JSON serialization names its client in the header (Appendix A.3.2.2)', async () => {
    const origin = 'https://origin1.example.com'
    const { clients } = await verifyDcApiRequest(await multisigned(), { origin, readCertificate })
    expect(clients.map(({ clientId }) => clientId)).toEqual([certificateHashClientId(x5c)])
    const outside = await multisigned({ client_id: certificateHashClientId(x5c) })
    expect(await verifyDcApiRequest(outside, { origin, readCertificate }).catch(codeOf)).toBe(
      'openid4vc.request.malformed',
    )
  })

  it('of several signatures the wrong ones count for nothing, and one must be right (docs/decisions/0021)', async () => {
    const origin = 'https://origin1.example.com'
    const { protocol, data } = await multisigned()
    const [right] = data.signatures as { protected: string; signature: string }[]
    const bytes = Buffer.from(right!.signature, 'base64url')
    bytes[0] = (bytes[0] as number) ^ 1
    const wrong = { ...right, signature: bytes.toString('base64url') }
    const read = (signatures: unknown[]) =>
      verifyDcApiRequest(
        { protocol, data: { ...data, signatures } as JsonObject },
        { origin, readCertificate },
      )
    for (const signatures of [
      [wrong, right],
      [right, wrong],
    ]) {
      expect((await read(signatures)).clients.map(({ clientId }) => clientId)).toEqual([
        certificateHashClientId(x5c),
      ])
    }
    expect(await read([wrong]).catch(codeOf)).toBe('openid4vc.request.signature')
    expect(await read([wrong, wrong]).catch(codeOf)).toBe('openid4vc.request.signature')
  })
})
