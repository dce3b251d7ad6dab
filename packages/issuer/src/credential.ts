import type { CredentialConfiguration, HolderKey } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
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
import { createIssuanceId, forgetIssuance, recordIssuance, type StoredIssuance } from './issuance.ts'
import { checkNonce, useNonce } from './nonce.ts'
import { readOffer, type StoredOffer, writeOffer } from './offer-record.ts'
import { identifierOf } from './token.ts'

/** An immediate credential response, OpenID4VCI section 8.3. */
export interface CredentialAnswer {
  readonly credentials: readonly { readonly credential: string }[]
  readonly notification_id: string
}

/**
 * The credential step, OpenID4VCI section 8: verify the proofs, spend their nonce, take statuses, sign, and release
 * only what was recorded by winning the offer's swap.
 * @throws IssuanceError
 */
export async function issueCredentials(
  context: Context,
  authorized: Authorized,
  body: string,
): Promise<CredentialAnswer> {
  const request = parseCredentialRequest(body, { maxProofs: context.batchSize })
  const configuration = findConfiguration(context, authorized, request)
  const holders = await verifyProofs(context, configuration, request, authorized)
  const { subject } = authorized.offer
  const data = await context.options.getClaims(subject, configuration.id)
  if (!data) throw credentialError('credential_request_denied', 'there is nothing to issue')

  const statuses = await Promise.all(holders.map(() => context.status?.allocate()))
  const now = context.now()
  const validity = { from: now, ...(data.validUntil && { until: data.validUntil }) }
  const issued = await Promise.all(
    holders.map(async (holder, index) => {
      const status = statuses[index]
      const credentialId = `urn:uuid:${createUuid(context.randomBytes(16))}`
      const credential = await configuration.format.issue({
        document: configuration.document,
        issuer: context.url,
        claims: data.claims,
        ...(holder && { holder }),
        ...(status && { status }),
        validity,
        id: credentialId,
      })
      const record: StoredIssuance = {
        offerId: authorized.id,
        subject,
        configurationId: configuration.id,
        credentialId,
        issuedAt: now.getTime(),
        ...(data.validUntil && { validUntil: data.validUntil.getTime() }),
        confirmed: false,
        ...(status && { statusReference: status }),
      }
      return { id: createIssuanceId(context), credential, record }
    }),
  )
  const notificationId = base64url(context.randomBytes(16))
  const issuances = issued.map(({ id }) => id)
  const [isReleased] = await Promise.all([
    commit(context, authorized, { configurationId: configuration.id, notificationId, issuances }),
    ...issued.map(({ id, record }) => recordIssuance(context, id, record)),
  ])
  if (!isReleased) {
    await Promise.all(issuances.map((id) => forgetIssuance(context, id, subject)))
    throw alreadyIssued()
  }
  return {
    credentials: issued.map(({ credential }) => ({ credential })),
    notification_id: notificationId,
  }
}

function findConfiguration(
  context: Context,
  { redeemed }: Authorized,
  request: CredentialRequest,
): CredentialConfiguration {
  const { credential_identifier: identifier, credential_configuration_id: configurationId } = request
  if ((identifier !== undefined) !== redeemed.byIdentifier) {
    throw credentialError(
      'invalid_credential_request',
      redeemed.byIdentifier
        ? 'the token response named credential identifiers: ask by one of them'
        : 'the token response named no credential identifiers: ask by credential configuration',
    )
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
  if (redeemed.issued.some((entry) => entry.configurationId === id)) throw alreadyIssued()
  return configuration
}

/** The holders to issue to, one for each proof; a configuration without holder binding has one, unnamed. */
async function verifyProofs(
  context: Context,
  configuration: CredentialConfiguration,
  request: CredentialRequest,
  { redeemed }: Authorized,
): Promise<readonly (HolderKey | undefined)[]> {
  const bindingMethods = context.bindingMethods(configuration)
  if (bindingMethods.length === 0) return [undefined]
  if (request.proofs.length === 0) throw credentialError('invalid_proof', 'proofs are missing')
  const proofs = request.proofs.map((jwt) =>
    parseProof(jwt, {
      issuer: context.url,
      algorithms: context.proofAlgorithms,
      maxAge: context.lifetimes.nonce,
      now: context.now(),
      ...(redeemed.clientId !== undefined && { clientId: redeemed.clientId }),
    }),
  )
  const nonce = proofs[0]?.nonce ?? ''
  if (proofs.some((proof) => proof.nonce !== nonce)) {
    throw credentialError('invalid_nonce', 'the proofs of a request carry one and the same nonce')
  }
  const end = await checkNonce(context, nonce)
  if (!end) throw credentialError('invalid_nonce', 'the nonce is not ours or too old')
  const { resolveDid } = context.options
  const holders = await Promise.all(
    proofs.map((proof) => verifyProof(proof, { bindingMethods, ...(resolveDid && { resolveDid }) })),
  )
  const isRepeated = holders.some((holder, index) =>
    holders.slice(0, index).some((earlier) => isSameKey(earlier.jwk, holder.jwk)),
  )
  if (isRepeated) throw credentialError('invalid_proof', 'two proofs are of one key')
  if (!(await useNonce(context, nonce, end))) {
    throw credentialError('invalid_nonce', 'the nonce was used before')
  }
  return holders
}

/** Writes what was issued into the offer, unless it was withdrawn or the same was issued meanwhile. */
async function commit(
  context: Context,
  { id, offer, version }: Authorized,
  entry: { configurationId: string; notificationId: string; issuances: readonly string[] },
): Promise<boolean> {
  let current: StoredOffer | undefined = offer
  let expected = version
  for (let round = 0; round < 50; round++) {
    if (current?.state.name !== 'redeemed') return false
    const { state }: StoredOffer = current
    if (state.name !== 'redeemed') return false
    if (state.issued.some(({ configurationId }) => configurationId === entry.configurationId)) return false
    const next: StoredOffer = { ...current, state: { ...state, issued: [...state.issued, entry] } }
    if (await writeOffer(context, id, next, expected)) return true
    const read = await readOffer(context, id)
    current = read?.offer
    expected = read?.version ?? 0
  }
  return false
}

/** RFC 9562 version 4. */
function createUuid(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const alreadyIssued = () =>
  credentialError('credential_request_denied', 'this credential was already issued for this access token')
