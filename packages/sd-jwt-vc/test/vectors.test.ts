import { type JsonObject, trustAnyone } from '@ekkasan/core'
import { createDisclosureFrame, issueSdJwt, presentSdJwt } from '@ekkasan/sd-jwt'
import { verifySdJwtVc } from '@ekkasan/sd-jwt-vc'
import { describe, expect, it } from 'vitest'
import { readVector } from '../../../test/vectors.ts'
import { clock, forge, holder, issuer, verifying } from './setting.ts'

const read = (name: string) => JSON.parse(readVector(`openid4vp/1.0/examples/${name}`)) as JsonObject

const verify = (presentation: string, iss: string) => {
  const { binding: _none, ...options } = verifying({
    isTrusted: trustAnyone('an example'),
    resolveIssuerKey: async () => ({
      jwk: issuer.key.publicJwk,
      identity: { id: iss, method: 'jwt-vc-issuer' },
    }),
  })
  return verifySdJwtVc(presentation, options)
}

describe('the SD-JWT VC examples of OpenID4VP (Appendix B.3), signed here because they come without signature', () => {
  it('the payload of the issuer is accepted; what is not disclosed is not there', async () => {
    const payload = read('credentials/sd_jwt_vc.json')
    const { types, claims, validity } = await verify(await forge(payload), String(payload.iss))
    expect(types).toEqual([payload.vct])
    expect(validity.until).toEqual(new Date(1_883_000_000_000))
    const { _sd: digests, _sd_alg, ...plain } = payload
    expect(digests).toHaveLength(8)
    expect(plain).toMatchObject(claims)
    expect(JSON.stringify(claims)).not.toContain('_sd')
  })

  it('the claims of the holder come out as they went in, however they are concealed', async () => {
    const claims = read('credentials/sd_jwt_vc_unsecured.json')
    const { vct: _type, ...selective } = claims
    const iss = 'https://example.com/issuer'
    const issued = await issueSdJwt({
      signer: issuer,
      header: { typ: 'dc+sd-jwt' },
      payload: { iss, ...claims },
      frame: createDisclosureFrame({ selective: Object.keys(selective).map((name) => [name]) }),
    })
    expect((await verify(issued, iss)).claims).toEqual(selective)
  })

  it('the proof of the holder has the members that ours has', async () => {
    const example = read('response/kb_jwt_unsecured.json')
    const made = await presentSdJwt(await forge({ cnf: { jwk: holder.key.publicJwk as never } }), {
      disclose: [],
      keyBinding: {
        holder,
        audience: String(example.aud),
        nonce: String(example.nonce),
        transactionData: [Buffer.from('{"type":"x"}').toString('base64url')],
        clock,
      },
    })
    const part = made.split('~').at(-1)?.split('.')[1] ?? ''
    const payload = JSON.parse(Buffer.from(part, 'base64url').toString()) as JsonObject
    expect(Object.keys(payload).sort()).toEqual(Object.keys(example).sort())
    expect(payload).toMatchObject({ aud: example.aud, nonce: example.nonce })
    const hashes = [payload, example].flatMap((one) => [one.sd_hash, ...(one.transaction_data_hashes as [])])
    for (const hash of hashes) expect(hash).toMatch(/^[\w-]{43}$/)
  })
})
