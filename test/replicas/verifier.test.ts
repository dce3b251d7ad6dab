import { generateJwk, parseJws, signerFromJwk } from '@ekkasan/keys'
import { buildResponseForm } from '@ekkasan/openid4vc'
import type { SessionState, StartedSession } from '@ekkasan/verifier'
import { expect, it } from 'vitest'
import { issueSlip, slipHolder } from '../../packages/verifier/test/slip.ts'
import { type RunningPostgres, startPostgres } from '../postgres.ts'
import { LostAnswer, type Replicas, startReplicas } from './replicas.ts'

const url = 'https://verifier.example'
const flows = 40
const query = {
  credentials: [
    { id: 'slip', format: 'dc+sd-jwt', meta: { vct_values: ['Slip'] }, claims: [{ path: ['given_name'] }] },
  ],
}

it('two processes of the verifier on one PostgreSQL, one killed midway: every session ends with its own result', async () => {
  const issuer = await signerFromJwk(await generateJwk('ES256'))
  let postgres: RunningPostgres | undefined
  let replicas: Replicas | undefined
  let answers = 0
  const again = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step()
    } catch (error) {
      if (error instanceof LostAnswer) return again(step)
      throw error
    }
  }
  const present = async (name: string, both: Replicas) => {
    const holder = await signerFromJwk(await generateJwk('ES256'))
    const started = await again(() =>
      both.ask<StartedSession>('start', { query, responseMode: 'direct_post' }),
    )
    const requestUri = new URL(started.requestUri).searchParams.get('request_uri') as string
    const fetched = await again(() => both.fetch(requestUri))
    expect(fetched.status).toBe(200)
    const {
      client_id,
      nonce,
      state: asked,
      response_uri,
    } = parseJws(await fetched.text()).payload as Record<string, string>
    const credential = await issueSlip({
      issuer,
      holder: holder.key.publicJwk,
      claims: { given_name: name },
    })
    const binding = { clientId: client_id as string, nonce: nonce as string }
    const presentation = await slipHolder().present(credential, { disclose: [], binding, holder })
    const body = await buildResponseForm({ vp_token: { slip: [presentation] }, state: asked as string })
    let isRepeated = false
    const response = await again(async () => {
      try {
        return await both.fetch(response_uri as string, { method: 'POST', body })
      } catch (error) {
        isRepeated = true
        throw error
      }
    })
    answers += 1
    // A repeated answer whose first was taken is refused as a second one; the result below tells.
    if (!isRepeated) expect(response.status).toBe(200)
    const state = () => again(() => both.ask<SessionState>('result', started.id))
    const repeated = await both.fetch(response_uri as string, { method: 'POST', body }).catch(() => undefined)
    if (repeated) expect(repeated.status).toBeGreaterThanOrEqual(400)
    return [await state(), await state()]
  }
  try {
    postgres = await startPostgres()
    const both = await startReplicas('./verifier-program.ts', {
      url,
      database: postgres.url,
      jwk: await generateJwk('ES256'),
      issuer: issuer.key.publicJwk,
    })
    replicas = both
    const running = Array.from({ length: flows }, (_, i) => present(`name ${i}`, both))
    while (answers < flows / 4) await new Promise((resolve) => setTimeout(resolve, 2))
    const before = answers
    await both.kill()
    const results = await Promise.all(running)
    expect(before).toBeLessThan(flows)
    expect(Math.min(...both.answered)).toBeGreaterThan(10)
    for (const [i, states] of results.entries()) {
      for (const state of states) {
        expect(state).toMatchObject({
          state: 'verified',
          presentations: { slip: [{ claims: { given_name: `name ${i}` } }] },
        })
      }
    }
  } finally {
    replicas?.stop()
    await postgres?.stop()
  }
}, 60_000)
