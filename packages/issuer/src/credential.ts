import {
  type Claims,
  ClaimsError,
  type Credential,
  type CredentialConfiguration,
  type DocumentType,
  type HolderKey,
  issuedTimes,
  requireClaims,
  type StatusReference,
  type Validity,
} from '@ekkasan/core'
import { base64url, hex } from '@ekkasan/core/bytes'
import { anyRule, checkOptions, dateRule, optional } from '@ekkasan/core/options'
import { isSameKey } from '@ekkasan/keys'
import {
  accessTokenError,
  type CredentialRequest,
  credentialError,
  parseCredentialRequest,
  parseProof,
  verifyProof,
} from '@ekkasan/openid4vc'
import type { Authorized } from './access-token.ts'
import type { Context } from './context.ts'
import { IssuerError } from './errors.ts'
import { createIssuanceId, forgetIssuance, recordIssuance, type StoredIssuance } from './issuance.ts'
import { isFreshNonce, isNonceUsed, useNonce } from './nonce.ts'
import {
  changeOffer,
  type IssuedUnderOffer,
  readOffer,
  type StoredOffer,
  writeOffer,
} from './offer-record.ts'
import { identifierOf } from './token.ts'
import type { GetClaims } from './types.ts'

/** An immediate credential response, OpenID4VCI section 8.3. */
export interface CredentialAnswer {
  readonly credentials: readonly { readonly credential: Credential }[]
  readonly notification_id: string
  /** Where the request had a single proof, as before 1.0. */
  readonly credential?: Credential
}

/**
 * The credential step, OpenID4VCI section 8: verify the proofs, take statuses, sign, and release only what was recorded
 * by winning the swaps of the nonce and of the offer. If signing fails, nothing is spent and the wallet may ask again.
 * @throws IssuanceError
 */
export async function issueCredentials(
  context: Context,
  authorized: Authorized,
  body: string,
): Promise<CredentialAnswer> {
  const request = parseCredentialRequest(body, {
    maxProofs: context.batchSize,
    acceptSingleProof: context.options.compatibility === 'etda-draft-2026',
  })
  const configuration = findConfiguration(context, authorized, request)
  const proven = await verifyProofs(context, configuration, request, authorized)
  const { subject } = authorized.offer
  const [data, isUsed] = await Promise.all([
    context.options.getClaims(subject, configuration.id),
    proven.nonce !== undefined && isNonceUsed(context, proven.nonce),
  ])
  if (isUsed) throw usedNonce()
  if (data) requireRecordShape(context, data)
  if (!data || (data.validUntil && data.validUntil <= context.now())) {
    throw nothingToIssue(context, configuration.id, data !== undefined)
  }
  // Before a status is taken: what cannot be issued uses none.
  const record = requireRecord(context, configuration.document, data)
  const authority = context.statuses.for(configuration.format)
  const statuses = await Promise.all(proven.holders.map(() => authority?.allocate()))
  const issued = await Promise.all(
    proven.holders.map((holder, index) =>
      issueOne(context, authorized, configuration, record, holder, statuses[index]),
    ),
  ).catch((error: unknown) => {
    throw error instanceof ClaimsError ? notIssuable(context, error) : error
  })
  const notificationId = base64url(context.randomBytes(16))
  const issuances = issued.map(({ id, record: { statusReference: status } }) => ({
    id,
    ...(status && { status }),
  }))
  // All in one turn, so that a store that gathers the writes of a turn commits them together.
  const [isFirst, isReleased] = await Promise.all([
    proven.nonce === undefined || useNonce(context, proven.nonce),
    release(context, authorized, { configurationId: configuration.id, notificationId, issuances }),
    ...issued.map(({ id, record }) => recordIssuance(context, id, record)),
  ])
  if (!isFirst || !isReleased) {
    if (isReleased) await retract(context, authorized.id, notificationId)
    await Promise.all(issuances.map(({ id }) => forgetIssuance(context, id, subject)))
    throw isFirst ? alreadyIssued() : usedNonce()
  }
  return {
    credentials: issued.map(({ credential }) => ({ credential })),
    notification_id: notificationId,
    ...(request.isSingleProof && issued[0] && { credential: issued[0].credential }),
  }
}

/** What one request's credentials say, whoever holds them: they share their times. */
interface IssuableRecord {
  readonly claims: Claims
  readonly issuedAt: Date
  /** Exact; what a credential says is rounded. */
  readonly validUntil?: Date
  readonly validity: Validity
}

/** @throws ProtocolError `credential_request_denied`; the fault itself is for the agency's log alone */
function requireRecord(
  context: Context,
  document: DocumentType,
  { claims, validUntil }: { readonly claims: Claims; readonly validUntil?: Date },
): IssuableRecord {
  const issuedAt = context.now()
  try {
    return {
      claims: requireClaims(document, claims),
      issuedAt,
      ...(validUntil && { validUntil }),
      validity: issuedTimes(
        issuedAt,
        { from: issuedAt, ...(validUntil && { until: validUntil }) },
        context.timeZone,
      ),
    }
  } catch (error) {
    throw notIssuable(context, error)
  }
}

type GivenRecord = NonNullable<Awaited<ReturnType<GetClaims>>>

/** A misspelt `validUntil`, or a zero or null in it, would be no end at all. */
function requireRecordShape(context: Context, data: GivenRecord): void {
  try {
    checkOptions<GivenRecord>(data, 'getClaims', { claims: anyRule, validUntil: optional(dateRule) })
  } catch (error) {
    throw notIssuable(context, error)
  }
}

/** OpenID4VCI section 8.3.1.2: the wallet learns that it will not be issued, and nothing of the record. */
function notIssuable({ options }: Context, error: unknown) {
  options.onError?.(error)
  return credentialError('credential_request_denied', 'this credential cannot be issued')
}

/** The wallet is told no reason; without one in the log its developer would look for it in the wallet. */
function nothingToIssue(context: Context, configurationId: string, hasEnded: boolean): Error {
  const error = hasEnded
    ? new IssuerError('issuer.claims.ended', `getClaims: validUntil for ${configurationId} is past`)
    : new IssuerError(
        'issuer.claims.none',
        `getClaims returned nothing for the subject of the offer and ${configurationId}`,
      )
  context.options.onError?.(error)
  return credentialError('credential_request_denied', 'there is nothing to issue', { cause: error })
}

async function issueOne(
  context: Context,
  { id: offerId, offer }: Authorized,
  { id: configurationId, document, format }: CredentialConfiguration,
  { claims, issuedAt, validUntil, validity }: IssuableRecord,
  holder: HolderKey | undefined,
  status: StatusReference | undefined,
) {
  const credentialId = `urn:uuid:${createUuid(context.randomBytes(16))}`
  const credential = await format.issue({
    document,
    issuer: context.url,
    claims,
    ...(holder && { holder }),
    ...(status && { status }),
    validity,
    id: credentialId,
  })
  const record: StoredIssuance = {
    offerId,
    subject: offer.subject,
    configurationId,
    credentialId,
    issuedAt: issuedAt.getTime(),
    ...(validUntil && { validUntil: validUntil.getTime() }),
    confirmed: false,
    ...(status && { statusReference: status }),
  }
  return { id: createIssuanceId(context), credential, record }
}

function findConfiguration(
  context: Context,
  { redeemed }: Authorized,
  request: CredentialRequest,
): CredentialConfiguration {
  const { credential_identifier: identifier, credential_configuration_id: configurationId } = request
  if ((identifier !== undefined) !== redeemed.byIdentifier) {
    const rule = redeemed.byIdentifier
      ? 'the token response named credential identifiers: ask by one of them'
      : 'the token response named no credential identifiers: ask by credential configuration'
    throw credentialError('invalid_credential_request', rule)
  }
  const id = configurationId ?? redeemed.granted.find((granted) => identifierOf(granted) === identifier)
  if (id === undefined) {
    throw credentialError('unknown_credential_identifier', 'the credential identifier is unknown')
  }
  const configuration = context.configurations.get(id)
  if (!configuration) {
    throw credentialError('unknown_credential_configuration', 'the credential configuration is unknown')
  }
  if (!redeemed.granted.includes(id)) {
    throw accessTokenError('insufficient_scope', 'the access token is not for this credential')
  }
  if (isIssued(redeemed.issued, id)) throw alreadyIssued()
  return configuration
}

interface Proven {
  /** To whom to issue, one for each proof; where no binding is supported it is one, unnamed. */
  readonly holders: readonly (HolderKey | undefined)[]
  /** Authentic and fresh, but perhaps used before. */
  readonly nonce?: string
}

async function verifyProofs(
  context: Context,
  configuration: CredentialConfiguration,
  request: CredentialRequest,
  { redeemed }: Authorized,
): Promise<Proven> {
  const bindingMethods = context.bindingMethods(configuration)
  if (bindingMethods.length === 0) return { holders: [undefined] }
  if (request.proofs.length === 0) {
    throw credentialError(
      'invalid_proof',
      'proofs is missing: this credential is bound to a key (proof is not read)',
    )
  }
  const proofs = request.proofs.map((jwt) =>
    parseProof(jwt, {
      issuer: context.url,
      algorithms: context.proofAlgorithms,
      maxAge: context.lifetimes.nonce,
      now: context.now(),
      ...(redeemed.clientId !== undefined && { clientId: redeemed.clientId }),
    }),
  )
  const text = proofs[0]?.nonce ?? ''
  if (proofs.some((proof) => proof.nonce !== text)) {
    throw credentialError('invalid_nonce', 'the proofs of a request carry one and the same nonce')
  }
  if (!(await isFreshNonce(context, text)))
    throw credentialError(
      'invalid_nonce',
      'the nonce is not from this issuer or has expired: fetch a new one',
    )
  const { resolveDid } = context.options
  const holders = await Promise.all(
    proofs.map((proof) => verifyProof(proof, { bindingMethods, ...(resolveDid && { resolveDid }) })),
  )
  const isRepeated = holders.some((holder, index) =>
    holders.slice(0, index).some((earlier) => isSameKey(earlier.jwk, holder.jwk)),
  )
  if (isRepeated) throw credentialError('invalid_proof', 'two proofs are of one key')
  return { holders, nonce: text }
}

/** Writes what was issued into the offer, unless it was withdrawn or the same was issued meanwhile. */
async function release(
  context: Context,
  { id, offer, version }: Authorized,
  entry: IssuedUnderOffer,
): Promise<boolean> {
  let current: { readonly offer: StoredOffer; readonly version: number } | undefined = { offer, version }
  for (let round = 0; current && round < 50; round++) {
    const { state } = current.offer
    if (state.name !== 'redeemed' || state.withdrawn || isIssued(state.issued, entry.configurationId)) {
      return false
    }
    const next = { ...current.offer, state: { ...state, issued: [...state.issued, entry] } }
    if (await writeOffer(context, id, next, current.version)) return true
    current = await readOffer(context, id)
  }
  return false
}

/** Takes back what was written into the offer: it was not released after all, and may be asked for again. */
async function retract(context: Context, id: string, notificationId: string): Promise<void> {
  await changeOffer(context, id, (offer) => {
    const { state } = offer
    if (state.name !== 'redeemed') return offer
    const issued = state.issued.filter((entry) => entry.notificationId !== notificationId)
    return { ...offer, state: { ...state, issued } }
  })
}

function isIssued(issued: readonly IssuedUnderOffer[], configurationId: string): boolean {
  return issued.some((entry) => entry.configurationId === configurationId)
}

/** RFC 9562 version 4. */
function createUuid(random: Uint8Array): string {
  const bytes = Uint8Array.from(random)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const usedNonce = () => credentialError('invalid_nonce', 'the nonce was used before')
const alreadyIssued = () =>
  credentialError('credential_request_denied', 'this credential was already issued for this access token')
