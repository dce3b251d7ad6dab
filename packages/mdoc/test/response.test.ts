import { RejectedError, UnavailableError } from '@ekkasan/core'
import { base64url, concatBytes, fromBase64url } from '@ekkasan/core/bytes'
import { encodeCbor } from '@ekkasan/cose'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import {
  keyAgreementFromJwk,
  mdocVerifier,
  presentMdoc,
  presentMdocs,
  verifyDeviceResponse,
  verifyMdoc,
} from '@ekkasan/mdoc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binding,
  close,
  device,
  docType,
  faultsOf,
  issue,
  issuer,
  isTrusted,
  namespace,
  open,
  present,
  stranger,
  verifying,
} from './setting.ts'

const age = [[namespace, 'age_over_20']]
const outcomes = async (response: unknown, options = {}) => {
  const { documents, documentErrors } = await verifyDeviceResponse(response, verifying(options))
  return {
    documentErrors,
    documents: documents.map((document) =>
      'verified' in document
        ? document.verified.claims
        : document.error.checks
            .filter(({ outcome }) => outcome === 'failed')
            .map(({ name, code }) => `${name} ${code}`),
    ),
  }
}
const refusal = async (response: unknown) =>
  verifyDeviceResponse(response, verifying()).then(
    () => 'accepted',
    (error: { checks: { code: string }[] }) => error.checks[0]?.code,
  )

describe('several documents in one DeviceResponse (ISO/IEC 18013-5 section 8.3.2.1.2.2)', () => {
  it('are presented and verified, each with its own key, elements and result', async () => {
    const other = await signerFromJwk(await generateJwk('ES384'))
    const response = await presentMdocs(
      [
        { credential: await issue(), disclose: age, holder: device },
        {
          credential: await issue({ holderJwk: other.key.publicJwk }),
          disclose: [[namespace, 'family_name']],
          holder: other,
        },
      ],
      binding,
    )
    expect(await outcomes(response)).toEqual({
      documentErrors: [],
      documents: [{ [namespace]: { age_over_20: true } }, { [namespace]: { family_name: 'ใจดี' } }],
    })
  })

  it('are good each by itself: another key, another issuer, a part that is none', async () => {
    const good = { credential: await issue(), disclose: age, holder: device }
    const response = await presentMdocs(
      [
        good,
        { ...good, holder: stranger },
        { ...good, credential: await issue({ docType: 'org.example' }) },
        good,
      ],
      binding,
    )
    const opened = open(response)
    opened.get('documents')[3].delete('deviceSigned')
    expect((await outcomes(close(opened))).documents).toEqual([
      { [namespace]: { age_over_20: true } },
      ['holder-signature mdoc.device.authentication'],
      ['issuer-trust core.trust.not-for-this-type'],
      ['structure mdoc.structure'],
    ])
    const { documents } = await verifyDeviceResponse(response, {
      ...verifying(),
      checkStatus: async () => Promise.reject(new TypeError('a fault')),
    }).catch((error: unknown) => ({ documents: error }))
    expect(documents).toBeInstanceOf(TypeError)
  })

  it('are unknown each by itself where the status could not be found out', async () => {
    const { checkStatus: _none, ...without } = verifying()
    const { documents } = await verifyDeviceResponse(await present(), without)
    expect(documents).toEqual([{ error: expect.any(UnavailableError) }])
  })

  it('are one in OpenID4VP (Appendix B.2.5): two are refused there', async () => {
    const good = { credential: await issue(), disclose: age, holder: device }
    const response = await presentMdocs([good, good], binding)
    const { resolveIssuerKey } = verifying()
    const verify = mdocVerifier({ resolveIssuerKey }).verify(response, { binding, isTrusted })
    await expect(verify).rejects.toMatchObject({ code: 'mdoc.response' })
    expect(await presentMdoc({ ...good, binding })).toBeTypeOf('string')
  })

  it('are told of that are not there, with the codes of the device', async () => {
    const response = open(await present(undefined, { disclose: age }))
    response.set('documentErrors', [{ 'org.example': 0 }, { 'org.example.other': 10 }])
    response.get('documents')[0].set('errors', { [namespace]: { height: 0 } })
    expect((await outcomes(close(response))).documentErrors).toEqual([
      { docType: 'org.example', code: 0 },
      { docType: 'org.example.other', code: 10 },
    ])
    const { errors } = await verifyMdoc(close(response), verifying())
    expect(errors).toEqual({ [namespace]: { height: 0 } })
  })

  it('are refused as a whole when it is no response, reports an error, or has errors that are none', async () => {
    const response = await present()
    const set = (name: string, value: unknown) => close(open(response).set(name, value))
    expect(await refusal('AA')).toBe('mdoc.structure')
    expect(await refusal(7)).toBe('mdoc.structure')
    expect(await refusal(await issue())).toBe('mdoc.device.missing')
    expect(await refusal(set('status', 11))).toBe('mdoc.response')
    expect(await refusal(set('documentErrors', [{ x: 'no' }]))).toBe('mdoc.structure')
    expect(await refusal(set('documentErrors', { x: 0 }))).toBe('mdoc.structure')
    const opened = open(response)
    opened.get('documents')[0].set('errors', { [namespace]: [1] })
    expect((await outcomes(close(opened))).documents).toEqual([['structure mdoc.structure']])
  })

  it('are refused when they are more than are read', async () => {
    const response = open(await present())
    const [document] = response.get('documents')
    expect(await refusal(close(response.set('documents', Array(17).fill(document))))).toBe('mdoc.response')
    expect(
      (await outcomes(close(response.set('documents', Array(16).fill(document))))).documents,
    ).toHaveLength(16)
  })

  it('may be none', async () => {
    expect(await outcomes(base64url(encodeCbor({ version: '1.0', status: 0 })))).toEqual({
      documents: [],
      documentErrors: [],
    })
  })
})

describe('what of the second edition is not understood', () => {
  it.each(['zkDocuments', 'encryptedDocuments'])('is refused by name: %s', async (name) => {
    const response = close(open(await present()).set(name, []))
    expect(await refusal(response)).toBe('mdoc.unsupported')
    expect(await faultsOf(response)).toEqual(['structure failed mdoc.unsupported'])
  })

  it('is passed over where it says nothing that must be understood', async () => {
    const response = open(await present())
    response.set('version', '1.1').set('org.example.more', [1])
    response.get('documents')[0].set('more', 1)
    expect(await faultsOf(close(response))).toEqual([])
  })
})

describe('CBOR that a strict reader refuses', () => {
  const text = (value: string) => encodeCbor(value)
  const head = (count: number) => Uint8Array.of(0xa0 + count)
  it.each<[string, () => Promise<Uint8Array>, string]>([
    [
      'a map of indefinite length',
      async () =>
        concatBytes(Uint8Array.of(0xbf), fromBase64url(await present()).subarray(1), Uint8Array.of(0xff)),
      'cose.cbor.indefinite',
    ],
    [
      'a key twice',
      async () =>
        concatBytes(head(4), fromBase64url(await present()).subarray(1), text('status'), Uint8Array.of(0)),
      'cose.cbor.duplicate-key',
    ],
    [
      'arrays nested without end',
      async () =>
        concatBytes(head(1), text('documents'), new Uint8Array(100_000).fill(0x81), Uint8Array.of(0)),
      'cose.cbor.too-large',
    ],
    [
      'a length of gigabytes',
      async () => concatBytes(head(1), text('documents'), Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff)),
      'cose.cbor.',
    ],
    [
      'bytes after the end',
      async () => concatBytes(fromBase64url(await present()), Uint8Array.of(0)),
      'cose.cbor.malformed',
    ],
    [
      'a text that is not UTF-8',
      async () => concatBytes(head(1), Uint8Array.of(0x62, 0xc3, 0x28), Uint8Array.of(0)),
      'cose.cbor.malformed',
    ],
    [
      'more bytes than are read',
      async () => concatBytes(head(1), text('x'), encodeCbor(new Uint8Array(5_000_000))),
      'cose.cbor.too-large',
    ],
  ])('%s', async (_what, make, code) => {
    const bytes = await make()
    const faults = await faultsOf(base64url(bytes))
    expect(faults).toEqual([expect.stringContaining(`structure failed ${code}`)])
  })

  it('in a response of several documents, changed at random, is refused or less', async () => {
    const good = { credential: await issue(), disclose: age, holder: device }
    const bytes = fromBase64url(await presentMdocs([good, good], binding))
    const original = JSON.stringify({ [namespace]: { age_over_20: true } })
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const changed = Uint8Array.from(bytes)
        for (const [at, byte] of list) changed[at] = byte
        const result = await verifyDeviceResponse(base64url(changed), verifying()).catch((error: unknown) => {
          if (error instanceof RejectedError) return { documents: [] }
          throw error
        })
        for (const document of result.documents) {
          if ('verified' in document) {
            expect([original, '{}']).toContain(JSON.stringify(document.verified.claims))
            expect(document.verified.types).toEqual([docType])
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a verifier whose reader key devices know', () => {
  it('takes MACs through the plug, and says so in its metadata (OpenID4VP Appendix B.2.2)', async () => {
    const [own, reader] = [await generateJwk('ES384'), await generateJwk('ES384')]
    const [agreement, readerKey] = [await keyAgreementFromJwk(own), await keyAgreementFromJwk(reader)]
    const { resolveIssuerKey, checkStatus, clock } = verifying()
    const plug = mdocVerifier({ resolveIssuerKey, readerKey })
    expect(plug.metadata).toMatchObject({ deviceauth_alg_values: expect.arrayContaining([-65_538]) })
    expect(mdocVerifier({ resolveIssuerKey }).metadata.deviceauth_alg_values).not.toContain(-65_538)
    const presentation = await present(await issue({ holderJwk: agreement.publicJwk }), {
      holder: { agreement, readerKey: readerKey.publicJwk },
    })
    const asked = { binding, isTrusted, ...(checkStatus && { checkStatus }), ...(clock && { clock }) }
    expect((await plug.verify(presentation, asked)).format).toBe('mso_mdoc')
    await expect(mdocVerifier({ resolveIssuerKey }).verify(presentation, asked)).rejects.toMatchObject({
      code: 'mdoc.device.no-reader-key',
    })
    expect(issuer.key.x5c).toHaveLength(1)
  })
})
