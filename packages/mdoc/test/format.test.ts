import { type DocumentType, textCredential, trustAnyone } from '@ekkasan/core'
import { CborTag, decodeCbor, type EmbeddedCbor } from '@ekkasan/cose'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import {
  acceptMdoc,
  elementsOf,
  fullDate,
  type MdocType,
  mdoc,
  mdocHolder,
  mdocVerifier,
  mobileDrivingLicence,
  presentMdoc,
  viewMdoc,
} from '@ekkasan/mdoc'
import { matchCredential, parseDcqlQuery } from '@ekkasan/openid4vc'
import { resolveX5c } from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'
import {
  anchors,
  binding,
  clock,
  device,
  issue,
  issuer,
  isTrusted,
  namespace,
  open,
  status,
} from './setting.ts'

const licence: DocumentType = {
  id: 'DrivingLicence',
  type: 'DrivingLicenceCredential',
  version: '1',
  names: { th: 'ใบอนุญาตขับรถ', en: 'Driving licence' },
  description: { en: 'A driving licence' },
  claims: ['family_name', 'birth_date', 'portrait', 'driving_privileges', 'age_over_20', 'unmapped'].map(
    (name) => ({ path: [name], names: { en: name }, disclosure: 'selective' }),
  ),
  schema: {
    properties: {
      driving_privileges: {
        items: { properties: { vehicle_category_code: {}, issue_date: {}, expiry_date: {} } },
      },
    },
  },
  display: { backgroundColor: '#000000', textColor: '#ffffff' },
}
const claims = {
  family_name: 'ใจดี',
  birth_date: '2001-02-03',
  portrait: 'data:image/jpeg;base64,/9j/4A==',
  driving_privileges: [{ vehicle_category_code: 'B', issue_date: '2020-01-01' }],
  age_over_20: true,
  unmapped: 'stays out',
}
const shown = {
  family_name: 'ใจดี',
  birth_date: '2001-02-03',
  portrait: '_9j_4A',
  driving_privileges: [{ vehicle_category_code: 'B', issue_date: '2020-01-01' }],
  age_over_20: true,
}
const format = mdoc({ signer: issuer, type: () => mobileDrivingLicence, clock })
const holding = { resolveIssuerKey: resolveX5c({ anchors, clock }) }
const accepting = {
  holder: { jwk: device.key.publicJwk },
  issuer: 'https://issuer.example',
  isTrusted,
  clock,
}
const request = {
  document: licence,
  issuer: 'https://issuer.example',
  claims,
  holder: { jwk: device.key.publicJwk },
  status,
  validity: { from: new Date('2026-01-01T00:00:00Z') },
  id: 'urn:uuid:1',
}

describe('the plugs of mso_mdoc', () => {
  it('issue, hold, answer a DCQL query and verify', async () => {
    const credential = await format.issue(request)
    const holder = mdocHolder(holding)
    const held = await holder.accept(credential, accepting)
    expect(held.view).toEqual({
      format: 'mso_mdoc',
      x5c: [expect.any(String)],
      types: [mobileDrivingLicence.docType],
      claims: { [namespace]: shown },
      alwaysDisclosed: {},
      holderBound: true,
    })
    expect(held).toMatchObject({ status, validity: { until: new Date('2026-12-31T17:00:00Z') } })
    expect(holder.view(credential)).toEqual(held.view)
    const [query] = parseDcqlQuery({
      credentials: [
        {
          id: 'licence',
          format: 'mso_mdoc',
          meta: { doctype_value: mobileDrivingLicence.docType },
          claims: [
            { path: [namespace, 'age_over_20'], values: [true] },
            { path: [namespace, 'birth_date'], values: ['2001-02-03'], intent_to_retain: false },
          ],
        },
      ],
    }).credentials
    if (!query) throw new Error('no query')
    const match = matchCredential(query, held.view)
    if (!match.matches) throw new Error(match.code)
    const presentation = await holder.present(credential, {
      disclose: match.disclose,
      binding,
      holder: device,
    })
    const verified = await mdocVerifier(holding).verify(presentation, {
      binding,
      isTrusted,
      clock,
      checkStatus: async () => ({ status: 'valid', asOf: clock() }),
    })
    expect(verified.claims).toEqual({ [namespace]: { birth_date: '2001-02-03', age_over_20: true } })
    expect(matchCredential(query, verified.view, true).matches).toBe(true)
    const other = { ...query, meta: { doctype_value: 'org.example' } }
    expect(matchCredential(other, verified.view, true)).toEqual({
      matches: false,
      code: 'openid4vc.query.type',
    })
  })

  it('name the credential configuration (OpenID4VCI Appendix A.2.2)', () => {
    expect(format.configurationId(licence)).toBe('DrivingLicence-mdoc')
    expect(format.configuration(licence, 'https://issuer.example')).toEqual({
      doctype: 'org.iso.18013.5.1.mDL',
      cryptographic_binding_methods_supported: ['cose_key'],
      credential_signing_alg_values_supported: [-7, -9],
    })
    expect(format.claimPaths?.(licence, ['birth_date'])).toEqual([[namespace, 'birth_date']])
    expect(format.claimPaths?.(licence, ['unmapped'])).toEqual([])
    expect(format.served(licence, 'https://issuer.example')).toEqual([])
  })

  it('name the algorithms in COSE (OpenID4VP Appendix B.2.2)', () => {
    expect(mdocVerifier({ ...holding, algorithms: ['ES256', 'EdDSA'] }).metadata).toEqual({
      issuerauth_alg_values: [-7, -9, -8, -19],
      deviceauth_alg_values: [-7, -9, -8, -19],
    })
  })

  it('refuse when built a signer without a chain, or with an algorithm no mdoc has', async () => {
    const type = () => mobileDrivingLicence
    expect(() => mdoc({ signer: device, type })).toThrow(TypeError)
    const rsa = await signerFromJwk(await generateJwk('PS256'), { x5c: issuer.key.x5c ?? [] })
    expect(() => mdoc({ signer: rsa, type })).toThrow(TypeError)
  })

  it('issue nothing without a holder', async () => {
    const { holder: _none, ...unbound } = request
    await expect((async () => format.issue(unbound))()).rejects.toThrow(TypeError)
  })

  it('present no transaction data, for which no document type has a place', async () => {
    const asked = { ...binding, transactionData: ['e30'] }
    await expect(
      mdocHolder(holding).present(await issue(), { disclose: [], binding: asked, holder: device }),
    ).rejects.toMatchObject({ code: 'mdoc.device.transaction-unsupported' })
  })
})

describe('a wallet', () => {
  it('refuses a credential for another key', async () => {
    const jwk = publicJwkOf(await generateJwk('ES256'))
    await expect(
      acceptMdoc(await issue(), { ...accepting, ...holding, holder: { jwk } }),
    ).rejects.toMatchObject({ code: 'mdoc.holder.other-key' })
  })

  it('refuses a credential of a stranger, and one that is none', async () => {
    const stranger = { ...device, key: { ...device.key, x5c: issuer.key.x5c ?? [] } }
    const options = { ...accepting, ...holding, isTrusted: trustAnyone('a test') }
    await expect(acceptMdoc(await issue({ signer: stranger }), options)).rejects.toMatchObject({
      code: 'mdoc.issuer.signature',
    })
    await expect(acceptMdoc('AA', options)).rejects.toMatchObject({ code: 'mdoc.structure' })
    expect(() => viewMdoc('AA')).toThrow(expect.objectContaining({ code: 'mdoc.structure' }))
  })

  it('cannot present an element that is not there', async () => {
    for (const path of [
      [namespace, 'height'],
      ['th.other', 'family_name'],
      [namespace],
      [namespace, 'family_name', 0],
    ]) {
      await expect(
        presentMdoc({ credential: await issue(), disclose: [path], binding, holder: device }),
      ).rejects.toMatchObject({
        code: 'mdoc.element.not-found',
      })
    }
  })
})

describe('an issuer', () => {
  const itemsOf = (credential: string) =>
    open(credential)
      .get('nameSpaces')
      .get(namespace)
      .map((item: EmbeddedCbor) => decodeCbor(item.content)) as Map<string, unknown>[]

  it('writes dates and bytes as the mDL wants them (ISO/IEC 18013-5 section 7.2.1)', async () => {
    const items = itemsOf(textCredential(await format.issue(request)))
    const values = Object.fromEntries(
      items.map((item) => [item.get('elementIdentifier'), item.get('elementValue')]),
    )
    expect(values.birth_date).toEqual(new CborTag(1004, '2001-02-03'))
    expect(values.portrait).toEqual(Uint8Array.of(255, 216, 255, 224))
    expect(values.driving_privileges).toEqual([
      new Map<string, unknown>([
        ['issue_date', new CborTag(1004, '2020-01-01')],
        ['vehicle_category_code', 'B'],
      ]),
    ])
    expect(values).not.toHaveProperty('unmapped')
  })

  it('salts every element with 32 bytes of its own, and deals digest ids in no order', async () => {
    const orders = new Set<string>()
    for (let i = 0; i < 8; i++) {
      const items = itemsOf(await issue())
      const salts = items.map((item) => Buffer.from(item.get('random') as Uint8Array).toString('hex'))
      expect(new Set(salts).size).toBe(items.length)
      expect(salts.every((salt) => salt.length === 64)).toBe(true)
      const ids = items.map((item) => item.get('digestID') as number)
      expect([...ids].sort()).toEqual([...ids.keys()])
      orders.add(ids.join())
    }
    expect(orders.size).toBeGreaterThan(1)
  })

  it.each([
    ['no chain', { signer: device }],
    ['no element', { namespaces: { [namespace]: {} } }],
    ['an end before the start', { validity: { from: new Date(1), until: new Date(0) } }],
    ['a value without a form', { namespaces: { [namespace]: { height: Number.NaN } } }],
  ])('refuses %s', async (_what, options) => {
    await expect(issue(options)).rejects.toThrow(TypeError)
  })

  it('refuses claims that are not of their kind', () => {
    const type: MdocType = {
      docType: 'x',
      elements: (['full-date', 'date-time', 'bytes'] as const).map((as) => ({
        namespace: 'n',
        element: as,
        path: [as],
        as,
      })),
    }
    for (const wrong of [
      { 'full-date': '2001-02-30' },
      { 'date-time': 'now' },
      { bytes: '*' },
      { bytes: 7 },
    ]) {
      expect(() => elementsOf(type, wrong)).toThrow(TypeError)
    }
    expect(elementsOf(type, { 'date-time': '2026-01-01T07:00:00.5+07:00' })).toEqual({
      n: { 'date-time': new CborTag(0, '2026-01-01T00:00:00Z') },
    })
    expect(() => fullDate('3 March')).toThrow(TypeError)
  })
})
