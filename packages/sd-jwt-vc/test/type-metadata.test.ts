import { FetchError, type JsonObject, trustAnyone } from '@ekkasan/core'
import { type ResolveTypeMetadata, resolveTypeMetadata } from '@ekkasan/sd-jwt-vc'
import { describe, expect, it } from 'vitest'
import { faultsOf, iss, issue } from './setting.ts'

// What it means that type metadata is not there (SD-JWT VC section 4).

const url = 'https://types.example/card'
const base = 'https://types.example/base'
const hash = 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
type Answer = () => Response | Error

const answers: Record<string, Answer> = {
  '404': () => new Response('', { status: 404 }),
  '410': () => new Response('', { status: 410 }),
  HTML: () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
  nothing: () => new Response(''),
  'a list': () => new Response('[]'),
  'bytes that are no text': () => new Response(Uint8Array.of(0xff, 0xfe)),
  '401': () => new Response('', { status: 401 }),
  '403': () => new Response('', { status: 403 }),
  '429': () => new Response('', { status: 429 }),
  '500': () => new Response('', { status: 500 }),
  '503': () => new Response('', { status: 503 }),
  '302': () => new Response('', { status: 302 }),
  'a time-out': () => new FetchError('core.fetch.timeout', 'no answer in time'),
  'a refused address': () => new FetchError('core.fetch.address-refused', 'private'),
  'a refused URL': () => new FetchError('core.fetch.url-refused', 'not https'),
  'no connection': () => new FetchError('core.fetch.failed', 'x'),
}
const notThere = ['404', '410', 'HTML', 'nothing', 'a list', 'bytes that are no text']
const unknown = Object.keys(answers).filter((name) => !notThere.includes(name))

/** The metadata of each of these types, or what is answered in its place. */
function resolving(types: Record<string, JsonObject | Answer>): ResolveTypeMetadata {
  return resolveTypeMetadata({
    async fetch(asked) {
      const found = types[String(asked)] ?? (answers['404'] as Answer)
      const answer = typeof found === 'function' ? found() : new Response(JSON.stringify(found))
      if (answer instanceof Error) throw answer
      return answer
    },
  })
}

/** How the check of a credential of this type ends; none where it passed. */
async function outcome(
  typeMetadata: ResolveTypeMetadata,
  {
    vct = url,
    vctIntegrity,
    requireTypeMetadata = false,
  }: { readonly vct?: string; readonly vctIntegrity?: string; readonly requireTypeMetadata?: boolean } = {},
): Promise<string> {
  const presentation = await issue({
    vct,
    issuer: iss,
    ...(vctIntegrity !== undefined && { vctIntegrity }),
  })
  const faults = await faultsOf(presentation, {
    typeMetadata,
    requireTypeMetadata,
    isTrusted: trustAnyone('a test'),
    binding: undefined as never,
  })
  return faults.find((fault) => fault.startsWith('type-metadata')) ?? 'passed'
}

const skipped = 'type-metadata skipped sd-jwt-vc.type-metadata.not-there'
const missing = 'type-metadata failed sd-jwt-vc.type-metadata.missing'
const unavailable = 'type-metadata unknown core.resolve.unavailable'

describe('type metadata that is not there [F2]', () => {
  it.each(['urn:eudi:pid:1', 'identity_credential', 'ftp://types.example/a'])(
    'of a type that is no https URL (%s) is skipped, and said so',
    async (vct) => {
      expect(await outcome(resolving({}), { vct })).toBe(skipped)
    },
  )

  it.each(notThere)('at an address that answers %s is skipped', async (name) => {
    expect(await outcome(resolving({ [url]: answers[name] as Answer }))).toBe(skipped)
  })

  it.each(unknown)('is unknown at an address that answers %s', async (name) => {
    expect(await outcome(resolving({ [url]: answers[name] as Answer }))).toBe(unavailable)
    expect(await outcome(resolving({ [url]: answers[name] as Answer }), { vctIntegrity: hash })).toBe(
      unavailable,
    )
  })

  it.each<[string, JsonObject | Answer, string]>([
    ['of another type', { vct: base }, 'vct-mismatch'],
    ['of no type', { error: 'not found' }, 'vct-mismatch'],
    ['with a member twice', () => new Response(`{"vct":"${url}","vct":"${url}"}`), 'malformed'],
    ['that extends itself', { vct: url, extends: url }, 'extends'],
    ['with a claim of an odd kind', { vct: url, claims: [{ path: [] }] }, 'malformed'],
  ])('is no excuse for JSON that is wrong: %s', async (_name, document, code) => {
    expect(await outcome(resolving({ [url]: document }))).toBe(
      `type-metadata failed sd-jwt-vc.type-metadata.${code}`,
    )
  })

  it('is refused where a base is looser than what it is extended by, or circular', async () => {
    const looser = resolving({
      [url]: { vct: url, extends: base, claims: [{ path: ['name'], sd: 'never' }] },
      [base]: { vct: base, claims: [{ path: ['name'], sd: 'always' }] },
    })
    const circular = resolving({ [url]: { vct: url, extends: base }, [base]: { vct: base, extends: url } })
    for (const resolve of [looser, circular]) {
      expect(await outcome(resolve)).toBe('type-metadata failed sd-jwt-vc.type-metadata.extends')
    }
  })

  it.each(notThere)('of a base (%s) makes the whole not there', async (name) => {
    const resolve = resolving({
      // By its own claims the credential would be refused.
      [url]: { vct: url, extends: base, claims: [{ path: ['issuing_country'], sd: 'always' }] },
      [base]: answers[name] as Answer,
    })
    expect(await outcome(resolve)).toBe(skipped)
  })

  it('of a base without an address makes the whole not there', async () => {
    expect(await outcome(resolving({ [url]: { vct: url, extends: 'urn:base' } }))).toBe(skipped)
  })

  it.each(notThere)('is never skipped (%s) where vct#integrity stands', async (name) => {
    const resolve = resolving({ [url]: answers[name] as Answer })
    expect(await outcome(resolve, { vctIntegrity: hash })).toBe(missing)
    expect(await outcome(resolving({}), { vct: 'urn:a', vctIntegrity: hash })).toBe(missing)
  })

  it.each(notThere)('is never skipped (%s) where extends#integrity stands', async (name) => {
    const resolve = resolving({
      [url]: { vct: url, extends: base, 'extends#integrity': hash },
      [base]: answers[name] as Answer,
    })
    expect(await outcome(resolve)).toBe(missing)
  })

  it('is never skipped where the policy demands it', async () => {
    for (const vct of [url, 'urn:eudi:pid:1']) {
      expect(await outcome(resolving({}), { vct, requireTypeMetadata: true })).toBe(missing)
    }
  })

  it('is never skipped where the verifier handed it in', async () => {
    const vct = 'urn:eudi:pid:1'
    const handed = (document: JsonObject) =>
      resolveTypeMetadata({
        fetch: async () => new Response('', { status: 404 }),
        documents: { [vct]: { vct, ...document } },
      })
    expect(await outcome(handed({}), { vct })).toBe('passed')
    const claims = [{ path: ['issuing_country'], sd: 'always' }]
    expect(
      await outcome(handed({ claims: [{ path: ['credentialSubject', 'issuing_country'], sd: 'always' }] }), {
        vct,
      }),
    ).toBe('type-metadata failed sd-jwt-vc.type-metadata.claims')
    expect(await outcome(handed({ claims, extends: base }), { vct })).toBe(missing)
    const misnamed = { [vct]: { vct: 'urn:other' } }
    expect(() => resolveTypeMetadata({ fetch: async () => new Response(), documents: misnamed })).toThrow(
      TypeError,
    )
  })

  it.each(notThere)(
    'is never skipped (%s) where a valid copy was seen before: that is gone by',
    async (name) => {
      const claims = [{ path: ['credentialSubject', 'issuing_country'], sd: 'always' }]
      const documents: Record<string, JsonObject | Answer> = { [url]: { vct: url, claims } }
      const resolve = resolving(documents)
      const refused = 'type-metadata failed sd-jwt-vc.type-metadata.claims'
      expect(await outcome(resolve)).toBe(refused)
      documents[url] = answers[name] as Answer
      expect(await outcome(resolve)).toBe(refused)
      documents[url] = { vct: url, extends: base, claims }
      documents[base] = answers[name] as Answer
      expect(await outcome(resolve)).toBe(refused)
      expect(await outcome(resolve, { vctIntegrity: hash })).toContain('failed')
    },
  )
})
