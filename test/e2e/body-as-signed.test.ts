import {
  type ClaimPath,
  type Credential,
  type HolderFormat,
  type JsonObject,
  trustAnyone,
  type VerifierFormat,
} from '@ekkasan/core'
import { createContextRegistry, issueLdpVc, ldpVcHolder, ldpVcVerifier } from '@ekkasan/data-integrity'
import { createDidResolver, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, numericDate, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import { matchCredential, parseDcqlQuery } from '@ekkasan/openid4vc'
import { resolveResources } from '@ekkasan/vcdm'
import { verifyVpToken } from '@ekkasan/verifier'
import { describe, expect, it } from 'vitest'

// A DCQL path runs on the body as it was signed (OpenID4VP section 7.1.1), in the wallet and in the verifier: what the
// wallet offers, the verifier accepts, and what it does not offer, the verifier refuses from anybody.

const now = new Date('2026-11-21T10:00:00Z')
const clock = () => now
const party = async () => {
  const jwk = await generateJwk('ES256')
  const kid = didKeyUrlOf(publicJwkOf(jwk))
  return { signer: await signerFromJwk(jwk, { kid }), did: kid.split('#')[0] as string }
}
const [issuer, holder] = await Promise.all([party(), party()])
const resolveDid = createDidResolver()
const resolveIssuerKey = resolveDidIssuer(resolveDid)
const isTrusted = trustAnyone('a test')
const binding = {
  clientId: 'x509_san_dns:verifier.example',
  nonce: 'n',
  responseUri: 'https://verifier.example/r',
}

const url = 'https://issuer.example/contexts/x.json'
const term = (name: string) => `https://issuer.example/x#${name}`
const contexts = createContextRegistry([
  {
    url,
    document: {
      '@context': {
        ...Object.fromEntries(['city', 'over', 'set'].map((name) => [name, term(name)])),
        list: { '@id': term('list'), '@container': '@list' },
      },
    },
  },
])

interface Case {
  readonly path: ClaimPath
  readonly values?: readonly (string | boolean)[]
}

/** Whether the wallet offers the credential, and whether the verifier accepts it, shown by somebody who does not ask. */
async function both(
  format: string,
  holding: HolderFormat,
  verifying: VerifierFormat,
  { credential, meta, claim }: { credential: Credential; meta: JsonObject; claim: Case },
) {
  const query = { credentials: [{ id: 'q', format, meta, claims: [claim] }] }
  const [asked] = parseDcqlQuery(query).credentials
  const offered = matchCredential(asked as never, holding.view(credential)).matches
  const presented = await holding.present(credential, { disclose: [], binding, holder: holder.signer, clock })
  const accepted = await verifyVpToken(
    { q: [presented] },
    { query, formats: [verifying], isTrusted, binding, clock },
  ).then(
    ({ presentations }) => presentations.q?.[0]?.claims,
    (error: { report: { checks: { name: string; outcome: string; code?: string }[] }[] }) =>
      error.report.flatMap(({ checks }) => checks).find(({ outcome }) => outcome === 'failed')?.code,
  )
  return { offered, accepted }
}

describe('jwt_vc_json with one subject in a list', () => {
  const subject = { id: holder.did, name: 'สมชาย', cities: ['a', 'b'] }
  const credentialOf = (credentialSubject: JsonObject | JsonObject[]) =>
    signJws({
      signer: issuer.signer,
      header: { typ: 'JWT', kid: issuer.signer.key.kid as string },
      payload: {
        ...{ iss: issuer.did, sub: holder.did, nbf: numericDate(now) - 60 },
        vc: {
          '@context': ['https://www.w3.org/2018/credentials/v1'],
          type: ['VerifiableCredential'],
          credentialSubject,
        },
      },
    })
  const meta = { type_values: [['VerifiableCredential']] }
  const format = 'jwt_vc_json'
  const plugs = [jwtVcHolder({ resolveIssuerKey }), jwtVcVerifier({ resolveIssuerKey, resolveDid })] as const
  const missing = 'openid4vc.query.claim-missing'
  const value = 'openid4vc.query.claim-value'

  it.each<[Case, unknown]>([
    [{ path: ['credentialSubject', 0, 'name'] }, { name: 'สมชาย' }],
    [{ path: ['credentialSubject', null, 'name'] }, { name: 'สมชาย' }],
    [{ path: ['credentialSubject', 0, 'cities', 1], values: ['b'] }, { cities: ['b'] }],
    [{ path: ['credentialSubject', 0, 'cities', 1], values: ['a'] }, value],
    [{ path: ['credentialSubject', 'name'] }, missing],
    [{ path: ['credentialSubject', 1, 'name'] }, missing],
  ])('%j [F8]', async (claim, expected) => {
    const credential = await credentialOf([subject])
    const { offered, accepted } = await both(format, ...plugs, { credential, meta, claim })
    expect(accepted).toEqual(expected)
    expect(offered).toBe(typeof expected === 'object')
  })

  it('and one that stands alone is asked for as such [F8]', async () => {
    const credential = await credentialOf(subject)
    const at = (path: ClaimPath) => both(format, ...plugs, { credential, meta, claim: { path } })
    expect(await at(['credentialSubject', 'name'])).toEqual({ offered: true, accepted: { name: 'สมชาย' } })
    expect(await at(['credentialSubject', 0, 'name'])).toEqual({ offered: false, accepted: missing })
  })
})

describe('ldp_vc', () => {
  const meta = { type_values: [['VerifiableCredential']] }
  const plugs = [
    ldpVcHolder({ resolveIssuerKey, contexts }),
    ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
  ] as const
  const claims = { list: ['a', 'b'], set: ['a', 'b'], city: ['x'], over: false }
  const issue = (cryptosuite: 'ecdsa-rdfc-2019' | 'ecdsa-jcs-2019', credentialSchema?: JsonObject) =>
    issueLdpVc({
      ...{ signer: issuer.signer, cryptosuite, contexts, clock },
      credential: {
        '@context': ['https://www.w3.org/ns/credentials/v2', url],
        type: ['VerifiableCredential'],
        issuer: issuer.did,
        validFrom: '2026-11-20T00:00:00Z',
        ...(credentialSchema && { credentialSchema }),
        credentialSubject: { id: holder.did, ...claims },
      },
    })
  const missing = 'openid4vc.query.claim-missing'
  const value = 'openid4vc.query.claim-value'

  it.each<[Case, unknown]>([
    [{ path: ['list', 1], values: ['b'] }, { list: ['b'] }],
    [{ path: ['list', 1], values: ['a'] }, value],
    [{ path: ['set', 0] }, missing],
    [{ path: ['set', 1], values: ['a', 'b'] }, missing],
    [{ path: ['set', null], values: ['b'] }, { set: ['b'] }],
    [{ path: ['city'], values: ['x'] }, { city: 'x' }],
    [{ path: ['city', null] }, missing],
    [{ path: ['over'], values: [false] }, { over: false }],
  ])('with an rdfc proof in the one form of its statements: %j [E]', async ({ path, values }, expected) => {
    const credential = await issue('ecdsa-rdfc-2019')
    const claim = { path: ['credentialSubject', ...path], ...(values && { values }) }
    const { offered, accepted } = await both('ldp_vc', ...plugs, { credential, meta, claim })
    expect(accepted).toEqual(expected)
    expect(offered).toBe(typeof expected === 'object')
    // However the holder writes it.
    const rewritten = {
      ...credential,
      credentialSubject: [{ id: holder.did, list: claims.list, set: ['b', 'a'], city: 'x', over: [false] }],
    }
    const other = await both('ldp_vc', ...plugs, { credential: rewritten, meta, claim })
    expect(other).toEqual({ offered, accepted })
  })

  it('with a jcs proof in the JSON that was signed [E]', async () => {
    const credential = await issue('ecdsa-jcs-2019')
    const at = (...path: ClaimPath) =>
      both('ldp_vc', ...plugs, { credential, meta, claim: { path: ['credentialSubject', ...path] } })
    expect(await at('set', 1)).toEqual({ offered: true, accepted: { set: ['b'] } })
    expect(await at('city', 0)).toEqual({ offered: true, accepted: { city: ['x'] } })
  })

  it.each<[Case, unknown]>([
    [{ path: ['city', null], values: ['x'] }, { city: ['x'] }],
    [{ path: ['city'] }, { city: ['x'] }],
    [{ path: ['city', 0] }, missing],
    [{ path: ['city'], values: ['x'] }, value],
    [{ path: ['set', null], values: ['a'] }, { set: ['a'] }],
    [{ path: ['set', 0] }, missing],
    [{ path: ['list', 1] }, { list: ['b'] }],
    [{ path: ['over'], values: [false] }, { over: false }],
  ])('with an rdfc proof, and a list by its schema alone: %j [E]', async ({ path, values }, expected) => {
    const schemaUrl = 'https://issuer.example/x.json'
    const array = { type: 'array' }
    const $schema = 'https://json-schema.org/draft/2020-12/schema'
    const schema = { $schema, properties: { credentialSubject: { properties: { city: array, set: array } } } }
    const content = {
      resolveSchema: resolveResources({ known: { [schemaUrl]: JSON.stringify(schema) } }),
    }
    const credential = await issue('ecdsa-rdfc-2019', { id: schemaUrl, type: 'JsonSchema' })
    const holding = ldpVcHolder({ resolveIssuerKey, contexts, content })
    const verifying = ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts, content })
    const claim = { path: ['credentialSubject', ...path], ...(values && { values }) }
    const { accepted } = await both('ldp_vc', holding, verifying, { credential, meta, claim })
    expect(accepted).toEqual(expected)
    // What the wallet keeps of a credential is what it read when it received it.
    const { view } = await holding.accept(credential, {
      holder: { jwk: holder.signer.key.publicJwk, kid: holder.signer.key.kid as string },
      issuer: 'https://issuer.example',
      isTrusted,
      clock,
    })
    const query = { credentials: [{ id: 'q', format: 'ldp_vc', meta, claims: [claim] }] }
    const [asked] = parseDcqlQuery(query).credentials
    expect(matchCredential(asked as never, view).matches).toBe(typeof expected === 'object')
  })
})
