import type { JsonObject } from '@ekkasan/core'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { buildDcApiResponse, responseEncryption } from '@ekkasan/openid4vc'
import type { SessionState, StartedDcApi } from '@ekkasan/verifier'
import { expect, it } from 'vitest'
import { issueSlip, slipHolder } from '../../packages/verifier/test/slip.ts'
import { type RunningPostgres, startPostgres } from '../postgres.ts'
import { type Replicas, startReplicas } from './replicas.ts'

const url = 'https://verifier.example'
const query = {
  credentials: [
    { id: 'slip', format: 'dc+sd-jwt', meta: { vct_values: ['Slip'] }, claims: [{ path: ['given_name'] }] },
  ],
}

it('the Digital Credentials API over two processes: an encrypted answer is opened by either, and sent to both at once is taken once', async () => {
  const issuer = await signerFromJwk(await generateJwk('ES256'))
  let postgres: RunningPostgres | undefined
  let replicas: Replicas | undefined
  const present = async (name: string, both: Replicas) => {
    const holder = await signerFromJwk(await generateJwk('ES256'))
    const protocol = 'openid4vp-v1-unsigned'
    const { id, requests, responseUri } = await both.ask<StartedDcApi>('startDcApi', {
      query,
      protocols: [protocol],
    })
    const request = requests[0]?.data as JsonObject
    const credential = await issueSlip({
      issuer,
      holder: holder.key.publicJwk,
      claims: { given_name: name },
    })
    const binding = { clientId: `origin:${url}`, nonce: request.nonce as string }
    const presentation = await slipHolder().present(credential, { disclose: [], binding, holder })
    const encryption = responseEncryption(request as never)
    const data = await buildDcApiResponse({ vp_token: { slip: [presentation] } }, encryption)
    const headers = { 'Content-Type': 'application/json', Origin: url }
    const init = { method: 'POST', headers, body: JSON.stringify({ protocol, data }) }
    const answers = await Promise.all([both.fetch(responseUri, init), both.fetch(responseUri, init)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    return [await both.ask<SessionState>('result', id), await both.ask<SessionState>('result', id)]
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
    const results = await Promise.all(Array.from({ length: 20 }, (_none, i) => present(`name ${i}`, both)))
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
