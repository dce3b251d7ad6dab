import type {
  Check,
  Credential,
  CredentialView,
  HolderKey,
  IssuerIdentity,
  JsonObject,
  JsonValue,
  LanguageMap,
  Signer,
  StatusReference,
  Store,
} from '@ekkasan/core'
import { jwkThumbprint } from '@ekkasan/keys'
import type { FoundStatus, HolderKeys, StoredCredential } from './types.ts'

/** What the wallet's store holds of one credential, under `credential/<id>`. */
export interface KeptCredential {
  readonly id: string
  readonly format: string
  /** As it was issued. */
  readonly credential: Credential
  /** The key it is bound to. */
  readonly holder: HolderKey
  readonly issuer: IssuerIdentity
  readonly issuerNames: LanguageMap
  readonly metadata: JsonObject
  readonly view: CredentialView
  readonly checks: readonly Check[]
  /** Where its status stands, if it has one; absent in what was kept before it was written. */
  readonly status?: StatusReference
  /** Milliseconds; absent in what was kept before it was written. */
  readonly validity?: { readonly from?: number; readonly until?: number }
  /** Milliseconds. */
  readonly receivedAt: number
}

const prefix = 'credential/'

export async function keepCredential(store: Store, kept: KeptCredential): Promise<void> {
  await store.put(`${prefix}${kept.id}`, kept as unknown as JsonValue)
}

export async function findKeptCredential(store: Store, id: string): Promise<KeptCredential | undefined> {
  return (await store.get(`${prefix}${id}`))?.value as unknown as KeptCredential | undefined
}

/** All of them, in the order in which they were received. */
export async function listKeptCredentials(store: Store): Promise<readonly KeptCredential[]> {
  const kept: KeptCredential[] = []
  let after: string | undefined
  do {
    const page = await store.list(prefix, { limit: 1000, ...(after !== undefined && { after }) })
    kept.push(...page.entries.map(({ value }) => value as unknown as KeptCredential))
    after = page.cursor
  } while (after !== undefined)
  return kept.sort((a, b) => a.receivedAt - b.receivedAt)
}

/** The signer of the key that a credential is bound to, named by the DID URL it was bound under, if any. */
export async function holderSigner(keys: HolderKeys, kept: KeptCredential): Promise<Signer | undefined> {
  const signer = await keys.find(jwkThumbprint(kept.holder.jwk))
  const { kid } = kept.holder
  return signer && kid !== undefined ? { ...signer, key: { ...signer.key, kid } } : signer
}

export function describeKeptCredential(kept: KeptCredential, lastStatus?: FoundStatus): StoredCredential {
  const { id, format, issuer, issuerNames, metadata, view, checks } = kept
  const { from, until } = kept.validity ?? {}
  return {
    id,
    format,
    issuer,
    issuerNames,
    metadata,
    view,
    checks,
    hasStatus: kept.status !== undefined,
    ...(lastStatus && { lastStatus }),
    validity: {
      ...(from !== undefined && { from: new Date(from) }),
      ...(until !== undefined && { until: new Date(until) }),
    },
    receivedAt: new Date(kept.receivedAt),
  }
}

export async function removeKeptCredential(store: Store, keys: HolderKeys, id: string): Promise<void> {
  const kept = await findKeptCredential(store, id)
  if (!kept) return
  await store.delete(`${prefix}${id}`)
  await keys.delete(jwkThumbprint(kept.holder.jwk))
}
