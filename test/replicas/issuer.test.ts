import type { StatusReference, TokenStatusReference } from '@ekkasan/core'
import type { IssuanceRecord, Offer } from '@ekkasan/issuer'
import { generateJwk, parseJws, signerFromJwk } from '@ekkasan/keys'
import { createProof, preAuthorizedCodeGrant } from '@ekkasan/openid4vc'
import { decodeStatusList, parseStatusListToken, readStatus } from '@ekkasan/status'
import { expect, it } from 'vitest'
import { codeOf, paperId } from '../../packages/issuer/test/wallet-side.ts'
import { type RunningPostgres, startPostgres } from '../postgres.ts'
import { LostAnswer, type Replicas, startReplicas } from './replicas.ts'

const url = 'https://issuer.example'
const flows = 40

interface Received {
  readonly subject: string
  readonly status: TokenStatusReference
}

/** What a wallet and an officer do until the wallet has its credential, whatever answer is lost on the way. */
async function issueTo(subject: string, replicas: Replicas, received: Received[]): Promise<void> {
  const holder = await signerFromJwk(await generateJwk('ES256'))
  const again = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step()
    } catch (error) {
      if (error instanceof LostAnswer) return again(step)
      throw error
    }
  }
  const post = (path: string, body: unknown, token?: string) =>
    again(() =>
      replicas.fetch(`${url}/${path}`, {
        method: 'POST',
        body: body instanceof URLSearchParams ? body : JSON.stringify(body),
        headers: {
          ...(!(body instanceof URLSearchParams) && { 'Content-Type': 'application/json' }),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        },
      }),
    )
  const attempt = async (offer: Offer): Promise<boolean> => {
    const code = { grant_type: preAuthorizedCodeGrant, 'pre-authorized_code': codeOf(offer) }
    const token = await post('token', new URLSearchParams({ ...code, tx_code: offer.txCode ?? '' }))
    if (token.status !== 200) return false
    const access = ((await token.json()) as { access_token: string }).access_token
    const { c_nonce: nonce } = (await (await post('nonce', {})).json()) as { c_nonce: string }
    const proof = await createProof({ signer: holder, issuer: url, nonce, binding: 'jwk', now: new Date() })
    const request = { credential_configuration_id: paperId, proofs: { jwt: [proof] } }
    const response = await post('credential', request, access)
    if (response.status !== 200) return false
    const { credentials, notification_id } = (await response.json()) as {
      credentials: { credential: string }[]
      notification_id: string
    }
    const { status } = parseJws(credentials[0]?.credential ?? '').payload
    received.push({ subject, status: status as unknown as TokenStatusReference })
    const accepted = { notification_id, event: 'credential_accepted' }
    expect((await post('notification', accepted, access)).status).toBe(204)
    return true
  }
  const options = { credentials: [paperId], subject, txCode: true }
  let offer = await again(() => replicas.ask<Offer>('createOffer', options))
  for (let tries = 0; !(await attempt(offer)); tries++) {
    if (tries > 3) throw new Error('the flow does not end')
    const { id } = offer
    offer = await again(() => replicas.ask<Offer>('replaceOffer', id))
  }
}

it('two processes of the issuer on one PostgreSQL, one killed midway: every flow ends, no status index is given twice', async () => {
  let postgres: RunningPostgres | undefined
  let replicas: Replicas | undefined
  try {
    postgres = await startPostgres()
    const config = { url, database: postgres.url, jwk: await generateJwk('ES256') }
    replicas = await startReplicas('./issuer-program.ts', config)
    const received: Received[] = []
    const running = Array.from({ length: flows }, (_, i) =>
      issueTo(`s${String(i).padStart(3, '0')}`, replicas as Replicas, received),
    )
    while (received.length < flows / 4) await new Promise((resolve) => setTimeout(resolve, 2))
    const before = received.length
    await replicas.kill()
    await Promise.all(running)
    expect(before).toBeLessThan(flows)
    expect(Math.min(...replicas.answered)).toBeGreaterThan(10)

    const issuances: IssuanceRecord[] = []
    for (let after: string | undefined; ; ) {
      const page: { issuances: IssuanceRecord[]; cursor?: string } = await replicas.ask('issuances', {
        limit: 1000,
        ...(after !== undefined && { after }),
      })
      issuances.push(...page.issuances)
      after = page.cursor
      if (after === undefined) break
    }
    const keyOf = (entry: StatusReference | undefined) => JSON.stringify(entry)
    const indices = issuances.map(({ statusReference }) => keyOf(statusReference))
    expect(new Set(indices).size).toBe(indices.length)
    expect(new Set(received.map(({ status }) => keyOf(status))).size).toBe(received.length)

    const lists = new Map<string, Awaited<ReturnType<typeof decodeStatusList>>>()
    const publishedStatus = async ({ uri, index }: TokenStatusReference) => {
      const known = lists.get(uri)
      const token = known ? '' : await (await (replicas as Replicas).fetch(uri)).text()
      const list = known ?? (await decodeStatusList(parseStatusListToken(token).statusList))
      lists.set(uri, list)
      return ['valid', 'revoked', 'suspended'][readStatus(list, index)]
    }
    for (let i = 0; i < flows; i++) {
      const subject = `s${String(i).padStart(3, '0')}`
      const mine = issuances.filter((issuance) => issuance.subject === subject)
      // What was released and never confirmed is revoked; one credential stands, and the wallet has it.
      const standing = mine.filter(({ status }) => status === 'valid')
      expect(standing).toHaveLength(1)
      expect(standing[0]?.confirmed).toBe(true)
      const held = received.filter((one) => one.subject === subject).at(-1)
      expect(keyOf(held?.status)).toBe(keyOf(standing[0]?.statusReference))
      for (const { status, statusReference } of mine) {
        expect(await publishedStatus(statusReference as TokenStatusReference)).toBe(status)
      }
    }
  } finally {
    replicas?.stop()
    await postgres?.stop()
  }
}, 60_000)
