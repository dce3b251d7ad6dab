import {
  type Credential,
  createMemoryStore,
  type HolderFormat,
  type IssuerFormat,
  type JsonObject,
  resolveIssuerKeyBy,
  type Signer,
  trustAnyone,
  type VerifierFormat,
} from '@ekkasan/core'
import { base58, base64url, fromBase58, fromBase64url } from '@ekkasan/core/bytes'
import {
  type CryptosuiteName,
  createContextRegistry,
  documentContext,
  issueLdpVc,
  ldpVc,
  ldpVcHolder,
  ldpVcVerifier,
  verifyLdpVc,
} from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { createDidResolver, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { mdoc, mdocHolder, mdocVerifier } from '@ekkasan/mdoc'
import { sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createBitstringStatusLists, createStatusChecker, createStatusLists } from '@ekkasan/status'
import {
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  presentVpCose,
  presentVpJwt,
  presentVpSdJwt,
  verifyVcCose,
  verifyVcJwt,
  verifyVcSdJwt,
  verifyVpCose,
  verifyVpJwt,
  verifyVpSdJwt,
} from '@ekkasan/vc-jose-cose'
import { createMdocAuthority, resolveX5c, trustAnchors } from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'
import { flipped, places, recording } from './flipping.ts'

// Every boolean is used: one decoded byte of each signature there is, flipped, makes what it signs refused.

const url = 'https://issuer.example'
const from = new Date(Date.now() - 86_400_000)
const binding = { clientId: 'x509_hash:a', nonce: 'n-0S6_WzA2Mj', responseUri: 'https://verifier.example/r' }
const isTrusted = trustAnyone('a test')
const resolveDid = createDidResolver()

async function newSigner(alg: 'ES256' | 'ES384' | 'EdDSA'): Promise<Signer> {
  const jwk = await generateJwk(alg)
  return signerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
}

interface Party {
  readonly issuer: { readonly signer: Signer; readonly made: Uint8Array[] }
  readonly holder: { readonly signer: Signer; readonly made: Uint8Array[] }
  readonly plugs: {
    readonly issue: IssuerFormat
    readonly hold: HolderFormat
    readonly verify: VerifierFormat
  }
}

const authority = await createMdocAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  commonName: 'Authority',
  country: 'TH',
  contact: 'https://iaca.example',
  crlUrl: 'https://iaca.example/crl',
  clock: () => new Date(Date.now() - 10 * 86_400_000),
})
const x5c = resolveX5c({
  anchors: trustAnchors([{ role: 'credential-issuer', certificate: authority.certificate }]),
})
const resolveIssuerKey = resolveIssuerKeyBy({ did: resolveDidIssuer(resolveDid), x5c })
const contexts = createContextRegistry([documentContext(paperDocument, url)])

const didOf = ({ key }: Signer) => key.kid?.split('#')[0] as string

function ldp(alg: 'ES256' | 'EdDSA', cryptosuite: CryptosuiteName): () => Promise<Party> {
  return async () => {
    const issuer = recording(await newSigner(alg))
    return {
      issuer,
      holder: recording(await newSigner('ES256')),
      plugs: {
        issue: ldpVc({ signer: issuer.signer, cryptosuite }),
        hold: ldpVcHolder({ resolveIssuerKey, contexts }),
        verify: ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
      },
    }
  }
}

const sdJwt = (vcdm: boolean) => async (): Promise<Party> => {
  const issuer = recording(await newSigner('ES256'))
  return {
    issuer,
    holder: recording(await newSigner('ES256')),
    plugs: {
      issue: sdJwtVc({ signer: issuer.signer, vcdm, issuer: didOf(issuer.signer) }),
      hold: sdJwtVcHolder({ resolveIssuerKey }),
      verify: sdJwtVcVerifier({ resolveIssuerKey }),
    },
  }
}

const formats: Readonly<Record<string, () => Promise<Party>>> = {
  'dc+sd-jwt': sdJwt(false),
  'dc+sd-jwt with a W3C body': sdJwt(true),
  jwt_vc_json: async () => {
    const issuer = recording(await newSigner('EdDSA'))
    return {
      issuer,
      holder: recording(await newSigner('EdDSA')),
      plugs: {
        issue: jwtVc({ signer: issuer.signer, issuer: didOf(issuer.signer) }),
        hold: jwtVcHolder({ resolveIssuerKey }),
        verify: jwtVcVerifier({ resolveIssuerKey, resolveDid }),
      },
    }
  },
  'ldp_vc, ecdsa-rdfc-2019': ldp('ES256', 'ecdsa-rdfc-2019'),
  'ldp_vc, eddsa-rdfc-2022': ldp('EdDSA', 'eddsa-rdfc-2022'),
  'ldp_vc, ecdsa-jcs-2019': ldp('ES256', 'ecdsa-jcs-2019'),
  'ldp_vc, eddsa-jcs-2022': ldp('EdDSA', 'eddsa-jcs-2022'),
  'ldp_vc, ecdsa-sd-2023': ldp('ES256', 'ecdsa-sd-2023'),
  mso_mdoc: async () => {
    const jwk = await generateJwk('ES256')
    const chain = await authority.issueDocumentSigner({ commonName: 'Signer', publicJwk: publicJwkOf(jwk) })
    const issuer = recording(await signerFromJwk(jwk, { x5c: chain }))
    const type = () => ({
      docType: 'paper',
      elements: ['name', 'born'].map((name) => ({ path: [name], namespace: 'paper', element: name })),
    })
    return {
      issuer,
      holder: recording(await newSigner('ES256')),
      plugs: {
        issue: mdoc({ signer: issuer.signer, type }),
        hold: mdocHolder({ resolveIssuerKey }),
        verify: mdocVerifier({ resolveIssuerKey }),
      },
    }
  },
}

const rejected = { name: 'RejectedError' }

describe.each(Object.entries(formats))('%s: a byte of a signature is flipped [M5]', (name, make) => {
  const world = async () => {
    const { issuer, holder, plugs } = await make()
    const { kid } = holder.signer.key
    const held = { jwk: holder.signer.key.publicJwk, ...(kid !== undefined && { kid }) }
    const credential = await plugs.issue.issue({
      document: paperDocument,
      issuer: url,
      claims: { name: 'สมชาย', born: '2540' },
      holder: held,
      validity: { from, until: new Date(Date.now() + 30 * 86_400_000) },
      id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    })
    const signature = issuer.made.at(-1) as Uint8Array
    const disclose = [name === 'mso_mdoc' ? ['paper', 'name'] : [...(plugs.issue.claimsAt ?? []), 'name']]
    const present = (one: Credential) => plugs.hold.present(one, { disclose, binding, holder: holder.signer })
    const accept = (one: Credential) => plugs.hold.accept(one, { holder: held, issuer: url, isTrusted })
    const verify = (presentation: unknown) => plugs.verify.verify(presentation, { isTrusted, binding })
    return { holder, credential, signature, present, accept, verify }
  }

  it('in the credential: no wallet keeps it, no verifier takes it', async () => {
    const { credential, signature, present, accept, verify } = await world()
    await accept(credential)
    await verify(await present(credential))
    for (const at of places(signature)) {
      const forged = flipped(credential, signature, at)
      await expect(accept(forged)).rejects.toMatchObject(rejected)
      // A VP that is a JWT holds the credential within its payload: it is signed anew around the forged one.
      const shown =
        name === 'jwt_vc_json' ? await present(forged) : flipped(await present(credential), signature, at)
      await expect(verify(shown)).rejects.toMatchObject(rejected)
    }
  })

  it('in what the holder signed: KB-JWT, VP, device', async () => {
    const { holder, credential, present, verify } = await world()
    const presentation = await present(credential)
    const signature = holder.made.at(-1) as Uint8Array
    await verify(presentation)
    for (const at of places(signature)) {
      await expect(verify(flipped(presentation, signature, at))).rejects.toMatchObject(rejected)
    }
  })
})

const securings = [
  ['jwt', issueVcJwt, verifyVcJwt, presentVpJwt, verifyVpJwt],
  ['sd-jwt', issueVcSdJwt, verifyVcSdJwt, presentVpSdJwt, verifyVpSdJwt],
  ['cose', issueVcCose, verifyVcCose, presentVpCose, verifyVpCose],
] as const

describe.each(securings)(
  'VC-JOSE-COSE, %s: a byte of a signature is flipped [M5]',
  (_name, issue, verify, present, verifyVp) => {
    it('in the credential, and in the presentation', async () => {
      const issuer = recording(await newSigner('ES256'))
      const holder = recording(await newSigner('ES256'))
      const credential = {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiableCredential'],
        issuer: didOf(issuer.signer),
        credentialSubject: { id: didOf(holder.signer), name: 'สมชาย' },
      }
      const made = (await issue({ signer: issuer.signer, credential })) as string | Uint8Array
      const options = { resolveIssuerKey, isTrusted }
      const signature = issuer.made[0] as Uint8Array
      await verify(made as never, options)
      const vp = (await present({ holder: holder.signer, credentials: [made], binding })) as
        | string
        | Uint8Array
      const holderSignature = holder.made[0] as Uint8Array
      await verifyVp(vp as never, { ...options, resolveDid, binding })
      for (const at of places(signature)) {
        await expect(verify(flipped(made, signature, at) as never, options)).rejects.toMatchObject(rejected)
        const forged = verifyVp(flipped(vp, holderSignature, at) as never, {
          ...options,
          resolveDid,
          binding,
        })
        await expect(forged).rejects.toMatchObject(rejected)
      }
    })
  },
)

describe('lists of statuses: a byte of a signature is flipped [M5]', () => {
  const refused = { code: 'core.resolve.invalid' }
  const forging = (made: readonly Uint8Array[], serve: (url: string) => Promise<Response | undefined>) => {
    return (at: number | undefined) => async (input: string | URL) => {
      const response = (await serve(String(input))) as Response
      if (at === undefined) return response
      const body = new Uint8Array(await response.arrayBuffer())
      const isBinary = response.headers.get('content-type')?.includes('cwt') === true
      const signature = made.at(-1) as Uint8Array
      const text = new TextDecoder().decode(body)
      const isJson = text.startsWith('{')
      const forged = isBinary
        ? flipped(body, signature, at)
        : isJson
          ? JSON.stringify(flipped(JSON.parse(text) as JsonObject, signature, at))
          : flipped(text, signature, at)
      return new Response(forged as BodyInit, { headers: response.headers })
    }
  }

  it.each(['application/statuslist+jwt', 'application/statuslist+cwt'])(
    'Status List Token, %s',
    async (accept) => {
      const { signer, made } = recording(await newSigner('ES256'))
      const issuer = didOf(signer)
      const lists = createStatusLists({ url: `${url}/lists`, signer, issuer, store: createMemoryStore() })
      const entry = await lists.allocate()
      const serve = (input: string) => lists.fetch(new Request(input, { headers: { accept } }))
      const forge = forging(made, serve)
      const check = (at?: number) =>
        createStatusChecker({ fetch: forge(at), resolveIssuerKey, isTrusted })(entry, {
          issuer: { id: issuer, method: 'did' },
        })
      expect(await check()).toMatchObject({ status: 'valid' })
      for (const at of places(made[0] as Uint8Array)) await expect(check(at)).rejects.toMatchObject(refused)
    },
  )

  it.each(['application/vc+jwt', 'application/vc'])('list credential, %s', async (contentType) => {
    const { signer, made } = recording(await newSigner('ES256'))
    const issuer = didOf(signer)
    const lists = createBitstringStatusLists({
      url: `${url}/bitstrings`,
      issuer,
      store: createMemoryStore(),
      issueCredential: async (credential) => ({
        contentType,
        body:
          contentType === 'application/vc'
            ? JSON.stringify(await issueLdpVc({ signer, credential }))
            : await issueVcJwt({ signer, credential }),
      }),
    })
    const entry = await lists.allocate()
    const forge = forging(made, (input) => lists.fetch(new Request(input)))
    const check = (at?: number) =>
      createStatusChecker({
        fetch: forge(at),
        isTrusted,
        verifyListCredential: (body) => {
          const text = new TextDecoder().decode(body)
          const options = { resolveIssuerKey, isTrusted }
          return text.startsWith('{')
            ? verifyLdpVc(JSON.parse(text) as JsonObject, options)
            : verifyVcJwt(text, options)
        },
      })(entry, { issuer: { id: issuer, method: 'did' } })
    expect(await check()).toMatchObject({ status: 'valid' })
    for (const at of places(made[0] as Uint8Array)) await expect(check(at)).rejects.toMatchObject(refused)
  })
})

describe('ldp_vc, bbs-2023: a byte of a signature is flipped [M5]', () => {
  const world = async () => {
    const jwk = generateBbsJwk()
    const bbs = bbsSignerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
    const made: Uint8Array[] = []
    const signer = {
      ...bbs,
      async sign(header: Uint8Array, messages: readonly Uint8Array[]) {
        const signature = await bbs.sign(header, messages)
        made.push(signature)
        return signature
      },
    }
    const holder = recording(await newSigner('ES256'))
    const held = { jwk: holder.signer.key.publicJwk, kid: holder.signer.key.kid as string }
    const credential = (await ldpVc({ signer }).issue({
      document: paperDocument,
      issuer: url,
      claims: { name: 'สมชาย', born: '2540' },
      holder: held,
      validity: { from, until: new Date(Date.now() + 30 * 86_400_000) },
      id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    })) as JsonObject
    const hold = ldpVcHolder({ resolveIssuerKey, contexts })
    const verifier = ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts })
    const disclose = [['credentialSubject', 'name']]
    return {
      ...{ credential, holder, signature: made[0] as Uint8Array },
      accept: (one: Credential) => hold.accept(one, { holder: held, issuer: url, isTrusted }),
      present: (one: Credential) => hold.present(one, { disclose, binding, holder: holder.signer }),
      verify: (presentation: unknown) => verifier.verify(presentation, { isTrusted, binding }),
    }
  }

  it('in the credential: no wallet keeps it, and a presentation made of it is refused', async () => {
    const { credential, signature, accept, present, verify } = await world()
    await accept(credential)
    await verify(await present(credential))
    expect(signature).toHaveLength(80)
    for (const at of places(signature)) {
      const forged = flipped(credential, signature, at)
      await expect(accept(forged)).rejects.toMatchObject(rejected)
      // A signature that is no point of the curve shows nothing; of any other a presentation is made, and refused.
      const shown = await present(forged).catch(() => undefined)
      if (shown) await expect(verify(shown)).rejects.toMatchObject(rejected)
    }
  })

  it('in the proof that is shown, at every fourth of its bytes', async () => {
    const { credential, present } = await world()
    const verifier = ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts })
    const { verifiableCredential } = (await present(credential)) as JsonObject
    const [derived] = verifiableCredential as readonly [JsonObject]
    const proof = derived.proof as JsonObject
    await verifier.verify(derived, { isTrusted })
    const bytes = fromBase64url((proof.proofValue as string).slice(1))
    // Behind the three bytes of the header and the array, and the two of its length: the proof of BBS itself.
    const start = 3 + 1 + 2
    for (let at = start; at < start + 272; at += 4) {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] as number) ^ 1
      const forged = { ...derived, proof: { ...proof, proofValue: `u${base64url(changed)}` } }
      await expect(verifier.verify(forged, { isTrusted })).rejects.toMatchObject(rejected)
    }
  })

  it('in what the holder signed', async () => {
    const { credential, holder, present, verify } = await world()
    const presentation = await present(credential)
    const signature = holder.made.at(-1) as Uint8Array
    await verify(presentation)
    for (const at of places(signature)) {
      await expect(verify(flipped(presentation as JsonObject, signature, at))).rejects.toMatchObject(rejected)
    }
  })
})

it('what is flipped is the signature: the writing of it is found again', () => {
  const signature = fromBase58(base58(Uint8Array.from({ length: 64 }, (_, at) => at + 1)))
  expect(flipped(`a.b.${base64url(signature)}`, signature, 3)).not.toContain(base64url(signature))
  expect(() => flipped('a.b.c', signature, 0)).toThrow('the signature is not in it')
})
