import { ResolveError, trustOnly } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import {
  type CborInput,
  CborTag,
  decodeCbor,
  type EmbeddedCbor,
  embedCbor,
  encodeCbor,
  signCose,
  x5chainHeader,
} from '@ekkasan/cose'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { keyAgreementFromJwk, presentMdoc, verifyMdoc } from '@ekkasan/mdoc'
import { describe, expect, it } from 'vitest'
import {
  binding,
  clock,
  close,
  device,
  deviceJwk,
  docType,
  everything,
  faultsOf,
  issue,
  issuer,
  issuerName,
  issuerOf,
  namespace,
  type OpenMap,
  open,
  present,
  status,
  stranger,
  verifying,
} from './setting.ts'

/** Opens a presentation, changes its one document, and closes it again. */
async function changed(change: (document: OpenMap) => void, presentation?: string): Promise<string> {
  const response = open(presentation ?? (await present()))
  change(response.get('documents')[0])
  return close(response)
}

/** A credential whose signed object was changed before the issuer signed it. */
async function forged(change: (mso: OpenMap) => void): Promise<string> {
  const issuerSigned = open(await issue())
  const [, , payload] = issuerSigned.get('issuerAuth')
  const mso = decodeCbor((decodeCbor(payload) as EmbeddedCbor).content) as OpenMap
  change(mso)
  const unprotected = x5chainHeader(issuer.key.x5c ?? [])
  issuerSigned.set(
    'issuerAuth',
    await signCose({ signer: issuer, payload: embedCbor(mso).encoded, unprotected }),
  )
  return close(issuerSigned)
}

describe('verifying an mdoc', () => {
  it('passes every check of a good one, and tells what it says', async () => {
    const verified = await verifyMdoc(await present(), verifying())
    expect(verified.checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'structure passed',
      'issuer-key passed',
      'issuer-signature passed',
      'issuer-trust passed',
      'validity-start passed',
      'validity-end passed',
      'holder-signature passed',
      'holder-audience passed',
      'holder-nonce passed',
      'holder-content passed',
      'status passed',
    ])
    expect(verified).toMatchObject({
      format: 'mso_mdoc',
      types: [docType],
      issuer: { id: issuerName, method: 'x5c' },
      holder: { jwk: { crv: 'P-256', x: deviceJwk.x } },
      status,
      validity: { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') },
      view: { format: 'mso_mdoc', types: [docType], holderBound: true },
      deviceClaims: {},
    })
    expect(verified.claims).toEqual({
      [namespace]: {
        family_name: 'ใจดี',
        given_name: 'Somchai',
        birth_date: '2001-02-03',
        portrait: base64url(Uint8Array.of(255, 216, 255)),
        age_over_20: true,
        driving_privileges: [{ vehicle_category_code: 'B', issue_date: '2020-01-01' }],
      },
      'th.example': { office: '1003' },
    })
  })

  it('shows what was disclosed and nothing else', async () => {
    const presentation = await present(undefined, { disclose: [[namespace, 'age_over_20']] })
    const verified = await verifyMdoc(presentation, verifying())
    expect(verified.claims).toEqual({ [namespace]: { age_over_20: true } })
    const bytes = Buffer.from(presentation, 'base64url')
    expect(bytes.includes('Somchai')).toBe(false)
  })

  it('shows no namespace without elements, which nobody signed', async () => {
    const opened = open(await present())
    opened.get('documents')[0].get('issuerSigned').get('nameSpaces').set('org.example.residence', [])
    const { claims } = await verifyMdoc(close(opened), verifying())
    expect(Object.keys(claims).sort()).toEqual([namespace, 'th.example'])
  })

  it('takes a presentation that discloses nothing', async () => {
    expect(await faultsOf(await present(undefined, { disclose: [] }))).toEqual([])
  })

  it.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
    'verifies issuers and devices with %s',
    async (alg) => {
      const signer = await issuerOf(alg)
      const holder = await signerFromJwk(await generateJwk(alg))
      const credential = await issue({ signer, holderJwk: holder.key.publicJwk })
      expect(await faultsOf(await present(credential, { holder }))).toEqual([])
    },
  )

  it.each(['sha-256', 'sha-384', 'sha-512'] as const)('verifies digests with %s', async (hashAlgorithm) => {
    expect(await faultsOf(await present(await issue({ hashAlgorithm })))).toEqual([])
  })

  it.each(['ES256', 'ES384', 'ES512'] as const)(
    'verifies the MAC of a device with a key for %s (ISO/IEC 18013-5 section 9.1.3.5)',
    async (alg) => {
      const [own, reader] = [await generateJwk(alg), await generateJwk(alg)]
      const [agreement, readerKey] = [await keyAgreementFromJwk(own), await keyAgreementFromJwk(reader)]
      const credential = await issue({ holderJwk: agreement.publicJwk })
      const presentation = await present(credential, {
        holder: { agreement, readerKey: readerKey.publicJwk },
      })
      expect(await faultsOf(presentation, { readerKey })).toEqual([])
      const other = await keyAgreementFromJwk(await generateJwk(alg))
      expect((await faultsOf(presentation, { readerKey: other }))[0]).toBe(
        'holder-signature failed mdoc.device.authentication',
      )
    },
  )

  it('keeps what the device signs apart from what the issuer signed', async () => {
    const credential = await issue({ keyAuthorizations: { elements: { 'th.device': ['seen_at'] } } })
    const deviceNamespaces = { 'th.device': { seen_at: 'counter 3' } }
    const verified = await verifyMdoc(await present(credential, { deviceNamespaces }), verifying())
    expect(verified.deviceClaims).toEqual(deviceNamespaces)
    expect(verified.claims).not.toHaveProperty('th.device')
    expect(verified.view.claims).not.toHaveProperty('th.device')
  })

  it('asks for no device signature where no binding is asked for', async () => {
    const presentation = await present()
    const { binding: _none, ...unbound } = verifying()
    const verified = await verifyMdoc(presentation, unbound)
    expect(verified.checks.filter(({ name }) => name.startsWith('holder-'))).toEqual([
      { name: 'holder-signature', outcome: 'skipped', code: 'mdoc.holder.not-required' },
    ])
  })
})

describe('exactly one check fails', () => {
  const structure = async (presentation: unknown) => {
    const faults = await faultsOf(presentation)
    expect(faults).toHaveLength(1)
    return faults[0]?.replace('structure failed ', '')
  }

  it.each([
    ['no text', 7],
    ['no base64url', '*'],
    ['a number in CBOR', base64url(Uint8Array.of(1))],
  ])('structure: %s', async (_what, presentation) => {
    expect(await structure(presentation)).toBe('mdoc.structure')
  })

  it('structure: a credential in place of a presentation', async () => {
    expect(await structure(await issue())).toBe('mdoc.device.missing')
  })

  it('structure: a response that reports an error, has no document, or two', async () => {
    const response = open(await present())
    const [document] = response.get('documents')
    expect(await structure(close(new Map(response).set('status', 10)))).toBe('mdoc.response')
    expect(await structure(close(new Map(response).set('documents', [])))).toBe('mdoc.response')
    expect(await structure(close(new Map(response).set('documents', [document, document])))).toBe(
      'mdoc.response',
    )
    expect(await structure(close(new Map(response).set('version', '2.0')))).toBe('mdoc.version')
  })

  it('structure: the document names another type than the issuer signed', async () => {
    expect(await structure(await changed((document) => document.set('docType', 'org.example')))).toBe(
      'mdoc.doctype-mismatch',
    )
  })

  it('structure: an element twice in a namespace', async () => {
    const twice = await changed((document) => {
      const items = document.get('issuerSigned').get('nameSpaces').get(namespace)
      items.push(items[0])
    })
    expect(await structure(twice)).toBe('mdoc.element.repeated')
  })

  it('structure: no certificate, an attached device payload, both kinds of device authentication', async () => {
    const auth = (document: OpenMap) => document.get('deviceSigned').get('deviceAuth')
    const bad = [
      (document: OpenMap) => auth(document).get('deviceSignature').splice(2, 1, new Uint8Array(1)),
      (document: OpenMap) => auth(document).set('deviceMac', auth(document).get('deviceSignature')),
      (document: OpenMap) => document.delete('deviceSigned'),
      (document: OpenMap) => document.get('issuerSigned').get('issuerAuth').splice(2, 1, null),
    ]
    for (const change of bad) expect(await structure(await changed(change))).toBe('mdoc.structure')
    const noCertificate = await changed((document) =>
      document.get('issuerSigned').get('issuerAuth')[1].clear(),
    )
    expect(await structure(noCertificate)).toBe('cose.message.malformed')
  })

  it('structure: headers of COSE that are critical, repeated, unprotected or of another algorithm', async () => {
    const withHeader = (header: Map<number, CborInput>, unprotected: [number, unknown][] = []) =>
      changed((document) => {
        const auth = document.get('issuerSigned').get('issuerAuth')
        auth[0] = encodeCbor(header)
        for (const [key, value] of unprotected) auth[1].set(key, value)
      })
    const es256 = [1, -7] as const
    expect(await structure(await withHeader(new Map<number, CborInput>([es256, [2, [99]]])))).toBe(
      'cose.message.critical',
    )
    expect(await structure(await withHeader(new Map([es256]), [[1, -7]]))).toBe('cose.message.malformed')
    expect(await structure(await withHeader(new Map(), [[1, -7]]))).toBe('cose.message.malformed')
    expect(await structure(await withHeader(new Map([[1, -257]])))).toBe('cose.algorithm')
    expect(await structure(await withHeader(new Map([[1, 5]])))).toBe('cose.algorithm')
  })

  it.each<[string, (mso: OpenMap) => void, string]>([
    ['a version 2', (mso) => mso.set('version', '2.0'), 'mdoc.version'],
    ['digests with MD5', (mso) => mso.set('digestAlgorithm', 'MD5'), 'mdoc.structure'],
    [
      'digests too short',
      (mso) => mso.get('valueDigests').get(namespace).set(0, new Uint8Array(20)),
      'mdoc.structure',
    ],
    ['no validity', (mso) => mso.delete('validityInfo'), 'mdoc.structure'],
    ['an end that is no date', (mso) => mso.get('validityInfo').set('validUntil', '2027'), 'mdoc.structure'],
    [
      'an end on the 32nd',
      (mso) => mso.get('validityInfo').set('validUntil', new CborTag(0, '2027-01-32T00:00:00Z')),
      'mdoc.structure',
    ],
    ['no device key', (mso) => mso.get('deviceKeyInfo').delete('deviceKey'), 'cose.key'],
    [
      'a private device key',
      (mso) => mso.get('deviceKeyInfo').get('deviceKey').set(-4, new Uint8Array(32)),
      'cose.key',
    ],
    [
      'a short coordinate',
      (mso) => mso.get('deviceKeyInfo').get('deviceKey').set(-2, new Uint8Array(31)),
      'cose.key',
    ],
    [
      'a status without an index',
      (mso) => mso.set('status', new Map([['status_list', new Map()]])),
      'mdoc.structure',
    ],
  ])('structure: the issuer signed %s', async (_what, change, code) => {
    const issuerAuth = open(await forged(change)).get('issuerAuth')
    const presentation = await changed((document) =>
      document.get('issuerSigned').set('issuerAuth', issuerAuth),
    )
    expect(await structure(presentation)).toBe(code)
  })

  it('issuer-key: the chain leads to no anchor', async () => {
    const elsewhere = await import('@ekkasan/x509').then(({ resolveX5c, trustAnchors }) =>
      resolveX5c({ anchors: trustAnchors([]), clock }),
    )
    expect(await faultsOf(await present(), { resolveIssuerKey: elsewhere })).toEqual([
      'issuer-key failed core.resolve.invalid',
      'issuer-signature skipped core.issuer.signature-not-checked',
      'issuer-trust skipped core.issuer.not-known',
      'status skipped core.status.not-asked',
    ])
  })

  it('issuer-key: unknown, not failed, when it could not be found out', async () => {
    const resolveIssuerKey = async () => {
      throw new ResolveError('core.resolve.unavailable', 'no answer')
    }
    const faults = await faultsOf(await present(), { resolveIssuerKey })
    expect(faults[0]).toBe('issuer-key unknown core.resolve.unavailable')
    expect(faults.some((fault) => fault.includes('failed'))).toBe(false)
  })

  it('issuer-signature: signed by a stranger under the chain of the issuer', async () => {
    const signer = { ...stranger, key: { ...stranger.key, x5c: issuer.key.x5c ?? [] } }
    expect(await faultsOf(await present(await issue({ signer })))).toEqual([
      'issuer-signature failed mdoc.issuer.signature',
      'status skipped core.status.not-asked',
    ])
  })

  it('issuer-signature: an algorithm that is not accepted, or not one for the key', async () => {
    const fault = 'issuer-signature failed cose.algorithm'
    const signer = await issuerOf('ES384')
    const credential = await issue({ signer })
    expect((await faultsOf(await present(credential), { algorithms: ['ES256'] }))[0]).toBe(fault)
    const mislabelled = { ...(await issuerOf('EdDSA')), alg: 'ES256' as const }
    expect((await faultsOf(await present(await issue({ signer: mislabelled }))))[0]).toBe(
      'issuer-signature failed keys.alg.mismatch',
    )
  })

  it('issuer-signature: not of a time at which the certificate was valid (ISO/IEC 18013-5 section 9.3.1)', async () => {
    const until = new Date('2028-01-01T00:00:00Z')
    const fault = [
      'issuer-signature failed mdoc.issuer.signed-outside',
      'status skipped core.status.not-asked',
    ]
    // A start before the certificate's is that of the certificate.
    const before = await issue({ validity: { from: new Date('2025-12-01T00:00:00Z'), until } })
    expect(await faultsOf(await present(before))).toEqual([])
    const late = () => new Date('2026-12-16T00:00:00Z')
    const after = await issue({ validity: { until }, clock: late })
    expect(await faultsOf(await present(after), { clock: late })).toEqual(fault)
  })

  it('issuer-signature: of another country than the certificate (ISO/IEC 18013-5 section 9.3.1)', async () => {
    const of = async (country: string) =>
      faultsOf(
        await present(await issue({ namespaces: { [namespace]: { issuing_country: country } } }), {
          disclose: [[namespace, 'issuing_country']],
        }),
      )
    expect(await of('TH')).toEqual([])
    expect(await of('LA')).toEqual([
      'issuer-signature failed mdoc.issuer.other-country',
      'status skipped core.status.not-asked',
    ])
  })

  const digest = (code: string) => [`issuer-signature failed ${code}`, 'status skipped core.status.not-asked']
  const itemsOf = (document: OpenMap) => document.get('issuerSigned').get('nameSpaces')

  it('issuer-signature: another value under the digest of an element', async () => {
    const swapped = await changed((document) => {
      const items = itemsOf(document).get(namespace)
      const item = decodeCbor(items[0].content) as OpenMap
      items[0] = embedCbor(item.set('elementValue', 'Mallory'))
    })
    expect(await faultsOf(swapped)).toEqual(digest('mdoc.digest.mismatch'))
  })

  it('issuer-signature: an element under the digest id of another', async () => {
    const swapped = await changed((document) => {
      const items = itemsOf(document).get(namespace)
      const [first, second] = items.map((item: EmbeddedCbor) => decodeCbor(item.content) as OpenMap)
      items[0] = embedCbor(first.set('digestID', second.get('digestID')))
    })
    expect(await faultsOf(swapped)).toEqual(digest('mdoc.digest.mismatch'))
  })

  it('issuer-signature: an element in another namespace than it was signed in', async () => {
    const moved = await changed((document) => {
      const namespaces = itemsOf(document)
      namespaces.set('th.example', [namespaces.get(namespace)[0]])
    })
    expect((await faultsOf(moved))[0]).toMatch(/^issuer-signature failed mdoc\.digest\.(mismatch|missing)$/)
    const unknown = await changed((document) =>
      itemsOf(document).set('th.other', itemsOf(document).get('th.example')),
    )
    expect(await faultsOf(unknown)).toEqual(digest('mdoc.digest.missing'))
  })

  it('issuer-signature: an element of another credential of the same issuer', async () => {
    const other = open(await issue())
      .get('nameSpaces')
      .get('th.example')
    expect(await faultsOf(await changed((document) => itemsOf(document).set('th.example', other)))).toEqual(
      digest('mdoc.digest.mismatch'),
    )
  })

  it('issuer-trust: the issuer is not trusted for this document type', async () => {
    const isTrusted = trustOnly([{ role: 'credential-issuer', id: issuerName, types: ['org.example'] }])
    expect(await faultsOf(await present(), { isTrusted })).toEqual([
      'issuer-trust failed core.trust.not-for-this-type',
      'status skipped core.status.not-asked',
    ])
  })

  it('validity-start and validity-end', async () => {
    const at = (time: string) => ({ clock: () => new Date(time) })
    expect((await faultsOf(await present(), at('2025-12-31T23:58:00Z')))[0]).toBe(
      'validity-start failed core.validity.not-yet',
    )
    expect((await faultsOf(await present(), at('2027-01-01T00:02:00Z')))[0]).toBe(
      'validity-end failed core.validity.ended',
    )
  })

  it('status: revoked; unknown without a means to look', async () => {
    const revoked = { checkStatus: async () => ({ status: 'revoked' as const, asOf: clock() }) }
    expect(await faultsOf(await present(), revoked)).toEqual(['status failed core.status.revoked'])
    const { checkStatus: _none, ...without } = verifying()
    await expect(verifyMdoc(await present(), without)).rejects.toMatchObject({
      code: 'core.status.not-configured',
    })
  })

  const inTranscript = [
    'holder-audience skipped mdoc.holder.in-transcript',
    'holder-nonce skipped mdoc.holder.in-transcript',
    'status skipped core.status.not-asked',
  ]
  const unbound = ['holder-signature failed mdoc.device.authentication', ...inTranscript]

  it('holder-signature: made by a stranger', async () => {
    expect(await faultsOf(await present(undefined, { holder: stranger }))).toEqual(unbound)
  })

  it.each([
    ['client', { clientId: 'x509_san_dns:other.example' }],
    ['nonce', { nonce: 'nonce-2' }],
    ['response URI', { responseUri: 'https://other.example/response' }],
    ['encryption key', { encryptionKeyThumbprint: base64url(new Uint8Array(32)) }],
    ['origin', { origin: 'https://verifier.example' }],
  ])('holder-signature: made for another %s (OpenID4VP Appendix B.2.6)', async (_what, other) => {
    const presentation = await present(undefined, { binding: { ...binding, ...other } })
    expect(await faultsOf(presentation)).toEqual(unbound)
  })

  it('holder-signature: of the wrong length, and in DER', async () => {
    for (const length of [0, 63, 65, 72]) {
      const cut = await changed((document) =>
        document
          .get('deviceSigned')
          .get('deviceAuth')
          .get('deviceSignature')
          .splice(3, 1, new Uint8Array(length)),
      )
      expect(await faultsOf(cut)).toEqual(unbound)
    }
  })

  it('holder-signature: a device key that is not a point of its curve', async () => {
    const credential = await forged((mso) =>
      mso.get('deviceKeyInfo').get('deviceKey').set(-3, new Uint8Array(32)),
    )
    expect((await faultsOf(await present(credential)))[0]).toBe('holder-signature failed keys.jwk.malformed')
    const agreement = await keyAgreementFromJwk(deviceJwk)
    const readerKey = await keyAgreementFromJwk(await generateJwk('ES256'))
    const byMac = await present(credential, { holder: { agreement, readerKey: readerKey.publicJwk } })
    expect((await faultsOf(byMac, { readerKey }))[0]).toBe('holder-signature failed keys.jwk.malformed')
  })

  it.each<[string, number, unknown, boolean]>([
    ['of ES256', 3, -7, true],
    ['of ES384', 3, -35, false],
    ['of key agreement', 3, -25, false],
    ['that verifies', 4, [2], true],
    ['that derives', 4, [7, 8], false],
    ['that encrypts', 4, [3], false],
  ])('holder-signature: by a device key %s [K7]', async (_what, label, use, signs) => {
    const credential = await forged((mso) => mso.get('deviceKeyInfo').get('deviceKey').set(label, use))
    expect((await faultsOf(await present(credential))).length === 0).toBe(signs)
    // A MAC is taken by what curve the key is of: @auth0/mdl says ES256 of keys with which it makes MACs.
    const agreement = await keyAgreementFromJwk(deviceJwk)
    const readerKey = await keyAgreementFromJwk(await generateJwk('ES256'))
    const byMac = await present(credential, { holder: { agreement, readerKey: readerKey.publicJwk } })
    expect(await faultsOf(byMac, { readerKey })).toEqual([])
  })

  it('holder-signature: a MAC where a signature is meant, and the reverse', async () => {
    const renamed = await changed((document) => {
      const auth = document.get('deviceSigned').get('deviceAuth')
      auth.set('deviceMac', auth.get('deviceSignature')).delete('deviceSignature')
    })
    const readerKey = await keyAgreementFromJwk(await generateJwk('ES256'))
    expect((await faultsOf(renamed, { readerKey }))[0]).toBe('holder-signature failed cose.algorithm')
  })

  it('holder-content: the device signed an element that the issuer did not allow it', async () => {
    const deviceNamespaces = { [namespace]: { family_name: 'Mallory' } }
    expect(await faultsOf(await present(undefined, { deviceNamespaces }))).toEqual([
      'holder-content failed mdoc.device.not-authorized',
      'status skipped core.status.not-asked',
    ])
  })

  it('holder-content: a namespace that the issuer allowed the device as a whole', async () => {
    const credential = await issue({ keyAuthorizations: { namespaces: ['th.device'] } })
    const one = await present(credential, { deviceNamespaces: { 'th.device': { any: 1 } } })
    expect(await faultsOf(one)).toEqual([])
    const other = await present(credential, { deviceNamespaces: { 'th.other': { any: 1 } } })
    expect((await faultsOf(other))[0]).toBe('holder-content failed mdoc.device.not-authorized')
  })

  it('structure: elements that have no form in JSON, of the issuer and of the device', async () => {
    const value = new Map<string | number, string>([
      [1, 'a'],
      ['1', 'b'],
    ])
    const byIssuer = await issue({ namespaces: { [namespace]: { value } } })
    expect(await structure(await present(byIssuer, { disclose: [[namespace, 'value']] }))).toBe(
      'mdoc.element.value',
    )
    const credential = await issue({ keyAuthorizations: { namespaces: ['th.device'] } })
    const byDevice = await present(credential, { deviceNamespaces: { 'th.device': { value } } })
    expect(await structure(byDevice)).toBe('mdoc.element.value')
  })

  it('holder-content: thousands of elements and authorisations are compared in bounded time', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `e${i}`)
    const credential = await issue({ keyAuthorizations: { elements: { n: many } } })
    const deviceNamespaces = { n: Object.fromEntries(many.map((element) => [element, 0])) }
    const presentation = await present(credential, { deviceNamespaces })
    expect(await faultsOf(presentation)).toEqual([])
  })

  it('holder-transaction: transaction data was asked for', async () => {
    const asked = { ...binding, transactionData: ['e30'] }
    expect(await faultsOf(await present(), { binding: asked })).toEqual([
      'holder-transaction failed mdoc.device.transaction-unsupported',
      'status skipped core.status.not-asked',
    ])
  })
})

it('has no binding to a request without a response URI and an origin', async () => {
  const { responseUri: _none, ...rest } = binding
  await expect(
    presentMdoc({ credential: await issue(), disclose: everything, binding: rest, holder: device }),
  ).rejects.toThrow(TypeError)
})

it('takes a SessionTranscript as it was encoded by others, and nothing else in its place', async () => {
  // [null, null, [1]], its last number in a longer head than needed.
  const transcript = Uint8Array.of(0x83, 0xf6, 0xf6, 0x81, 0x18, 1)
  const presentation = await present(undefined, { binding: transcript })
  expect(await faultsOf(presentation, { binding: transcript })).toEqual([])
  const shortest = Uint8Array.of(0x83, 0xf6, 0xf6, 0x81, 1)
  expect((await faultsOf(presentation, { binding: shortest }))[0]).toMatch(/^holder-signature failed/)
  for (const wrong of [new Uint8Array(), Uint8Array.of(0x80), Uint8Array.of(0xd8, 24, 0x41, 0x80)]) {
    await expect(present(undefined, { binding: wrong })).rejects.toThrow(TypeError)
    await expect(verifyMdoc(presentation, verifying({ binding: wrong }))).rejects.toThrow(TypeError)
  }
})
