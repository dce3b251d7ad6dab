import {
  type CheckStatus,
  type IsTrusted,
  type JsonObject,
  resolveIssuerKeyBy,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import { hash } from '@ekkasan/core/bytes'
import { issueLdpVc, ldpVcVerifier, presentLdpVp } from '@ekkasan/data-integrity'
import { createDidResolver, resolveDidIssuer } from '@ekkasan/did'
import { issueJwtVc, jwtVcVerifier, presentJwtVp } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { issueMdoc, mdocVerifier, presentMdoc } from '@ekkasan/mdoc'
import { issueSdJwtVc, resolveJwtVcIssuer, resolveTypeMetadata, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createStatusChecker } from '@ekkasan/status'
import {
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  presentVpJwt,
  resolveControlledIdentifier,
  verifyVcCose,
  verifyVcJwt,
  verifyVcSdJwt,
  verifyVpJwt,
} from '@ekkasan/vc-jose-cose'
import { resolveResources } from '@ekkasan/vcdm'
import { createCrlChecker, createMdocAuthority, resolveX5c, trustAnchors } from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'

// An issuer whom nobody trusts causes no fetch at all: not of his keys, not of anything that his credential names. The
// same credential of a trusted issuer causes each of those fetches, so that the test can fail.

const host = 'https://issuer.example'
const did = 'did:web:issuer.example'
const holderDid = 'did:web:holder.example'
const jwk = await generateJwk('ES256')
const holderJwk = await generateJwk('ES256')
const publicJwk = publicJwkOf(jwk)
const signer = await signerFromJwk(jwk, { kid: `${did}#k` })
const byUrl = await signerFromJwk(jwk, { kid: `${host}#k` })
const byMetadata = await signerFromJwk(jwk, { kid: 'k' })
const holder = await signerFromJwk(holderJwk, { kid: `${holderDid}#k` })
const binding = { clientId: 'x509_hash:a', nonce: 'n', responseUri: 'https://verifier.example/r' }
const now = new Date()
const until = new Date(now.getTime() + 30 * 86_400_000)

const crl = 'https://iaca.example/crl'
const authority = await createMdocAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  commonName: 'Authority',
  country: 'TH',
  contact: 'https://iaca.example',
  crlUrl: crl,
  clock: () => new Date(now.getTime() - 10 * 86_400_000),
})
const chain = await authority.issueDocumentSigner({ commonName: 'Signer', publicJwk })

const method = (id: string, key: JsonObject) => ({
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
  id,
  verificationMethod: [{ id: `${id}#k`, type: 'JsonWebKey', controller: id, publicKeyJwk: key }],
  assertionMethod: [`${id}#k`],
  authentication: [`${id}#k`],
})
const {
  use: _use,
  alg: _alg,
  kid: _kid,
  ...bare
} = publicJwk as unknown as JsonObject & Record<string, never>
const published: Readonly<Record<string, object>> = {
  [`${host}/.well-known/did.json`]: method(did, bare),
  'https://holder.example/.well-known/did.json': method(
    holderDid,
    publicJwkOf(holderJwk) as unknown as JsonObject,
  ),
  [host]: method(host, bare),
  [`${host}/.well-known/jwt-vc-issuer`]: { issuer: host, jwks: { keys: [{ ...bare, kid: 'k' }] } },
  [`${host}/types/1`]: { vct: `${host}/types/1` },
  [`${host}/schema.json`]: { $schema: 'https://json-schema.org/draft/2020-12/schema' },
}

const anchors = trustAnchors([{ role: 'credential-issuer', certificate: authority.certificate }])
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** All that a verifier can be given to find things with, and what was fetched by it. */
function outside() {
  const fetched: string[] = []
  const fetch = async (url: string | URL) => {
    fetched.push(String(url).replace(/\/$/, ''))
    const found = published[String(url)] ?? published[String(url).replace(/\/$/, '')]
    if (String(url) === picture) return new Response('picture')
    return found ? Response.json(found) : new Response('', { status: 503 })
  }
  const resolveDid = createDidResolver({ fetch })
  const resolveIssuerKey = resolveIssuerKeyBy({
    did: resolveDidIssuer(resolveDid),
    https: resolveJwtVcIssuer({ fetch }),
    x5c: resolveX5c({ anchors, checkRevocation: createCrlChecker({ fetch }) }),
  })
  const byCertificate = resolveX5c({ anchors })
  const resolve = resolveResources({ fetch })
  return {
    fetched,
    resolveDid,
    resolveIssuerKey,
    byCertificate,
    controlled: resolveControlledIdentifier({ fetch }),
    content: { resolveSchema: resolve, resolveRelatedResource: resolve },
    typeMetadata: resolveTypeMetadata({ fetch }),
    statusWith: (isTrusted: IsTrusted): CheckStatus =>
      createStatusChecker({
        ...{ fetch, resolveIssuerKey, isTrusted },
        verifyListCredential: async () => Promise.reject(new Error('never found')),
      }),
  }
}
type Outside = ReturnType<typeof outside>

const schema = `${host}/schema.json`
const list = `${host}/status/1`
const picture = `${host}/picture.png`
const didDocument = `${host}/.well-known/did.json`
const status = { kind: 'token', index: 1, uri: list } as const
const credentialStatus = {
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '1',
  statusListCredential: list,
}
const body = (issuer: string, more: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer,
  credentialSubject: { id: holderDid },
  credentialSchema: { id: schema, type: 'JsonSchema' },
  relatedResource: [{ id: picture, digestSRI: `sha256-${base64(hash('sha-256', 'picture'))}` }],
  ...more,
})
const body1: JsonObject = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiableCredential'],
  issuer: did,
  issuanceDate: new Date(now.getTime() - 60_000).toISOString().replace(/\.\d+/, ''),
  credentialSubject: { id: holderDid },
  credentialSchema: { id: schema, type: 'JsonSchema' },
}

interface Case {
  readonly what: string
  /** What is fetched of a trusted issuer. */
  readonly wanted: readonly string[]
  make(): Promise<unknown>
  verify(made: never, with_: Outside, trust: IsTrusted): Promise<unknown>
}

const cases: readonly Case[] = [
  {
    what: 'ldp_vc',
    wanted: [didDocument, schema, picture, list],
    make: () => issueLdpVc({ signer, credential: body(did, { credentialStatus }) }),
    verify: (made, { statusWith, ...rest }, isTrusted) =>
      ldpVcVerifier(plug(rest)).verify(made, { isTrusted, checkStatus: statusWith(isTrusted) }),
  },
  {
    what: 'ldp_vc with a jcs proof',
    wanted: [didDocument, schema, picture, list],
    make: () =>
      issueLdpVc({ signer, cryptosuite: 'ecdsa-jcs-2019', credential: body(did, { credentialStatus }) }),
    verify: (made, { statusWith, ...rest }, isTrusted) =>
      ldpVcVerifier(plug(rest)).verify(made, { isTrusted, checkStatus: statusWith(isTrusted) }),
  },
  {
    what: 'ldp_vc in a presentation',
    wanted: [didDocument, 'https://holder.example/.well-known/did.json', schema, picture, list],
    make: async () => {
      const credential = await issueLdpVc({ signer, credential: body(did, { credentialStatus }) })
      return presentLdpVp({ credential, holder, binding })
    },
    verify: (made, { statusWith, ...rest }, isTrusted) =>
      ldpVcVerifier(plug(rest)).verify(made, { isTrusted, binding, checkStatus: statusWith(isTrusted) }),
  },
  {
    what: 'jwt_vc_json',
    wanted: [didDocument, schema, list],
    make: () => issueJwtVc({ signer, credential: body1, status }),
    verify: (made, { statusWith, ...rest }, isTrusted) =>
      jwtVcVerifier(plug(rest)).verify(made, { isTrusted, checkStatus: statusWith(isTrusted) }),
  },
  {
    what: 'jwt_vc_json in a presentation',
    wanted: [didDocument, 'https://holder.example/.well-known/did.json', schema, list],
    make: async () => {
      const credential = await issueJwtVc({ signer, credential: body1, status })
      return presentJwtVp({ credential, holder, binding })
    },
    verify: (made, { statusWith, ...rest }, isTrusted) =>
      jwtVcVerifier(plug(rest)).verify(made, { isTrusted, binding, checkStatus: statusWith(isTrusted) }),
  },
  ...([didDocument, `${host}/.well-known/jwt-vc-issuer`] as const).map((keys) => ({
    what: `dc+sd-jwt with its key at ${keys}`,
    wanted: [keys, `${host}/types/1`, list],
    make: () =>
      issueSdJwtVc({
        signer: keys === didDocument ? signer : byMetadata,
        issuer: keys === didDocument ? did : host,
        vct: `${host}/types/1`,
        claims: { name: 'x' },
        status,
      }),
    verify: (made: never, { statusWith, resolveIssuerKey, typeMetadata }: Outside, isTrusted: IsTrusted) =>
      sdJwtVcVerifier({ resolveIssuerKey, typeMetadata }).verify(made, {
        isTrusted,
        checkStatus: statusWith(isTrusted),
      }),
  })),
  {
    what: 'dc+sd-jwt with a W3C body',
    wanted: [didDocument, schema, list],
    make: () =>
      issueSdJwtVc({
        signer,
        issuer: did,
        vct: 'urn:x',
        claims: { name: 'x' },
        status,
        body: { types: ['X'], schema },
      }),
    verify: (made, { statusWith, resolveIssuerKey, content }, isTrusted) =>
      sdJwtVcVerifier({ resolveIssuerKey, content }).verify(made, {
        isTrusted,
        checkStatus: statusWith(isTrusted),
      }),
  },
  ...(
    [
      ['its status', list],
      ['its certificate', crl],
    ] as const
  ).map(([what, wanted]) => ({
    what: `mso_mdoc, ${what}`,
    wanted: [wanted],
    make: async () => {
      const credential = await issueMdoc({
        signer: await signerFromJwk(jwk, { x5c: chain }),
        docType: 'x',
        namespaces: { x: { name: 'x' } },
        holderJwk: publicJwkOf(holderJwk),
        validity: { until },
        status,
      })
      return presentMdoc({ credential, disclose: [['x', 'name']], holder, binding })
    },
    verify: (made: never, { statusWith, resolveIssuerKey, byCertificate }: Outside, isTrusted: IsTrusted) =>
      mdocVerifier({ resolveIssuerKey: wanted === crl ? resolveIssuerKey : byCertificate }).verify(made, {
        ...{ isTrusted, binding, checkStatus: statusWith(isTrusted) },
      }),
  })),
  ...(
    [
      ['vc+jwt', issueVcJwt, verifyVcJwt],
      ['vc+sd-jwt', issueVcSdJwt, verifyVcSdJwt],
      ['vc+cose', issueVcCose, verifyVcCose],
    ] as const
  ).flatMap(([what, issue, verify]) =>
    ([did, host] as const).map((issuer) => ({
      what: `${what} of ${issuer}`,
      wanted: [issuer === did ? didDocument : host, schema, picture, list],
      make: async (): Promise<unknown> =>
        issue({ signer: issuer === did ? signer : byUrl, credential: body(issuer, { credentialStatus }) }),
      verify: (
        made: never,
        { statusWith, resolveIssuerKey, controlled, content }: Outside,
        isTrusted: IsTrusted,
      ) =>
        verify(made, {
          resolveIssuerKey: issuer === did ? resolveIssuerKey : controlled,
          isTrusted,
          content,
          checkStatus: statusWith(isTrusted),
        }),
    })),
  ),
  {
    what: 'vc+jwt in a presentation',
    wanted: [didDocument, 'https://holder.example/.well-known/did.json', schema, picture, list],
    make: async () => {
      const credential = await issueVcJwt({ signer, credential: body(did, { credentialStatus }) })
      return presentVpJwt({ credentials: [credential], holder, binding })
    },
    verify: (made, { statusWith, resolveIssuerKey, resolveDid, content }, isTrusted) =>
      verifyVpJwt(made, {
        ...{ resolveIssuerKey, resolveDid, content, binding, isTrusted },
        checkStatus: statusWith(isTrusted),
      }),
  },
]

const plug = ({ resolveIssuerKey, resolveDid, content }: Omit<Outside, 'statusWith'>) => ({
  resolveIssuerKey,
  resolveDid,
  content,
})

describe.each(cases)('$what', ({ make, verify, wanted }) => {
  it('of an issuer that is not listed causes no fetch at all [G3]', async () => {
    const made = (await make()) as never
    const with_ = outside()
    const isTrusted = trustOnly([{ role: 'credential-issuer', id: 'https://other.example' }])
    await expect(verify(made, with_, isTrusted)).rejects.toMatchObject({
      name: 'RejectedError',
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'issuer-trust', outcome: 'failed', code: 'core.trust.not-listed' }),
        expect.objectContaining({ name: 'issuer-signature', outcome: 'skipped' }),
      ]),
    })
    expect(with_.fetched).toEqual([])
  })

  it('whose trust is not known causes none either [G3]', async () => {
    const made = (await make()) as never
    const with_ = outside()
    const isTrusted: IsTrusted = async () => ({ trusted: 'unknown', code: 'core.trust.unavailable' })
    await expect(verify(made, with_, isTrusted)).rejects.toThrow()
    expect(with_.fetched).toEqual([])
  })

  it('of a trusted one fetches all of it', async () => {
    const made = (await make()) as never
    const with_ = outside()
    await verify(made, with_, trustAnyone('a test')).catch(() => undefined)
    expect([...new Set(with_.fetched)].sort()).toEqual([...wanted].sort())
  })
})

it('a context that is not registered is not fetched, of whomever the credential is [G3]', async () => {
  const credential = await issueLdpVc({ signer, credential: body(did) })
  const unknown = { ...credential, '@context': [...(credential['@context'] as string[]), `${host}/context`] }
  for (const trust of [trustAnyone('a test'), trustOnly([])]) {
    const { fetched, statusWith: _status, ...rest } = outside()
    const verifying = ldpVcVerifier(plug({ fetched, ...rest })).verify(unknown, { isTrusted: trust })
    await expect(verifying).rejects.toThrow()
    expect(fetched.filter((url) => url.includes('context'))).toEqual([])
  }
})
