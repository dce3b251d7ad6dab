import type { JsonValue, Presentation } from '@ekkasan/core'
import { type DcqlQuery, missingCredentials } from '@ekkasan/openid4vc'
import type { PresentingContext } from './context.ts'
import { WalletError } from './errors.ts'
import { findKeptCredential, holderSigner } from './kept-credential.ts'
import { coversTransactionData, type OpenRequest } from './request.ts'
import type { Answered, PresentationOption, ReceivedRequest } from './types.ts'

/** Query id -> ids of the credentials chosen for it. */
export type PresentationChoice = Readonly<Record<string, readonly string[]>>

/**
 * Presents the chosen credentials, each with no more than was shown for it, bound to this verifier and request.
 * @throws WalletError; TypeError when the choice is not one that was offered, or does not answer the request
 */
export async function present(
  context: PresentingContext,
  shown: ReceivedRequest,
  open: OpenRequest,
  choice: PresentationChoice,
): Promise<Answered> {
  if (!open.trusted) throw new WalletError('wallet.present.untrusted', 'the verifier is not trusted')
  requireComplete(open.query, choice)
  const transactions = transactionsByQuery(context, open, choice)
  const vpToken: Record<string, readonly JsonValue[]> = {}
  for (const [queryId, credentialIds] of Object.entries(choice)) {
    const presentations: Presentation[] = []
    for (const credentialId of credentialIds) {
      const candidate = candidateOf(shown, queryId, credentialId)
      presentations.push(await presentOne(context, open, candidate, transactions.get(queryId) ?? []))
    }
    vpToken[queryId] = presentations
  }
  return open.answer({ vp_token: vpToken })
}

/** Tells the verifier that the person said no (`access_denied`). */
export async function decline(open: OpenRequest): Promise<Answered> {
  return open.answer({ error: 'access_denied' })
}

function requireComplete(query: DcqlQuery, choice: PresentationChoice): void {
  for (const [queryId, credentialIds] of Object.entries(choice)) {
    const asked = query.credentials.find(({ id }) => id === queryId)
    if (!asked) throw new TypeError('the choice answers what was not asked')
    if (credentialIds.length === 0 || new Set(credentialIds).size !== credentialIds.length) {
      throw new TypeError('the choice for a query is empty or names a credential twice')
    }
    if (credentialIds.length > 1 && asked.multiple !== true) {
      throw new TypeError('the choice has several credentials where one was asked for')
    }
  }
  const missing = missingCredentials(query, Object.keys(choice))
  if (missing.length > 0) throw new TypeError(`the choice lacks ${missing.join(', ')}`)
}

type Candidate = PresentationOption['candidates'][number]

function candidateOf(shown: ReceivedRequest, queryId: string, credentialId: string): Candidate {
  const option = shown.options.find((offered) => offered.queryId === queryId)
  const candidate = option?.candidates.find((offered) => offered.credentialId === credentialId)
  if (!candidate) throw new TypeError('the choice names a credential that was not offered')
  return candidate
}

async function presentOne(
  { formats, store, keys, clock }: PresentingContext,
  { binding }: OpenRequest,
  { credentialId, disclose, shown }: Candidate,
  transactionData: readonly string[],
): Promise<Presentation> {
  const kept = await findKeptCredential(store, credentialId)
  const holder = kept && (await holderSigner(keys, kept))
  const format = formats.find((known) => known.format === kept?.format)
  if (!kept || !holder || !format) {
    throw new WalletError('wallet.credential.unknown', 'the credential or its key is no longer kept')
  }
  if (JSON.stringify(format.shown(kept.credential, disclose)) !== JSON.stringify(shown)) {
    throw new TypeError('the request was changed: what would be sent is not what `shown` says')
  }
  return format.present(kept.credential, {
    disclose,
    holder,
    clock,
    binding: { ...binding, ...(transactionData.length > 0 && { transactionData }) },
  })
}

/** Of the credentials by which a transaction can be authorised only one is used: the first named that was chosen. */
function transactionsByQuery(
  { formats }: PresentingContext,
  { query, transactions }: OpenRequest,
  choice: PresentationChoice,
): ReadonlyMap<string, readonly string[]> {
  const byQuery = new Map<string, readonly string[]>()
  for (const { credentialIds, encoded } of transactions) {
    const queryId = credentialIds.find(
      (id) =>
        Object.hasOwn(choice, id) &&
        coversTransactionData(
          formats,
          query.credentials.find((asked) => asked.id === id),
        ),
    )
    if (queryId === undefined) throw new TypeError('the choice has no credential to authorise a transaction')
    byQuery.set(queryId, [...(byQuery.get(queryId) ?? []), encoded])
  }
  return byQuery
}
