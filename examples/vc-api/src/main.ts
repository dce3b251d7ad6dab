import { join } from 'node:path'
import {
  cached,
  createGuardedFetch,
  type IsTrusted,
  resolveIssuerKeyBy,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import { createDidResolver, resolveDidIssuer } from '@ekkasan/did'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { resolveControlledIdentifier } from '@ekkasan/vc-jose-cose'
import { resolveResources } from '@ekkasan/vcdm'
import {
  logError,
  logRequests,
  openProgram,
  readApiToken,
  requireApiToken,
  startOrClose,
} from '@ekkasan-examples/ui'
import { createVcApi } from './app.ts'
import { readStatus } from './check-status.ts'
import { readConfig } from './config.ts'
import { readContexts } from './contexts.ts'
import { createInstances, withStatus } from './instances.ts'
import { resolveListedIssuer } from './issuers.ts'
import { openIdentities } from './keys.ts'
import { createStatusRegister } from './status.ts'
import { requireThisMachine } from './this-machine.ts'
import { createVerifier } from './verify.ts'

const { config, log, serve } = openProgram('vc-api', readConfig)

await serve((address) =>
  startOrClose(async (onStop) => {
    const url = config.url ?? address
    const store = createSqliteStore({ file: join(config.dataDir, 'vc-api.sqlite') })
    onStop(() => store.close())
    const contexts = readContexts(join(config.dataDir, 'contexts'), config.inlineContexts)
    const identities = await openIdentities(join(config.dataDir, 'keys'))
    const fetch = createGuardedFetch({ allowHosts: config.allowHosts })
    const resolveDid = createDidResolver({ fetch, allowHttp: config.allowHosts })
    const own = Object.values(identities).map(({ did }) => did)
    const listed = trustOnly(
      [...own, ...(config.trustedIssuers === 'any' ? [] : config.trustedIssuers)].map((id) => ({
        role: 'credential-issuer' as const,
        id,
      })),
    )
    const anyone = trustAnyone('TRUSTED_ISSUERS is any')
    // Even then a list of statuses is its credential's issuer's own.
    const isTrusted: IsTrusted = (question) =>
      config.trustedIssuers === 'any' && question.role === 'credential-issuer'
        ? anyone(question)
        : listed(question)
    const did = cached(resolveDidIssuer(resolveDid), { lifetime: 300_000 })
    const https = resolveListedIssuer(join(config.dataDir, 'issuers.json'), {
      did,
      others: cached(resolveControlledIdentifier({ fetch }), { lifetime: 300_000 }),
    })
    const resolveIssuerKey = resolveIssuerKeyBy({ did, https })
    const resolveResource = resolveResources({ fetch })
    const content = { resolveSchema: resolveResource, resolveRelatedResource: resolveResource }
    const instances = createInstances(identities, contexts)
    const [first] = instances
    if (!first) throw new TypeError('no instance')
    const register = createStatusRegister({ url, store, ttl: config.statusSeconds, instance: first })
    const { lists } = register
    const checkStatus = readStatus({ url, fetch, lists, resolveIssuerKey, isTrusted, contexts })
    const token = readApiToken(join(config.dataDir, 'api-token'))
    const app = createVcApi({
      instances: [...instances, withStatus(first, register.lists, register.remember)],
      verifier: createVerifier({ resolveDid, resolveIssuerKey, isTrusted, checkStatus, content, contexts }),
      register,
      content,
      contexts,
      authorize: config.authorization === 'token' ? requireApiToken(token) : requireThisMachine,
      observe: logRequests(log),
      onError: (error) => logError(log, error),
    })
    return { fetch: app.fetch }
  }),
)
