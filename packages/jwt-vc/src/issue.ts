import { copyJson, type JsonObject } from '@ekkasan/core/json'
import { checkOptions } from '@ekkasan/core/options'
import { bareJwk, keyHeader, signJws, statusClaim } from '@ekkasan/keys'
import { credentialStatusOf, requireCredential } from '@ekkasan/vcdm'
import { type CredentialPayload, transformCredentialInput } from 'did-jwt-vc'
import { issueRules } from './internal/option-rules.ts'
import type { IssueJwtVcOptions } from './types.ts'

/**
 * Signs a credential of the data model 1.1 as a JWT (VCDM 1.1 section 6.3.1): `issuer`, `issuanceDate`,
 * `expirationDate`, `id` and the subject's `id` become claims of the JWT.
 *
 * @throws TypeError for an option that is none or malformed, when the credential is not one of the data model 1.1 with a single subject, or holds what JSON does
 *   not have
 */
export async function issueJwtVc(options: IssueJwtVcOptions): Promise<string> {
  checkOptions(options, 'issueJwtVc', issueRules)
  const { signer, status, holderJwk } = options
  const isInBody = status !== undefined && 'credentialStatus' in status
  const given = copyJson(options.credential) as JsonObject
  const credential = isInBody ? { ...given, credentialStatus: credentialStatusOf(status) } : given
  requireCredential(credential, { versions: ['1.1'] })
  const [encoded, kept] = divide(credential)
  const claims = transformCredentialInput(encoded as CredentialPayload) as unknown as JsonObject
  return signJws({
    signer,
    header: { typ: 'JWT', ...keyHeader(signer.key) },
    payload: {
      ...claims,
      vc: { ...(claims.vc as JsonObject), ...kept },
      ...(holderJwk && { cnf: { jwk: bareJwk(holderJwk) } }),
      ...(status && !isInBody && { status: statusClaim(status) }),
    },
  })
}

const encodedMembers = new Set([
  '@context',
  'id',
  'type',
  'issuer',
  'issuanceDate',
  'expirationDate',
  'credentialSubject',
])

// The library takes what it does not know for claims of the JWT: a member named exp would be one.
function divide(credential: JsonObject): readonly [encoded: JsonObject, kept: JsonObject] {
  const entries = Object.entries(credential)
  return [
    Object.fromEntries(entries.filter(([name]) => encodedMembers.has(name))),
    Object.fromEntries(entries.filter(([name]) => !encodedMembers.has(name))),
  ]
}
