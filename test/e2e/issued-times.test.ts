import { createMemoryStore, credentialConfiguration, type JsonObject, startOfDay } from '@ekkasan/core'
import { fromBase64url } from '@ekkasan/core/bytes'
import { didJwkUrlOf } from '@ekkasan/did'
import { type CreateIssuerOptions, createIssuer } from '@ekkasan/issuer'
import { generateJwk, parseJws, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { issueMdoc } from '@ekkasan/mdoc'
import { createProof } from '@ekkasan/openid4vc'
import { createCertificateAuthority, createMdocAuthority, parseCertificate } from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'
import { postJson, takeNonce, takeToken, url } from '../../packages/issuer/test/wallet-side.ts'
import { card, countingStatuses, formats, good, keys, resolveDid } from '../negative/record-formats.ts'

// Two credentials of one record, issued seconds apart, do not tell by their times which came first (RFC 9901 section
// 10.1), and nobody is told that a credential is not valid yet.

const hour = 3_600_000
const day = 24 * hour

/** Every time that a credential says, by its name; of an mdoc in the order of its bytes. */
function timesIn(credential: string | JsonObject): readonly string[] {
  if (typeof credential !== 'string') {
    const { validFrom, validUntil, proof } = credential
    return [validFrom, validUntil, (proof as JsonObject).created].map(String)
  }
  if (!credential.startsWith('eyJ')) {
    const text = new TextDecoder('latin1').decode(fromBase64url(credential))
    return text.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g) ?? []
  }
  const { iat, nbf, exp, validFrom, validUntil } = parseJws(credential.split('~')[0] as string).payload
  const seconds = [iat, nbf, exp].filter((time) => time !== undefined)
  const texts = [validFrom, validUntil].filter((time) => time !== undefined).map(String)
  return [
    ...seconds.map((time) => new Date((time as number) * 1000).toISOString().replace('.000', '')),
    ...texts,
  ]
}

async function newHolder(isNamed: boolean) {
  const jwk = await generateJwk('ES256')
  return signerFromJwk(jwk, isNamed ? { kid: didJwkUrlOf(publicJwkOf(jwk)) } : {})
}

async function opened(format: string, lifetime: number, more: Partial<CreateIssuerOptions> = {}) {
  let now = new Date('2026-11-30T03:12:59.123Z')
  const clock = () => now
  const configuration = credentialConfiguration(card, (formats[format] as () => never)())
  const status = countingStatuses()
  const issuer = createIssuer({
    url,
    names: { en: 'Office' },
    credentials: [configuration],
    store: createMemoryStore({ clock }),
    getClaims: async () => ({ claims: good, validUntil: new Date(now.getTime() + lifetime) }),
    keys,
    resolveDid,
    status,
    clock,
    ...more,
  })
  const isNamed = !configuration.format.bindingMethods.includes('jwk')
  return {
    issuer,
    pass: (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds)
    },
    now: clock,
    async issue(count = 1): Promise<readonly (string | JsonObject)[]> {
      const offer = await issuer.createOffer({ credentials: [configuration.id], subject: '1' })
      const token = await takeToken(issuer, offer)
      const nonce = await takeNonce(issuer)
      const proofs = Array.from({ length: count }, async () =>
        createProof({
          signer: await newHolder(isNamed),
          issuer: url,
          nonce,
          binding: isNamed ? 'kid' : 'jwk',
          now,
        }),
      )
      const answer = await postJson(issuer, 'credential', token, {
        credential_configuration_id: configuration.id,
        proofs: { jwt: await Promise.all(proofs) },
      })
      const body = await answer.json()
      if (answer.status !== 200) throw new Error(JSON.stringify(body))
      return body.credentials.map(({ credential }: { credential: string | JsonObject }) => credential)
    },
  }
}

const begin = '2026-11-29T17:00:00Z'

describe.each(Object.keys(formats))('%s', (format) => {
  it('two of one day say the same times, which are those of the day [I]', async () => {
    const { issue, pass, issuer, now } = await opened(format, 30 * day)
    const [first] = await issue()
    pass(6 * hour + 17_000)
    const [second] = await issue()
    const times = timesIn(first as string)
    expect(times.length).toBeGreaterThan(1)
    expect(timesIn(second as string)).toEqual(times)
    expect(new Set(times)).toEqual(new Set([begin, '2026-12-29T17:00:00Z']))
    // The store keeps the exact ones.
    const { issuances } = await issuer.issuances()
    expect(issuances[0]?.issuedAt).toEqual(now())
    expect(issuances[0]?.validUntil).toEqual(new Date(now().getTime() + 30 * day))
    expect(issuances[0]?.issuedAt).not.toEqual(issuances[1]?.issuedAt)
  })

  it('a lifetime of less than two days ends on the hour [I]', async () => {
    const { issue, pass } = await opened(format, 5 * hour)
    const [first] = await issue()
    pass(20_000)
    const [second] = await issue()
    expect(timesIn(second as string)).toEqual(timesIn(first as string))
    expect(new Set(timesIn(first as string))).toEqual(new Set([begin, '2026-11-30T08:00:00Z']))
  })

  it('a batch shares its times and nothing else [I]', async () => {
    const { issue, issuer } = await opened(format, 30 * day)
    const credentials = await issue(4)
    expect(new Set(credentials.map((one) => timesIn(one).join())).size).toBe(1)
    expect(new Set(credentials.map((one) => JSON.stringify(one))).size).toBe(4)
    const { issuances } = await issuer.issuances()
    expect(new Set(issuances.map(({ credentialId }) => credentialId)).size).toBe(4)
    expect(new Set(issuances.map(({ statusReference }) => JSON.stringify(statusReference))).size).toBe(4)
  })

  it('the days are those of the zone that the issuer names, in all that a credential says [I]', async () => {
    const { issue } = await opened(format, 30 * day, { timeZone: 'America/New_York' })
    const [one] = await issue()
    expect(new Set(timesIn(one as string))).toEqual(new Set(['2026-11-29T05:00:00Z', '2026-12-29T05:00:00Z']))
  })

  it('a format that is asked by itself rounds too, in its own zone [I]', async () => {
    const clock = () => new Date('2026-11-30T03:12:59Z')
    const holder = await newHolder(true)
    const request = {
      document: card,
      issuer: url,
      claims: good,
      holder: { jwk: holder.key.publicJwk, kid: holder.key.kid as string },
      validity: { from: clock(), until: new Date(clock().getTime() + 30 * day) },
      id: 'urn:uuid:1',
    }
    const of = (timeZone?: string) =>
      (formats[format] as NonNullable<(typeof formats)[string]>)({
        clock,
        ...(timeZone !== undefined && { timeZone }),
      }).issue(request)
    expect(new Set(timesIn(await of()))).toEqual(new Set([begin, '2026-12-29T17:00:00Z']))
    expect(new Set(timesIn(await of('UTC')))).toEqual(
      new Set(['2026-11-30T00:00:00Z', '2026-12-30T00:00:00Z']),
    )
    await expect((async () => of('Nowhere/Town'))()).rejects.toThrow(TypeError)
  })
})

describe('an mdoc', () => {
  const hold = async () => (await newHolder(false)).key.publicJwk
  const mdocTimes = async (x5c: readonly string[], jwk: Parameters<typeof signerFromJwk>[0], now: Date) =>
    timesIn(
      await issueMdoc({
        signer: await signerFromJwk(jwk, { x5c }),
        docType: 'example.card.1',
        namespaces: { 'example.card.1': { name: 'x' } },
        holderJwk: await hold(),
        validity: { until: new Date('2027-01-01T00:00:00Z') },
        clock: () => now,
      }),
    )

  it('is not signed before its certificate begins [I]', async () => {
    const now = new Date('2026-11-30T03:12:59Z')
    const authority = await createCertificateAuthority({
      signer: await signerFromJwk(await generateJwk('ES256')),
      subject: { commonName: 'Root' },
      clock: () => now,
    })
    const jwk = await generateJwk('ES256')
    const x5c = await authority.issue({ subject: { commonName: 'x' }, publicJwk: publicJwkOf(jwk) })
    const { notBefore } = parseCertificate(x5c[0] as string)
    expect(notBefore.getTime()).toBeGreaterThan(startOfDay(now).getTime())
    const [signed, from] = [notBefore, notBefore].map((date) => date.toISOString().replace('.000', ''))
    expect(await mdocTimes(x5c, jwk, now)).toEqual(expect.arrayContaining([signed, from]))
    expect(await mdocTimes(x5c, jwk, now)).not.toContain(begin)
    // From the next day on the day decides.
    const later = new Date(now.getTime() + day)
    expect(await mdocTimes(x5c, jwk, later)).toContain('2026-11-30T17:00:00Z')
  })

  it('of a document signer says its day from the first on: its certificate begins a day earlier [I]', async () => {
    const now = new Date('2026-11-30T16:59:59Z')
    const authority = await createMdocAuthority({
      signer: await signerFromJwk(await generateJwk('ES256')),
      commonName: 'Root',
      country: 'TH',
      contact: 'ca@agency.example',
      crlUrl: 'https://agency.example/crl',
      clock: () => now,
    })
    const jwk = await generateJwk('ES256')
    const x5c = await authority.issueDocumentSigner({
      commonName: 'x',
      publicJwk: publicJwkOf(jwk),
      days: 456,
    })
    const { notBefore, notAfter } = parseCertificate(x5c[0] as string)
    expect(notBefore).toEqual(new Date(now.getTime() - day))
    expect(notAfter).toEqual(new Date(now.getTime() + 456 * day))
    expect(await mdocTimes(x5c, jwk, now)).toContain(begin)
  })
})
