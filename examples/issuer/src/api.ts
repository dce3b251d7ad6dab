import { EkkasanError, isOutage, StoreError } from '@ekkasan/core'
import { type JsonObject, parseJsonObject } from '@ekkasan/core/json'
import type { CreateOfferOptions, Issuer } from '@ekkasan/issuer'
import { answerFault, type Log, requireApiToken } from '@ekkasan-examples/ui'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Audit } from './audit.ts'
import type { Citizen } from './registry.ts'
import type { Offerable } from './screens/citizen.tsx'

export interface IssuerApiOptions {
  readonly issuer: Issuer
  readonly token: string
  readonly offerable: readonly Offerable[]
  /** The registry's record of a subject. */
  readonly findCitizen: (subject: string) => Promise<Citizen | undefined>
  readonly audit: Audit
  readonly log: Log
}

/** Stands in audit lines where an officer's name stands for what was done on the screens. */
const officer = 'api'

/**
 * For an agency's own systems, behind a token:
 * `POST /api/offers {"subject", "document" or "credentials", "tx_code"}`, `GET` and `DELETE /api/offers/:id`,
 * `POST /api/offers/:id/replace`, `GET /api/issuances/:id`, `POST /api/issuances/:id/{revoke,suspend,restore}`.
 */
export function createIssuerApi(options: IssuerApiOptions): Hono {
  const { issuer, token, offerable, findCitizen, audit, log } = options
  const app = new Hono()
  app.use(requireApiToken(token))
  app.use(bodyLimit({ maxSize: 16_384, onError: (c) => c.json({ error: 'too_large' }, 413) }))
  app.onError((error, c) => {
    if (error instanceof Refused) return refused(c, error.message)
    // What others keep changing can be tried again, as an outage can.
    const isBusy = error instanceof EkkasanError && /\.(busy|contended)$/.test(error.code)
    const isCallers = error instanceof EkkasanError && /^(issuer|status)\./.test(error.code)
    if (isCallers && !isBusy && !isOutage(error)) return refused(c, error.message)
    return answerFault(log, isBusy ? new StoreError(error.code, error.message, { cause: error }) : error, c)
  })

  const createOffer = (offer: CreateOfferOptions) =>
    issuer.createOffer(offer).catch((error: unknown) => {
      throw error instanceof TypeError && !isOutage(error) ? new Refused(error.message) : error
    })

  const citizenOf = async (subject: string | undefined) => {
    const citizen = subject === undefined ? undefined : await findCitizen(subject)
    return citizen ? { citizen: citizen.handle } : {}
  }

  app.post('/offers', async (c) => {
    const { subject, document, tx_code: txCode = true, ...body } = bodyOf(await c.req.text())
    const offered = offerable.find(({ document: { type } }) => type.id === document)
    const credentials = body.credentials ?? offered?.configurations.map(({ id }) => id)
    const citizen = typeof subject === 'string' ? await findCitizen(subject) : undefined
    if (typeof subject !== 'string' || !citizen) {
      return c.json({ error: 'unknown_subject', message: 'The registry has no such subject.' }, 404)
    }
    if (!Array.isArray(credentials) || !credentials.every((id) => typeof id === 'string')) {
      return refused(
        c,
        'document must be one that is issued here, or credentials list credential configuration ids.',
      )
    }
    if (typeof txCode !== 'boolean') return refused(c, 'tx_code must be true or false.')
    const offer = await createOffer({ subject, credentials: credentials as string[], txCode })
    audit({ event: 'offer-created', officer, citizen: citizen.handle, offer: offer.id })
    return c.json(offer as unknown as JsonObject, 201)
  })

  app.get('/offers/:id', async (c) => found(c, await issuer.offer(c.req.param('id'))))

  app.delete('/offers/:id', async (c) => {
    const id = c.req.param('id')
    await issuer.withdrawOffer(id)
    audit({ event: 'offer-withdrawn', officer, offer: id })
    return c.body(null, 204)
  })

  app.post('/offers/:id/replace', async (c) => {
    const old = await issuer.offer(c.req.param('id'))
    const offer = await issuer.replaceOffer(c.req.param('id'))
    audit({ event: 'offer-replaced', officer, offer: offer.id, ...(await citizenOf(old?.subject)) })
    return c.json(offer as unknown as JsonObject, 201)
  })

  app.get('/issuances/:id', async (c) => found(c, await issuer.issuance(c.req.param('id'))))

  const verbs = { revoke: 'revoked', suspend: 'suspended', restore: 'restored' } as const
  for (const verb of ['revoke', 'suspend', 'restore'] as const) {
    app.post(`/issuances/:id/${verb}`, async (c) => {
      const id = c.req.param('id')
      await issuer[verb](id)
      const { subject } = (await issuer.issuance(id)) ?? {}
      audit({ event: verbs[verb], officer, issuance: id, ...(await citizenOf(subject)) })
      return c.body(null, 204)
    })
  }

  return app
}

/** A mistake of the caller; the answer says what it is. */
class Refused extends Error {}

function bodyOf(text: string): JsonObject {
  try {
    return parseJsonObject(text)
  } catch {
    throw new Refused('The body must be a JSON object.')
  }
}

function refused(c: Context, message: string): Response {
  return c.json({ error: 'invalid_request', message }, 400)
}

function found(c: Context, record: object | undefined): Response {
  return record
    ? c.json(record as JsonObject)
    : c.json({ error: 'not_found', message: 'No such record.' }, 404)
}
