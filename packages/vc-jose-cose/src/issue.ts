import { type DocumentType, requireClaims, requirePeriod, startOfDay } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { copyJson, isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { checkOptions } from '@ekkasan/core/options'
import { signCoseSign1 } from '@ekkasan/cose'
import { bareJwk, keyHeader, numericDate, signJws, statusClaim } from '@ekkasan/keys'
import { type DisclosureFrame, issueSdJwt } from '@ekkasan/sd-jwt'
import { credentialStatusOf, identifierOf, requireCredential } from '@ekkasan/vcdm'
import { coseHeader } from './internal/cose-header.ts'
import { issueRules, issueSdJwtRules } from './internal/option-rules.ts'
import type { IssueVcOptions, IssueVcSdJwtOptions } from './types.ts'

/**
 * Signs a credential of the data model 2.0 as `vc+jwt` (VC-JOSE-COSE section 3.1.1): the credential itself is the
 * JWT's claims set.
 *
 * @throws TypeError for an option that is none or malformed, when the credential does not conform to the data model 2.0
 */
export async function issueVcJwt(options: IssueVcOptions): Promise<string> {
  checkOptions(options, 'issueVcJwt', issueRules)
  const { body, claims } = prepare(options)
  return signJws({
    signer: options.signer,
    header: { typ: 'vc+jwt', cty: 'vc', ...keyHeader(options.signer.key) },
    payload: { ...claims, ...body },
  })
}

/** What a verifier needs to judge a credential: the standard and we want it plain (section 3.2.1). */
const plainMembers = [
  '@context',
  'type',
  'issuer',
  'validFrom',
  'validUntil',
  'credentialStatus',
  'credentialSchema',
  'relatedResource',
]

/**
 * Signs a credential of the data model 2.0 as `vc+sd-jwt` (VC-JOSE-COSE section 3.2.1): those of its claims that
 * `frame` names are disclosed selectively.
 *
 * @throws TypeError when the credential does not conform to the data model 2.0, or `frame` conceals what verifying needs
 */
export async function issueVcSdJwt(options: IssueVcSdJwtOptions): Promise<string> {
  checkOptions(options, 'issueVcSdJwt', issueSdJwtRules)
  const { frame, decoys, hashAlgorithm, randomBytes } = options
  if (frame) requirePlain(frame)
  const { body, claims } = prepare(options)
  return issueSdJwt({
    signer: options.signer,
    header: { typ: 'vc+sd-jwt', cty: 'vc', ...keyHeader(options.signer.key) },
    payload: { ...claims, ...body },
    ...(frame && { frame }),
    ...(decoys !== undefined && { decoys }),
    ...(hashAlgorithm && { hashAlgorithm }),
    ...(randomBytes && { randomBytes }),
  })
}

function requirePlain({ members }: DisclosureFrame): void {
  const concealed = plainMembers.find((name) => members.has(name))
  if (concealed !== undefined) throw new TypeError(`${concealed} is needed to verify a credential`)
}

/**
 * Signs a credential of the data model 2.0 as `vc+cose` (VC-JOSE-COSE section 3.3.1): a COSE_Sign1 with tag 18 whose
 * payload is the credential; what a JWT says in claims stands in the CWT claims of its header.
 *
 * @throws TypeError when the credential does not conform to the data model 2.0, or COSE does not have the algorithm
 */
export async function issueVcCose(options: IssueVcOptions): Promise<Uint8Array> {
  checkOptions(options, 'issueVcCose', issueRules)
  const { body, claims } = prepare(options)
  return signCoseSign1({
    signer: options.signer,
    header: coseHeader('vc', options.signer.key, claims),
    payload: utf8(JSON.stringify(body)),
  })
}

/** The credential to sign, and the claims of its envelope. */
function prepare(options: IssueVcOptions): { body: JsonObject; claims: Record<string, JsonValue> } {
  const { signatureUntil, holderJwk, status, document, timeZone, clock = () => new Date() } = options
  const credential = copyJson(options.credential) as JsonObject
  if (document) for (const subject of listOf(credential.credentialSubject)) requireSubject(document, subject)
  const isToken = status !== undefined && !('credentialStatus' in status)
  if (status && credential.credentialStatus !== undefined) {
    throw new TypeError('a credential names its status once')
  }
  const body: JsonObject =
    status && !isToken ? { ...credential, credentialStatus: credentialStatusOf(status) } : credential
  requireCredential(body, { versions: ['2.0'] })
  requirePeriod({ ...(signatureUntil && { until: signatureUntil }) })
  return {
    body,
    claims: {
      iss: identifierOf(body.issuer) as string,
      iat: numericDate(startOfDay(clock(), timeZone)),
      ...(signatureUntil && { exp: numericDate(signatureUntil) }),
      ...(holderJwk && { cnf: { jwk: bareJwk(holderJwk) } }),
      ...(isToken && { status: statusClaim(status) }),
    },
  }
}

/** What a subject says beside whom it is about. */
function requireSubject(document: DocumentType, subject: JsonValue): void {
  if (!isJsonObject(subject)) throw new TypeError('a subject is an object')
  const { id: _id, ...claims } = subject
  requireClaims(document, claims)
}
