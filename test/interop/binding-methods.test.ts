import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { requireReceived } from '@ekkasan/wallet'
import * as jose from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type CredoConfiguration,
  createCredoHolder,
  startCredoIssuer,
  startCredoVerifier,
} from './credo-parties.ts'
import { documentLoader } from './digitalbazaar-parties.ts'
import { createOpenid4vcHolder } from './openid4vc-holder.ts'
import { type Openid4vcConfiguration, startOpenid4vcIssuer } from './openid4vc-servers.ts'
import {
  createOurWallet,
  type OurIssuer,
  type OurVerifier,
  startOurIssuer,
  startOurVerifier,
} from './ours.ts'
import { jwkOfDid, type PeerBinding, type PeerKey } from './peer-dids.ts'
import { createSphereonWallet } from './sphereon-client.ts'

// Every value of `cryptographic_binding_methods_supported` that our issuer announces, with every wallet that knows it; and
// every one that a peer's issuer can announce, with our wallet. Who shares what: README.md.

// Sphereon writes every credential to the console.
for (const method of ['log', 'info', 'warn', 'error'] as const) {
  vi.spyOn(console, method).mockImplementation(() => undefined)
}

const host = (url: string) => new URL(url).host

/** What our issuer announces, by configuration. */
const announced = {
  'ThaiNationalID-sd-jwt-vc-plain': ['jwk', 'did:jwk', 'did:key'],
  'ThaiNationalID-sd-jwt-vc': ['jwk'],
  'ThaiNationalID-jwt-vc': ['did:jwk', 'did:key', 'jwk'],
  'ThaiNationalID-ldp-vc': ['did:jwk', 'did:key'],
  'ThaiNationalID-mdoc': ['cose_key'],
} as const satisfies Record<string, readonly PeerBinding[]>
const cases = Object.entries(announced).flatMap(([id, methods]) =>
  methods.map((binding) => ({ id: id as keyof typeof announced, binding: binding as PeerBinding })),
)

let issuer: OurIssuer
let verifier: OurVerifier
beforeAll(async () => {
  issuer = await startOurIssuer({ withCertificate: true })
  verifier = await startOurVerifier({ hosts: [host(issuer.url)], issuerCertificates: [issuer.certificate] })
})
afterAll(async () => {
  await issuer?.close()
  await verifier?.close()
})

const offerOf = (id: string) => issuer.issuer.createOffer({ credentials: [id], subject: 'one', txCode: true })

it('our issuer announces these methods and no others [K1]', async () => {
  const metadata = await (await fetch(`${issuer.url}/.well-known/openid-credential-issuer`)).json()
  const { credential_configurations_supported: configurations } = metadata as {
    credential_configurations_supported: Record<string, { cryptographic_binding_methods_supported: string[] }>
  }
  expect(
    Object.fromEntries(
      Object.entries(configurations).map(([id, { cryptographic_binding_methods_supported: methods }]) => [
        id,
        methods,
      ]),
    ),
  ).toEqual(announced)
})

/** Where a credential of each format names the key of its holder. */
async function boundKeyOf(id: string, credential: unknown): Promise<Record<string, unknown>> {
  if (id === 'ThaiNationalID-ldp-vc') {
    const { credentialSubject } = credential as { credentialSubject: { id: string } }
    await verifyByDigitalBazaar(credential as object)
    return { ...jwkOfDid(credentialSubject.id) }
  }
  if (id === 'ThaiNationalID-mdoc') return coseKeyOf(credential as string)
  const [jwt = ''] = (credential as string).split('~')
  const { cnf, sub } = jose.decodeJwt<{ cnf?: { jwk?: jose.JWK; kid?: string } }>(jwt)
  const did = cnf?.kid?.split('#')[0] ?? sub
  return { ...(cnf?.jwk ?? jwkOfDid(did as string)) }
}

/** The device's key in the mobile security object, by its place in the bytes: x and y stand after their labels. */
function coseKeyOf(credential: string) {
  const bytes = Buffer.from(credential, 'base64url')
  const at = bytes.indexOf('deviceKey') + 'deviceKey'.length
  const part = (label: string) => {
    const start = bytes.indexOf(Buffer.from(label, 'hex'), at) + 3
    return bytes.subarray(start, start + 32).toString('base64url')
  }
  return { x: part('215820'), y: part('225820') }
}

async function verifyByDigitalBazaar(credential: object) {
  const loader = async (url: string) =>
    url.startsWith(issuer.url)
      ? { contextUrl: null, documentUrl: url, document: await (await fetch(url)).json() }
      : documentLoader(url)
  const suite = new DataIntegrityProof({ cryptosuite: ecdsaRdfc })
  const checkStatus = async () => ({ verified: true })
  const result = await vc.verifyCredential({ credential, suite, documentLoader: loader, checkStatus })
  if (!result.verified) throw new Error('Digital Bazaar does not verify it', { cause: result.error })
}

const xy = ({ publicJwk: { x, y } }: PeerKey) => ({ x, y })

describe('@openid4vc receives from our issuer', () => {
  it.each(cases)('$id by $binding: the credential is bound to the key that was proven', async (named) => {
    const holder = await createOpenid4vcHolder()
    const offer = await offerOf(named.id)
    const { credentials } = await holder.receive(offer.uri, {
      txCode: offer.txCode as string,
      binding: named.binding,
    })
    expect(await boundKeyOf(named.id, credentials[0])).toMatchObject(xy(holder.key))
  })
})

describe('Sphereon’s client receives from our issuer', () => {
  it.each(cases)('$id by $binding: the credential is bound to the key that was proven', async (named) => {
    const wallet = await createSphereonWallet()
    const offer = await offerOf(named.id)
    const { credentials } = await wallet.receive(offer.uri, {
      txCode: offer.txCode as string,
      binding: named.binding,
      shim: true,
    })
    expect(await boundKeyOf(named.id, credentials[0])).toMatchObject(xy(wallet.key))
  })
})

const jwtQuery = (type: string, claim: string) => ({
  credentials: [
    {
      id: 'id',
      format: 'jwt_vc_json',
      meta: { type_values: [['VerifiableCredential', type]] },
      claims: [{ path: ['credentialSubject', claim] }],
    },
  ],
})

describe('a jwt_vc_json of ours is presented to our verifier', () => {
  const id = 'ThaiNationalID-jwt-vc'
  const query = jwtQuery('ThaiNationalIDCredential', 'name_th')

  it.each(['did:jwk', 'did:key'] as const)('by Credo, bound by %s', async (binding) => {
    const credo = await createCredoHolder([issuer.certificate, verifier.certificate])
    const offer = await offerOf(id)
    await credo.receive(offer.uriByReference, { txCode: offer.txCode as string, binding })
    const started = await verifier.verifier.start({ query })
    await credo.present(started.requestUri)
    expect(await verifier.verifier.result(started.id)).toMatchObject({ state: 'verified' })
    await credo.agent.shutdown()
  })

  it.each(['did:jwk', 'did:key', 'jwk'] as const)('by @openid4vc and jose, bound by %s', async (binding) => {
    const holder = await createOpenid4vcHolder()
    const offer = await offerOf(id)
    const taken = await holder.receive(offer.uri, { txCode: offer.txCode as string, binding })
    const started = await verifier.verifier.start({ query })
    const request = await holder.readRequest(started.requestUri)
    const { client_id: aud, nonce } = request.authorizationRequestPayload
    // A key proven by itself is named by its did:jwk.
    const named = binding === 'jwk' ? 'did:jwk' : binding
    const presentation = await holder.presentJwt(
      taken.credentials[0] as string,
      { aud: aud as string, nonce },
      named,
    )
    expect((await holder.respond(request, { id: [presentation] })).status).toBe(200)
    expect(await verifier.verifier.result(started.id)).toMatchObject({ state: 'verified' })
  })
})

describe('our wallet, with an issuer that announces one method alone', () => {
  const type = 'InteropDocument'
  const claims = { name: 'สมชาย ใจดี', age: 20 }
  const sdJwtQuery = {
    credentials: [
      { id: 'id', format: 'dc+sd-jwt', meta: { vct_values: [type] }, claims: [{ path: ['name'] }] },
    ],
  }
  const ldpQuery = {
    credentials: [
      {
        id: 'id',
        format: 'ldp_vc',
        meta: { type_values: [['https://interop.example/#InteropDocument']] },
        claims: [{ path: ['credentialSubject', 'name'] }],
      },
    ],
  }

  it.each([
    ['dc+sd-jwt by did:jwk', sdJwtQuery],
    ['dc+sd-jwt by did:key', sdJwtQuery],
    ['jwt_vc_json by did:key', jwtQuery(type, 'name')],
    ['ldp_vc by did:jwk', ldpQuery],
  ] as const satisfies readonly (readonly [CredoConfiguration, object])[])(
    'receives %s of Credo and presents it to Credo’s verifier',
    async (configuration, query) => {
      const theirs = await startCredoIssuer(type, claims)
      const asking = await startCredoVerifier([theirs.certificate])
      const asked = await asking.ask(query)
      const wallet = createOurWallet({
        hosts: [host(theirs.url), host(new URL(asked.uri).searchParams.get('request_uri') as string)],
        issuerCertificates: [theirs.certificate],
      })
      const offer = await theirs.createOffer(configuration)
      const [credential] = requireReceived(
        await wallet.receive(await wallet.readOffer(offer.uri), { txCode: offer.txCode }),
      )
      await wallet.present(await wallet.readRequest(asked.uri), { id: [credential?.id as string] })
      expect(await asking.state(asked.id)).toBe('ResponseVerified')
      await theirs.close()
      await asking.close()
    },
  )

  it.each([
    'dc+sd-jwt by did:jwk',
    'dc+sd-jwt by did:key',
    'jwt_vc_json by did:key',
  ] as const satisfies readonly Openid4vcConfiguration[])(
    'receives %s of @openid4vc',
    async (configuration) => {
      const theirs = await startOpenid4vcIssuer(type, claims)
      const wallet = createOurWallet({
        hosts: [host(theirs.url)],
        issuerCertificates: [theirs.certificate],
      })
      const offer = await theirs.createOffer(configuration)
      const [credential] = requireReceived(
        await wallet.receive(await wallet.readOffer(offer.uri), { txCode: offer.txCode }),
      )
      expect(JSON.stringify(credential?.view.claims)).toContain('สมชาย ใจดี')
      await theirs.close()
    },
  )
})
