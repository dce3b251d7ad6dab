import { createGuardedFetch, createMemoryStore, type JsonObject, trustAnyone } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import {
  createMemoryHolderKeys,
  createWallet,
  requireReceived,
  type Wallet,
  WalletError,
} from '@ekkasan/wallet'
import { readClientCertificate } from '@ekkasan/x509'
import type { createBackOffice } from '../../examples/demo/src/back-office.ts'
import { issuerKeys, trustedAuthorities } from '../../examples/documents/src/index.ts'
import { createHolderFormats } from '../../examples/wallet/src/formats.ts'

type BackOffice = ReturnType<typeof createBackOffice>

/** A wallet in this process that reaches the given programs on loopback, with all formats unless told which. */
export function createTestWallet(
  addresses: readonly string[],
  certificates: readonly string[] = [],
  formats?: readonly string[],
): Wallet {
  const hosts = ['127.0.0.1:*', ...addresses.map((address) => new URL(address).host)]
  const fetch = createGuardedFetch({ allowHosts: hosts })
  const resolveDid = createDidResolver({ fetch, allowHttp: hosts })
  const keys = issuerKeys({ fetch, resolveDid, allowHttp: true, certificates })
  return createWallet({
    formats: createHolderFormats({ ...keys, issuers: addresses }).filter(
      ({ format }) => formats?.includes(format) ?? true,
    ),
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    trustedAuthorities,
    readCertificate: readClientCertificate,
    resolveDid,
    fetch,
  })
}

/**
 * Offers a document to a wallet through the issuer's back office, in one format or in all that the issuer has; resolves
 * to the issuance's id.
 */
export async function issueTo(
  wallet: Wallet,
  office: BackOffice,
  subject: string,
  offered: string | { readonly document: string } = 'ThaiNationalID-sd-jwt-vc',
): Promise<string> {
  const what = typeof offered === 'string' ? { credentials: [offered] } : { ...offered }
  const offer = await office('POST', '/offers', { subject, ...what, tx_code: true })
  requireReceived(
    await wallet.receive(await wallet.readOffer(String(offer.uriByReference)), {
      txCode: String(offer.txCode),
    }),
  )
  const { state } = await office('GET', `/offers/${offer.id}`)
  return ((state as JsonObject).issuances as string[])[0] as string
}

/** Asks through the verifier's back office, answers with the first credential that fits; resolves to the result. */
export async function presentTo(wallet: Wallet, office: BackOffice, useCase = 'age20'): Promise<JsonObject> {
  const asked = await office('POST', '/requests', { use_case: useCase })
  const request = await wallet.readRequest(String(asked.request_uri))
  const option = request.options.find(({ candidates }) => candidates.length > 0)
  await wallet
    .present(request, { [option?.queryId ?? '']: [option?.candidates[0]?.credentialId ?? ''] })
    .catch((error: unknown) => {
      // The verifier says no more than that; its report is for the back office.
      if (!(error instanceof WalletError) || !/^wallet\.present\.(refused|unavailable)$/.test(error.code))
        throw error
    })
  return office('GET', `/requests/${asked.id}`)
}
