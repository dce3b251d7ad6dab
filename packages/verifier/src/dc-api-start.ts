import type { DcApiRequest, JsonObject } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import {
  anyRule,
  checkOptions,
  languageMapRule,
  listRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  textRule,
} from '@ekkasan/core/options'
import {
  isEndpointUrl,
  multiSignDcApiRequest,
  openId4VpDcApiProtocols,
  type SignDcApiRequestOptions,
  signDcApiRequest,
} from '@ekkasan/openid4vc'
import { type Context, dcApiUri, keptUntil } from './context.ts'
import { encodeTransactionData, parseQuery, requireTransactionData } from './query.ts'
import { presentationRequest } from './request-object.ts'
import { type AskedByDcApi, type AskedRequest, requestIdOf, writeSession } from './session.ts'
import { createEncryptionJwk } from './start.ts'
import type { StartDcApiOptions, StartedDcApi } from './types.ts'

const rules: OptionRules<StartDcApiOptions> = {
  query: objectRule,
  purpose: optional(languageMapRule),
  transactionData: optional(listRule(anyRule, { least: 1 })),
  protocols: optional(listRule(textRule, { least: 1 })),
  responseMode: optional(oneOfRule(['dc_api', 'dc_api.jwt'])),
  origins: optional(listRule(textRule, { least: 1 })),
}

/** Makes the requests that a page hands to its browser; one answer to one of them is taken. */
export async function startDcApi(context: Context, options: StartDcApiOptions): Promise<StartedDcApi> {
  checkOptions(options, 'startDcApi', rules)
  const { clock, randomBytes, store, formats } = context
  const query = parseQuery(options.query, context)
  const transactionData = options.transactionData && encodeTransactionData(options.transactionData)
  if (transactionData) requireTransactionData(transactionData, query, formats)
  const random = () => base64url(randomBytes(32))
  const id = random()
  const startedAt = clock().getTime()
  const expiresAt = startedAt + context.requestLifetime * 1000
  const responseMode = options.responseMode ?? 'dc_api.jwt'
  const unasked: AskedRequest = {
    query: options.query,
    responseMode,
    nonce: random(),
    startedAt,
    expiresAt,
    ...(responseMode === 'dc_api.jwt' && { encryptionJwk: await createEncryptionJwk(random()) }),
    ...(options.purpose && { purpose: options.purpose }),
    ...(transactionData && { transactionData }),
  }
  const origins = options.origins ?? [new URL(context.url).origin]
  for (const origin of origins) requireOrigin(origin)
  const others = await askOthers(context, options)
  const named = options.protocols ?? ['openid4vp-v1-signed', 'openid4vp-v1-unsigned', ...Object.keys(others)]
  const requests: DcApiRequest[] = []
  for (const protocol of new Set(named)) {
    const data = others[protocol]?.request ?? (await openId4VpRequest(context, protocol, unasked, origins))
    requests.push({ protocol, data })
  }
  if (requests.length === 0) throw new TypeError('protocols is empty')
  const protocols = requests.map(({ protocol }) => protocol)
  const asked = { ...unasked, dcApi: { origins, protocols, others } }
  const requestId = requestIdOf(id)
  const session = { state: 'requested' as const, asked }
  const isCreated = await writeSession(store, requestId, undefined, session, keptUntil(context, expiresAt))
  if (!isCreated) throw new TypeError('randomBytes gave the same number twice')
  return { id, requests, responseUri: dcApiUri(context, requestId), expiresAt: new Date(expiresAt) }
}

/** What the protocols beside OpenID4VP make of the query: those that were named, or all that can say it. */
async function askOthers(
  { dcApiProtocols = [] }: Context,
  { query, protocols, transactionData }: StartDcApiOptions,
): Promise<AskedByDcApi['others']> {
  const others: Record<string, AskedByDcApi['others'][string]> = {}
  for (const other of dcApiProtocols) {
    if (protocols && !protocols.includes(other.protocol)) continue
    // None of them has a place for transaction data.
    const asked = transactionData ? undefined : await other.ask(query)
    if (asked) others[other.protocol] = asked
    else if (protocols) throw new TypeError(`${other.protocol} cannot say this query`)
  }
  return others
}

async function openId4VpRequest(
  context: Context,
  protocol: string,
  asked: AskedRequest,
  origins: readonly string[],
): Promise<JsonObject> {
  const request = presentationRequest(context, asked) as unknown as JsonObject
  const known = openId4VpDcApiProtocols.find((name) => name === protocol)
  if (!known) throw new TypeError(`no protocol ${protocol} was given`)
  if (known === 'openid4vp-v1-unsigned') return request
  const options: SignDcApiRequestOptions = {
    request,
    expectedOrigins: origins,
    issuedAt: new Date(asked.startedAt),
    expiresAt: new Date(asked.expiresAt),
  }
  if (known === 'openid4vp-v1-multisigned') return multiSignDcApiRequest(context.clients, options)
  const { clientId, identity } = context
  return signDcApiRequest({ clientId, signer: identity.signer }, options)
}

/** As browsers spell one: compared as a text. */
function requireOrigin(text: string): void {
  if (!isEndpointUrl(text) || new URL(text).origin !== text) {
    throw new TypeError('an origin is scheme, host and port of an https URL: https://verifier.example')
  }
}
