import { createGuardedFetch, type IsTrusted, type TrustedParty, trustAnyone, trustOnly } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { createBrowserHolderKeys, createIndexedDbStore, createWallet, type Wallet } from '@ekkasan/wallet'
import { readClientCertificate } from '@ekkasan/x509'
import { issuerKeys, trustedAuthorities, trustIssuers } from '@ekkasan-examples/documents'
import { createHolderFormats } from '../formats.ts'
import type { WalletConfig } from '../wallet-config.ts'
import { createDeviceClock, type DeviceClock } from './device-clock.ts'
import { createStatusLookup } from './status-checker.ts'

const loopback = ['localhost:*', '127.0.0.1:*', '[::1]:*']

export interface OpenedWallet extends Wallet {
  /** Whether a party stands in the server's lists; in a trial others are trusted too. */
  isListed(role: 'credential-issuer' | 'verifier', id: string): boolean
  /** Beside what servers say of the time. */
  readonly clock: DeviceClock
  /** Whether anything is received from this issuer at all. */
  accepts(issuer: string): boolean
}

export function openWallet(config: WalletConfig): OpenedWallet {
  const { trustedIssuers: issuers, trustedCertificates: certificates, allowHttp } = config
  const allowHosts = allowHttp ? loopback : []
  const clock = createDeviceClock(createGuardedFetch({ allowHosts, timeout: 15_000, maxBytes: 8_388_608 }))
  const { fetch } = clock
  const resolveDid = createDidResolver({ fetch, allowHttp: allowHosts })
  const keys = issuerKeys({ fetch, resolveDid, allowHttp, certificates })
  const verifiers = config.trustedVerifiers.map((id): TrustedParty => ({ role: 'verifier', id }))
  const trusted = { issuer: trustIssuers({ issuers, certificates }), verifier: trustOnly(verifiers) }
  const isListedOnly: IsTrusted = (question) =>
    question.role === 'verifier' ? trusted.verifier(question) : trusted.issuer(question)
  const isTrusted = config.trustAnyone === undefined ? isListedOnly : trustAnyone(config.trustAnyone)
  const checkStatus = createStatusLookup({ fetch, resolveIssuerKey: keys.resolveIssuerKey, isTrusted })
  const wallet = createWallet({
    formats: createHolderFormats({ ...keys, issuers }),
    keys: createBrowserHolderKeys(),
    store: createIndexedDbStore(),
    isTrusted,
    checkStatus,
    trustedAuthorities,
    readCertificate: readClientCertificate,
    resolveDid,
    fetch,
  })
  const isListed = (role: 'credential-issuer' | 'verifier', id: string) =>
    (role === 'verifier' ? config.trustedVerifiers : issuers).includes(id)
  return {
    ...wallet,
    clock,
    isListed,
    accepts: (issuer) => config.trustAnyone !== undefined || isListed('credential-issuer', issuer),
  }
}
