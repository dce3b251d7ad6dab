import { EkkasanError, type Store } from '@ekkasan/core'
import type { Issuer } from '@ekkasan/issuer'
import { isCitizenNumber, parseCitizenNumber, parseThaiText, ThaiError } from '@ekkasan/thai'
import type { CrlIssuer } from '@ekkasan/x509'
import {
  answerFault,
  createCookie,
  createCsrf,
  createFlash,
  createSessions,
  faultStatus,
  type Log,
  languageOfScreens,
  logRequests,
  securityHeaders,
  uiAssets,
} from '@ekkasan-examples/ui'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Audit } from './audit.ts'
import type { Config } from './config.ts'
import type { Desk } from './desk.ts'
import type { IssuerDid } from './did-document.ts'
import { issuableFor } from './issuable.ts'
import { crlPath } from './keys/certificates.ts'
import { deviceLifetime, type OfficerAccount } from './officer-account.ts'
import type { Citizen, Registry } from './registry.ts'
import { CitizenPage, type Offerable } from './screens/citizen.tsx'
import { flashWords, ProblemPage, problems } from './screens/frame.tsx'
import { ConfirmPage, IssuancePage, IssuancesPage } from './screens/issuances.tsx'
import { CodePage, isOpenOffer, OfferPage, OfferProgress } from './screens/offer.tsx'
import { RetentionPage } from './screens/retention.tsx'
import { ResultsPage, StartPage } from './screens/search.tsx'
import { SignInPage } from './screens/sign-in.tsx'
import { nameWords, reasonsFor, type Verb } from './screens/words.tsx'

export interface CreateAppOptions {
  readonly url: string
  readonly config: Config
  readonly issuer: Issuer
  readonly account: OfficerAccount
  readonly registry: Registry
  readonly store: Store
  readonly desk: Desk
  readonly audit: Audit
  readonly offerable: readonly Offerable[]
  readonly did: IssuerDid | undefined
  readonly crl: CrlIssuer | undefined
  readonly api: Hono
  readonly log: Log
}

type Variables = { readonly officer: string }
type OfficerContext = Context<{ Variables: Variables }>

const protocolPaths = [
  '/token',
  '/nonce',
  '/credential',
  '/notification',
  '/offers/:code',
  '/status-lists/:list',
  '/bitstring-status-lists/:purpose/:list',
]
const sessionSeconds = 8 * 3600
const searchLimit = 50
const pageSize = 25

/** The officer's screens below /officer; every other path is the protocol's. */
export function createApp(options: CreateAppOptions): Hono {
  const app = new Hono()
  app.use(logRequests(options.log))
  app.route('/', uiAssets())
  app.route('/api', options.api)
  app.route('/officer', createScreens(options))
  app.get('/', (c) => c.redirect('/officer'))
  const { did } = options
  if (did) {
    app.get(did.path, (c) =>
      c.json(did.document as object, 200, {
        'content-type': 'application/did+json',
        'cache-control': 'public, max-age=300',
        'access-control-allow-origin': '*',
      }),
    )
  }
  const base = new URL(options.url).pathname.replace(/\/$/, '')
  app.get(`${base}${crlPath}`, async (c) => {
    // Behind a proxy the request has another host than the authority's list.
    const list = await options.crl?.fetch(new Request(`${options.url}${crlPath}`))
    list?.headers.set('access-control-allow-origin', '*')
    return list ?? c.notFound()
  })
  // One by one for the log's sake, which names routes and no URLs.
  for (const path of protocolPaths) app.all(`${base}${path}`, (c) => options.issuer.fetch(c.req.raw))
  app.all('/.well-known/*', (c) => options.issuer.fetch(c.req.raw))
  app.all('*', (c) => options.issuer.fetch(c.req.raw))
  app.onError((error, c) => answerFault(options.log, error, c))
  return app
}

function createScreens(options: CreateAppOptions): Hono<{ Variables: Variables }> {
  const { config, issuer, account, registry, store, desk, audit, offerable } = options
  const https = options.url.startsWith('https:')
  const cookies = { program: 'issuer', https }
  const sessions = createSessions({ ...cookies, store, seconds: sessionSeconds })
  const csrf = createCsrf({
    ...cookies,
    refused: (c) => c.html(<ProblemPage problem={problems.refusedForm} />, 403),
  })
  const flash = createFlash(flashWords, cookies)
  const codeSlip = createCookie('code', cookies)
  const device = createCookie('device', cookies)
  const app = new Hono<{ Variables: Variables }>()

  app.use(securityHeaders({ https }))
  app.use(
    bodyLimit({
      maxSize: 16_384,
      onError: (c) => c.html(<ProblemPage problem={problems.refusedForm} />, 413),
    }),
  )
  app.use(languageOfScreens())
  app.use(csrf.guard)
  app.onError((error, c) => {
    if (error instanceof EkkasanError) {
      if (error.code.endsWith('.unknown')) return c.html(<ProblemPage problem={problems.notFound} />, 404)
      if (/^(status|issuer)\./.test(error.code))
        return c.html(<ProblemPage problem={problems.conflict} />, 409)
    }
    return c.html(<ProblemPage problem={problems.broken} />, faultStatus(options.log, error, c))
  })

  app.get('/sign-in', (c) => c.html(<SignInPage csrf={csrf.token(c)} flash={flash.take(c)} />))
  app.post('/sign-in', async (c) => {
    const { username, password } = await form(c)
    const result = await account.signIn(username ?? '', password ?? '', device.read(c))
    if (result.outcome === 'accepted') {
      await sessions.start(c, { officer: result.officer })
      device.write(c, result.device, deviceLifetime / 1000)
      csrf.renew(c)
      audit({ event: 'sign-in', officer: result.officer })
      return c.redirect('/officer', 303)
    }
    audit({ event: 'sign-in-refused' })
    const csrfToken = csrf.token(c)
    return result.outcome === 'locked'
      ? c.html(<SignInPage csrf={csrfToken} lockedUntil={result.until} />, 429)
      : c.html(<SignInPage csrf={csrfToken} refused />, 401)
  })

  app.use(async (c, next) => {
    const officer = (await sessions.read(c))?.officer
    if (typeof officer === 'string') {
      c.set('officer', officer)
      return next()
    }
    return c.req.path.endsWith('/state') ? c.body(null, 401) : c.redirect('/officer/sign-in', 303)
  })

  app.post('/sign-out', async (c) => {
    audit({ event: 'sign-out', officer: c.get('officer') })
    await sessions.end(c)
    csrf.renew(c)
    flash.set(c, 'signed-out')
    return c.redirect('/officer/sign-in', 303)
  })

  const offerableAs = (document: string | undefined) =>
    offerable.find(({ document: { type } }) => type.id === document)
  const offerableOf = (configurationId: string | undefined) =>
    offerable.find(({ configurations }) => configurations.some(({ id }) => id === configurationId))
  const documentNames = (configurationId: string | undefined) => {
    const { th = '', en = '' } = offerableOf(configurationId)?.document.type.names ?? {}
    return { th, en }
  }

  const frame = (c: OfficerContext) => ({
    csrf: csrf.token(c),
    officer: c.get('officer'),
    flash: flash.take(c),
  })

  const start = async (c: OfficerContext, problem?: { query: string; error: { th: string; en: string } }) => {
    const recent = await Promise.all(
      (await desk.recentOffers(10)).map(async (entry) => {
        const citizen = await registry.findByHandle(entry.citizen)
        const state = (await issuer.offer(entry.offerId))?.state ?? { state: 'expired' as const }
        const { th = '', en = '' } = offerableAs(entry.document)?.document.type.names ?? {}
        const name = citizen ? nameWords(citizen.record) : { th: 'ไม่พบในทะเบียน', en: 'not in the registry' }
        return { ...entry, state, name, documentNames: { th, en } }
      }),
    )
    return c.html(<StartPage {...frame(c)} recent={recent} {...problem} />, problem ? 422 : 200)
  }
  app.get('/', (c) => start(c))

  app.post('/search', async (c) => {
    const query = ((await form(c)).query ?? '').slice(0, 100).trim()
    const error = query === '' ? searchErrors.empty : faultOfQuery(query)
    if (error) return start(c, { query, error })
    const byNumber = isCitizenNumber(query)
    audit({ event: 'search', officer: c.get('officer'), reason: byNumber ? 'number' : 'name' })
    if (byNumber) {
      const citizen = await registry.find(parseCitizenNumber(query))
      if (citizen) return c.redirect(`/officer/citizens/${citizen.handle}`, 303)
    }
    // A name in a URL would end up in histories and logs.
    await desk.keepSearch(sessions.id(c) ?? '', query)
    return c.redirect('/officer/search', 303)
  })
  app.get('/search', async (c) => {
    const query = await desk.search(sessions.id(c) ?? '')
    if (query === undefined) return c.redirect('/officer', 303)
    const found = isCitizenNumber(query) ? [] : await registry.search(query, searchLimit)
    return c.html(<ResultsPage {...frame(c)} query={query} found={found} limit={searchLimit} />)
  })

  app.get('/citizens/:handle', async (c) => {
    const citizen = await registry.findByHandle(c.req.param('handle'))
    if (!citizen) return missing(c)
    const asked = c.req.query('document')
    const chosen = asked === undefined ? offerable[0] : offerableAs(asked)
    if (!chosen) return missing(c)
    const { issuances } = await issuer.issuances({ subject: citizen.record.person.pid, limit: pageSize })
    audit({ event: 'citizen-viewed', officer: c.get('officer'), citizen: citizen.handle })
    const issuable = issuableFor(chosen.document, citizen, new Date(), config.validDays)
    const rows = issuances.map((record) => ({ ...record, document: documentNames(record.configurationId) }))
    const props = { citizen, chosen, issuable, offerable, issuances: rows }
    return c.html(<CitizenPage {...frame(c)} {...props} />)
  })

  app.post('/citizens/:handle/offers', async (c) => {
    const citizen = await registry.findByHandle(c.req.param('handle'))
    if (!citizen) return missing(c)
    const chosen = offerableAs((await form(c)).document)
    const issuable = chosen && issuableFor(chosen.document, citizen, new Date(), config.validDays)
    if (!issuable || 'refused' in issuable) return c.html(<ProblemPage problem={problems.conflict} />, 409)
    const document = chosen.document.type.id
    const offer = await issuer.createOffer({
      credentials: chosen.configurations.map(({ id }) => id),
      subject: citizen.record.person.pid,
      txCode: true,
    })
    const officer = c.get('officer')
    await desk.keepOffer(offer, { citizen: citizen.handle, officer, document })
    audit({ event: 'offer-created', officer, citizen: citizen.handle, offer: offer.id, document })
    return showNewOffer(c, offer)
  })

  // The code waits for its own page in a cookie of this browser and nowhere else.
  const showNewOffer = (c: OfficerContext, offer: { readonly id: string; readonly txCode?: string }) => {
    if (offer.txCode !== undefined) codeSlip.write(c, `${offer.id}.${offer.txCode}`, config.offerSeconds)
    return c.redirect(`/officer/offers/${offer.id}`, 303)
  }

  app.get('/offers/:id', async (c) => {
    const id = c.req.param('id')
    const offer = await issuer.offer(id)
    if (!offer) return missing(c)
    const citizen = await registry.find(offer.subject)
    const link = await desk.link(id)
    const document = documentNames(offer.credentials[0])
    const hasCode = codeSlip.read(c)?.startsWith(`${id}.`) ?? false
    const props = { offer, citizen, link, hasCode, document }
    return c.html(<OfferPage {...frame(c)} {...props} />)
  })
  const codePage = async (c: OfficerContext, id: string, txCode: string | undefined) => {
    const offer = await issuer.offer(id)
    if (!offer) return missing(c)
    const citizen = await registry.find(offer.subject)
    const document = documentNames(offer.credentials[0])
    const { csrf: token, officer } = frame(c)
    const props = { csrf: token, officer, offer, citizen, document, txCode }
    return c.html(<CodePage {...props} />)
  }
  app.get('/offers/:id/code', (c) => codePage(c, c.req.param('id'), undefined))
  app.post('/offers/:id/code', (c) => {
    const id = c.req.param('id')
    const slip = codeSlip.read(c)
    if (!slip?.startsWith(`${id}.`)) return codePage(c, id, undefined)
    codeSlip.clear(c)
    return codePage(c, id, slip.slice(id.length + 1))
  })
  app.get('/offers/:id/state', async (c) => {
    const offer = await issuer.offer(c.req.param('id'))
    if (!offer) return c.body(null, 404)
    const was = c.req.query('was')
    // The QR goes away once it is used.
    const gone = was === 'offered' && offer.state.state !== 'offered'
    c.header('poll', isOpenOffer(offer, new Date()) ? 'more' : gone ? 'reload' : 'done')
    return c.html(<OfferProgress offer={offer} />)
  })
  app.post('/offers/:id/withdraw', async (c) => {
    const id = c.req.param('id')
    await issuer.withdrawOffer(id)
    audit({ event: 'offer-withdrawn', officer: c.get('officer'), offer: id })
    flash.set(c, 'withdrawn')
    return c.redirect(`/officer/offers/${id}`, 303)
  })
  app.post('/offers/:id/replace', async (c) => {
    const id = c.req.param('id')
    const old = await issuer.offer(id)
    const citizen = old && (await registry.find(old.subject))
    if (!old || !citizen) return missing(c)
    const offer = await issuer.replaceOffer(id)
    const officer = c.get('officer')
    const document = offerableOf(old.credentials[0])?.document.type.id ?? ''
    await desk.keepOffer(offer, { citizen: citizen.handle, officer, document })
    audit({ event: 'offer-replaced', officer, citizen: citizen.handle, offer: offer.id })
    flash.set(c, 'replaced')
    return showNewOffer(c, offer)
  })

  app.get('/issuances', async (c) => {
    const after = c.req.query('after')
    if (after !== undefined && !/^[\w-]{1,100}$/.test(after)) return missing(c)
    const page = await issuer.issuances({ limit: pageSize, ...(after !== undefined && { after }) })
    const rows = await Promise.all(
      page.issuances.map(async (record) => {
        const citizen = await registry.find(record.subject)
        const document = documentNames(record.configurationId)
        return { ...record, document, ...(citizen && { name: nameWords(citizen.record) }) }
      }),
    )
    audit({ event: 'issuances-viewed', officer: c.get('officer') })
    const next = page.cursor === undefined ? {} : { next: page.cursor }
    return c.html(<IssuancesPage {...frame(c)} issuances={rows} isFirst={after === undefined} {...next} />)
  })

  const findIssuance = async (id: string) => {
    const record = /^[\w-]{1,100}$/.test(id) ? await issuer.issuance(id) : undefined
    if (!record) return undefined
    const keptUntil =
      record.validUntil && new Date(record.validUntil.getTime() + config.retentionDays * 86_400_000)
    const citizen: Citizen | undefined = await registry.find(record.subject)
    return { record, citizen, keptUntil }
  }

  app.get('/issuances/:id', async (c) => {
    const found = await findIssuance(c.req.param('id'))
    if (!found) return missing(c)
    const { record, citizen, keptUntil } = found
    const about = citizen ? { citizen: citizen.handle } : {}
    audit({ event: 'citizen-viewed', officer: c.get('officer'), issuance: record.id, ...about })
    const chosen = offerableOf(record.configurationId)
    const configuration = chosen?.configurations.find(({ id }) => id === record.configurationId)
    return c.html(
      <IssuancePage
        {...frame(c)}
        record={record}
        citizen={citizen}
        document={documentNames(record.configurationId)}
        format={configuration?.format ?? record.configurationId}
        reasons={await desk.reasons(record.id)}
        deletedAt={keptUntil}
      />,
    )
  })

  const verbs = { revoke: 'revoked', suspend: 'suspended', restore: 'restored' } as const
  for (const verb of Object.keys(verbs) as Verb[]) {
    const confirm = (
      c: OfficerContext,
      found: NonNullable<Awaited<ReturnType<typeof findIssuance>>>,
      note?: string,
    ) => {
      const { record, citizen } = found
      const missing = note === undefined ? {} : { missing: true, note }
      const document = documentNames(record.configurationId)
      const props = { record, citizen, document, verb, statusSeconds: config.statusSeconds, ...missing }
      return c.html(<ConfirmPage {...frame(c)} {...props} />, note === undefined ? 200 : 422)
    }
    app.get(`/issuances/:id/${verb}`, async (c) => {
      const found = await findIssuance(c.req.param('id'))
      return found ? confirm(c, found) : missing(c)
    })
    app.post(`/issuances/:id/${verb}`, async (c) => {
      const found = await findIssuance(c.req.param('id'))
      if (!found) return missing(c)
      const { record, citizen, keptUntil } = found
      const { reason, note = '' } = await form(c)
      const known = reasonsFor(verb).some(({ value }) => value === reason)
      if (!known || reason === undefined) return confirm(c, found, note.slice(0, 300))
      await issuer[verb](record.id)
      const officer = c.get('officer')
      await desk.keepReason(
        record.id,
        { verb, code: reason, note: note.trim().slice(0, 300), officer },
        keptUntil,
      )
      const about = citizen ? { citizen: citizen.handle } : {}
      audit({ event: verbs[verb], officer, issuance: record.id, reason, ...about })
      flash.set(c, verbs[verb])
      return c.redirect(`/officer/issuances/${record.id}`, 303)
    })
  }

  app.get('/retention', (c) => c.html(<RetentionPage {...frame(c)} config={config} />))
  app.all('*', (c) => missing(c))
  return app
}

const missing = (c: Context) => c.html(<ProblemPage problem={problems.notFound} />, 404)

const searchErrors = {
  empty: { th: 'พิมพ์เลขหรือชื่อที่ต้องการค้นหา', en: 'Type a number or a name.' },
  digits: { th: 'เลขประจำตัวประชาชนมี 13 หลัก', en: 'A national ID number has 13 digits.' },
  checkDigit: {
    th: 'เลขประจำตัวประชาชนไม่ถูกต้อง ตรวจสอบแล้วพิมพ์ใหม่',
    en: 'Not a valid national ID number. Check it and type it again.',
  },
  text: {
    th: 'มีอักขระที่มองไม่เห็นหรือใช้ไม่ได้ พิมพ์ใหม่โดยไม่คัดลอกมาวาง',
    en: 'It holds invisible or unusable characters: type it, do not paste it.',
  },
} as const

function faultOfQuery(query: string): { th: string; en: string } | undefined {
  const isNumber = /^[\d๐-๙ -]+$/.test(query)
  try {
    if (isNumber) parseCitizenNumber(query)
    else parseThaiText(query)
    return undefined
  } catch (error) {
    if (!(error instanceof ThaiError)) throw error
    if (!isNumber) return searchErrors.text
    return error.code === 'thai.citizen-number.check-digit' ? searchErrors.checkDigit : searchErrors.digits
  }
}

async function form(c: Context): Promise<Readonly<Record<string, string | undefined>>> {
  const body = await c.req.parseBody()
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  )
}
