import { ignoreStatus, ResolveError, trustOnly } from '@ekkasan/core'
import { base58, fromBase58 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { addProof, cryptosuites, verifyLdpVc, verifyLdpVp } from '@ekkasan/data-integrity'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binding,
  body,
  clock,
  collaborators,
  contexts,
  createSigner,
  didOf,
  faults,
  holder,
  issued,
  issuer,
  now,
  options,
  presented,
  stranger,
} from './setting.ts'

const credential = await issued()
const presentation = await presented(credential)
const jcs = await issued({}, { cryptosuite: 'ecdsa-jcs-2019' })
const proofOf = (secured: JsonObject) => secured.proof as JsonObject & { proofValue: string }
const withProof = (secured: JsonObject, change: JsonObject) => ({
  ...secured,
  proof: { ...proofOf(secured), ...change },
})

describe('what was issued', () => {
  it('verifies with every check passed', async () => {
    const { checks, credential: read, issuer: identity } = await verifyLdpVc(credential, collaborators)
    expect(read).toEqual(body)
    expect(identity).toEqual({ id: didOf(issuer), method: 'did' })
    expect(checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'structure passed',
      'data-model passed',
      'validity-start passed',
      'validity-end passed',
      'issuer-key passed',
      'issuer-signature passed',
      'issuer-trust passed',
      'status skipped',
    ])
  })

  it('verifies as JSON text too', async () => {
    expect((await verifyLdpVc(JSON.stringify(credential), collaborators)).credential).toEqual(body)
  })

  it('is presented by its holder', async () => {
    const { holder: found, checks } = await verifyLdpVp(presentation, options)
    expect(found.kid).toBe(holder.key.kid)
    expect(checks.every(({ outcome }) => outcome !== 'failed')).toBe(true)
  })

  const names = Object.keys(cryptosuites) as (keyof typeof cryptosuites)[]
  it.each(names.filter((name) => !cryptosuites[name].selective))(
    'works with %s for each of its algorithms',
    async (cryptosuite) => {
      for (const alg of cryptosuites[cryptosuite].algorithms) {
        if (alg === 'BBS') throw new TypeError('BBS is selective')
        const signer = await createSigner(alg)
        const secured = await issued({ issuer: didOf(signer) }, { signer, cryptosuite })
        expect(proofOf(secured)).toMatchObject({
          type: 'DataIntegrityProof',
          cryptosuite,
          proofPurpose: 'assertionMethod',
        })
        expect(await faults(verifyLdpVc(secured, collaborators))).toEqual([])
        const shown = await presented(secured)
        expect(await faults(verifyLdpVp(shown, options))).toEqual([])
      }
    },
  )

  it('works with the data model 1.1, whose proofs need the Data Integrity context', async () => {
    const { validFrom, validUntil, ...rest } = body
    const old = {
      ...rest,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://w3id.org/security/data-integrity/v2',
        'https://issuer.example/contexts/id.json',
      ],
      issuanceDate: validFrom,
      expirationDate: validUntil,
    }
    const secured = await addProof({ document: old, signer: issuer, contexts, clock })
    expect(await faults(verifyLdpVc(secured, collaborators))).toEqual([])
    expect(await faults(verifyLdpVp(await presented(secured), options))).toEqual([])
  })
})

describe('exactly one check fails', () => {
  const cases: readonly [rule: string, expected: string, verification: () => Promise<never>][] = [
    [
      'a claim was changed after signing',
      'issuer-signature failed data-integrity.proof.signature',
      () =>
        verifyLdpVc(
          { ...credential, credentialSubject: { ...body.credentialSubject, givenName: 'สมหญิง' } },
          collaborators,
        ) as never,
    ],
    [
      'the proof is for authentication',
      'issuer-signature failed data-integrity.proof.purpose',
      async () =>
        verifyLdpVc(
          await addProof({ document: body, signer: issuer, proofPurpose: 'authentication', contexts, clock }),
          collaborators,
        ) as never,
    ],
    [
      "another's key signed",
      'issuer-signature failed data-integrity.proof.signature',
      async () =>
        verifyLdpVc(
          await issued({}, { signer: stranger, verificationMethod: issuer.key.kid }),
          collaborators,
        ) as never,
    ],
    [
      'the issuer has no such key',
      'issuer-key failed core.resolve.invalid',
      async () => verifyLdpVc(await issued({}, { signer: stranger }), collaborators) as never,
    ],
    [
      "the issuer's DID could not be resolved",
      'issuer-key unknown core.resolve.unavailable',
      () =>
        verifyLdpVc(credential, {
          ...collaborators,
          resolveIssuerKey: async () => {
            throw new ResolveError('core.resolve.unavailable', 'no answer')
          },
        }) as never,
    ],
    [
      'the issuer is not trusted',
      'issuer-trust failed core.trust.not-listed',
      () => verifyLdpVc(credential, { ...collaborators, isTrusted: trustOnly([]) }) as never,
    ],
    [
      'it is not valid yet',
      'validity-start failed core.validity.not-yet',
      async () => verifyLdpVc(await issued({ validFrom: '2026-12-01T00:00:00Z' }), collaborators) as never,
    ],
    [
      'its proof is of tomorrow',
      'validity-start failed core.validity.not-yet',
      async () =>
        verifyLdpVc(await issued({}, { created: new Date('2026-11-22T10:00:00Z') }), collaborators) as never,
    ],
    [
      'it has expired',
      'validity-end failed core.validity.ended',
      async () => verifyLdpVc(await issued({ validUntil: '2026-11-20T12:00:00Z' }), collaborators) as never,
    ],
    [
      'its proof has expired (section 2.1)',
      'validity-end failed core.validity.ended',
      async () =>
        verifyLdpVc(
          await issued(
            {},
            { created: new Date('2026-11-01T00:00:00Z'), expires: new Date('2026-11-20T00:00:00Z') },
          ),
          collaborators,
        ) as never,
    ],
    [
      'a date is none (VCDM 2.0 section 4.9)',
      'data-model failed vcdm.date.invalid',
      async () =>
        verifyLdpVc(
          await addProof({ document: { ...body, validFrom: '2026-11-20' }, signer: issuer, contexts, clock }),
          collaborators,
        ) as never,
    ],
    [
      'its status cannot be looked up',
      'status unknown core.status.not-configured',
      async () =>
        verifyLdpVc(
          await issued({
            credentialStatus: {
              type: 'BitstringStatusListEntry',
              statusPurpose: 'revocation',
              statusListIndex: '7',
              statusListCredential: 'https://issuer.example/status/1',
            },
          }),
          collaborators,
        ) as never,
    ],
    [
      'the presentation is for another verifier',
      'holder-audience failed keys.holder.audience-mismatch',
      async () =>
        verifyLdpVp(
          await presented(credential, { binding: { ...binding, clientId: 'x509_san_dns:other.example' } }),
          options,
        ) as never,
    ],
    [
      'it answers another request',
      'holder-nonce failed keys.holder.nonce-mismatch',
      async () =>
        verifyLdpVp(
          await presented(credential, { binding: { ...binding, nonce: 'other' } }),
          options,
        ) as never,
    ],
    [
      'it was made an hour ago',
      'holder-time failed keys.holder.time-out-of-range',
      async () =>
        verifyLdpVp(
          await presented(credential, { clock: () => new Date(now.getTime() - 3_600_000) }),
          options,
        ) as never,
    ],
    [
      'another than the holder presents',
      'holder-signature failed keys.holder.mismatch',
      async () => verifyLdpVp(await presented(credential, { holder: stranger }), options) as never,
    ],
    [
      "another than the holder presents under the holder's name",
      'holder-signature failed keys.holder.signature',
      async () =>
        verifyLdpVp(
          await presented(credential, { holder: { ...stranger, key: holder.key } }),
          options,
        ) as never,
    ],
    [
      "the holder's DID has no such key",
      'holder-signature failed keys.holder.key-not-found',
      async () =>
        verifyLdpVp(
          await presented(credential, {
            holder: { ...holder, key: { ...holder.key, kid: `${didOf(holder)}#other` } },
          }),
          options,
        ) as never,
    ],
    [
      "the holder's DID could not be resolved",
      'holder-signature unknown core.resolve.unavailable',
      () =>
        verifyLdpVp(presentation, {
          ...options,
          resolveDid: async () => {
            throw new ResolveError('core.resolve.unavailable', 'no answer')
          },
        }) as never,
    ],
    [
      'the credential names no holder',
      'holder-signature failed keys.holder.unbound',
      async () =>
        verifyLdpVp(
          await presented(await issued({ credentialSubject: { givenName: 'x' } })),
          options,
        ) as never,
    ],
    [
      'the presentation proof is for assertion',
      'holder-signature failed data-integrity.proof.purpose',
      async () => {
        const { proof, ...document } = presentation
        return verifyLdpVp(
          await addProof({
            document,
            signer: holder,
            challenge: binding.nonce,
            domain: binding.clientId,
            contexts,
            clock,
          }),
          options,
        ) as never
      },
    ],
    [
      'transaction data were asked for',
      'holder-transaction failed keys.holder.transaction-unsupported',
      () =>
        verifyLdpVp(presentation, { ...options, binding: { ...binding, transactionData: ['e30'] } }) as never,
    ],
  ]
  it.each(cases)('%s: %s', async (_rule, expected, verification) => {
    expect(await faults(verification())).toEqual([expected])
  })

  it('looks up no status on purpose only', async () => {
    const secured = await issued({
      credentialStatus: {
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: '7',
        statusListCredential: 'https://issuer.example/status/1',
      },
    })
    expect(
      await faults(verifyLdpVc(secured, { ...collaborators, checkStatus: ignoreStatus('a test') })),
    ).toEqual([])
  })
})

it('takes no presentation that was made for this verifier and another', async () => {
  const { proof, ...document } = presentation
  const shown = await addProof({
    document,
    signer: holder,
    proofPurpose: 'authentication',
    challenge: binding.nonce,
    domain: [binding.clientId, 'x509_san_dns:other.example'],
    contexts,
    clock,
  })
  expect(proof).toBeDefined()
  expect(await faults(verifyLdpVp(shown, options))).toEqual([
    'holder-audience failed keys.holder.audience-mismatch',
  ])
})

describe('structure', () => {
  const signature = fromBase58(proofOf(credential).proofValue.slice(1))
  const malformed = 'structure failed data-integrity.structure.malformed'
  const badProof = 'structure failed data-integrity.structure.proof'
  const badValue = 'structure failed data-integrity.proof.value'
  const deep = () => {
    let value: JsonObject = { province: 'x' }
    for (let depth = 0; depth < 40; depth++) value = { address: value }
    return value
  }
  const base64 = (bytes: Uint8Array) =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '')
  const cases: readonly [string, unknown, string][] = [
    ['truncated JSON', JSON.stringify(credential).slice(0, -1), malformed],
    ['a repeated key', JSON.stringify(credential).replace('{', '{"id":"urn:x",'), malformed],
    ['a list', [credential], malformed],
    ['no object', 42, malformed],
    ['an oversized text', { ...credential, name: 'x'.repeat(1_100_000) }, malformed],
    ['too many values', { ...credential, name: Array.from({ length: 25_000 }, () => 'x') }, malformed],
    ['deep nesting', { ...credential, credentialSubject: deep() }, malformed],
    ['a number out of range', { ...credential, credentialSubject: { province: 2 ** 60 } }, malformed],
    ['a value that is not JSON', { ...credential, name: undefined }, malformed],
    ['no proof', body, badProof],
    ['an empty list of proofs', { ...body, proof: [] }, badProof],
    ['nine proofs', { ...body, proof: Array.from({ length: 9 }, () => proofOf(credential)) }, badProof],
    ['a proof without a verification method', withProof(credential, { verificationMethod: 7 }), badProof],
    ['a proof of an impossible date', withProof(credential, { created: '2026-02-30T00:00:00Z' }), badProof],
    [
      'two proofs with one id',
      {
        ...body,
        proof: [
          { ...proofOf(credential), id: 'urn:a' },
          { ...proofOf(credential), id: 'urn:a' },
        ],
      },
      badProof,
    ],
    [
      'another proof type',
      withProof(credential, { type: 'Ed25519Signature2020' }),
      'structure failed data-integrity.cryptosuite.unsupported',
    ],
    [
      'an unknown cryptosuite',
      withProof(credential, { cryptosuite: 'ecdsa-rdfc-2022' }),
      'structure failed data-integrity.cryptosuite.unsupported',
    ],
    [
      'a cryptosuite named like a member of every object',
      withProof(credential, { cryptosuite: 'constructor' }),
      'structure failed data-integrity.cryptosuite.unsupported',
    ],
    ['no proof value', withProof(credential, { proofValue: 7 }), badValue],
    ['another multibase', withProof(credential, { proofValue: `u${base64(signature)}` }), badValue],
    [
      'a signature a byte short',
      withProof(credential, { proofValue: `z${base58(signature.subarray(1))}` }),
      badValue,
    ],
    [
      'a signature a byte long',
      withProof(credential, { proofValue: `z${base58(new Uint8Array([...signature, 0]))}` }),
      badValue,
    ],
    [
      'a P-384 signature in an EdDSA suite',
      withProof(credential, {
        cryptosuite: 'eddsa-rdfc-2022',
        proofValue: `z${base58(new Uint8Array(96).fill(7))}`,
      }),
      badValue,
    ],
    [
      'a character that is not of base58',
      withProof(credential, { proofValue: proofOf(credential).proofValue.replace(/.$/, '0') }),
      badValue,
    ],
    [
      'a previous proof that is not there',
      withProof(credential, { previousProof: 'urn:a' }),
      'structure failed data-integrity.proof.previous',
    ],
    [
      'a proof before itself',
      withProof(credential, { id: 'urn:a', previousProof: 'urn:a' }),
      'structure failed data-integrity.proof.previous',
    ],
    [
      "a proof context that is not the document's",
      withProof(jcs, { '@context': ['https://www.w3.org/ns/credentials/v2', 'https://other.example'] }),
      'structure failed data-integrity.proof.context',
    ],
    [
      'an unknown context',
      { ...credential, '@context': [...body['@context'], 'https://evil.example/context'] },
      'structure failed data-integrity.context.unknown',
    ],
    [
      'an undefined term',
      { ...credential, credentialSubject: { ...body.credentialSubject, isAdmin: true } },
      'structure failed data-integrity.json-ld.undefined-term',
    ],
    [
      'an undefined type',
      { ...credential, type: [...body.type, 'Admin'] },
      'structure failed data-integrity.json-ld.undefined-term',
    ],
    [
      'a term undefined by an inline null',
      {
        ...credential,
        credentialSubject: { '@context': { isAdmin: null }, ...body.credentialSubject, isAdmin: true },
      },
      'structure failed data-integrity.context.inline',
    ],
    [
      'a protected term redefined',
      { ...credential, '@context': [...body['@context'], { givenName: 'https://evil.example/#x' }] },
      'structure failed data-integrity.context.inline',
    ],
    [
      'protected terms cleared',
      { ...credential, '@context': [...body['@context'], null] },
      'structure failed data-integrity.context.inline',
    ],
    [
      'a keyword redefined',
      { ...credential, '@context': [...body['@context'], { '@id': 'https://evil.example/' }] },
      'structure failed data-integrity.context.inline',
    ],
    [
      'an IRI that would end its statement',
      { ...credential, id: 'urn:x> <urn:y> "z" .\n<urn:a' },
      'structure failed data-integrity.json-ld.invalid',
    ],
    [
      'a previous proof named twice',
      {
        ...body,
        proof: [
          { ...proofOf(credential), id: 'urn:a' },
          { ...proofOf(credential), previousProof: ['urn:a', 'urn:a'] },
        ],
      },
      'structure failed data-integrity.proof.previous',
    ],
    [
      'an unknown context under a jcs proof',
      {
        ...jcs,
        '@context': [...body['@context'], 'https://evil.example/c'],
        proof: { ...proofOf(jcs), '@context': [...body['@context'], 'https://evil.example/c'] },
      },
      'structure failed data-integrity.context.unknown',
    ],
    [
      'a null, which a proof would not cover',
      { ...credential, name: null },
      'structure failed data-integrity.json-ld.invalid',
    ],
    [
      'an empty list, which a proof would not cover',
      { ...credential, evidence: [] },
      'structure failed data-integrity.json-ld.invalid',
    ],
    [
      'a base direction, which a proof would not cover',
      { ...credential, name: { '@value': 'x', '@language': 'en', '@direction': 'ltr' } },
      'structure failed data-integrity.json-ld.invalid',
    ],
    [
      'a relative identifier',
      { ...credential, id: 'relative' },
      'structure failed data-integrity.json-ld.invalid',
    ],
  ]
  it.each(cases)('refuses %s', async (_what, input, expected) => {
    expect(await faults(verifyLdpVc(input, collaborators))).toEqual([expected])
  })

  it('refuses a presentation of two credentials, or of none', async () => {
    for (const verifiableCredential of [[credential, credential], [], ['text']]) {
      const shown = { ...presentation, verifiableCredential }
      expect(await faults(verifyLdpVp(shown as JsonObject, options))).toEqual([
        'structure failed data-integrity.structure.credentials',
      ])
    }
  })

  it('refuses __proto__ in text and in objects', async () => {
    const text = JSON.stringify(credential).replace('"givenName"', '"__proto__"')
    expect(await faults(verifyLdpVc(text, collaborators))).toEqual([malformed])
    expect(await faults(verifyLdpVc(JSON.parse(text), collaborators))).toEqual([malformed])
  })
})

describe('algorithm confusion', () => {
  it('verifies no signature under another cryptosuite of the same key', async () => {
    for (const cryptosuite of ['ecdsa-jcs-2019', 'ecdsa-rdfc-2019']) {
      const secured = await issued({}, { cryptosuite })
      const other = cryptosuite === 'ecdsa-jcs-2019' ? 'ecdsa-rdfc-2019' : 'ecdsa-jcs-2019'
      const { '@context': _context, ...proof } = proofOf(secured)
      expect(
        await faults(verifyLdpVc({ ...secured, proof: { ...proof, cryptosuite: other } }, collaborators)),
      ).toEqual(['issuer-signature failed data-integrity.proof.signature'])
    }
  })

  it('verifies no ECDSA signature as EdDSA, both being of 64 bytes', async () => {
    expect(
      await faults(verifyLdpVc(withProof(credential, { cryptosuite: 'eddsa-rdfc-2022' }), collaborators)),
    ).toEqual(['issuer-signature failed data-integrity.proof.signature'])
  })

  it('verifies no Ed25519 signature whose S was raised by the order of the group (RFC 8032 5.1.7)', async () => {
    const signer = await createSigner('EdDSA')
    const secured = await issued({ issuer: didOf(signer) }, { signer })
    const signature = fromBase58(proofOf(secured).proofValue.slice(1))
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const little = (bytes: Uint8Array) =>
      BigInt(
        `0x${[...bytes]
          .reverse()
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join('')}`,
      )
    let raised = little(signature.subarray(32)) + order
    for (let at = 32; at < 64; at++, raised >>= 8n) signature[at] = Number(raised & 0xffn)
    const changed = withProof(secured, { proofValue: `z${base58(signature)}` })
    expect(await faults(verifyLdpVc(changed, collaborators))).toEqual([
      'issuer-signature failed data-integrity.proof.signature',
    ])
  })

  it('is written by no key of another kind (TypeError)', async () => {
    await expect(issued({}, { cryptosuite: 'eddsa-rdfc-2022' })).rejects.toThrow(TypeError)
    await expect(issued({}, { cryptosuite: 'none' })).rejects.toThrow(TypeError)
    await expect(issued({}, { verificationMethod: 'key-1' })).rejects.toThrow(TypeError)
  })
})

describe('proof sets and chains', () => {
  it('gives back no context that was added behind what a jcs proof covers (vc-di-ecdsa section 3.3.2)', async () => {
    const added = { ...jcs, '@context': [...body['@context'], 'https://evil.example/context'] }
    const { credential: read } = await verifyLdpVc(added, collaborators)
    expect(read).toEqual(body)
  })

  it('keeps the proofs that were there, and verifies all of them', async () => {
    const second = await createSigner('EdDSA')
    const set = await addProof({
      document: await issued({}, { id: 'urn:proof:1' }),
      signer: second,
      contexts,
      clock,
    })
    expect(set.proof).toHaveLength(2)
    expect(await faults(verifyLdpVc(set, collaborators))).toEqual([])
    const chain = await addProof({
      document: set,
      signer: stranger,
      previousProof: 'urn:proof:1',
      contexts,
      clock,
    })
    expect(await faults(verifyLdpVc(chain, collaborators))).toEqual([])
  })

  it('rejects a chain whose earlier proof was exchanged for another valid one', async () => {
    const first = await issued({}, { id: 'urn:proof:1' })
    const chain = await addProof({
      document: first,
      signer: stranger,
      previousProof: 'urn:proof:1',
      contexts,
      clock,
    })
    const again = await issued({}, { id: 'urn:proof:1', created: new Date('2026-11-20T00:00:00Z') })
    const [, last] = chain.proof as JsonObject[]
    expect(
      await faults(verifyLdpVc({ ...chain, proof: [proofOf(again), last as JsonObject] }, collaborators)),
    ).toEqual(['issuer-signature failed data-integrity.proof.signature'])
  })

  it("rejects a set in which another's proof is wrong", async () => {
    const set = await addProof({ document: credential, signer: stranger, contexts, clock })
    const [own, other] = set.proof as JsonObject[]
    const wrong = { ...other, created: '2026-11-21T09:59:59Z' } as JsonObject
    expect(await faults(verifyLdpVc({ ...set, proof: [own as JsonObject, wrong] }, collaborators))).toEqual([
      'issuer-signature failed data-integrity.proof.signature',
    ])
  })

  it("rejects a set without a proof of the issuer's", async () => {
    const one = await issued({}, { signer: stranger })
    const two = await addProof({ document: one, signer: await createSigner('EdDSA'), contexts, clock })
    expect(await faults(verifyLdpVc(two, collaborators))).toEqual(['issuer-key failed core.resolve.invalid'])
  })

  it('signs nothing after a proof that is not there', async () => {
    await expect(
      addProof({ document: credential, signer: issuer, previousProof: 'urn:a', contexts }),
    ).rejects.toMatchObject({
      code: 'data-integrity.proof.previous',
    })
  })
})

describe('whatever is changed', () => {
  const leaves = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) =>
          leaves(item, [...path, Array.isArray(value) ? Number(name) : name]),
        )
      : [path]
  const changed = (value: unknown, [name, ...rest]: (string | number)[], text: string): unknown => {
    if (name === undefined) return text
    const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
      string | number,
      unknown
    >
    copy[name] = changed(copy[name], rest, text)
    return copy
  }

  it.each(['ecdsa-rdfc-2019', 'ecdsa-jcs-2019'])(
    '%s: no text of a presentation can become another',
    async (cryptosuite) => {
      const shown = await presented(await issued({}, { cryptosuite }))
      const paths = leaves(shown)
      const strings = fc.oneof(
        fc.string(),
        fc.constantFrom('z', 'https://evil.example', '2026-11-21T10:00:01Z', didOf(stranger)),
      )
      await fc.assert(
        fc.asyncProperty(fc.nat(paths.length - 1), strings, async (index, text) => {
          const path = paths[index] as (string | number)[]
          const before = path.reduce(
            (value: unknown, name) => (value as Record<string | number, unknown>)[name],
            shown,
          )
          fc.pre(before !== text)
          await expect(verifyLdpVp(changed(shown, path, text), options)).rejects.toHaveProperty('checks')
        }),
        { numRuns: 150 },
      )
    },
  )

  it('ends in a report, never otherwise, whatever JSON comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.jsonValue(), async (text, value) => {
        for (const input of [
          text,
          value,
          { ...body, proof: value },
          { ...credential, credentialSubject: value },
          { ...credential, '@context': value },
        ]) {
          await expect(verifyLdpVc(input, collaborators)).rejects.toHaveProperty('checks')
        }
      }),
      { numRuns: 150 },
    )
  })
})
