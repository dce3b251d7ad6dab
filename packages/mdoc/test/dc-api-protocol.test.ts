import type { JsonObject } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { type CborMap, decodeCbor, encodeCbor } from '@ekkasan/cose'
import { encryptDcApiResponse, isoMdocHolder, isoMdocVerifier, MdocError, verifyMdoc } from '@ekkasan/mdoc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { docType, namespace, present, verifying } from './setting.ts'

const origin = 'https://verifier.example'
const credential = (more: object = {}) => ({
  id: 'constructor',
  format: 'mso_mdoc',
  meta: { doctype_value: docType },
  claims: [{ path: [namespace, 'age_over_20'] }, { path: [namespace, 'portrait'], intent_to_retain: true }],
  ...more,
})
const query = { credentials: [credential()] } as unknown as JsonObject
const verifier = isoMdocVerifier()
const holder = isoMdocHolder()

async function asked() {
  const made = await verifier.ask(query)
  if (!made) throw new Error('the query can be said')
  const { sessionTranscript } = await holder.read({ request: made.request, origin })
  const presentation = await present(undefined, {
    disclose: [[namespace, 'age_over_20']],
    binding: sessionTranscript,
  })
  return { ...made, presentation, session: { ...made, origin, query } }
}

describe('org-iso-mdoc as a protocol of the Digital Credentials API', () => {
  it('a query goes through a DeviceRequest and comes back as it was', async () => {
    const { request } = await asked()
    expect((await holder.read({ request, origin })).query).toEqual({
      credentials: [
        credential({
          id: '0',
          claims: [
            { path: [namespace, 'portrait'], intent_to_retain: true },
            { path: [namespace, 'age_over_20'], intent_to_retain: false },
          ],
        }),
      ],
    })
  })

  it('an answer is opened to the presentation for its query id, bound to the transcript', async () => {
    const { presentation, session } = await asked()
    const response = await holder.answer([presentation], session)
    const { vpToken, sessionTranscript } = await verifier.open(response, session)
    expect(Object.keys(vpToken)).toEqual(['constructor'])
    const [opened] = vpToken.constructor as unknown as readonly string[]
    const binding = { clientId: `origin:${origin}`, origin, nonce: '', sessionTranscript }
    const { claims } = await verifyMdoc(opened, verifying({ binding }))
    expect(claims).toEqual({ [namespace]: { age_over_20: true } })
  })

  it.each<[string, object]>([
    ['another format', { credentials: [credential({ format: 'dc+sd-jwt' })] }],
    ['a format beside it', { credentials: [credential(), credential({ id: 'b', format: 'ldp_vc' })] }],
    ['one document type twice', { credentials: [credential(), credential({ id: 'b' })] }],
    ['several of one type', { credentials: [credential({ multiple: true })] }],
    ['values', { credentials: [credential({ claims: [{ path: [namespace, 'sex'], values: [1] }] })] }],
    ['authorities', { credentials: [credential({ trusted_authorities: [{ type: 'aki', values: ['a'] }] })] }],
    ['no holder binding', { credentials: [credential({ require_cryptographic_holder_binding: false })] }],
    ['no elements', { credentials: [credential({ claims: undefined })] }],
    ['nothing', { credentials: [] }],
  ])('cannot say a query for %s', async (_what, other) => {
    expect(await verifier.ask(other as JsonObject)).toBeUndefined()
  })

  it('of claim sets it asks for the first', async () => {
    const claims = ['a', 'b', 'c'].map((id) => ({ id, path: [namespace, id] }))
    const made = await verifier.ask({
      credentials: [credential({ claims, claim_sets: [['b', 'c'], ['a']] })],
    } as unknown as JsonObject)
    const read = await holder.read({ request: made?.request as JsonObject, origin })
    const [first] = read.query.credentials as unknown as { claims: { path: string[] }[] }[]
    expect(first?.claims.map(({ path }) => path[1])).toEqual(['b', 'c'])
  })

  const documentOf = (presentation: string) =>
    (
      (decodeCbor(fromBase64url(presentation)) as CborMap).get('documents') as readonly CborMap[]
    )[0] as CborMap
  type Answer = (one: Awaited<ReturnType<typeof asked>>) => Promise<JsonObject>
  it.each<[string, Answer]>([
    ['with no text', async () => ({})],
    ['with an object', async () => ({ response: {} })],
    ['that is not encrypted', async ({ presentation }) => ({ response: presentation })],
    [
      'for another origin',
      async ({ presentation, request }) =>
        holder.answer([presentation], { request, origin: 'https://a.example' }),
    ],
    [
      'to another request',
      async ({ presentation }) => holder.answer([presentation], (await asked()).session),
    ],
    [
      'with a document twice',
      async ({ presentation, session }) => holder.answer([presentation, presentation], session),
    ],
    [
      'with a document that was not asked for',
      async ({ presentation, request }) => {
        const other = new Map([...documentOf(presentation), ['docType', 'other']] as [string, never][])
        const response = base64url(encodeCbor({ version: '1.0', documents: [other], status: 0 }))
        const { encryptionInfo } = request as { encryptionInfo: string }
        return { response: await encryptDcApiResponse(response, { encryptionInfo, origin }) }
      },
    ],
  ])('an answer %s is refused', async (_what, make) => {
    const one = await asked()
    await expect(make(one).then((response) => verifier.open(response, one.session))).rejects.toMatchObject({
      code: expect.stringMatching(/^(mdoc|cose)\./),
    })
  })

  it('any texts as a request are refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('deviceRequest', 'encryptionInfo', 'x'), fc.jsonValue()),
        (request) =>
          holder.read({ request: request as JsonObject, origin }).then(
            () => false,
            (error) => error instanceof MdocError || String(error.code).startsWith('cose.'),
          ),
      ),
    )
  })
})
