import {
  createChecks,
  EkkasanError,
  isOutage,
  RejectedError,
  retryAfterSeconds,
  UnavailableError,
} from '@ekkasan/core'
import { isJsonObject, type JsonObject } from '@ekkasan/core/json'
import { type ContextRegistry, deriveProof } from '@ekkasan/data-integrity'
import {
  type CredentialContentOptions,
  checkContent,
  checkDataModel,
  identifierOf,
  validatePresentation,
} from '@ekkasan/vcdm'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { flag, objectIn, optionsIn, readBody, text, texts } from './body.ts'
import type { Instance } from './instances.ts'
import { malformed, Problem, problemOf, problemsOf } from './problem.ts'
import { credentialResult, presentationResult } from './result.ts'
import type { StatusRegister } from './status.ts'
import type { Verdict, Verifier } from './verify.ts'

export interface VcApiOptions {
  /** The first is the one without a path of its own. */
  readonly instances: readonly Instance[]
  readonly verifier: Verifier
  readonly register: StatusRegister
  readonly contexts: ContextRegistry
  /** What credentials are held to before they are secured, beside the data model. */
  readonly content?: CredentialContentOptions
  /** Who may issue, derive and present: runs before these routes, and answers 401 or 403 itself. */
  readonly authorize: MiddlewareHandler
  /** Runs around every request. */
  readonly observe: MiddlewareHandler
  readonly onError: (error: unknown) => void
}

const maxBytes = 1_048_576

/** The HTTP endpoints of W3C VCALM (once VC API) for issuers, holders and verifiers. */
export function createVcApi(options: VcApiOptions): Hono {
  const { instances, verifier, register, contexts, content, authorize, observe, onError } = options
  const app = new Hono()
  app.use(observe)
  app.use(async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
  })
  app.use(
    bodyLimit({
      maxSize: maxBytes,
      onError: (c) => {
        // What was not read is not read as the next request.
        c.header('connection', 'close')
        return answer(c, new Problem(413, [{ type: 'about:blank', title: `more than ${maxBytes} bytes` }]))
      },
    }),
  )
  app.onError((error, c) => {
    if (error instanceof Problem) return answer(c, error)
    if (error instanceof RejectedError) return answer(c, new Problem(400, problemsOf(error.checks)))
    if (error instanceof UnavailableError) return answer(c, new Problem(503, problemsOf(error.checks)))
    if (isOutage(error)) {
      onError(error)
      c.header('retry-after', String(retryAfterSeconds))
      return c.json({ type: 'about:blank', title: 'try again in a few seconds', status: 503 }, 503)
    }
    if (error instanceof EkkasanError)
      return answer(c, new Problem(400, [problemOf(error.code, error.message)]))
    onError(error)
    return c.json({ type: 'about:blank', title: 'a fault of this service', status: 500 }, 500)
  })
  app.notFound((c) => c.json({ type: 'about:blank', title: 'no such endpoint', status: 404 }, 404))

  app.get('/instances', (c) => c.json({ instances: instances.map(({ name, did }) => ({ name, did })) }))

  const [first] = instances
  if (!first) throw new TypeError('no instance')
  const mount = (base: string, instance: Instance) => {
    app.post(`${base}/credentials/issue`, authorize, async (c) => {
      const body = await readBody(c.req)
      const options = optionsIn(body, { mandatoryPointers: texts, credentialId: text })
      const credential = ofIssuer(objectIn(body, 'credential'), instance.did)
      if (credential.proof !== undefined) throw malformed('a credential that has a proof is not issued again')
      await requireConforming(credential, content)
      const secured = await instance.issue(credential, options)
      return c.json({ verifiableCredential: secured }, 201)
    })
    const { present } = instance
    if (!present) return
    app.post(`${base}/presentations`, authorize, async (c) => {
      const body = await readBody(c.req)
      const options = optionsIn(body, { challenge: text, domain: text })
      const presentation = objectIn(body, 'presentation')
      if (presentation.proof !== undefined)
        throw malformed('a presentation that has a proof is not signed again')
      const document = { ...presentation, holder: presentation.holder ?? instance.did }
      if (identifierOf(document.holder) !== instance.did)
        throw malformed(`the holder here is ${instance.did}`)
      const [violation] = validatePresentation(document)
      if (violation)
        throw new Problem(400, [problemOf(violation.code, `${violation.path}: ${violation.message}`)])
      return c.json({ verifiablePresentation: await present(document, options) }, 201)
    })
  }
  mount('', first)
  for (const instance of instances) mount(`/instances/${instance.name}`, instance)

  app.post('/credentials/status', authorize, async (c) => {
    const body = await readBody(c.req)
    const { credentialId = '', status = '' } = body
    await register.update(
      text(credentialId, 'credentialId'),
      objectIn(body, 'credentialStatus'),
      flag(status, 'status'),
    )
    return c.json({})
  })

  app.get('/status-lists/*', async (c) => (await register.lists.fetch(c.req.raw)) ?? c.notFound())

  app.post('/credentials/derive', authorize, async (c) => {
    const body = await readBody(c.req)
    const { selectivePointers: pointers = [] } = optionsIn(body, { selectivePointers: texts })
    const credential = objectIn(body, 'verifiableCredential')
    return c.json(await deriveProof({ credential, pointers, contexts }), 201)
  })

  app.post('/credentials/verify', async (c) => {
    const body = await readBody(c.req)
    const options = optionsIn(body, { ...returned, returnCredential: flag })
    const credential = objectIn(body, 'verifiableCredential')
    const verdict = await verifier.verifyCredential(credential)
    return c.json(
      {
        ...credentialResult(verdict, credential, options),
        ...(options.returnCredential && { credential }),
      },
      statusOf(verdict),
    )
  })

  app.post('/presentations/verify', async (c) => {
    const body = await readBody(c.req)
    const options = optionsIn(body, { ...returned, challenge: text, domain: text, returnPresentation: flag })
    const { challenge, domain } = options
    const presentation = objectIn(body, 'verifiablePresentation')
    const verdict = await verifier.verifyPresentation(presentation, {
      ...(challenge !== undefined && { challenge }),
      ...(domain !== undefined && { domain }),
    })
    return c.json(
      {
        ...presentationResult(verdict, presentation, options),
        ...(options.returnPresentation && { verifiablePresentation: presentation }),
      },
      statusOf(verdict),
    )
  })

  return app
}

/** `checks`, which older clients send, can only narrow what is checked: everything is, always. */
const returned = { returnResults: flag, returnProblemDetails: flag, checks: texts }

function statusOf({ outcome }: Verdict): 200 | 400 | 503 {
  return outcome === 'verified' ? 200 : outcome === 'refused' ? 400 : 503
}

/** @throws RejectedError, UnavailableError */
async function requireConforming(
  credential: JsonObject,
  content: CredentialContentOptions = {},
): Promise<void> {
  const checks = createChecks()
  checkDataModel(checks, credential)
  await checkContent(checks, credential, content)
  checks.conclude()
}

/** The credential with the instance as its issuer, where it names none. @throws Problem when it names another */
function ofIssuer(credential: JsonObject, did: string): JsonObject {
  const { issuer = did } = credential
  if (isJsonObject(issuer) && issuer.id === undefined)
    return { ...credential, issuer: { ...issuer, id: did } }
  if (identifierOf(issuer) !== did) throw malformed(`the issuer here is ${did}`)
  return { ...credential, issuer }
}

function answer(c: Context, { status, problems }: Problem): Response {
  const [first] = problems
  return c.json({ ...first, status, ...(problems.length > 1 && { problemDetails: problems }) }, status)
}
