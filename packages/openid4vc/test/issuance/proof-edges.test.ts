import { type BindingMethod, type DidDocument, type JsonObject, ResolveError } from '@ekkasan/core'
import { bareJwk, generateJwk, parseJws, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import { createProof, type ParseProofOptions, parseProof, verifyProof } from '@ekkasan/openid4vc'
import { describe, expect, it } from 'vitest'

// The exact edges of a key proof (OpenID4VCI Appendix F.1, F.4), and what an error says.

const issuer = 'https://issuer.example/tenant'
const now = 1_767_225_600
const options: ParseProofOptions = {
  issuer,
  algorithms: ['ES256', 'EdDSA'],
  maxAge: 300,
  now: new Date(now * 1000),
}
const privateJwk = await generateJwk('ES256')
const signer = await signerFromJwk(privateJwk)
const jwk = bareJwk(publicJwkOf(privateJwk))
const typ = 'openid4vci-proof+jwt'
const made = (payload: object = {}, header: object = {}) =>
  signJws({
    signer,
    header: { typ, jwk, ...header } as JsonObject,
    payload: { aud: issuer, iat: now, nonce: 'n', ...payload } as JsonObject,
  })
const unsigned = (header: unknown, payload: unknown = { aud: issuer, iat: now, nonce: 'n' }) =>
  `${[header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.AA`
const faultOf = (jwt: string, more: Partial<ParseProofOptions> = {}): string => {
  try {
    parseProof(jwt, { ...options, ...more })
  } catch (error) {
    expect(error).toMatchObject({
      code: 'openid4vc.credential.invalid_proof',
      answer: { status: 400, body: { error: 'invalid_proof' } },
    })
    return (error as Error).message
  }
  return 'none'
}

describe('a key proof is made', () => {
  it('with its issuer, time and key, and with a nonce and client only where there is one', async () => {
    const proofOf = async (more: object) =>
      parseJws(
        await createProof({ signer, issuer, binding: 'jwk', now: new Date(now * 1000 + 999), ...more }),
      )
    const bare = await proofOf({})
    expect(bare.header).toEqual({ alg: 'ES256', typ, jwk })
    expect(bare.payload).toEqual({ aud: issuer, iat: now })
    expect((await proofOf({ nonce: 'n', clientId: 'wallet' })).payload).toEqual({
      iss: 'wallet',
      aud: issuer,
      iat: now,
      nonce: 'n',
    })
  })

  it('under the kid of its signer, which must have one', async () => {
    const kid = 'did:web:holder.example#1'
    const named = await signerFromJwk(privateJwk, { kid })
    const at = { issuer, binding: 'kid', now: new Date(now * 1000) } as const
    const { header } = parseJws(await createProof({ signer: named, ...at }))
    expect(header).toEqual({ alg: 'ES256', typ, kid })
    expect(() => createProof({ signer, ...at })).toThrow(new TypeError('the signer has no kid'))
  })
})

describe('a key proof is read', () => {
  it('with at most 16,384 characters', async () => {
    const proofOf = async (length: number) => {
      for (let fill = length * 0.7; fill < length; fill++) {
        const jwt = await made({ x: 'a'.repeat(fill) })
        if (jwt.length >= length) return jwt
      }
      return ''
    }
    const fitting = await proofOf(16_384)
    expect(fitting).toHaveLength(16_384)
    expect(faultOf(fitting)).toBe('none')
    const longer = await proofOf(16_385)
    expect(longer.length).toBeGreaterThan(16_384)
    expect(faultOf(longer)).toBe('a proof is longer than 16,384 characters')
  })

  it('with at most eight levels in its JSON', async () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
    expect(faultOf(await made({ x: deep(7) }))).toBe('none')
    expect(faultOf(await made({ x: deep(8) }))).toBe('a proof is not a compact JWS')
  })

  it('as a compact JWS, whose own fault is the cause', () => {
    expect(faultOf('x')).toBe('a proof is not a compact JWS')
    expect(() => parseProof('x', options)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'keys.jws.malformed' }) }),
    )
  })

  it.each<[string, object]>([
    ['typ is not openid4vci-proof+jwt', { typ: 'JWT' }],
    ['typ is not openid4vci-proof+jwt', { typ: undefined }],
    ['alg is not one that is offered', { alg: 'ES384' }],
    ['alg is not one that is offered', { alg: 'none' }],
    ['alg is not one that is offered', { alg: 'HS256' }],
    ['not exactly one of jwk, kid and x5c', { jwk: undefined }],
    ['not exactly one of jwk, kid and x5c', { kid: 'did:web:a.example#1' }],
    ['not exactly one of jwk, kid and x5c', { x5c: ['AA=='] }],
    ['not exactly one of jwk, kid and x5c', { jwk: undefined, kid: 'k', x5c: ['AA=='] }],
    ['none', { jwk: undefined, kid: 'did:web:a.example#1' }],
    ['none', { jwk: undefined, x5c: ['AA=='] }],
    ['none', { alg: 'EdDSA' }],
  ])('and says %s for the header %j', (fault, change) => {
    expect(faultOf(unsigned({ alg: 'ES256', typ, jwk, ...change }))).toBe(fault)
  })

  const skew = 60
  it.each<[string, object]>([
    ['aud is not this credential issuer', { aud: `${issuer}/` }],
    ['aud is not this credential issuer', { aud: [issuer] }],
    ['aud is not this credential issuer', { aud: undefined }],
    ['iat is missing', { iat: undefined }],
    ['iat is missing', { iat: String(now) }],
    ['none', { iat: now + skew }],
    ['iat lies in the future', { iat: now + skew + 1 }],
    ['none', { iat: now - 300 - skew }],
    ['iat lies too far in the past', { iat: now - 300 - skew - 1 }],
    ['none', { exp: now - skew + 1 }],
    ['the proof expired', { exp: now - skew }],
    ['the proof expired', { exp: String(now + 600) }],
    ['none', { nbf: now + skew }],
    ['the proof is not valid yet', { nbf: now + skew + 1 }],
    ['the proof is not valid yet', { nbf: '0' }],
    ['nonce is missing', { nonce: undefined }],
    ['nonce is missing', { nonce: 7 }],
    ['none', { nonce: '' }],
  ])('and says %s for the payload %j', async (fault, change) => {
    expect(faultOf(await made(change))).toBe(fault)
  })

  it('of any iss where the client did not name itself, else of that client or of none', async () => {
    expect(faultOf(await made({ iss: 'a' }))).toBe('none')
    expect(faultOf(await made(), { clientId: 'a' })).toBe('none')
    expect(faultOf(await made({ iss: 'a' }), { clientId: 'a' })).toBe('none')
    for (const iss of ['b', '', 7]) {
      expect(faultOf(await made({ iss }), { clientId: 'a' })).toBe(
        'iss is not the client that got the access token',
      )
    }
  })

  it('whole: the JWS as it came and the nonce', async () => {
    const jwt = await made()
    expect(parseProof(jwt, options)).toEqual({ jws: parseJws(jwt), nonce: 'n' })
  })
})

describe('the key of a proof', () => {
  const did = 'did:web:holder.example'
  const kid = `${did}#1`
  const methodOf = (id: string, key: object | undefined = jwk) => ({
    id,
    type: 'JsonWebKey2020',
    controller: did,
    ...(key && { publicKeyJwk: key }),
  })
  const documentOf =
    (...verificationMethod: DidDocument['verificationMethod'] & object) =>
    async (): Promise<DidDocument> => ({ id: did, verificationMethod })
  const verified = async (
    header: object,
    more: {
      bindingMethods?: readonly BindingMethod[]
      resolveDid?: (did: string) => Promise<DidDocument>
    } = {},
    change: (jwt: string) => string = (jwt) => jwt,
  ) => {
    const jws = parseJws(change(await made({}, header)))
    return verifyProof({ jws, nonce: 'n' }, { bindingMethods: ['jwk', 'did:web' as BindingMethod], ...more })
  }
  const byKid = (value: unknown, resolveDid?: (did: string) => Promise<DidDocument>) =>
    verified({ jwk: undefined, kid: value }, resolveDid ? { resolveDid } : {})
  const invalid = (message: string, cause: unknown = undefined) =>
    expect.objectContaining({
      code: 'openid4vc.credential.invalid_proof',
      message,
      ...(cause !== undefined && { cause }),
    })
  const noMethod = invalid('kid is not a DID URL of a method bound here')

  it('is the jwk of its header, alone', async () => {
    expect(await verified({ jwk: { ...jwk, kid: 'k', use: 'sig', alg: 'ES256' } })).toEqual({ jwk })
  })

  it('is a public one that is acceptable, which the refusal says', async () => {
    const another = publicJwkOf(await generateJwk('ES256'))
    await expect(verified({ jwk: another })).rejects.toEqual(invalid('the signature is not by the key named'))
    const faults: [string, object, string?][] = [
      ['the header holds a private key', privateJwk, 'keys.jwk.private'],
      ['the header holds a private key', { kty: 'oct', k: 'AA' }, 'keys.jwk.private'],
      ['the key is not acceptable', { kty: 'EC' }, 'keys.jwk.malformed'],
      ['the key is not one for alg', publicJwkOf(await generateJwk('EdDSA'))],
      ['the key is not one for alg', { ...jwk, use: 'enc' }],
    ]
    for (const [message, key, code] of faults) {
      const cause = code === undefined ? undefined : expect.objectContaining({ code })
      await expect(verified({ jwk: key })).rejects.toEqual(invalid(message, cause))
    }
  })

  it('is bound by the methods of the configuration alone', async () => {
    await expect(verified({}, { bindingMethods: ['did:web' as BindingMethod] })).rejects.toEqual(
      invalid('keys are not bound by jwk here'),
    )
    await expect(verified({ jwk: undefined, x5c: ['AA=='] })).rejects.toEqual(
      invalid('keys are not bound by x5c here'),
    )
    const resolveDid = documentOf(methodOf(kid))
    expect(await byKid(kid, resolveDid)).toEqual({ jwk, kid })
    await expect(byKid(kid)).rejects.toEqual(noMethod)
    for (const other of ['did:webs:holder.example#1', 'jwk:a#1', 'did:key:a#1', did, 'x', '']) {
      await expect(byKid(other, resolveDid), other).rejects.toEqual(noMethod)
    }
  })

  it('has a kid that is a text of at most 2,048 characters', async () => {
    const resolveDid = async (asked: string): Promise<DidDocument> => ({
      id: asked,
      verificationMethod: [methodOf(`${asked}#1`)],
    })
    const long = (length: number) => `did:web:${'a'.repeat(length - 'did:web:#1'.length)}#1`
    expect((await byKid(long(2_048), resolveDid)).kid).toHaveLength(2_048)
    for (const value of [long(2_049), 7, null, ['did:web:a#1']]) {
      await expect(byKid(value, resolveDid)).rejects.toEqual(invalid('kid is not a DID URL'))
    }
  })

  it('is the one of the DID document whose id is the kid, whole or from its # on', async () => {
    const other = publicJwkOf(await generateJwk('ES256'))
    for (const id of [kid, '#1']) {
      const asked: string[] = []
      const resolveDid = async (of: string) => {
        asked.push(of)
        return { id: did, verificationMethod: [methodOf('#0', other), methodOf(id), methodOf('#2', other)] }
      }
      expect(await byKid(kid, resolveDid)).toEqual({ jwk, kid })
      expect(asked).toEqual([did])
    }
    const missing = invalid('the DID document does not hold the key named by kid')
    for (const methods of [
      [],
      [methodOf('1')],
      [methodOf('#2')],
      [{ id: kid, type: 'x', controller: did }],
    ]) {
      await expect(byKid(kid, documentOf(...methods))).rejects.toEqual(missing)
    }
    await expect(byKid(kid, async () => ({ id: did }))).rejects.toEqual(missing)
    await expect(byKid(kid, documentOf(methodOf(kid, other)))).rejects.toEqual(
      invalid('the signature is not by the key named'),
    )
  })

  it('is not known where its DID cannot be resolved now, refused where it never can, and else a fault', async () => {
    const failing = (error: Error) => byKid(kid, () => Promise.reject(error))
    const away = new ResolveError('core.resolve.unavailable', 'no answer')
    await expect(failing(away)).rejects.toBe(away)
    for (const code of ['core.resolve.not-found', 'core.resolve.invalid'] as const) {
      const cause = new ResolveError(code, 'no')
      await expect(failing(cause)).rejects.toEqual(invalid('the key named by kid was not found', cause))
    }
    const broken = new TypeError('broken')
    await expect(failing(broken)).rejects.toBe(broken)
  })

  it('is for an algorithm that is known', async () => {
    const jws = parseJws(unsigned({ alg: 'HS256', typ, jwk }))
    await expect(verifyProof({ jws, nonce: 'n' }, { bindingMethods: ['jwk'] })).rejects.toEqual(
      invalid('alg is not one that is offered'),
    )
  })
})
