import type { JsonObject } from '@ekkasan/core/json'
import { keyHeader, numericDate, signJws, statusClaim } from '@ekkasan/keys'
import { validateCredential, versionOf } from '@ekkasan/vcdm'
import type { IssueVcJwtOptions } from './types.ts'

/**
 * Signs a credential of the data model 2.0 as `vc+jwt` (VC-JOSE-COSE section 3.1.1): the credential itself is the
 * JWT's claims set.
 *
 * @throws TypeError when the credential does not conform to the data model 2.0
 */
export async function issueVcJwt(options: IssueVcJwtOptions): Promise<string> {
  const { signer, credential, signatureUntil, holderJwk, status, clock = () => new Date() } = options
  if (versionOf(credential) !== '2.0') throw new TypeError('not a credential of the data model 2.0')
  const [violation] = validateCredential(credential)
  if (violation) throw new TypeError(`${violation.path}: ${violation.message}`)
  const { issuer } = credential
  return signJws({
    signer,
    header: { typ: 'vc+jwt', cty: 'vc', ...keyHeader(signer.key) },
    payload: {
      iss: typeof issuer === 'string' ? issuer : ((issuer as JsonObject).id as string),
      ...credential,
      iat: numericDate(clock()),
      ...(signatureUntil && { exp: numericDate(signatureUntil) }),
      ...(holderJwk && { cnf: { jwk: holderJwk as unknown as JsonObject } }),
      ...(status && { status: statusClaim(status) }),
    },
  })
}
