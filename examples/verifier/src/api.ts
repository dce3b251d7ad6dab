import { parseJsonObject } from '@ekkasan/core/json'
import { type Verifier, VerifierError } from '@ekkasan/verifier'
import { answerFault, type Log, requireApiToken } from '@ekkasan-examples/ui'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Asking, queryOf } from './formats.ts'
import { purposeOf, type UseCase } from './use-cases.ts'

export interface VerifierApiOptions {
  readonly verifier: Verifier
  readonly token: string
  readonly useCases: readonly UseCase[]
  readonly asking: Asking
  readonly log: Log
}

/**
 * For an agency's own systems, behind a token: `GET /api/identity`, `POST /api/requests {"use_case"}`, `GET /api/requests/:id`,
 * `DELETE /api/requests/:id`.
 */
export function createVerifierApi({ verifier, token, useCases, asking, log }: VerifierApiOptions): Hono {
  const app = new Hono()
  app.use(requireApiToken(token))
  app.use(bodyLimit({ maxSize: 16_384, onError: (c) => c.json({ error: 'too_large' }, 413) }))

  app.get('/identity', (c) => c.json({ client_id: verifier.clientId }))

  app.post('/requests', async (c) => {
    let id: unknown
    try {
      id = parseJsonObject(await c.req.text()).use_case
    } catch {
      return c.json({ error: 'invalid_request', message: 'The body must be a JSON object.' }, 400)
    }
    const useCase = useCases.find((known) => known.id === id)
    if (!useCase) {
      const known = useCases.map((one) => one.id)
      return c.json(
        { error: 'unknown_use_case', message: 'use_case must be one of use_cases.', use_cases: known },
        400,
      )
    }
    const started = await verifier.start({
      query: queryOf(useCase, asking),
      purpose: { ...purposeOf(useCase) },
    })
    return c.json({ id: started.id, request_uri: started.requestUri, expires_at: started.expiresAt }, 201)
  })

  app.onError((error, c) => {
    if (error instanceof VerifierError) return c.json({ error: error.code, message: error.message }, 404)
    return answerFault(log, error, c)
  })

  app.get('/requests/:id', async (c) => c.json(await verifier.result(c.req.param('id'))))

  app.delete('/requests/:id', async (c) => {
    await verifier.forget(c.req.param('id'))
    return c.body(null, 204)
  })

  return app
}
