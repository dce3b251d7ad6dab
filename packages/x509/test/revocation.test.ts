import { createGuardedFetch, createMemoryStore, type Fetch, type Signer, type Store } from '@ekkasan/core'
import {
  type CertificateAuthority,
  type CreateCrlCheckerOptions,
  type CrlIssuer,
  createCertificateAuthority,
  createCrlChecker,
  createCrlIssuer,
  parseCertificate,
  parseCrl,
  pemOf,
  resolveX5c,
  trustAnchors,
  trustIssuerCertificates,
  validateCertificatePath,
} from '@ekkasan/x509'
import { beforeEach, describe, expect, it } from 'vitest'
import { code, hasOpenssl, newSigner, openssl } from './setting.ts'

const url = 'https://ca.example/root.crl'
const day = 86_400_000

interface Ca {
  readonly signer: Signer
  readonly authority: CertificateAuthority
  readonly crl: CrlIssuer
}
const newCa = async (
  commonName = 'Root',
  over: { clock?: () => Date; crlUrl?: string } = {},
): Promise<Ca> => {
  const signer = await newSigner()
  const authority = await createCertificateAuthority({
    signer,
    subject: { commonName },
    crlUrl: url,
    ...over,
  })
  const crl = createCrlIssuer({
    certificate: authority.certificate,
    signer,
    store: createMemoryStore(),
    url: over.crlUrl ?? url,
    ...(over.clock && { clock: over.clock }),
  })
  return { signer, authority, crl }
}
const newLeaf = async ({ authority }: Ca) =>
  authority.issue({ subject: { commonName: 'Leaf' }, publicJwk: (await newSigner()).key.publicJwk })

let ca: Ca, x5c: readonly string[], asked: string[]
beforeEach(async () => {
  ca = await newCa()
  x5c = await newLeaf(ca)
  asked = []
})

/** A fetch that is answered by lists, each under its URL. */
const serving =
  (lists: Record<string, CrlIssuer | Uint8Array | number>): Fetch =>
  async (input) => {
    asked.push(String(input))
    const list = lists[String(input)]
    if (list === undefined) throw new TypeError('no such host')
    if (typeof list === 'number') return new Response('', { status: list })
    if (list instanceof Uint8Array) return new Response(Uint8Array.from(list))
    return (await list.fetch(new Request(input))) ?? new Response('', { status: 404 })
  }
const validate = (
  fetch: Fetch,
  over: { at?: Date; chain?: readonly string[]; options?: Partial<CreateCrlCheckerOptions> } = {},
) =>
  validateCertificatePath({
    chain: over.chain ?? x5c,
    anchors: [parseCertificate(ca.authority.certificate)],
    at: over.at ?? new Date(),
    checkRevocation: createCrlChecker({ fetch, ...over.options }),
  })
const unknown = (why: string) => code('x509.revocation.unknown', why)

describe('a certificate of which its issuer publishes revocations', () => {
  it('is accepted while the list of now does not have it', async () => {
    expect((await validate(serving({ [url]: ca.crl }))).leaf.subject).toBe('CN=Leaf')
    expect(asked).toEqual([url])
  })

  it('is refused once it is revoked, for whatever reason, and no other is', async () => {
    const other = await newLeaf(ca)
    await ca.crl.revoke(x5c[0]!, { reason: 'keyCompromise' })
    await expect(validate(serving({ [url]: ca.crl }))).rejects.toEqual(
      code('x509.revocation.revoked', 'keyCompromise'),
    )
    expect(await validate(serving({ [url]: ca.crl }), { chain: other })).toBeDefined()
    await ca.crl.revoke(other[0]!, { reason: 'certificateHold' })
    await expect(validate(serving({ [url]: ca.crl }), { chain: other })).rejects.toEqual(
      code('x509.revocation.revoked', 'certificateHold'),
    )
  })

  it('is refused when an authority above it is revoked', async () => {
    const signer = await newSigner()
    const lowerUrl = 'https://ca.example/lower.crl'
    const lower = await createCertificateAuthority({
      signer,
      subject: { commonName: 'Lower' },
      parent: ca.authority,
      crlUrl: lowerUrl,
    })
    const { certificate } = lower
    const lowerCrl = createCrlIssuer({ certificate, signer, store: createMemoryStore(), url: lowerUrl })
    const chain = await newLeaf({ signer, authority: lower, crl: lowerCrl })
    const fetch = serving({ [url]: ca.crl, [lowerUrl]: lowerCrl })
    expect(await validate(fetch, { chain })).toBeDefined()
    expect(asked).toEqual([lowerUrl, url])
    await ca.crl.revoke(certificate)
    await expect(validate(fetch, { chain })).rejects.toEqual(code('x509.revocation.revoked'))
    // Known to be revoked outweighs not known.
    await expect(validate(serving({ [url]: ca.crl }), { chain })).rejects.toEqual(
      code('x509.revocation.revoked'),
    )
  })

  it('is neither accepted nor refused when the list cannot be had: no host, no list, too large', async () => {
    for (const [fetch, why, options] of [
      [serving({}), 'x509.crl.unavailable', {}],
      [serving({ [url]: 404 }), 'x509.crl.unavailable', {}],
      [serving({ [url]: 503 }), 'x509.crl.unavailable', {}],
      [createGuardedFetch({ timeout: 1 }), 'x509.crl.unavailable', {}],
      [serving({ [url]: Uint8Array.of(0x30, 0) }), 'x509.crl.malformed', {}],
      [serving({ [url]: new TextEncoder().encode('<html>') }), 'x509.crl.malformed', {}],
      [serving({ [url]: ca.crl }), 'x509.crl.malformed', { maxBytes: 100 }],
    ] as const) {
      await expect(validate(fetch, { options })).rejects.toEqual(unknown(why))
    }
    await ca.crl.revoke(x5c[0]!)
    await expect(validate(serving({ [url]: ca.crl }), { options: { maxEntries: 0 } })).rejects.toEqual(
      unknown('x509.crl.malformed'),
    )
  })

  it('is not known by a list of another issuer, one signed by another key, or one for another place', async () => {
    const [stranger, impostor] = [await newCa('Stranger'), await newCa('Root')]
    const elsewhere = createCrlIssuer({
      certificate: ca.authority.certificate,
      signer: ca.signer,
      store: createMemoryStore(),
      url: 'https://ca.example/other.crl',
    })
    await expect(validate(serving({ [url]: await stranger.crl.issue() }))).rejects.toEqual(
      unknown('x509.crl.issuer'),
    )
    await expect(validate(serving({ [url]: await impostor.crl.issue() }))).rejects.toEqual(
      unknown('x509.crl.signature'),
    )
    await expect(validate(serving({ [url]: await elsewhere.issue() }))).rejects.toEqual(
      unknown('x509.crl.scope'),
    )
  })

  it('is not known by a list that was to be replaced, or is from the future', async () => {
    const old = await ca.crl.issue()
    const fetch = serving({ [url]: old })
    expect(await validate(fetch, { at: new Date(Date.now() + 6.9 * day) })).toBeDefined()
    await expect(validate(fetch, { at: new Date(Date.now() + 7.1 * day) })).rejects.toEqual(
      unknown('x509.crl.not-current'),
    )
    const later = () => new Date(Date.now() + day)
    const { authority, signer } = ca
    const ahead = createCrlIssuer({
      certificate: authority.certificate,
      signer,
      store: createMemoryStore(),
      url,
      clock: later,
    })
    await expect(validate(serving({ [url]: await ahead.issue() }))).rejects.toEqual(
      unknown('x509.crl.not-current'),
    )
  })

  it('is made anew at once where the kept list is of a time still to come, by a clock set right since [L7]', async () => {
    let time = Date.now() + day
    const { authority, signer } = ca
    const list = createCrlIssuer({
      certificate: authority.certificate,
      signer,
      store: createMemoryStore(),
      url,
      clock: () => new Date(time),
    })
    const publishedAt = async () => {
      const answer = (await list.fetch(new Request(url))) as Response
      return parseCrl(new Uint8Array(await answer.arrayBuffer())).thisUpdate.getTime()
    }
    const ahead = await publishedAt()
    expect(await publishedAt()).toBe(ahead)
    time -= day
    expect(await publishedAt()).toBeLessThanOrEqual(time)
    expect(await validate(serving({ [url]: list }))).toBeDefined()
  })

  it('is asked about only when the chain is otherwise valid', async () => {
    const stranger = await newCa('Root')
    const fetch = serving({ [url]: ca.crl })
    await expect(validate(fetch, { chain: await newLeaf(stranger) })).rejects.toEqual(
      code('x509.path.no-anchor'),
    )
    await expect(validate(fetch, { at: new Date(Date.now() + 400 * day) })).rejects.toEqual(
      code('x509.path.expired'),
    )
    expect(asked).toEqual([])
  })

  it('without a place to ask is not asked about; with none that can be asked it is not known', async () => {
    const plain = await createCertificateAuthority({ signer: ca.signer, subject: { commonName: 'Root' } })
    const chain = await newLeaf({ ...ca, authority: plain })
    expect(await validate(serving({}), { chain })).toBeDefined()
    const directory = await createCertificateAuthority({
      signer: ca.signer,
      subject: { commonName: 'Root' },
      crlUrl: 'ldap://ca.example/cn=Root',
    })
    await expect(
      validate(serving({}), { chain: await newLeaf({ ...ca, authority: directory }) }),
    ).rejects.toEqual(unknown('x509.crl.unsupported'))
    expect(asked).toEqual([])
  })
})

describe('a list once fetched', () => {
  const checkerOver = (fetch: Fetch, options: Partial<CreateCrlCheckerOptions> = {}) => {
    const checkRevocation = createCrlChecker({ fetch, ...options })
    return (at: Date) =>
      validateCertificatePath({
        chain: x5c,
        anchors: [parseCertificate(ca.authority.certificate)],
        at,
        checkRevocation,
      })
  }
  const after = (days: number) => new Date(Date.now() + days * day)

  it('is used until its nextUpdate or the age given, whichever is first, and by all who ask at once', async () => {
    const ask = checkerOver(serving({ [url]: ca.crl }))
    const now = after(0)
    await Promise.all([ask(now), ask(now), ask(now)])
    await ask(after(0.9))
    expect(asked).toHaveLength(1)
    await ask(after(1.1))
    expect(asked).toHaveLength(2)
    const patient = checkerOver(serving({ [url]: ca.crl }), { maxAge: 365 * day })
    await patient(after(0))
    await patient(after(6.9))
    expect(asked).toHaveLength(3)
    await patient(after(7.1)).catch(() => {})
    expect(asked).toHaveLength(4)
  })

  it('is not remembered when it could not be believed', async () => {
    const lists: Record<string, CrlIssuer | number> = { [url]: 503 }
    const ask = checkerOver(serving(lists))
    await expect(ask(after(0))).rejects.toEqual(unknown('x509.crl.unavailable'))
    lists[url] = ca.crl
    expect(await ask(after(0))).toBeDefined()
  })

  it('of one issuer says nothing for another issuer that names the same place', async () => {
    const impostor = await newCa('Root')
    const checkRevocation = createCrlChecker({ fetch: serving({ [url]: await impostor.crl.issue() }) })
    const ask = async ({ authority }: Ca, chain: readonly string[]) =>
      validateCertificatePath({
        chain,
        anchors: [parseCertificate(authority.certificate)],
        at: new Date(),
        checkRevocation,
      })
    expect(await ask(impostor, await newLeaf(impostor))).toBeDefined()
    await expect(ask(ca, x5c)).rejects.toEqual(unknown('x509.crl.signature'))
  })

  it('is fetched again where it came at a time still to come, by a clock set back since [L5]', async () => {
    const ask = checkerOver(serving({ [url]: ca.crl }))
    await ask(after(0.5))
    expect(asked).toHaveLength(1)
    await ask(after(0))
    expect(asked).toHaveLength(2)
    await ask(after(0.5))
    expect(asked).toHaveLength(2)
  })

  it('is forgotten when there are more than remembered', async () => {
    const ask = checkerOver(serving({ [url]: ca.crl }), { maxLists: 1 })
    await ask(after(0))
    await ask(after(0))
    expect(asked).toHaveLength(1)
  })
})

describe("what a revocation says to those who ask for an issuer's key or trust", () => {
  const anchors = () => trustAnchors([{ role: 'credential-issuer', certificate: ca.authority.certificate }])
  const id = 'CN=Leaf'
  const trust = (fetch: Fetch) =>
    trustIssuerCertificates({ anchors: anchors(), checkRevocation: createCrlChecker({ fetch }) })({
      role: 'credential-issuer',
      id,
      issuer: { id, method: 'x5c', x5c },
      types: ['a'],
    })
  const resolve = (fetch: Fetch) =>
    resolveX5c({ anchors: anchors(), checkRevocation: createCrlChecker({ fetch }) })({ x5c, alg: 'ES256' })

  it('revoked is no, unknown is unknown, never the other way', async () => {
    expect(await trust(serving({ [url]: ca.crl }))).toMatchObject({ trusted: true })
    expect(await trust(serving({}))).toMatchObject({ trusted: 'unknown', code: 'x509.revocation.unknown' })
    await expect(resolve(serving({}))).rejects.toEqual(code('core.resolve.unavailable'))
    await ca.crl.revoke(x5c[0]!)
    expect(await trust(serving({ [url]: ca.crl }))).toMatchObject({
      trusted: false,
      code: 'x509.revocation.revoked',
    })
    await expect(resolve(serving({ [url]: ca.crl }))).rejects.toEqual(
      code('core.resolve.invalid', 'x509.revocation.revoked'),
    )
  })
})

describe('a list of our authority', () => {
  it('is the same on two replicas, numbered upwards, and loses no revocation of either', async () => {
    const store = createMemoryStore()
    const { certificate } = ca.authority
    const replicas = [1, 2].map(() => createCrlIssuer({ certificate, signer: ca.signer, store, url }))
    const leaves = await Promise.all(Array.from({ length: 12 }, () => newLeaf(ca)))
    await Promise.all(leaves.map((leaf, index) => replicas[index % 2]!.revoke(leaf[0]!)))
    const served = await Promise.all(
      replicas.map(async (one) => (await one.fetch(new Request(url)))!.bytes()),
    )
    expect(served[0]).toEqual(served[1])
    expect(new Set(parseCrl(served[0]!).entries.keys())).toEqual(
      new Set(leaves.map((leaf) => parseCertificate(leaf[0]!).serialNumber)),
    )
  })

  it('is made anew at once where it is of a time still to come, over restarts too [L5]', async () => {
    let now = Date.now() + 2 * day
    const store = createMemoryStore()
    const own = await newCa('Root')
    const start = () =>
      createCrlIssuer({
        certificate: own.authority.certificate,
        signer: own.signer,
        store,
        url,
        clock: () => new Date(now),
      })
    const read = async () => parseCrl(await (await start().fetch(new Request(url)))!.bytes())
    const ahead = await read()
    now -= 2 * day
    const corrected = await read()
    expect(corrected.thisUpdate < new Date(now)).toBe(true)
    expect(ahead.thisUpdate > new Date(now)).toBe(true)
    expect((await read()).thisUpdate).toEqual(corrected.thisUpdate)
  })

  it('is made anew when half its life is over, and answers no other URL', async () => {
    let now = Date.now()
    const own = await newCa('Root', { clock: () => new Date(now) })
    const read = async () => (await own.crl.fetch(new Request(url)))!
    const first = await read()
    expect([first.headers.get('content-type'), first.headers.get('cache-control')]).toEqual([
      'application/pkix-crl',
      'public, max-age=151200',
    ])
    const before = parseCrl(await first.bytes())
    now += 3 * day
    expect(parseCrl(await (await read()).bytes()).thisUpdate).toEqual(before.thisUpdate)
    now += day
    expect(parseCrl(await (await read()).bytes()).thisUpdate).not.toEqual(before.thisUpdate)
    expect(await own.crl.fetch(new Request('https://ca.example/'))).toBeUndefined()
    expect(await own.crl.fetch(new Request(url, { method: 'POST' }))).toBeUndefined()
  })

  it('holds no certificate of another authority, and is signed by its own key', async () => {
    const other = await newCa('Root')
    await expect(ca.crl.revoke((await newLeaf(other))[0]!)).rejects.toThrow(TypeError)
    expect(() =>
      createCrlIssuer({
        certificate: ca.authority.certificate,
        signer: other.signer,
        store: createMemoryStore(),
        url,
      }),
    ).toThrow(TypeError)
  })

  it('of 200,000 entries is made, and read by who allows for it', async () => {
    const serials = Array.from({ length: 200_000 }, (_, index) => (0x40000000 + index).toString(16))
    const value = { since: new Date(0).toISOString(), reason: 'keyCompromise' }
    const memory = createMemoryStore()
    const store: Store = {
      ...memory,
      // The memory's own sorts all keys for each page.
      async list(prefix, { after = prefix, limit = 1000 } = {}) {
        const from = serials.indexOf(after.slice(prefix.length)) + 1
        const page = serials.slice(from, from + limit).map((serial) => `${prefix}${serial}`)
        const cursor = from + limit < serials.length ? page.at(-1) : undefined
        const entries = page.map((key) => ({ key, value, version: 1 }))
        return { entries, ...(cursor !== undefined && { cursor }) }
      },
    }
    const { certificate } = ca.authority
    const authority = createCrlIssuer({ certificate, signer: ca.signer, store, url })
    await authority.issue()
    const list = await authority.issue()
    const serve = async () => (await authority.fetch(new Request(url)))!.bytes()
    expect(await serve()).toEqual(list)
    // Of a list that was replaced nothing is left, and one whose rest is missing is made anew.
    const { entries: rest } = await memory.list('x509-crl/', { limit: 10 })
    expect(rest.map(({ key }) => key.split('/')[2])).toEqual(['current', 'more', 'more'])
    await store.delete(rest[1]!.key)
    expect((await serve()).length).toBeGreaterThan(4_194_304)
    expect(() => parseCrl(list)).toThrow(code('x509.crl.malformed'))
    const maxBytes = list.length
    expect(() => parseCrl(list, { maxBytes })).toThrow(code('x509.crl.malformed'))
    expect([...parseCrl(list, { maxBytes, maxEntries: 200_000 }).entries.keys()]).toEqual(serials)
  })

  it('keeps the first date and reason of a revocation', async () => {
    await ca.crl.revoke(x5c[0]!, { reason: 'keyCompromise' })
    await ca.crl.revoke(x5c[0]!, { reason: 'superseded' })
    expect([...parseCrl(await ca.crl.issue()).entries.values()].map(({ reason }) => reason)).toEqual([
      'keyCompromise',
    ])
  })

  it('says to openssl verify -crl_check what it says to us', async ({ skip }) => {
    skip(!hasOpenssl, 'OpenSSL is not installed')
    const other = await newLeaf(ca)
    await ca.crl.revoke(x5c[0]!, { reason: 'keyCompromise' })
    const files = {
      'ca.pem': pemOf(ca.authority.certificate),
      'crl.der': await ca.crl.issue(),
      'revoked.pem': pemOf(x5c[0]!),
      'good.pem': pemOf(other[0]!),
    }
    const crl = openssl(files, 'crl', '-inform', 'DER', '-in', 'crl.der', '-CAfile', 'ca.pem', '-text')
    expect(crl).toContain('Key Compromise')
    const verify = (leaf: string) =>
      openssl(
        { ...files, 'crl.pem': crl.slice(crl.indexOf('-----BEGIN')) },
        ...['verify', '-crl_check', '-x509_strict', '-CAfile', 'ca.pem', '-CRLfile', 'crl.pem', leaf],
      )
    expect(verify('good.pem')).toContain('good.pem: OK')
    expect(verify('revoked.pem')).toContain('certificate revoked')
  })
})
