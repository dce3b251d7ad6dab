import type { JsonObject } from '@ekkasan/core/json'
import { keyHeader, signJws, statusClaim } from '@ekkasan/keys'
import { requireCredential } from '@ekkasan/vcdm'
import { type CredentialPayload, transformCredentialInput } from 'did-jwt-vc'
import type { IssueJwtVcOptions } from './types.ts'

/**
 * Signs a credential of the data model 1.1 as a JWT (VCDM 1.1 section 6.3.1): `issuer`, `issuanceDate`,
 * `expirationDate`, `id` and the subject's `id` become claims of the JWT.
 *
 * @throws TypeError when the credential is not one of the data model 1.1 with a single subject
 */
export async function issueJwtVc(options: IssueJwtVcOptions): Promise<string> {
  const { signer, credential, status, holderJwk } = options
  requireCredential(credential, { versions: ['1.1'] })
  const claims = transformCredentialInput(credential as CredentialPayload) as unknown as JsonObject
  return signJws({
    signer,
    header: { typ: 'JWT', ...keyHeader(signer.key) },
    payload: {
      ...claims,
      ...(holderJwk && { cnf: { jwk: holderJwk as unknown as JsonObject } }),
      ...(status && { status: statusClaim(status) }),
    },
  })
}
