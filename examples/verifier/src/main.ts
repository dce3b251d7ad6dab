import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cached, createGuardedFetch, type Store } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { isoMdocVerifier } from '@ekkasan/mdoc'
import { resolveTypeMetadata } from '@ekkasan/sd-jwt-vc'
import { createStatusChecker } from '@ekkasan/status'
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
  claimStore,
  createGate,
  createReadiness,
  endWith,
  logError,
  logRequests,
  type OnStop,
  openProgram,
  type Program,
  readApiToken,
  startOrClose,
  watchClock,
} from '@ekkasan-examples/ui'
import { openStore } from '@ekkasan-examples/ui/store'
import { Hono } from 'hono'
import { createVerifierApi } from './api.ts'
import { createVerifierApp } from './app.tsx'
import { readConfig } from './config.ts'
import { createFormats, statusListVerifier } from './formats.ts'
import { openIdentity } from './identity.ts'
import { runStoreCommand, storeCommands } from './store-commands.ts'
import { program } from './texts.ts'
import { readUseCases } from './use-cases.ts'

const { config, log, serve } = openProgram('verifier', readConfig)
const settings = { program: 'verifier', dataDir: config.dataDir, store: config.store }

const command = process.argv.slice(2)
if (command.length === 0) {
  await serve((address) => createGate({ log, start: (block) => startVerifier(address, block) }))
} else if (command[0] === 'store') {
  await runStoreCommand(command.slice(1), settings, (value) => {
    process.stdout.write(`${JSON.stringify(value)}\n`)
  }).catch(endWith)
} else {
  endWith(new Error(`commands are: ${storeCommands}`))
}

function startVerifier(address: string, block: (why: unknown) => void): Promise<Program> {
  return startOrClose((onStop) => openProgramOver(address, block, onStop))
}

async function openProgramOver(address: string, block: (why: unknown) => void, onStop: OnStop) {
  const useCases = readUseCases(join(config.dataDir, 'use-cases.json'))
  const url = config.url ?? address
  const { dataDir } = config
  const { store, storeName, database, close } = await openStore(settings, block)
  onStop(close)
  await claimStore({ program: 'verifier', dataDir, store, storeName, database, evidence: undefined })
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
  const clocks = await watchClock({ store, log })
  onStop(clocks.stop)
  const isReady = createReadiness({
    store,
    dataDir,
    files: config.store === 'sqlite' ? ['verifier.sqlite'] : [],
  })
  log('ready', { trustedIssuers: config.trustedIssuers.length })
  return {
    fetch: app.fetch,
    async checkReady() {
      await Promise.all([isReady(), clocks.check()])
    },
  }
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
    names: { ...program },
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
