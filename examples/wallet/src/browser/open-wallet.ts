import {
  cached,
  createGuardedFetch,
  type IsTrusted,
  resolveIssuerKeyBy,
  type TrustedParty,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import { createDidResolver, resolveDidIssuer } from '@ekkasan/did'
import { jwtVcHolder } from '@ekkasan/jwt-vc'
import { resolveJwtVcIssuer, sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { createBrowserHolderKeys, createIndexedDbStore, createWallet, type Wallet } from '@ekkasan/wallet'
import { readClientCertificate } from '@ekkasan/x509'
import type { WalletConfig } from '../wallet-config.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

export interface OpenedWallet extends Wallet {
  /** Whether a party stands in the server's lists; in a trial others are trusted too. */
  isListed(role: 'credential-issuer' | 'verifier', id: string): boolean
  /** Whether anything is received from this issuer at all. */
  accepts(issuer: string): boolean
}

export function openWallet(config: WalletConfig): OpenedWallet {
  const allowHosts = config.allowHttp ? loopback : []
  const fetch = createGuardedFetch({ allowHosts, timeout: 15_000, maxBytes: 8_388_608 })
  const resolveDid = createDidResolver({ fetch, allowHttp: allowHosts })
  const resolveIssuerKey = resolveIssuerKeyBy({
    https: resolveJwtVcIssuer({ fetch, allowHttp: config.allowHttp }),
    did: cached(resolveDidIssuer(resolveDid), { lifetime: 60_000 }),
  })
  const listed: readonly TrustedParty[] = [
    ...config.trustedIssuers.map((id) => ({ role: 'credential-issuer' as const, id })),
    ...config.trustedVerifiers.map((id) => ({ role: 'verifier' as const, id })),
  ]
  const isListed = (role: TrustedParty['role'], id: string) =>
    listed.some((party) => party.role === role && party.id === id)
  const isTrusted: IsTrusted =
    config.trustAnyone === undefined ? trustOnly(listed) : trustAnyone(config.trustAnyone)
  const wallet = createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey }), jwtVcHolder({ resolveIssuerKey })],
    keys: createBrowserHolderKeys(),
    store: createIndexedDbStore(),
    isTrusted,
    readCertificate: readClientCertificate,
    resolveDid,
    fetch,
  })
  return {
    ...wallet,
    isListed,
    accepts: (issuer) => config.trustAnyone !== undefined || isListed('credential-issuer', issuer),
  }
}
