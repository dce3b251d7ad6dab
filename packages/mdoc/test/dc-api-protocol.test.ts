import type { JsonObject } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { type CborMap, decodeCbor, encodeCbor } from '@ekkasan/cose'
import {
  encryptDcApiResponse,
  isoMdocHolder,
  isoMdocVerifier,
  MdocError,
  verifyMdoc,
  viewMdoc,
} from '@ekkasan/mdoc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { docType, issue, namespace, present, verifying } from './setting.ts'

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

  describe('an age that the licence does not hold (ISO/IEC 18013-5 section 7.2.5)', () => {
    const ask = (...paths: string[][]) =>
      ({ credentials: [credential({ claims: paths.map((path) => ({ path })) })] }) as unknown as JsonObject
    const pathsOf = (read: JsonObject = {}) =>
      (read.credentials as unknown as { claims: { path: string[] }[] }[]).flatMap(({ claims }) =>
        claims.map(({ path }) => path),
      )
    const held = async () => [viewMdoc(await issue())]
    const nineteen = [namespace, 'age_over_19']
    const twenty = [namespace, 'age_over_20']

    it('is asked of the wallet by the nearest one that answers, of that document and namespace alone', async () => {
      const asking = ask(nineteen, [namespace, 'age_over_25'], ['th.example', 'age_over_19'])
      const { request } = (await verifier.ask(asking)) as { request: JsonObject }
      const read = async (views: Awaited<ReturnType<typeof held>>) =>
        pathsOf((await holder.read({ request, origin }, views)).query)
      const asAsked = [['th.example', 'age_over_19'], nineteen, [namespace, 'age_over_25']]
      expect(await read([])).toEqual(asAsked)
      expect(await read(await held())).toEqual([asAsked[0], twenty, asAsked[2]])
      const [view] = await held()
      expect(await read([{ ...view, types: ['other'] } as never])).toEqual(asAsked)
      const exact = { ...view, claims: { [namespace]: { age_over_19: true } } }
      expect(await read([...(await held()), exact as never])).toEqual(asAsked)
    })

    it.each([
      ['nothing in its place', nineteen, [namespace, 'family_name'], nineteen],
      ['an age above that was reached', nineteen, twenty, twenty],
      ['an age below that was reached', [namespace, 'age_over_21'], twenty, [namespace, 'age_over_21']],
      ['the age itself', twenty, twenty, twenty],
    ])('a verifier that gets %s', async (_what, asked, disclosed, heldTo) => {
      const query = ask(asked)
      const made = (await verifier.ask(query)) as { request: JsonObject; secret: JsonObject }
      const session = { ...made, origin, query }
      const { sessionTranscript } = await holder.read(session)
      const presentation = await present(undefined, { disclose: [disclosed], binding: sessionTranscript })
      const opened = await verifier.open(await holder.answer([presentation], session), session)
      expect(pathsOf(opened.query)).toEqual([heldTo])
    })

    it('an answer that cannot be read leaves the query as it was: its verification says what is wrong', async () => {
      const { presentation, session, request } = await asked()
      const broken = new Map(documentOf(presentation)).set('deviceSigned', 'none')
      const response = base64url(encodeCbor({ version: '1.0', documents: [broken as never], status: 0 }))
      const { encryptionInfo } = request as { encryptionInfo: string }
      const sent = { response: await encryptDcApiResponse(response, { encryptionInfo, origin }) }
      const opened = await verifier.open(sent, session)
      expect(opened.query).toEqual(query)
      const [part] = opened.vpToken.constructor as unknown as readonly string[]
      const binding = { clientId: '', nonce: '', origin, sessionTranscript: opened.sessionTranscript }
      await expect(verifyMdoc(part, verifying({ binding }))).rejects.toMatchObject({ code: 'mdoc.structure' })
    })
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
