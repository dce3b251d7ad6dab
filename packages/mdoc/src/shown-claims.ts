import { type ClaimPath, type Claims, type Credential, leavesOf, type ShownClaim } from '@ekkasan/core'
import { decodeCbor } from '@ekkasan/cose'
import { elementToJson } from './internal/element-json.ts'
import { decodeEmbedded, requireMap } from './internal/shape.ts'
import { parseCredential, selectItems } from './present.ts'
import { claimsOf } from './verify.ts'

/** Members of the MobileSecurityObject that say nothing of the holder or of the document. */
const ofTheProof: ReadonlySet<string | number> = new Set(['version', 'digestAlgorithm', 'valueDigests'])

/**
 * Everything that presenting these elements tells the verifier: the elements, with the age attestation that answers in
 * place of another, and what the MobileSecurityObject says whatever is chosen, under its own names (`docType`,
 * `validityInfo`, `status`, `deviceKeyInfo`).
 * @throws MdocError, CoseError as `presentMdoc`
 */
export function shownClaims(credential: Credential, disclose: readonly ClaimPath[]): readonly ShownClaim[] {
  const issuerSigned = parseCredential(credential)
  const namespaces = selectItems(issuerSigned, disclose)
  const mso = decodeEmbedded(decodeCbor(issuerSigned.payload), 'MobileSecurityObjectBytes')
  const always = [...requireMap(mso, 'the MobileSecurityObject')].filter(([name]) => !ofTheProof.has(name))
  return [
    ...leavesOf(claimsOf({ ...issuerSigned, namespaces }), false),
    ...leavesOf(elementToJson(new Map(always)) as Claims, true),
  ]
}
