import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ClaimPath,
  type HolderFormat,
  type IssuerKeyQuestion,
  type JsonObject,
  type Presentation,
  type Store,
  trustAnyone,
  type VerifierFormat,
} from '@ekkasan/core'
import { createContextRegistry, documentContext, ldpVcHolder, ldpVcVerifier } from '@ekkasan/data-integrity'
import { resolveDidIssuer } from '@ekkasan/did'
import { jwtVcHolder, jwtVcVerifier } from '@ekkasan/jwt-vc'
import { mdocHolder, mdocVerifier } from '@ekkasan/mdoc'
import { buildResponseForm } from '@ekkasan/openid4vc'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import { issueSdJwtVc, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { describe, expect, it } from 'vitest'
import { world } from '../../packages/verifier/test/world.ts'
import { card, formats, holder, resolveDid, signer } from '../negative/record-formats.ts'

// A wallet that shows more than it was asked for. What nobody asked for is in no result and in no record.

const url = 'https://issuer.example/tenant'
const isTrusted = trustAnyone('a test')
const byDid = resolveDidIssuer(resolveDid)
const resolveIssuerKey = async (question: IssuerKeyQuestion) => {
  const { iss, x5c } = question
  if (iss?.startsWith('did:')) return byDid(question)
  const identity = x5c
    ? { id: 'CN=Issuer', method: 'x5c' as const, x5c }
    : { id: iss as string, method: 'jwt-vc-issuer' as const }
  return { jwk: signer.key.publicJwk, identity }
}
const contexts = createContextRegistry([documentContext(card, url)])

const unasked = 'ไม่ควรเก็บ-1999900000013'
const record = {
  name: 'สมมุติ',
  born: '1990-01-15',
  holder: { title: unasked, address: { city: unasked } },
  vessels: [{ reg_no: unasked }, { reg_no: 'ก2' }],
  office: { code: unasked },
}

interface Case {
  readonly format: string
  readonly holding: HolderFormat
  readonly verifying: VerifierFormat
  readonly meta: JsonObject
  /** Before the path of a claim. */
  readonly at: ClaimPath
}

const sdJwt = {
  holding: sdJwtVcHolder({ resolveIssuerKey }),
  verifying: sdJwtVcVerifier({ resolveIssuerKey }),
}
const ldp = {
  holding: ldpVcHolder({ resolveIssuerKey, contexts }),
  verifying: ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts }),
  meta: { type_values: [['CardCredential']] },
  at: ['credentialSubject'],
}
const cases: readonly Case[] = [
  { format: 'dc+sd-jwt', ...sdJwt, meta: { vct_values: [`${url}/vct/CardCredential/v1/plain`] }, at: [] },
  {
    format: 'dc+sd-jwt with a W3C body',
    ...sdJwt,
    meta: { vct_values: [`${url}/vct/CardCredential/v1`] },
    at: ['credentialSubject'],
  },
  {
    format: 'mso_mdoc',
    holding: mdocHolder({ resolveIssuerKey }),
    verifying: mdocVerifier({ resolveIssuerKey }),
    meta: { doctype_value: 'example.card.1' },
    at: ['example.card.1'],
  },
  {
    format: 'jwt_vc_json',
    holding: jwtVcHolder({ resolveIssuerKey }),
    verifying: jwtVcVerifier({ resolveIssuerKey, resolveDid }),
    meta: { type_values: [['CardCredential']] },
    at: ['credentialSubject'],
  },
  { format: 'ldp_vc ecdsa-rdfc-2019', ...ldp },
  { format: 'ldp_vc ecdsa-sd-2023', ...ldp },
  { format: 'ldp_vc bbs-2023', ...ldp },
]

async function answered(
  { format, holding, verifying, meta, at }: Case,
  options: {
    readonly store?: Store
    readonly claims?: readonly object[]
    readonly transaction?: boolean
  } = {},
) {
  const plug = (formats[format] as () => ReturnType<(typeof formats)[string]>)()
  const credential = await plug.issue({
    document: card,
    issuer: url,
    claims: record,
    holder: { jwk: holder.key.publicJwk, kid: holder.key.kid as string },
    validity: { from: new Date() },
    id: 'urn:uuid:1',
  })
  const asking = await world({
    formats: [verifying],
    isTrusted,
    ...(options.store && { store: options.store }),
  })
  const query = {
    id: 'slip',
    format: verifying.format,
    meta,
    ...(options.claims && { claims: options.claims }),
  }
  const started = await asking.verifier.start({
    query: { credentials: [query] } as JsonObject,
    responseMode: 'direct_post',
    ...(options.transaction && { transactionData: [{ type: 'pay', credential_ids: ['slip'] }] }),
  })
  const request = await asking.request(started.requestUri)
  const everything = Object.keys(record).map((name): ClaimPath => [...at, name])
  const transactionData = request.transaction_data as readonly string[] | undefined
  const show = (disclose: readonly ClaimPath[]): Promise<Presentation> =>
    holding.present(credential, {
      disclose,
      holder,
      binding: {
        clientId: request.client_id,
        nonce: request.nonce,
        responseUri: request.response_uri,
        ...(transactionData && { transactionData }),
      },
    })
  const answer = async (disclose = everything) => {
    const vp_token = { slip: [await show(disclose)] }
    const state = request.state === undefined ? {} : { state: request.state }
    return asking.respond(request, await buildResponseForm({ vp_token, ...state }))
  }
  return { answer, everything, store: asking.store, result: () => asking.verifier.result(started.id) }
}

async function kept(store: Store): Promise<string> {
  return JSON.stringify((await store.list('')).entries)
}

describe.each(cases)('$format: more than was asked for', (one) => {
  it('is forgotten at once, in the result and in the record [B5]', async () => {
    const claims = [{ path: [...one.at, 'name'] }]
    const { answer, store, result } = await answered(one, { claims })
    expect((await answer()).status).toBe(200)
    const state = await result()
    if (state.state !== 'verified') throw new Error(state.state)
    const [credential] = state.presentations.slip ?? []
    const said = one.format === 'mso_mdoc' ? credential?.claims['example.card.1'] : credential?.claims
    expect(said).toEqual({ name: record.name })
    expect(JSON.stringify(state)).not.toContain(unasked)
    const text = await kept(store)
    expect(text).toContain(record.name)
    expect(text).not.toContain(unasked)
    expect(text).not.toContain('1990-01-15')
    // Nor any part of the presentation itself.
    expect(text).not.toMatch(/eyJ[\w-]{20,}\.eyJ|proofValue|WyJ/)
  })

  it('is in no byte of a database [B5]', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unasked-'))
    try {
      const store = createSqliteStore({ file: join(folder, 'store.db') })
      const { answer } = await answered(one, { store, claims: [{ path: [...one.at, 'name'] }] })
      expect((await answer()).status).toBe(200)
      await store.close()
      const bytes = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
      expect(bytes.includes(record.name)).toBe(true)
      for (const text of [unasked, Buffer.from(unasked).toString('base64url').slice(4, 20), '1990-01-15']) {
        expect(bytes.includes(text)).toBe(false)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('what is told of it', () => {
  const plain = cases[0] as Case
  const mdl = cases[2] as Case

  it.each([plain, mdl])('$format: the count, and nothing else [B5]', async (one) => {
    const { answer, result, everything } = await answered(one, { claims: [{ path: [...one.at, 'name'] }] })
    await answer(everything.slice(0, 2))
    const state = await result()
    if (state.state !== 'verified') throw new Error(state.state)
    expect(state.presentations.slip?.[0]?.checks.at(-1)).toEqual({
      name: 'query',
      outcome: 'passed',
      detail: 'forgotten, since nobody asked for them: 1',
    })
  })

  it('a query for no claim leaves none that is selective [B5]', async () => {
    for (const one of [plain, mdl]) {
      const { answer, store } = await answered(one)
      expect((await answer()).status).toBe(200)
      for (const text of [unasked, record.name]) expect(await kept(store)).not.toContain(text)
    }
  })

  it('of a list the item that was asked for stays, whichever came with it [B5]', async () => {
    const holderJwk = holder.key.publicJwk
    const claims = { nationalities: ['TH', 'LA', 'MM'], note: unasked }
    const frame = createDisclosureFrame({ deep: [['nationalities'], ['note']] })
    const vct = 'urn:example:list'
    const credential = await issueSdJwtVc({ signer, vct, issuer: url, claims, frame, holderJwk })
    const shownItems = async (
      disclose: readonly ClaimPath[],
      path: ClaimPath,
      values?: readonly string[],
    ) => {
      const asking = await world({ formats: [sdJwt.verifying], isTrusted })
      const asked = [{ path, ...(values && { values }) }]
      const query = { id: 'slip', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims: asked }
      const started = await asking.verifier.start({
        query: { credentials: [query] } as JsonObject,
        responseMode: 'direct_post',
      })
      const request = await asking.request(started.requestUri)
      const binding = { clientId: request.client_id, nonce: request.nonce }
      const vp_token = { slip: [await sdJwt.holding.present(credential, { disclose, holder, binding })] }
      const state = request.state === undefined ? {} : { state: request.state }
      await asking.respond(request, await buildResponseForm({ vp_token, ...state }))
      const result = await asking.verifier.result(started.id)
      return result.state === 'verified' ? result.presentations.slip?.[0]?.claims : result.state
    }
    const all = [['nationalities'], ['note']]
    expect(await shownItems(all, ['nationalities', 1])).toEqual({ nationalities: ['LA'] })
    expect(await shownItems([['nationalities', 1]], ['nationalities', 1])).toEqual({ nationalities: ['LA'] })
    expect(await shownItems(all, ['nationalities', null], ['MM'])).toEqual({ nationalities: ['MM'] })
    expect(await shownItems(all, ['nationalities'])).toEqual({ nationalities: ['TH', 'LA', 'MM'] })
    expect(await shownItems(all, ['nationalities', 3])).toBe('rejected')
  })

  it('where the presentation proves a transaction, it is refused with what is unasked [B5]', async () => {
    const claims = [{ path: ['name'] }]
    const more = await answered(plain, { claims, transaction: true })
    expect((await more.answer()).status).toBe(400)
    const state = await more.result()
    expect(state).toMatchObject({ state: 'rejected' })
    expect(JSON.stringify(state)).toContain('verifier.query.unasked')
    expect(await kept(more.store)).not.toContain(unasked)
    const exact = await answered(plain, { claims, transaction: true })
    expect((await exact.answer([['name']])).status).toBe(200)
    expect(await exact.result()).toMatchObject({ state: 'verified' })
  })
})
