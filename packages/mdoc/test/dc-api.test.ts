import { EkkasanError } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { type CborInput, CoseError, coseKeyOf, encodeCbor } from '@ekkasan/cose'
import { generateJwk, publicJwkOf } from '@ekkasan/keys'
import {
  createDcApiRequest,
  dcApiSessionTranscript,
  decryptDcApiResponse,
  encryptDcApiResponse,
  keyAgreementFromJwk,
  MdocError,
  parseDcApiRequest,
  verifyMdoc,
} from '@ekkasan/mdoc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceRequest } from './annex-d.ts'
import { docType, namespace, present, verifying } from './setting.ts'

const origin = 'https://verifier.example'
const recipientJwk = await generateJwk('ES256')
const recipient = await keyAgreementFromJwk(recipientJwk)
const requests = [{ docType, namespaces: { [namespace]: { age_over_20: false, portrait: true } } }]
const request = createDcApiRequest({ requests, recipient: publicJwkOf(recipientJwk) })
const bound = { encryptionInfo: request.encryptionInfo, origin }
const answer = async () =>
  encryptDcApiResponse(
    await present(undefined, {
      disclose: [[namespace, 'age_over_20']],
      binding: dcApiSessionTranscript(bound),
    }),
    bound,
  )

describe('org-iso-mdoc over the Digital Credentials API (ISO/IEC TS 18013-7 Annex C)', () => {
  it('asks, answers encrypted, and verifies', async () => {
    expect(parseDcApiRequest(request)).toEqual(requests)
    const presentation = await decryptDcApiResponse(await answer(), { ...bound, recipient })
    const verified = await verifyMdoc(presentation, verifying({ binding: dcApiSessionTranscript(bound) }))
    expect(verified.claims).toEqual({ [namespace]: { age_over_20: true } })
  })

  it.each<[number, CborInput, boolean]>([
    [3, -7, false],
    [4, [2], false],
    [3, 35, true],
    [4, [7], true],
  ])('encrypts to a key whose member %s is %s: %s [K7]', async (label, use, isTaken) => {
    const key = new Map(coseKeyOf(publicJwkOf(recipientJwk))).set(label, use)
    const info = encodeCbor(['dcapi', { nonce: new Uint8Array(16), recipientPublicKey: key }])
    const answered = encryptDcApiResponse('AA', { encryptionInfo: base64url(info), origin })
    if (isTaken) expect(await answered).toBeTypeOf('string')
    else await expect(answered).rejects.toMatchObject({ code: 'mdoc.structure' })
  })

  it('reads the request of ISO/IEC 18013-5 Annex D', () => {
    expect(parseDcApiRequest({ ...request, deviceRequest: base64url(deviceRequest) })).toEqual([
      {
        docType,
        namespaces: {
          [namespace]: {
            family_name: true,
            document_number: true,
            driving_privileges: true,
            issue_date: true,
            expiry_date: true,
            portrait: false,
          },
        },
      },
    ])
  })

  it.each([
    ['to another origin', async () => ({ ...bound, origin: 'https://other.example', recipient })],
    [
      'to another request',
      async () => {
        const { encryptionInfo } = createDcApiRequest({ requests, recipient: publicJwkOf(recipientJwk) })
        return { encryptionInfo, origin, recipient }
      },
    ],
    [
      'to another key',
      async () => ({ ...bound, recipient: await keyAgreementFromJwk(await generateJwk('ES256')) }),
    ],
  ])('does not decrypt an answer %s', async (_what, options) => {
    await expect(decryptDcApiResponse(await answer(), await options())).rejects.toMatchObject({
      code: 'mdoc.dc-api.decryption',
    })
  })

  it('refuses an encapsulated key that is no point of the curve, or compressed', async () => {
    for (const enc of [
      new Uint8Array(65),
      Uint8Array.of(4, ...new Uint8Array(63), 7),
      new Uint8Array(33).fill(2),
    ]) {
      const forged = base64url(encodeCbor(['dcapi', { enc, cipherText: new Uint8Array(40) }]))
      await expect(decryptDcApiResponse(forged, { ...bound, recipient })).rejects.toMatchObject({
        code: 'mdoc.dc-api.decryption',
      })
    }
  })

  it('refuses an answer of which a byte was changed', async () => {
    const bytes = fromBase64url(await answer())
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(change, async ([at, by]) => {
        const changed = Uint8Array.from(bytes)
        changed[at] = (changed[at] as number) ^ by
        return decryptDcApiResponse(base64url(changed), { ...bound, recipient }).then(
          () => false,
          (error) => error instanceof MdocError || error instanceof CoseError,
        )
      }),
    )
  })

  it('refuses any bytes as a request or as encryption info', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        const text = base64url(bytes)
        expect(() => parseDcApiRequest({ ...request, deviceRequest: text })).toThrow(EkkasanError)
        await expect(encryptDcApiResponse('AA', { encryptionInfo: text, origin })).rejects.toThrow(
          EkkasanError,
        )
      }),
    )
  })

  it('is asked with a key of P-256 alone', async () => {
    const wrong = publicJwkOf(await generateJwk('ES384'))
    expect(() => createDcApiRequest({ requests, recipient: wrong })).toThrow(TypeError)
  })
})
