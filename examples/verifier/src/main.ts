import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cached, createGuardedFetch, type Store } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { isoMdocVerifier } from '@ekkasan/mdoc'
import { resolveTypeMetadata } from '@ekkasan/sd-jwt-vc'
import { createStatusChecker } from '@ekkasan/status'
import { createPostgresStore } from '@ekkasan/store-postgres'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { resolveResources } from '@ekkasan/vcdm'
import { createVerifier } from '@ekkasan/verifier'
import {
  authorityKeysOf,
  documentContexts,
  issuerKeys,
  trustedAuthorities,
  trustIssuers,
} from '@ekkasan-examples/documents'
import {
  answerFault,
  createReadiness,
  logError,
  logRequests,
  nameOfStore,
  naming,
  openProgram,
  readApiToken,
} from '@ekkasan-examples/ui'
import { Hono } from 'hono'
import { createVerifierApi } from './api.ts'
import { createVerifierApp } from './app.tsx'
import { readConfig } from './config.ts'
import { createFormats, statusListVerifier } from './formats.ts'
import { openIdentity } from './identity.ts'
import { program } from './texts.ts'
import { readUseCases } from './use-cases.ts'

const { config, log, serve } = openProgram('verifier', readConfig)

await serve(async (address) => {
  const useCases = readUseCases(join(config.dataDir, 'use-cases.json'))
  const url = config.url ?? address
  const { dataDir } = config
  const storeName = config.store === 'sqlite' ? join(dataDir, 'verifier.sqlite') : nameOfStore(config.store)
  const store = await naming(storeName, openStore)
  const certificates = config.trustedCertificates.map((file) => readFileSync(file, 'utf8'))
  const verifier = await openVerifier(address, store, certificates)
  const asking = {
    formats: config.formats,
    issuers: config.trustedIssuers,
    ...(config.nameAuthorities && { authorities: authorityKeysOf(certificates) }),
  }
  const app = new Hono()
  app.use('/api/*', logRequests(log))
  app.use('/openid4vp/*', logRequests(log))
  app.onError((error, c) => answerFault(log, error, c))
  app.route(
    '/api',
    createVerifierApi({
      verifier,
      token: readApiToken(join(config.dataDir, 'api-token')),
      useCases,
      asking,
      log,
    }),
  )
  app.all('/openid4vp/*', (c) => verifier.fetch(c.req.raw))
  app.get('/.well-known/did.json', (c) => verifier.fetch(c.req.raw))
  const { resultLifetime } = config
  app.route('/', createVerifierApp({ url, verifier, store, useCases, asking, resultLifetime, log }))
  log('ready', { trustedIssuers: config.trustedIssuers.length })
  return {
    fetch: app.fetch,
    checkReady: createReadiness({
      store,
      dataDir,
      files: config.store === 'sqlite' ? ['verifier.sqlite'] : [],
    }),
    stop: async () => store.close(),
  }
})

async function openStore(): Promise<Store & { close(): Promise<void> | void }> {
  return config.store === 'sqlite'
    ? createSqliteStore({ file: join(config.dataDir, 'verifier.sqlite') })
    : createPostgresStore({ connectionString: config.store })
}

async function openVerifier(address: string, store: Store, certificates: readonly string[]) {
  const fetch = createGuardedFetch({ allowHosts: config.allowHosts })
  const resolveDid = createDidResolver({ fetch, allowHttp: config.allowHosts })
  const allowHttp = config.allowHosts.length > 0
  const keys = issuerKeys({ fetch, resolveDid, allowHttp, certificates })
  const isTrusted = trustIssuers({ issuers: config.trustedIssuers, certificates })
  // A type's metadata never changes under its hash, so that it is asked for once.
  const resolveType = resolveTypeMetadata({ fetch })
  const types = cached(
    ({ vct, integrity }: { readonly vct: string; readonly integrity?: string }) =>
      resolveType(vct, integrity),
    { lifetime: 3_600_000, maxEntries: 100 },
  )
  const typeMetadata = (vct: string, integrity?: string) =>
    types({ vct, ...(integrity !== undefined && { integrity }) })
  const contexts = documentContexts(config.trustedIssuers)
  const content = { resolveSchema: resolveResources({ fetch }) }
  const parts = { ...keys, resolveDid, typeMetadata, contexts, content }
  const url = config.url ?? address
  const identity = await openIdentity(config, address)
  const { signer } = identity
  return createVerifier({
    url: `${url}/openid4vp`,
    names: program as unknown as Record<string, string>,
    identity,
    formats: createFormats(config.formats, parts),
    dcApiProtocols: [isoMdocVerifier(signer.key.x5c ? { reader: { signer, origin: url } } : {})],
    store,
    isTrusted,
    trustedAuthorities,
    checkStatus: createStatusChecker({
      fetch,
      resolveIssuerKey: keys.resolveIssuerKey,
      verifyListCredential: statusListVerifier(parts),
      isTrusted,
    }),
    requestLifetime: config.requestLifetime,
    resultLifetime: config.resultLifetime,
    onError: (error) => logError(log, error),
  })
}
