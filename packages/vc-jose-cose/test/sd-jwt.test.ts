import { hashBase64url } from '@ekkasan/core/bytes'
import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { publicJwkOf } from '@ekkasan/keys'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import {
  issueVcSdJwt,
  presentVcSdJwt,
  presentVpJwt,
  presentVpSdJwt,
  verifyVcJwt,
  verifyVcSdJwt,
  verifyVpJwt,
  verifyVpSdJwt,
} from '@ekkasan/vc-jose-cose'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binding,
  clock,
  collaborators,
  faults,
  holder,
  holderJwk,
  issuer,
  now,
  open,
  sign,
  stranger,
} from '../../../test/jwt-parties.ts'
import { body } from './securings.ts'

const credential = {
  ...body,
  credentialSubject: { name_th: 'สมชาย', birth_date: '2001-02-03', address: { province: 'เชียงใหม่' } },
}
const subject = (name: string) => ['credentialSubject', name]
const frame = createDisclosureFrame({ deep: ['name_th', 'birth_date', 'address'].map(subject) })
const issuing = { signer: issuer, credential, frame, holderJwk: publicJwkOf(holderJwk), clock }
const issued = await issueVcSdJwt(issuing)
const disclose = [subject('name_th')]
const presented = await presentVcSdJwt({ credential: issued, disclose, binding, holder, clock })
const options = { ...collaborators, binding }

/** A disclosure, and what refers to it. */
function disclosureOf(...contents: JsonValue[]): [string, string] {
  const encoded = Buffer.from(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', ...contents])).toString('base64url')
  return [encoded, hashBase64url('sha-256', encoded)]
}
const withDisclosure = async (name: string, value: JsonValue) => {
  const { header, payload } = open(issued.split('~')[0] as string)
  const { [name]: _left, ...rest } = payload
  const [encoded, digest] = disclosureOf(name, value)
  return `${await sign(issuer, header, { ...rest, _sd: [digest] })}~${encoded}~`
}

describe('vc+sd-jwt (VC-JOSE-COSE section 3.2.1)', () => {
  it('conceals what the frame names, and nothing that a verifier needs', () => {
    const { header, payload } = open(issued.split('~')[0] as string)
    expect(header).toEqual({ alg: 'ES256', typ: 'vc+sd-jwt', cty: 'vc', kid: 'k1' })
    expect(payload).toMatchObject({ ...body, credentialSubject: { _sd: expect.any(Array) } })
    expect(issued).toMatch(/~$/)
    expect(issued).not.toContain(Buffer.from('2001-02-03').toString('base64url'))
  })

  it.each([
    '@context',
    'type',
    'issuer',
    'validUntil',
    'credentialStatus',
    'credentialSchema',
    'relatedResource',
  ])('does not conceal %s', async (name) => {
    const concealing = createDisclosureFrame({ selective: [[name]] })
    await expect(issueVcSdJwt({ ...issuing, frame: concealing })).rejects.toThrow(TypeError)
  })

  it('shows what was disclosed, bound to the request by a KB-JWT', async () => {
    const verified = await verifyVcSdJwt(presented, options)
    expect(verified.credential.credentialSubject).toEqual({ name_th: 'สมชาย' })
    expect(verified.checks.map(({ name }) => name)).toEqual([
      'structure',
      'data-model',
      'validity-start',
      'validity-end',
      'issuer-key',
      'issuer-signature',
      'issuer-trust',
      'holder-signature',
      'holder-audience',
      'holder-nonce',
      'holder-time',
      'holder-content',
      'status',
    ])
  })

  it('lets the holder disclose nothing of the subject', async () => {
    const nothing = await presentVcSdJwt({ credential: issued, disclose: [] })
    expect((await verifyVcSdJwt(nothing, collaborators)).credential.credentialSubject).toEqual({})
  })

  it('holds the schema against the whole alone', async () => {
    const schema = { id: 'https://issuer.example/schema.json', type: 'JsonSchema' }
    const made = await issueVcSdJwt({ ...issuing, credential: { ...credential, credentialSchema: schema } })
    const text = JSON.stringify({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { credentialSubject: { required: ['birth_date'] } },
    })
    const content = { resolveSchema: async () => new TextEncoder().encode(text) }
    const outcome = async (secured: string) => {
      const { checks } = await verifyVcSdJwt(secured, { ...collaborators, content })
      return checks.find(({ name }) => name === 'credential-schema')
    }
    expect(await outcome(made)).toMatchObject({ outcome: 'passed' })
    const partly = await presentVcSdJwt({ credential: made, disclose })
    expect(await outcome(partly)).toMatchObject({ outcome: 'skipped', code: 'vcdm.schema.concealed' })
  })

  it.each([
    [
      'holder-signature failed sd-jwt.key-binding.missing',
      () => presentVcSdJwt({ credential: issued, disclose }),
    ],
    [
      'holder-signature failed sd-jwt.key-binding.signature',
      () => presentVcSdJwt({ credential: issued, disclose, binding, holder: stranger, clock }),
    ],
    [
      'holder-audience failed sd-jwt.key-binding.audience-mismatch',
      () =>
        presentVcSdJwt({
          credential: issued,
          disclose,
          binding: { ...binding, clientId: 'x' },
          holder,
          clock,
        }),
    ],
    [
      'holder-nonce failed sd-jwt.key-binding.nonce-mismatch',
      () =>
        presentVcSdJwt({ credential: issued, disclose, binding: { ...binding, nonce: 'x' }, holder, clock }),
    ],
    [
      'holder-time failed sd-jwt.key-binding.too-old',
      () =>
        presentVcSdJwt({
          credential: issued,
          disclose,
          binding,
          holder,
          clock: () => new Date(now.getTime() - 3_600_000),
        }),
    ],
    [
      'holder-content failed sd-jwt.key-binding.sd-hash-mismatch',
      async () => {
        const [jwt, first] = presented.split('~')
        const other = issued
          .split('~')
          .slice(1, -1)
          .find((disclosure) => disclosure !== first)
        return [jwt, first, other, presented.split('~').at(-1)].join('~')
      },
    ],
  ])('exactly one check fails: %s', async (fault, made) => {
    expect(await faults(verifyVcSdJwt(await made(), options))).toEqual([fault])
  })

  it('a KB-JWT counts for nothing where no binding is asked for, and the report says so', async () => {
    const { checks } = await verifyVcSdJwt(presented, collaborators)
    expect(checks.find(({ name }) => name === 'holder-signature')).toMatchObject({
      outcome: 'skipped',
      code: 'vc-jose-cose.holder.not-required',
    })
  })

  it.each(['iss', 'exp', 'nbf', 'iat', 'cnf', 'status', 'aud', 'nonce'])(
    'refuses a concealed %s: a holder might leave it out',
    async (name) => {
      expect(await faults(verifyVcSdJwt(await withDisclosure(name, 'x'), collaborators))).toEqual([
        'structure failed vc-jose-cose.structure.selective',
      ])
    },
  )

  it("reads a concealed type, as in the standard's examples, if it is disclosed", async () => {
    const made = await withDisclosure('type', body.type)
    expect((await verifyVcSdJwt(made, collaborators)).types).toEqual(body.type)
    const without = `${made.split('~')[0]}~`
    expect(await faults(verifyVcSdJwt(without, collaborators))).toEqual([
      'data-model failed vcdm.type.missing',
    ])
  })

  it('refuses a JWT as SD-JWT, and the reverse', async () => {
    const jwt = issued.split('~')[0] as string
    expect(await faults(verifyVcSdJwt(jwt, collaborators))).toEqual(['structure failed sd-jwt.malformed'])
    expect(await faults(verifyVcJwt(jwt, collaborators))).toEqual([
      'structure failed vc-jose-cose.structure.typ',
    ])
    for (const sdJwt of [issued, presented]) {
      expect(await faults(verifyVcJwt(sdJwt, collaborators))).toEqual([
        'structure failed vc-jose-cose.structure.malformed',
      ])
    }
  })

  it.each([
    [
      'twice',
      (parts: string[]) => [...parts.slice(0, 2), parts[1] as string, ''],
      'sd-jwt.disclosure.repeated',
    ],
    [
      'of nothing',
      (parts: string[]) => [parts[0] as string, disclosureOf('a', 1)[0], ''],
      'sd-jwt.disclosure.unreferenced',
    ],
    ['that is none', (parts: string[]) => [parts[0] as string, 'e30', ''], 'sd-jwt.disclosure.malformed'],
  ])('refuses a disclosure %s', async (_what, change, code) => {
    const made = change(issued.split('~')).join('~')
    expect(await faults(verifyVcSdJwt(made, collaborators))).toEqual([`structure failed ${code}`])
  })
})

describe('in presentations', () => {
  it('what the holder disclosed is shown, whatever secures the presentation', async () => {
    const partly = await presentVcSdJwt({ credential: issued, disclose })
    const presenting = { credentials: [partly], holder, binding, clock }
    for (const verified of [
      await verifyVpJwt(await presentVpJwt(presenting), options),
      await verifyVpSdJwt(await presentVpSdJwt(presenting), options),
    ]) {
      expect(verified.credentials[0]?.credential.credentialSubject).toEqual({ name_th: 'สมชาย' })
    }
  })

  it('a member of a vp+sd-jwt may be a disclosure of its own, but no claim of its envelope', async () => {
    const presenting = { credentials: [issued, issued], holder, binding, clock }
    const disclosed = createDisclosureFrame({ selective: [['type'], ['verifiableCredential', null]] })
    const made = await presentVpSdJwt({ ...presenting, frame: disclosed })
    expect(made.split('~')).toHaveLength(5)
    expect((await verifyVpSdJwt(made, options)).credentials).toHaveLength(2)
    const concealing = createDisclosureFrame({ selective: [['nonce']] })
    await expect(presentVpSdJwt({ ...presenting, frame: concealing })).rejects.toThrow(TypeError)
  })

  it('a vp+sd-jwt with a KB-JWT is refused: its envelope is its proof', async () => {
    const made = await presentVpSdJwt({ credentials: [issued], holder, binding, clock })
    const keyBinding = presented.split('~').at(-1)
    expect(await faults(verifyVpSdJwt(`${made}${keyBinding}`, options))).toEqual([
      'structure failed vc-jose-cose.structure.credentials',
    ])
  })
})

it('answers any text with a report, never with another error', async () => {
  const parts = issued.split('~')
  const mutated = fc
    .tuple(fc.shuffledSubarray(parts), fc.array(fc.constantFrom('~', '.', 'e30', ''), { maxLength: 3 }))
    .map(([some, noise]) => [...some, ...noise].join('~'))
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, fc.string(), fc.jsonValue()), async (input) => {
      const checking = verifyVcSdJwt(input, collaborators)
      await checking.catch((error: { checks?: unknown }) => expect(error.checks).toBeDefined())
      await verifyVpSdJwt(input, options).then(
        () => expect.unreachable(),
        (error: { checks?: unknown }) => expect(error.checks).toBeDefined(),
      )
    }),
    { numRuns: 300 },
  )
})

it('a changed payload is a report too', async () => {
  const names = ['@context', 'type', 'issuer', 'credentialSubject', 'cnf', 'status', '_sd', '_sd_alg', '...']
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), async (payload) => {
      const made = `${await sign(issuer, { typ: 'vc+sd-jwt', kid: 'k1' }, payload as JsonObject)}~`
      expect((await faults(verifyVcSdJwt(made, collaborators))).length).toBeGreaterThan(0)
    }),
  )
})
