import { createHash, randomBytes } from 'node:crypto'
import type { JsonValue, Store } from '@ekkasan/core'
import { type QueryPreset, thaiNationalId } from '@ekkasan/thai'
import { type SessionState, type StartedSession, type Verifier, VerifierError } from '@ekkasan/verifier'
import { documents, type ProgramDocument } from '@ekkasan-examples/documents'
import {
  createCookie,
  createCsrf,
  faultStatus,
  type Log,
  languageOfScreens,
  logRequests,
  securityHeaders,
  uiAssets,
} from '@ekkasan-examples/ui'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { startInBrowser } from './dc-api.ts'
import { type Asking, queryOf } from './formats.ts'
import { type Asked, CustomPage, ErrorPage, RequestPage, RequestState, StartPage } from './pages.tsx'
import { ResultPage } from './result-page.tsx'
import { errors } from './texts.ts'
import { purposeOf, type UseCase } from './use-cases.ts'

export interface VerifierAppOptions {
  /** Where people reach the program. */
  readonly url: string
  readonly verifier: Verifier
  readonly store: Store
  readonly useCases: readonly UseCase[]
  readonly asking: Asking
  /** Seconds a result is kept. */
  readonly resultLifetime: number
  readonly log: Log
}

const documentNamed = (id: unknown): ProgramDocument =>
  documents.find(({ type }) => type.id === id) ?? (documents[0] as ProgramDocument)

/** A request as it is kept: whose it is, and what to ask once more through the browser. */
interface Entry extends Asked {
  readonly owner: string
  readonly preset: QueryPreset
}

const open = new Set<SessionState['state']>(['requested', 'request-fetched'])

/** The verifier's screens; a request and its result belong to the browser that asked. */
export function createVerifierApp(options: VerifierAppOptions): Hono {
  const { url, verifier, store, useCases, log } = options
  const app = new Hono()
  const https = url.startsWith('https:')
  const cookies = { program: 'verifier', https }
  const csrf = createCsrf({
    ...cookies,
    refused: (c) => c.html(<ErrorPage error={errors.refusedForm} />, 403),
  })
  // Lax: on the same device the wallet sends the person back, and the browser must still be known. The cookie is all
  // there is of it, so that visits write nothing.
  const browser = createCookie('browser', { ...cookies, sameSite: 'Lax' })
  const secret = createCookie('secret', { ...cookies, sameSite: 'Lax' })

  app.use(logRequests(log))
  app.use(securityHeaders({ https }))
  app.use(
    bodyLimit({ maxSize: 16_384, onError: (c) => c.html(<ErrorPage error={errors.refusedForm} />, 413) }),
  )
  app.use(languageOfScreens())
  app.use(csrf.guard)
  app.route('/', uiAssets())
  app.onError((error, c) => {
    if (error instanceof VerifierError) return c.html(<ErrorPage error={errors.notFound} />, 404)
    return c.html(<ErrorPage error={errors.broken} />, faultStatus(log, error, c))
  })
  app.notFound((c) => c.html(<ErrorPage error={errors.notFound} />, 404))

  const keyOf = (id: string) => `asked/${id}`
  const browserId = (c: Context) => {
    const value = browser.read(c)
    return value === undefined ? undefined : createHash('sha256').update(value).digest('base64url')
  }
  const knowBrowser = (c: Context) => {
    if (browser.read(c) === undefined) browser.write(c, randomBytes(32).toString('base64url'))
  }
  const owned = async (c: Context): Promise<Entry | undefined> => {
    const id = c.req.param('id') ?? ''
    if (!/^[\w-]{16,128}$/.test(id)) return undefined
    const entry = (await store.get(keyOf(id)))?.value as unknown as Entry | undefined
    const owner = browserId(c)
    return entry !== undefined && owner !== undefined && entry.owner === owner ? entry : undefined
  }

  const keep = (entry: Entry) =>
    store.put(keyOf(entry.id), entry as unknown as JsonValue, {
      expiresAt: new Date(Date.parse(entry.expiresAt) + options.resultLifetime * 1000),
    })

  const ask = async (c: Context, preset: QueryPreset, sameDevice: boolean) => {
    const purpose = purposeOf(preset)
    const started: StartedSession = await verifier.start({
      query: queryOf(preset, options.asking),
      purpose: { ...purpose },
      requestUriMethod: 'post',
      ...(sameDevice && { redirectUri: `${url}/return` }),
    })
    const asked: Entry = {
      preset,
      names: preset.names,
      purpose,
      document: preset.document ?? thaiNationalId.id,
      claims: preset.claims.map(({ path }) => path),
      sameDevice,
      id: started.id,
      requestUri: started.requestUri,
      expiresAt: started.expiresAt.toISOString(),
      owner: browserId(c) ?? '',
    }
    await keep(asked)
    if (started.browserSecret !== undefined) secret.write(c, `${started.id}.${started.browserSecret}`, 3600)
    return c.redirect(`/requests/${started.id}`, 303)
  }

  const start = (c: Context, props: { chosen?: string; error?: (typeof errors)[keyof typeof errors] } = {}) =>
    c.html(<StartPage csrf={csrf.token(c)} useCases={useCases} {...props} />, props.error ? 422 : 200)

  app.get('/', async (c) => {
    knowBrowser(c)
    return start(c)
  })

  app.post('/requests', async (c) => {
    if (browserId(c) === undefined) return c.html(<ErrorPage error={errors.refusedForm} />, 403)
    const form = await c.req.parseBody()
    const useCase = useCases.find(({ id }) => id === form.use_case)
    if (!useCase) return start(c, { error: errors.chooseUseCase })
    return ask(c, useCase, form.device === 'this')
  })

  app.get('/custom', async (c) => {
    knowBrowser(c)
    const document = documentNamed(c.req.query('document'))
    return c.html(<CustomPage csrf={csrf.token(c)} document={document} chosen={[]} purpose="" purposeEn="" />)
  })

  app.post('/custom', async (c) => {
    if (browserId(c) === undefined) return c.html(<ErrorPage error={errors.refusedForm} />, 403)
    const form = await c.req.parseBody({ all: true })
    const given = [form.claim ?? []].flat().map(String)
    const document = documentNamed(form.document)
    const chosen = document.type.claims.filter(
      ({ path, disclosure }) => disclosure === 'selective' && given.includes(JSON.stringify(path)),
    )
    const purpose = String(form.purpose ?? '')
      .trim()
      .slice(0, 200)
    const purposeEn = String(form.purpose_en ?? '')
      .trim()
      .slice(0, 200)
    const error = {
      ...(chosen.length === 0 && { claims: errors.chooseClaims }),
      ...(purpose.length < 5 && { purpose: errors.sayPurpose }),
    }
    if (Object.keys(error).length > 0) {
      const page = { csrf: csrf.token(c), document, chosen: given, purpose, purposeEn, error }
      return c.html(<CustomPage {...page} />, 422)
    }
    const preset: QueryPreset = {
      id: 'custom',
      document: document.type.id,
      names: { th: 'ข้อมูลที่เลือกเอง', en: 'Items chosen' },
      purpose_th: purpose,
      purpose_en: purposeEn || purpose,
      replaces: { th: '', en: '' },
      claims: chosen.map(({ path }) => ({ id: path.join('_'), path })),
    }
    return ask(c, preset, false)
  })

  const resultPage = (c: Context, asked: Asked, state: SessionState) => {
    const kept = 'at' in state && {
      keptUntil: new Date(state.at.getTime() + options.resultLifetime * 1000),
    }
    return c.html(<ResultPage asked={asked} state={state} csrf={csrf.token(c)} {...kept} />)
  }

  /** The first way by which an answer came; as long as none did, how the QR stands. */
  const stateOf = async (asked: Asked): Promise<SessionState> => {
    for (const id of asked.browserIds ?? []) {
      const state = await verifier.result(id)
      if (!open.has(state.state) && state.state !== 'expired') return state
    }
    return asked.sameDevice ? { state: 'requested' } : verifier.result(asked.id)
  }

  app.get('/requests/:id', async (c) => {
    const asked = await owned(c)
    if (!asked) return c.html(<ErrorPage error={errors.notFound} />, 404)
    const state = await stateOf(asked)
    if (open.has(state.state)) return c.html(<RequestPage asked={asked} state={state} csrf={csrf.token(c)} />)
    return resultPage(c, asked, state)
  })

  app.get('/requests/:id/state', async (c) => {
    const asked = await owned(c)
    if (!asked) return c.text('', 404)
    const state = await stateOf(asked)
    if (!open.has(state.state)) c.header('poll', 'reload')
    return c.html(<RequestState asked={asked} state={state} />)
  })

  // Same device: the wallet sent the person back with a response code.
  app.get('/return', async (c) => {
    const [id, browserSecret] = (secret.read(c) ?? '').split('.')
    const entry = id ? ((await store.get(keyOf(id)))?.value as Asked | undefined) : undefined
    const responseCode = c.req.query('response_code')
    if (!entry || !browserSecret || !responseCode) return c.html(<ErrorPage error={errors.notFound} />, 404)
    const state = await verifier.result(entry.id, { browserSecret, responseCode })
    return resultPage(c, entry, state)
  })

  app.post('/requests/:id/browser', async (c) => {
    const asked = await owned(c)
    if (!asked) return c.json({ error: 'not_found' }, 404)
    const { ids, requests } = await startInBrowser(verifier, asked.preset, options.asking, {
      purpose: { ...asked.purpose },
    })
    await keep({ ...asked, browserIds: [...(asked.browserIds ?? []), ...ids].slice(-20) })
    return c.json({ requests })
  })

  app.post('/requests/:id/again', async (c) => {
    const asked = await owned(c)
    if (!asked) return c.html(<ErrorPage error={errors.notFound} />, 404)
    return ask(c, asked.preset, asked.sameDevice)
  })

  app.post('/requests/:id/forget', async (c) => {
    const asked = await owned(c)
    if (!asked) return c.html(<ErrorPage error={errors.notFound} />, 404)
    await Promise.all([asked.id, ...(asked.browserIds ?? [])].map((id) => verifier.forget(id)))
    await store.delete(keyOf(asked.id))
    return c.redirect('/', 303)
  })

  return app
}
