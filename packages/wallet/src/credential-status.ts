import type { CheckStatus, CredentialStatus, JsonValue, Store } from '@ekkasan/core'
import type { ReceivingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { findKeptCredential } from './kept-credential.ts'
import type { FoundStatus } from './types.ts'

/** What the wallet's store holds of the last look at a status, under `credential-status/<id>`; times in milliseconds. */
interface KeptStatus {
  readonly status: CredentialStatus
  readonly asOf: number
  readonly checkedAt: number
}

const keyOf = (id: string) => `credential-status/${id}`

/**
 * Looks up the status of a credential and keeps the answer. One that is revoked is not asked about again: nothing
 * comes after it.
 * @returns undefined for a credential without status
 * @throws ResolveError when the status could not be found out; WalletError `wallet.credential.unknown`
 */
export async function lookUpStatus(
  { store, clock }: Pick<ReceivingContext, 'store' | 'clock'>,
  checkStatus: CheckStatus,
  id: string,
): Promise<FoundStatus | undefined> {
  const kept = await findKeptCredential(store, id)
  if (!kept) throw new WalletError('wallet.credential.unknown', 'no such credential is kept here')
  if (!kept.status) return undefined
  const last = await lastStatus(store, id)
  if (last?.status === 'revoked') return last
  const answer = await checkStatus(kept.status, { issuer: kept.issuer })
  if (answer.status === 'ignored') return undefined
  const { status, asOf } = answer
  const found: FoundStatus = { status, asOf, checkedAt: clock() }
  const record: KeptStatus = { status, asOf: asOf.getTime(), checkedAt: found.checkedAt.getTime() }
  await store.put(keyOf(id), record as unknown as JsonValue)
  return found
}

/** What was found when the status was last looked up, if it ever was. */
export async function lastStatus(store: Store, id: string): Promise<FoundStatus | undefined> {
  const kept = (await store.get(keyOf(id)))?.value as unknown as KeptStatus | undefined
  return kept && { status: kept.status, asOf: new Date(kept.asOf), checkedAt: new Date(kept.checkedAt) }
}

export async function forgetStatus(store: Store, id: string): Promise<void> {
  await store.delete(keyOf(id))
}
