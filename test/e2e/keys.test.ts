import {
  type BindingMethod,
  type Check,
  type Clock,
  cached,
  createGuardedFetch,
  createMemoryStore,
  type IssuerFormat,
  type PublicJwk,
  type ResolveIssuerKey,
  resolveIssuerKeyBy,
  type Store,
  trustOnly,
} from '@ekkasan/core'
import {
  createDidResolver,
  didJwkOf,
  didJwkUrlOf,
  didKeyOf,
  didKeyUrlOf,
  didWebDocument,
  didWebOf,
  resolveDidIssuer,
} from '@ekkasan/did'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { jwtVc, jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { generateJwk, parseJws, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import { createMemoryHolderKeys, createWallet, requireReceived, type Wallet } from '@ekkasan/wallet'
import {
  createCertificateAuthority,
  readClientCertificate,
  resolveX5c,
  trustAnchors,
  trustVerifierCertificates,
} from '@ekkasan/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partialNationalId } from '../partial-documents.ts'
import { serve } from '../serve.ts'

// Issuer, wallet and verifier with the real formats, over HTTP: every way to find an issuer's key with every way to
// name a holder's, and what becomes of credentials when an issuer's keys change.

const claims = { name_th: 'นาย สมมุติ ตัวอย่างดี', birthdate: '1990-01-15' }
const root = await createCertificateAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  subject: { commonName: 'Root' },
})
const anchors = trustAnchors([
  { role: 'credential-issuer', certificate: root.certificate },
  { role: 'verifier', certificate: root.certificate },
])
const issuerHosts = new Set<string>()
const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})

const means = ['jwt-vc-issuer', 'x5c', 'did:web', 'did:key', 'did:jwk'] as const
type Means = (typeof means)[number]
type Jwk = Awaited<ReturnType<typeof generateJwk>>
const createKey = async (kid: string): Promise<Jwk> => ({ ...(await generateJwk('ES256')), kid })

const formats = ['SD-JWT VC', 'SD-JWT VC with a W3C body', 'jwt_vc_json'] as const
type Format = (typeof formats)[number]

interface RunningIssuer {
  readonly url: string
  /** As credentials name it. */
  readonly id: string
  readonly current: () => Issuer
  /** As if restarted on the same store: the first key signs, all are published. */
  use(keys: readonly Jwk[]): Promise<void>
}

/** An issuer whose key is found by `by`; configuration ids are `<format> <binding method>`. */
async function startIssuer(by: Means, bindings: readonly BindingMethod[]): Promise<RunningIssuer> {
  const store: Store = createMemoryStore()
  let issuer: Issuer | undefined
  let published: readonly PublicJwk[] = []
  const { origin, close } = await serve(() => async (request) => {
    if (by === 'did:web' && new URL(request.url).pathname === '/.well-known/did.json') {
      return Response.json(
        didWebDocument({
          did: didWebOf(url),
          keys: published.map((jwk) => ({ jwk, id: jwk.kid as string })),
        }),
      )
    }
    return (issuer as Issuer).fetch(request)
  })
  closers.push(close)
  const url = origin.replace('127.0.0.1', 'localhost')
  issuerHosts.add(new URL(url).host)

  async function identify(jwk: Jwk) {
    const publicJwk = publicJwkOf(jwk)
    if (by === 'did:web') return { id: didWebOf(url), header: { kid: `${didWebOf(url)}#${jwk.kid}` } }
    if (by === 'did:key') return { id: didKeyOf(publicJwk), header: { kid: didKeyUrlOf(publicJwk) } }
    if (by === 'did:jwk') return { id: didJwkOf(publicJwk), header: { kid: didJwkUrlOf(publicJwk) } }
    if (by === 'jwt-vc-issuer') return { id: url, header: { kid: jwk.kid as string } }
    const x5c = await root.issue({ subject: { commonName: 'Issuer' }, publicJwk, dnsNames: [], uris: [url] })
    return { id: url, header: { x5c } }
  }

  let id = ''
  async function use(keys: readonly Jwk[]) {
    const [newest] = keys as [Jwk]
    const identity = await identify(newest)
    id = identity.id
    published = keys.map(publicJwkOf)
    const signer = await signerFromJwk(newest, identity.header)
    const ofFormat: Record<Format, IssuerFormat> = {
      'SD-JWT VC': sdJwtVc({ signer, issuer: id }),
      'SD-JWT VC with a W3C body': sdJwtVc({ signer, issuer: id, vcdm: true }),
      jwt_vc_json: jwtVc({ signer, issuer: id }),
    }
    issuer = createIssuer({
      url,
      names: { en: 'Issuer' },
      credentials: formats.flatMap((format) =>
        bindings.map((binding) =>
          partialNationalId.as({
            ...ofFormat[format],
            bindingMethods: [binding],
            configurationId: () => `${format} ${binding}`,
          }),
        ),
      ),
      store,
      getClaims: async () => ({ claims }),
      resolveDid: createDidResolver(),
      ...(by === 'jwt-vc-issuer' && { keys: published }),
    })
  }
  await use([await createKey('first')])
  return { url, id, current: () => issuer as Issuer, use }
}

interface Reader {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly fetch: ReturnType<typeof createGuardedFetch>
  readonly resolveDid: ReturnType<typeof createDidResolver>
}

/** How wallets and verifiers find keys: all five means, remembered for five minutes. */
function createReader(clock: Clock = () => new Date()): Reader {
  const allowHosts = ['localhost:*', '127.0.0.1:*']
  const fetch = createGuardedFetch({ allowHosts })
  const resolveDid = createDidResolver({ fetch, allowHttp: [...issuerHosts] })
  const resolveIssuerKey = resolveIssuerKeyBy({
    https: resolveJwtVcIssuer({ fetch, allowHttp: true, clock }),
    did: cached(resolveDidIssuer(resolveDid), { lifetime: 300_000, clock }),
    x5c: resolveX5c({ anchors }),
  })
  return { fetch, resolveDid, resolveIssuerKey }
}
interface Capturing {
  readonly wallet: Wallet
  /** Credentials as they came over the wire. */
  readonly held: string[]
  readonly proofs: string[]
}

function createCapturingWallet(issuerId: string): Capturing {
  const { fetch, resolveDid, resolveIssuerKey } = createReader()
  const held: string[] = []
  const proofs: string[] = []
  const trustIssuer = trustOnly([{ role: 'credential-issuer', id: issuerId }])
  const trustVerifier = trustVerifierCertificates({ anchors })
  const wallet = createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey }), jwtVcHolder({ resolveIssuerKey })],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: (question) => (question.role === 'verifier' ? trustVerifier : trustIssuer)(question),
    readCertificate: readClientCertificate,
    resolveDid,
    async fetch(input, init) {
      const response = await fetch(input, init)
      if (!String(input).endsWith('/credential')) return response
      proofs.push(JSON.parse(String(init?.body)).proofs.jwt[0])
      held.push((await response.clone().json()).credentials[0].credential)
      return response
    },
  })
  return { wallet, held, proofs }
}

async function startVerifier(issuerId: string, clock?: Clock): Promise<Verifier> {
  const { resolveDid, resolveIssuerKey } = createReader(clock)
  const jwk = await createKey('verifier')
  const subject = { commonName: 'Verifier' }
  const x5c = await root.issue({ subject, publicJwk: publicJwkOf(jwk), dnsNames: ['localhost'] })
  let verifier: Verifier | undefined
  const { close } = await serve(async (at) => {
    verifier = createVerifier({
      url: at.replace('127.0.0.1', 'localhost'),
      names: { en: 'Verifier' },
      identity: { prefix: 'x509_hash', signer: await signerFromJwk(jwk, { x5c }) },
      formats: [sdJwtVcVerifier({ resolveIssuerKey }), jwtVcVerifier({ resolveIssuerKey, resolveDid })],
      store: createMemoryStore(),
      isTrusted: trustOnly([{ role: 'credential-issuer', id: issuerId }]),
    })
    return verifier.fetch
  })
  closers.push(close)
  return verifier as unknown as Verifier
}

async function receive({ wallet, held }: Capturing, issuer: Issuer, configuration: string) {
  const offer = await issuer.createOffer({ credentials: [configuration], subject: 'one', txCode: true })
  const read = await wallet.readOffer(offer.uriByReference)
  const [stored] = requireReceived(await wallet.receive(read, { txCode: offer.txCode as string }))
  return { id: stored?.id as string, compact: held.at(-1) as string }
}

function queryFor(url: string, format: Format) {
  const w3c = format !== 'SD-JWT VC'
  const claims = [{ path: [...(w3c ? ['credentialSubject'] : []), 'name_th'] }]
  const vct = `${url}/vct/ThaiNationalIDCredential/v1${w3c ? '' : '/plain'}`
  return format === 'jwt_vc_json'
    ? {
        id: 'id',
        format,
        meta: { type_values: [['VerifiableCredential', 'ThaiNationalIDCredential']] },
        claims,
      }
    : { id: 'id', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims }
}

async function present({ wallet }: Capturing, verifier: Verifier, url: string, format: Format, id: string) {
  const started = await verifier.start({ query: { credentials: [queryFor(url, format)] } })
  const request = await wallet.readRequest(started.requestUri)
  await wallet.present(request, { id: [id] }).catch(() => undefined)
  return verifier.result(started.id)
}

const matrix = formats.flatMap((format) =>
  (['jwk', 'did:jwk', 'did:key'] as const).map((binding) => ({ format, binding })),
)

describe.each(means)('an issuer found by %s', (by) => {
  let issuer: RunningIssuer
  let verifier: Verifier
  beforeAll(async () => {
    issuer = await startIssuer(by, ['jwk', 'did:jwk', 'did:key'])
    verifier = await startVerifier(issuer.id)
  })

  it.each(matrix)('$format, holder bound by $binding', async ({ format, binding }) => {
    const holder = createCapturingWallet(issuer.id)
    const { id, compact } = await receive(holder, issuer.current(), `${format} ${binding}`)
    const { header, payload } = parseJws(compact.split('~')[0] as string)
    expect(payload.iss).toBe(issuer.id)
    expect(Object.keys(header)).toContain(by === 'x5c' ? 'x5c' : 'kid')
    // The wallet proves its key under the name asked for. SD-JWT VC binds by the key itself, VCDM 1.1 by the DID.
    const proof = parseJws(holder.proofs[0] as string).header
    expect(binding === 'jwk' ? proof.jwk : proof.kid).toEqual(
      binding === 'jwk' ? expect.objectContaining({ kty: 'EC' }) : expect.stringMatching(`^${binding}:.+#`),
    )
    if (binding === 'jwk' || format !== 'jwt_vc_json') {
      expect(payload.cnf).toMatchObject({ jwk: { kty: 'EC', crv: 'P-256' } })
    } else expect(payload).toMatchObject({ sub: (proof.kid as string).split('#')[0] })

    const result = await present(holder, verifier, issuer.url, format, id)
    expect(result.state).toBe('verified')
    const shown = result.state === 'verified' ? result.presentations.id?.[0] : undefined
    const method = by.startsWith('did:') ? 'did' : by
    expect(shown?.issuer).toMatchObject({ id: issuer.id, method })
    expect(shown?.checks).toContainEqual({ name: 'issuer-key', outcome: 'passed', detail: method })
    expect(shown?.checks).toContainEqual(
      expect.objectContaining({ name: 'holder-signature', outcome: 'passed' }),
    )
  })
})

const outcomes = (checks: readonly Check[], outcome: Check['outcome']) =>
  checks.filter((check) => check.outcome === outcome).map(({ name }) => name)

describe.each(['jwt-vc-issuer', 'did:web'] as const)(
  'when the keys of an issuer found by %s change',
  (by) => {
    it.each(formats)('%s: old credentials go on verifying until their key is retired', async (format) => {
      const issuer = await startIssuer(by, ['jwk'])
      const first = await createKey('first')
      const second = await createKey('second')
      await issuer.use([first])
      let at = Date.now()
      const standing = await startVerifier(issuer.id, () => new Date(at))
      const holder = createCapturingWallet(issuer.id)
      const shows = async (verifier: Verifier, id: string) =>
        present(holder, verifier, issuer.url, format, id)

      const old = await receive(holder, issuer.current(), `${format} jwk`)
      expect(await shows(standing, old.id)).toMatchObject({ state: 'verified' })

      // Rotation: the second key signs, the first is still published.
      await issuer.use([second, first])
      at += 20_000
      const freshHolder = createCapturingWallet(issuer.id)
      const fresh = await receive(freshHolder, issuer.current(), `${format} jwk`)
      expect(parseJws(old.compact.split('~')[0] as string).header.kid).toMatch(/first$/)
      expect(parseJws(fresh.compact.split('~')[0] as string).header.kid).toMatch(/second$/)
      for (const verifier of [standing, await startVerifier(issuer.id)]) {
        expect(await shows(verifier, old.id)).toMatchObject({ state: 'verified' })
        const result = await present(freshHolder, verifier, issuer.url, format, fresh.id)
        expect(result).toMatchObject({ state: 'verified' })
      }

      // The first key is retired: refused at once by who has not seen it, and by others when their cache has ended.
      await issuer.use([second])
      at += 301_000
      for (const verifier of [standing, await startVerifier(issuer.id)]) {
        const refused = await shows(verifier, old.id)
        expect(refused.state).toBe('rejected')
        const report = refused.state === 'rejected' ? refused.report.filter(({ queryId }) => queryId) : []
        expect(report.map(({ checks }) => outcomes(checks, 'failed'))).toEqual([['issuer-key']])
        expect(report.flatMap(({ checks }) => outcomes(checks, 'unknown'))).toEqual([])
        const result = await present(freshHolder, verifier, issuer.url, format, fresh.id)
        expect(result).toMatchObject({ state: 'verified' })
      }
    })
  },
)
