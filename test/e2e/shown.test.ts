import {
  type ClaimPath,
  type Claims,
  type Credential,
  claimsOfShown,
  createMemoryStore,
  type HolderFormat,
  type JsonObject,
  type JsonValue,
  leavesOf,
  type PublicJwk,
  trustAnyone,
} from '@ekkasan/core'
import { createContextRegistry, issueLdpVc, ldpVcHolder } from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { createDidResolver, didJwkOf, didJwkUrlOf, didKeyUrlOf } from '@ekkasan/did'
import { issueJwtVc, jwtVcHolder } from '@ekkasan/jwt-vc'
import { generateJwk, parseJws, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import { isoMdocHolder, isoMdocVerifier, mdocHolder, verifyMdoc } from '@ekkasan/mdoc'
import { createDisclosureFrame, discloseClaims, issueSdJwt, parseSdJwt } from '@ekkasan/sd-jwt'
import { sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { createMemoryHolderKeys, createWallet, type StoredCredential } from '@ekkasan/wallet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pictureOf } from '../../examples/documents/src/index.ts'
import { consentedOf } from '../../examples/wallet/src/browser/consented.ts'
import * as mdocs from '../../packages/mdoc/test/setting.ts'

// What a person is shown before he consents is what the verifier then receives: the one against the other, in every
// format, through the wallet that reads a signed request and answers it.

const url = 'https://issuer.example'
const now = new Date('2026-06-01T00:00:00Z')
const verifierJwk = await generateJwk('ES256')
const verifierDid = didJwkOf(publicJwkOf(verifierJwk))
const verifierSigner = await signerFromJwk(verifierJwk, { kid: didJwkUrlOf(publicJwkOf(verifierJwk)) })
const issuerJwk = await generateJwk('ES256')
const issuer = await signerFromJwk(issuerJwk, { kid: didKeyUrlOf(publicJwkOf(issuerJwk)) })
const issuerDid = issuer.key.kid?.split('#')[0] as string
const resolveDid = createDidResolver()
const resolveIssuerKey = async () => {
  throw new TypeError('nothing is received here')
}

const context = {
  url: `${url}/contexts/person.json`,
  document: {
    '@context': {
      '@protected': true,
      Person: `${url}#Person`,
      ...Object.fromEntries(['fullName', 'street', 'status'].map((name) => [name, `${url}#${name}`])),
      address: `${url}#address`,
      cities: { '@id': `${url}#cities`, '@container': '@list' },
    },
  },
}
const contexts = createContextRegistry([context])
const holders = [
  sdJwtVcHolder({ resolveIssuerKey }),
  jwtVcHolder({ resolveIssuerKey }),
  ldpVcHolder({ resolveIssuerKey, contexts }),
  mdocHolder({ resolveIssuerKey }),
]

interface Kept {
  readonly format: string
  readonly issue: (holder: { jwk: PublicJwk; kid: string; did: string }) => Promise<Credential>
}

/** A wallet with one credential; asks it for claims by a signed request, and consents. */
async function wallet({ format, issue }: Kept) {
  const keys = createMemoryHolderKeys()
  const store = createMemoryStore()
  const key = await keys.create('ES256')
  const jwk = key.key.publicJwk
  const holder = { jwk, kid: didKeyUrlOf(jwk), did: didKeyUrlOf(jwk).split('#')[0] as string }
  const credential = await issue(holder)
  const plug = holders.find((known) => known.format === format) as HolderFormat
  const kept = {
    ...{ id: 'one', format, credential, holder, view: plug.view(credential) },
    ...{ issuer: { id: url }, issuerNames: {}, metadata: {}, checks: [], receivedAt: 0 },
  }
  await store.put('credential/one', kept as unknown as JsonValue)
  const asked: { query?: JsonObject; more?: JsonObject } = {}
  const answers: URLSearchParams[] = []
  const own = createWallet({
    formats: holders,
    keys,
    store,
    isTrusted: trustAnyone('a test'),
    resolveDid,
    clock: () => now,
    dcApiProtocols: [isoMdocHolder()],
    transactionDataTypes: { payment: () => true },
    async fetch(input, init = {}) {
      if (String(input).endsWith('/response')) {
        answers.push(init.body as URLSearchParams)
        return Response.json({})
      }
      const request = await signJws({
        signer: verifierSigner,
        header: { typ: 'oauth-authz-req+jwt', kid: verifierSigner.key.kid as string },
        payload: {
          ...{ client_id: `decentralized_identifier:${verifierDid}`, aud: 'https://self-issued.me/v2' },
          ...{ response_type: 'vp_token', response_mode: 'direct_post', state: 's', nonce: 'n' },
          response_uri: 'https://verifier.example/response',
          dcql_query: asked.query as JsonObject,
          ...asked.more,
        },
      })
      return new Response(request, { headers: { 'Content-Type': 'application/oauth-authz-req+jwt' } })
    },
  })
  const meta = metaOf(plug.view(credential))
  const queryOf = (paths: readonly ClaimPath[]) =>
    ({
      credentials: [
        { id: 'q', format, meta, ...(paths.length > 0 && { claims: paths.map((path) => ({ path })) }) },
      ],
    }) as unknown as JsonObject
  const [document] = await own.credentials()
  return {
    wallet: own,
    document: document as StoredCredential,
    queryOf,
    /** Undefined where the credential does not answer. */
    async ask(paths: readonly ClaimPath[], more: JsonObject = {}) {
      asked.query = queryOf(paths)
      asked.more = more
      const params = {
        client_id: `decentralized_identifier:${verifierDid}`,
        request_uri: 'https://verifier.example/request',
      }
      const request = await own.readRequest(`openid4vp://?${new URLSearchParams(params)}`)
      const candidate = request.options[0]?.candidates[0]
      if (!candidate) return undefined
      await own.present(request, { q: ['one'] })
      const { q } = JSON.parse(answers.at(-1)?.get('vp_token') as string) as { q: [string | JsonObject] }
      return { request, candidate, sent: q[0] }
    },
  }
}

function metaOf({ format, types }: { readonly format: string; readonly types: readonly string[] }) {
  if (format === 'mso_mdoc') return { doctype_value: types[0] }
  return format === 'dc+sd-jwt' ? { vct_values: [types[0]] } : { type_values: [['VerifiableCredential']] }
}

/** That the reference wallet's screen has each of them, in one list or another, and names as hidden no more than is. */
function expectOnScreen(document: StoredCredential, candidate: Parameters<typeof consentedOf>[1]) {
  const { seen, always, envelope, hidden } = consentedOf(document, candidate)
  const told = new Set([
    ...[...seen, ...always].flatMap(({ path, value }) =>
      leavesOf({ value }, true).map((leaf) => JSON.stringify([path, leaf.value])),
    ),
    ...envelope.flatMap(({ values }) => values),
  ])
  for (const { path, value, always } of candidate.shown) {
    const end = path.findIndex((part) => typeof part === 'number')
    const place = end < 0 ? path : path.slice(0, end)
    const isTold =
      told.has(JSON.stringify([place, pictureOf(value)])) ||
      (always && told.has(`${path.join('.')}: ${JSON.stringify(value)}`))
    expect(isTold, `on the screen: ${path.join('.')}`).toBe(true)
  }
  const whole = new Set([...seen, ...always].map(({ path, value }) => JSON.stringify([path, value])))
  for (const { path, value } of hidden) expect(whole.has(JSON.stringify([path, value]))).toBe(false)
}

const names = ['type', 'id', 'status', 'issuer', 'name', 'proof', 'sub', 'a', 'b'] as const
const nested = ['type', 'id', 'a', 'b'] as const
const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.integer({ min: 0, max: 99 }), fc.constantFrom('', 'ก', 'x'), fc.boolean(), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...nested), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))
const claimSets = fc
  .dictionary(fc.constantFrom(...names), tree, { minKeys: 1, noNullPrototype: true })
  .map(({ status, sub, ...all }) => {
    // What these two are, the format says; as the issuer's own they are a text, or a list in a member.
    const own = { ...(typeof sub === 'string' && { sub }), ...(status !== undefined && { b: [status] }) }
    return { ...all, ...own } as JsonObject
  })
  .filter((claims) => Object.keys(claims).length > 0)

function pathsOf(value: JsonValue, at: ClaimPath = []): ClaimPath[] {
  if (typeof value !== 'object' || value === null) return []
  const parts: [string | number, JsonValue][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value)
  return parts.flatMap(([part, item]) => [[...at, part], ...pathsOf(item, [...at, part])])
}

interface Case {
  readonly claims: JsonObject
  readonly selective: readonly ClaimPath[]
  readonly asked: readonly ClaimPath[]
  readonly decoys: number
}
const cases: fc.Arbitrary<Case> = claimSets.chain((claims) =>
  fc.record({
    claims: fc.constant(claims),
    selective: fc.subarray(pathsOf(claims)),
    decoys: fc.nat(2),
    asked: fc
      .tuple(
        fc.subarray(pathsOf(claims), { minLength: 1 }).map((paths) => paths.slice(0, 3)),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      )
      .map(([paths, nulls]) =>
        paths.map((path) =>
          path.map((part, at) => (typeof part === 'number' && nulls[at % 4] ? null : part)),
        ),
      ),
  }),
)

function sdJwt({ claims, selective, decoys }: Case, isBody: boolean): Kept {
  const body = isBody
    ? {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiableCredential'],
        issuer: url,
        credentialSubject: claims,
      }
    : claims
  const at = (path: ClaimPath) => (isBody ? ['credentialSubject', ...path] : path)
  return {
    format: 'dc+sd-jwt',
    issue: ({ jwk }) =>
      issueSdJwt({
        signer: issuer,
        header: { typ: 'dc+sd-jwt' },
        payload: {
          ...body,
          ...{ iss: url, vct: 'Person', exp: 1_900_000_000, iat: 1_700_000_000 },
          status: { status_list: { idx: 7, uri: `${url}/status/1` } },
          cnf: { jwk: { ...jwk } },
        },
        frame: createDisclosureFrame({ selective: selective.map(at) }),
        decoys,
      }),
  }
}

const receivedOf = (sent: string | JsonObject): Claims => discloseClaims(parseSdJwt(sent)).claims

describe.each([
  ['dc+sd-jwt', false],
  ['dc+sd-jwt with a W3C body', true],
])('%s', (_name, isBody) => {
  it('shows what it sends, whatever is selective and whatever is asked [A1] [A2] [A3]', async () => {
    let answered = 0
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const held = await wallet(sdJwt(one, isBody))
        const paths = isBody ? one.asked.map((path) => ['credentialSubject', ...path]) : one.asked
        const answer = await held.ask(paths)
        if (!answer) return
        answered++
        expect(claimsOfShown(answer.candidate.shown)).toEqual(receivedOf(answer.sent))
        expectOnScreen(held.document, answer.candidate)
      }),
      { numRuns: 60 },
    )
    expect(answered).toBeGreaterThan(20)
  })

  const at = (...path: ClaimPath) => (isBody ? ['credentialSubject', ...path] : path)
  const one = (claims: JsonObject, ...selective: ClaimPath[]): Case => ({
    claims,
    selective,
    asked: [],
    decoys: 1,
  })
  const optional = (held: Awaited<ReturnType<typeof wallet>>, candidate: Parameters<typeof consentedOf>[1]) =>
    consentedOf(held.document, candidate).seen.map(({ path, value }) => [path.at(-1), value])

  it('shows the whole list of which one item is asked, where the list is one disclosure [A1]', async () => {
    const nationalities = ['TH', 'LA', 'MM']
    const held = await wallet(sdJwt(one({ nationalities }, ['nationalities']), isBody))
    const answer = await held.ask([at('nationalities', 1)])
    expect(JSON.stringify(receivedOf(answer?.sent as string))).toContain(JSON.stringify(nationalities))
    expect(optional(held, answer?.candidate as never)).toEqual([['nationalities', nationalities]])
    expect(consentedOf(held.document, answer?.candidate as never).hidden).toEqual([])
  })

  it('shows only the item that is asked, where each is a disclosure [A1]', async () => {
    const held = await wallet(
      sdJwt(one({ nationalities: ['TH', 'LA', 'MM'], age: 20 }, ['nationalities', null], ['age']), isBody),
    )
    const answer = await held.ask([at('nationalities', 1)])
    expect(optional(held, answer?.candidate as never)).toEqual([['nationalities', ['LA']]])
    const { hidden } = consentedOf(held.document, answer?.candidate as never)
    expect(hidden.map(({ path, value }) => [path.at(-1), value])).toEqual([
      ['nationalities', ['TH', 'LA', 'MM']],
      ['age', 20],
    ])
  })

  it('shows the whole list of objects of which a member is asked [A2]', async () => {
    const degrees = [
      { type: 'BSc', at: 1 },
      { type: 'MSc', at: 2 },
    ]
    const held = await wallet(sdJwt(one({ degrees }, ['degrees']), isBody))
    const answer = await held.ask([at('degrees', null, 'type')])
    expect(optional(held, answer?.candidate as never)).toEqual([['degrees', degrees]])
  })

  it.each(['type', 'id', 'issuer', 'proof', 'name'])('shows a claim called %s [A3]', async (name) => {
    const held = await wallet(sdJwt(one({ [name]: 'Master', other: 1 }, [name], ['other']), isBody))
    const answer = await held.ask([at(name)])
    expect(optional(held, answer?.candidate as never)).toEqual([[name, 'Master']])
    expect(consentedOf(held.document, answer?.candidate as never).hidden.map(({ value }) => value)).toEqual([
      1,
    ])
  })

  it('tells what the envelope says: issuer, dates, status and key [A3]', async () => {
    const held = await wallet(sdJwt(one({ a: 1 }, ['a']), isBody))
    const answer = await held.ask([at('a')])
    const { envelope } = consentedOf(held.document, answer?.candidate as never)
    const told = envelope.flatMap(({ values }) => values)
    expect(told).toEqual(
      expect.arrayContaining([
        `iss: "${url}"`,
        'exp: 1900000000',
        'iat: 1700000000',
        'status.status_list.idx: 7',
        'cnf.jwk.crv: "P-256"',
      ]),
    )
  })

  it('authorises the transactions that were shown, and no others', async () => {
    const held = await wallet(sdJwt(one({ a: 1 }, ['a']), isBody))
    const encoded = ['10 baht', '20 baht'].map((amount) =>
      Buffer.from(JSON.stringify({ type: 'payment', credential_ids: ['q'], amount })).toString('base64url'),
    )
    const answer = await held.ask([at('a')], { transaction_data: encoded })
    expect(answer?.request.transactionData?.map(({ content }) => content.amount)).toEqual([
      '10 baht',
      '20 baht',
    ])
    const { payload } = parseJws(String(answer?.sent).split('~').at(-1) as string)
    const { createHash } = await import('node:crypto')
    expect(payload.transaction_data_hashes).toEqual(
      encoded.map((text) => createHash('sha256').update(text).digest('base64url')),
    )
  })
})

const person = {
  fullName: 'สมชาย',
  status: 'single',
  address: { street: 'ถนน', fullName: 'บ้าน' },
  cities: ['ก', 'ข'],
}
const w3c = (did: string, isVersion1 = false) => ({
  '@context': isVersion1
    ? ['https://www.w3.org/2018/credentials/v1']
    : ['https://www.w3.org/ns/credentials/v2', context.url],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: isVersion1 ? ['VerifiableCredential'] : ['VerifiableCredential', 'Person'],
  issuer: issuerDid,
  ...(isVersion1
    ? { issuanceDate: '2026-01-01T00:00:00Z' }
    : { validFrom: '2026-01-01T00:00:00Z', validUntil: '2030-01-01T00:00:00Z' }),
  credentialSubject: { id: did, ...person },
})
const bbsJwk = generateBbsJwk()
const bbsSigner = bbsSignerFromJwk(bbsJwk, { kid: didKeyUrlOf(publicJwkOf(bbsJwk)) })

describe('ldp_vc', () => {
  const suites = [
    ['ecdsa-rdfc-2019', undefined],
    ['ecdsa-jcs-2019', undefined],
    [
      'ecdsa-sd-2023',
      ['/credentialSubject/id', '/issuer', '/validFrom', '/credentialSubject/address/fullName'],
    ],
    ['bbs-2023', ['/credentialSubject/id', '/issuer', '/validUntil']],
  ] as const
  it.each(suites)(
    '%s shows what it sends, of any query [A1] [A2] [A3]',
    async (cryptosuite, mandatoryPointers) => {
      const held = await wallet({
        format: 'ldp_vc',
        issue: ({ did }) =>
          issueLdpVc({
            signer:
              cryptosuite === 'bbs-2023'
                ? { ...bbsSigner, key: { ...bbsSigner.key, kid: issuer.key.kid as string } }
                : issuer,
            credential: w3c(did),
            cryptosuite,
            contexts,
            created: new Date('2026-01-01T00:00:00Z'),
            ...(mandatoryPointers && { mandatoryPointers }),
          }),
      })
      const paths = pathsOf(person).map((path) => ['credentialSubject', ...path])
      await fc.assert(
        fc.asyncProperty(fc.subarray(paths, { minLength: 1, maxLength: 3 }), async (asked) => {
          const answer = await held.ask(asked)
          expect(answer).toBeDefined()
          const { verifiableCredential } = (answer?.sent ?? {}) as { verifiableCredential: JsonObject[] }
          const { proof: _proof, ...received } = verifiableCredential[0] as JsonObject
          expect(claimsOfShown(answer?.candidate.shown ?? [])).toEqual(received)
          expectOnScreen(held.document, answer?.candidate as never)
          const isWhole = mandatoryPointers === undefined
          if (isWhole) expect(answer?.candidate.shown.every(({ always }) => always)).toBe(true)
        }),
        { numRuns: mandatoryPointers ? 6 : 15 },
      )
    },
  )
})

it('jwt_vc_json shows the whole of it, with what the JWT says beside the credential [A3]', async () => {
  const held = await wallet({
    format: 'jwt_vc_json',
    issue: ({ did, jwk }) =>
      issueJwtVc({
        signer: issuer,
        credential: w3c(did, true),
        status: { uri: `${url}/status/1`, index: 3 },
        holderJwk: jwk,
      }),
  })
  const answer = await held.ask([['credentialSubject', 'fullName']])
  const { vp } = parseJws(answer?.sent as string).payload as { vp: { verifiableCredential: string[] } }
  const {
    nbf,
    iss,
    sub,
    jti,
    exp: _exp,
    vc,
    ...others
  } = parseJws(vp.verifiableCredential[0] as string).payload
  const told = new Set(answer?.candidate.shown.map(({ value }) => JSON.stringify(value)))
  for (const { value } of [...leavesOf(vc as JsonObject, true), ...leavesOf(others, true)]) {
    expect(told).toContain(JSON.stringify(value))
  }
  for (const value of [iss, sub, jti]) if (value !== undefined) expect(told).toContain(JSON.stringify(value))
  expect(nbf).toBe(Date.parse('2026-01-01T00:00:00Z') / 1000)
  expect(told).toContain('"2026-01-01T00:00:00Z"')
  expect(answer?.candidate.shown.find(({ path }) => path.join('.') === 'status.status_list.idx')?.value).toBe(
    3,
  )
  expectOnScreen(held.document, answer?.candidate as never)
})

describe('mso_mdoc', () => {
  const { docType, namespace } = mdocs
  const kept: Kept = { format: 'mso_mdoc', issue: ({ jwk }) => mdocs.issue({ holderJwk: jwk }) }
  const elementsShown = (shown: readonly { path: ClaimPath; value: JsonValue; always: boolean }[]) =>
    claimsOfShown(shown.filter(({ always }) => !always) as never)
  it('shows what it sends: elements, and what the MSO says [A1] [A2] [A3]', async () => {
    const held = await wallet(kept)
    await fc.assert(
      fc.asyncProperty(fc.subarray(mdocs.everything, { minLength: 1 }), async (asked) => {
        const answer = await held.ask(asked)
        const shown = answer?.candidate.shown ?? []
        const binding = {
          clientId: `decentralized_identifier:${verifierDid}`,
          nonce: 'n',
          responseUri: 'https://verifier.example/response',
        }
        const { view } = await verifyMdoc(
          answer?.sent,
          mdocs.verifying({ binding, isTrusted: trustAnyone('a test') }),
        )
        expect(elementsShown(shown)).toEqual(view.claims)
        expectOnScreen(held.document, answer?.candidate as never)
        const always = Object.fromEntries(
          shown.filter((one) => one.always).map((one) => [one.path.join('.'), one.value]),
        )
        expect(always).toMatchObject({
          docType,
          'validityInfo.validUntil': '2027-01-01T00:00:00Z',
          'status.status_list.idx': 7,
        })
      }),
      { numRuns: 15 },
    )
  })

  it('shows the age attestation that answers in place of another, over the Digital Credentials API too', async () => {
    const { wallet: own } = await wallet(kept)
    const protocol = isoMdocVerifier()
    const query = {
      credentials: [
        {
          ...{ id: 'q', format: 'mso_mdoc', meta: { doctype_value: docType } },
          claims: [{ path: [namespace, 'age_over_18'] }, { path: [namespace, 'family_name'] }],
        },
      ],
    }
    const origin = 'https://verifier.example'
    const session = await protocol.ask(query)
    const request = await own.openDcApiRequest({
      ...{ protocol: protocol.protocol, origin },
      data: session?.request as JsonObject,
    })
    const shown = request.options[0]?.candidates[0]?.shown ?? []
    expect(elementsShown(shown)).toEqual({ [namespace]: { age_over_20: true, family_name: 'ใจดี' } })
    const { dcApiResponse } = await own.present(request, { [request.options[0]?.queryId as string]: ['one'] })
    const opened = await protocol.open(
      dcApiResponse?.data as JsonObject,
      {
        ...{ request: session?.request as JsonObject, origin, query },
        secret: session?.secret as JsonObject,
      } as never,
    )
    const [[presentation]] = Object.values(opened.vpToken) as [[string]]
    const { view } = await verifyMdoc(
      presentation,
      mdocs.verifying({
        isTrusted: trustAnyone('a test'),
        binding: { clientId: '', nonce: '', origin, sessionTranscript: opened.sessionTranscript },
      }),
    )
    expect(elementsShown(shown)).toEqual(view.claims)
  })
})

it('the Digital Credentials API with OpenID4VP shows what it sends, as a request by link does [A1]', async () => {
  const claims = { nationalities: ['TH', 'LA'], age: 20 }
  const held = await wallet(
    sdJwt({ claims, selective: [['nationalities'], ['age']], asked: [], decoys: 0 }, false),
  )
  const request = await held.wallet.openDcApiRequest({
    ...{ protocol: 'openid4vp-v1-unsigned', origin: 'https://verifier.example' },
    data: {
      ...{ response_type: 'vp_token', response_mode: 'dc_api', nonce: 'n' },
      dcql_query: held.queryOf([['nationalities', 0]]),
    },
  })
  const shown = request.options[0]?.candidates[0]?.shown ?? []
  const { dcApiResponse } = await held.wallet.present(request, { q: ['one'] })
  const { vp_token } = (dcApiResponse?.data ?? {}) as { vp_token: { q: [string] } }
  expect(claimsOfShown(shown)).toEqual(receivedOf(vp_token.q[0]))
  expect(shown.filter(({ always }) => !always).map(({ value }) => value)).toEqual(['TH', 'LA'])
})
