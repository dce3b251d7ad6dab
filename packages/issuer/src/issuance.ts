import type { CredentialStatus, JsonValue, StatusReference } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { checkOptions, integerRule, optional, textRule } from '@ekkasan/core/options'
import { after, type Context } from './context.ts'
import { IssuerError } from './errors.ts'
import type { IssuanceRecord } from './types.ts'

/** What the store holds of one issued credential: no claim of it. */
export interface StoredIssuance {
  readonly offerId: string
  readonly subject: string
  readonly configurationId: string
  readonly credentialId: string
  readonly issuedAt: number
  readonly validUntil?: number
  readonly confirmed: boolean
  readonly statusReference?: StatusReference
}

const keyOf = (id: string) => `issuance/${id}`

/** Ids ascend with falling time, so that lists begin with the newest. */
export function createIssuanceId(context: Context): string {
  const fallingTime = (2 ** 48 - 1 - context.now().getTime()).toString(16).padStart(12, '0')
  return `${fallingTime}-${base64url(context.randomBytes(12))}`
}

/** A subject means something to the agency, so it stands in no key; its blinded form leads to its issuances. */
async function subjectPrefix({ secret }: Context, subject: string): Promise<string> {
  return `issuance-of/${base64url(await secret.mac('subject', subject))}/`
}

export async function recordIssuance(context: Context, id: string, issuance: StoredIssuance): Promise<void> {
  const expiry = expiryOf(context, issuance)
  const prefix = await subjectPrefix(context, issuance.subject)
  await Promise.all([
    context.store.put(keyOf(id), issuance as unknown as JsonValue, expiry),
    context.store.put(`${prefix}${id}`, true, expiry),
  ])
}

/** For a credential that never left: as if it had not been issued. */
export async function forgetIssuance(context: Context, id: string, subject: string): Promise<void> {
  const prefix = await subjectPrefix(context, subject)
  await Promise.all([context.store.delete(keyOf(id)), context.store.delete(`${prefix}${id}`)])
}

/** The wallet said that it keeps the credential. */
export async function confirmIssuance(context: Context, { id }: { readonly id: string }): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const entry = await context.store.get(keyOf(id))
    if (!entry) return
    const issuance = entry.value as unknown as StoredIssuance
    if (issuance.confirmed) return
    const confirmed = { ...issuance, confirmed: true } as unknown as JsonValue
    if (await context.store.swap(keyOf(id), entry.version, confirmed, expiryOf(context, issuance))) return
  }
}

export async function findIssuance(context: Context, id: string): Promise<IssuanceRecord | undefined> {
  const entry = await context.store.get(keyOf(id))
  return entry && describeIssuance(context, id, entry.value as unknown as StoredIssuance)
}

export async function listIssuances(
  context: Context,
  options: { readonly subject?: string; readonly after?: string; readonly limit?: number } = {},
): Promise<{ readonly issuances: readonly IssuanceRecord[]; readonly cursor?: string }> {
  // A misspelt `subject` would list everybody's.
  checkOptions<typeof options>(options, 'issuances', {
    subject: optional(textRule),
    after: optional(textRule),
    limit: optional(integerRule(1)),
  })
  const { subject, after: last, limit } = options
  const prefix = subject === undefined ? 'issuance/' : await subjectPrefix(context, subject)
  const page = await context.store.list(prefix, {
    ...(last !== undefined && { after: `${prefix}${last}` }),
    ...(limit !== undefined && { limit }),
  })
  const idOf = (key: string) => key.slice(prefix.length)
  const found = await Promise.all(
    page.entries.map(({ key, value }) =>
      subject === undefined
        ? describeIssuance(context, idOf(key), value as unknown as StoredIssuance)
        : findIssuance(context, idOf(key)),
    ),
  )
  return {
    issuances: found.filter((record) => record !== undefined),
    ...(page.cursor !== undefined && { cursor: idOf(page.cursor) }),
  }
}

/** @throws IssuerError `issuer.issuance.unknown`, `issuer.status.none` */
export async function setStatus(context: Context, id: string, status: CredentialStatus): Promise<void> {
  const entry = await context.store.get(keyOf(id))
  if (!entry) throw new IssuerError('issuer.issuance.unknown', 'no issuance of this id')
  const { statusReference } = entry.value as unknown as StoredIssuance
  if (!statusReference) {
    throw new IssuerError('issuer.status.none', 'the credential was issued without a status')
  }
  await context.statuses.of(statusReference).set(statusReference, status)
}

export async function isConfirmed({ store }: Context, id: string): Promise<boolean> {
  const entry = await store.get(keyOf(id))
  return (entry?.value as unknown as StoredIssuance | undefined)?.confirmed === true
}

/** Also where its record is still on its way to the store, or never came there. */
export async function revokeUnconfirmed(
  context: Context,
  { id, status }: { readonly id: string; readonly status?: StatusReference },
): Promise<void> {
  if (!status || (await isConfirmed(context, id))) return
  const authority = context.statuses.of(status)
  if ((await authority.get(status)) !== 'revoked') await authority.set(status, 'revoked')
}

async function describeIssuance(
  context: Context,
  id: string,
  issuance: StoredIssuance,
): Promise<IssuanceRecord> {
  const { issuedAt, validUntil, statusReference, ...rest } = issuance
  const status = statusReference ? await context.statuses.of(statusReference).get(statusReference) : 'valid'
  return {
    id,
    ...rest,
    issuedAt: new Date(issuedAt),
    ...(validUntil !== undefined && { validUntil: new Date(validUntil) }),
    status,
    ...(statusReference && { statusReference }),
  }
}

function expiryOf({ lifetimes }: Context, { validUntil }: StoredIssuance): { expiresAt?: Date } {
  return validUntil === undefined ? {} : { expiresAt: after(new Date(validUntil), lifetimes.record) }
}
