import { withStoreErrors } from '@ekkasan/core'
import { platformRandomBytes } from '@ekkasan/core/bytes'
import {
  checkOptions,
  functionRule,
  isTrustedRule,
  languageMapRule,
  listRule,
  numberRule,
  type OptionRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  portRule,
  signerRule,
  storeRule,
  textRule,
  unknownMember,
  verifierFormatRule,
} from '@ekkasan/core/options'
import { certificateHashClientId, requireEndpointUrl } from '@ekkasan/openid4vc'
import type { Context } from './context.ts'
import { completeDcApi } from './dc-api-response.ts'
import { startDcApi } from './dc-api-start.ts'
import { forget, result, toState } from './result.ts'
import { createRoutes } from './routes.ts'
import { requestIdOf } from './session.ts'
import { start } from './start.ts'
import type { ClientIdentity, CreateVerifierOptions, Verifier } from './types.ts'

const identityMembers: Readonly<Record<ClientIdentity['prefix'], readonly string[]>> = {
  x509_hash: ['prefix', 'signer'],
  x509_san_dns: ['prefix', 'signer', 'dnsName'],
  decentralized_identifier: ['prefix', 'signer', 'did', 'document'],
}

const identityRule: OptionRule = (value, path) => {
  objectRule(value, path)
  const identity = value as ClientIdentity
  oneOfRule(['x509_hash', 'x509_san_dns', 'decentralized_identifier'])(identity.prefix, `${path}.prefix`)
  signerRule(identity.signer, `${path}.signer`)
  if (identity.prefix === 'x509_san_dns') textRule(identity.dnsName, `${path}.dnsName`)
  if (identity.prefix === 'decentralized_identifier') textRule(identity.did, `${path}.did`)
  const unknown = unknownMember(identity, identityMembers[identity.prefix])
  if (unknown !== undefined) throw new TypeError(`${path}: ${unknown}`)
}

const rules: OptionRules<CreateVerifierOptions> = {
  url: textRule,
  names: languageMapRule,
  identity: identityRule,
  formats: listRule(verifierFormatRule, { least: 1 }),
  store: storeRule,
  isTrusted: isTrustedRule,
  checkStatus: optional(functionRule),
  trustedAuthorities: optional(objectRule),
  queryExtensions: optional(listRule(textRule)),
  dcApiProtocols: optional(listRule(portRule('a protocol, as isoMdocVerifier() makes one', ['ask', 'open']))),
  otherIdentities: optional(listRule(identityRule)),
  requestLifetime: optional(numberRule(1)),
  resultLifetime: optional(numberRule(0)),
  onError: optional(functionRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

/**
 * A verifier over OpenID4VP 1.0: mount its `fetch` under `url`, call `start` to ask, show `requestUri` as a link or
 * QR, and read `result`.
 * @throws TypeError when the options do not fit together
 */
export function createVerifier(options: CreateVerifierOptions): Verifier {
  checkOptions(options, 'createVerifier', rules)
  const url = options.url.replace(/\/$/, '')
  requireEndpointUrl(url, 'createVerifier: url')
  const context: Context = {
    ...options,
    store: withStoreErrors(options.store),
    url,
    clients: [options.identity, ...(options.otherIdentities ?? [])].map((identity) => ({
      clientId: clientIdOf(identity),
      signer: identity.signer,
    })),
    clientId: clientIdOf(options.identity),
    requestLifetime: options.requestLifetime ?? 300,
    resultLifetime: options.resultLifetime ?? 600,
    clock: options.clock ?? (() => new Date()),
    randomBytes: options.randomBytes ?? platformRandomBytes,
  }
  return {
    fetch: createRoutes(context),
    clientId: context.clientId,
    start: (startOptions) => start(context, startOptions),
    startDcApi: (startOptions) => startDcApi(context, startOptions),
    async completeDcApi(id, response) {
      const { outcome, at } = await completeDcApi(context, requestIdOf(id), response)
      return toState(outcome, at)
    },
    result: (id, proof) => result(context, id, proof),
    forget: (id) => forget(context, id),
  }
}

function clientIdOf(identity: ClientIdentity): string {
  const { kid, x5c } = identity.signer.key
  if (identity.prefix === 'decentralized_identifier') {
    if (!kid?.startsWith(`${identity.did}#`))
      throw new TypeError('signer.key.kid is not a DID URL of the DID')
    return `decentralized_identifier:${identity.did}`
  }
  if (!x5c?.length) throw new TypeError('signer.key.x5c is needed for a client identifier by certificate')
  return identity.prefix === 'x509_hash' ? certificateHashClientId(x5c) : `x509_san_dns:${identity.dnsName}`
}
