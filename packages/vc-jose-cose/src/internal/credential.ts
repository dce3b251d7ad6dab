import { commonPeriod, type Period, type StatusReference } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { keyUrlOf, type NamedHolder, namedHolder, parseNumericDate, parseStatusClaim } from '@ekkasan/keys'
import { identifierOf, parseCredentialStatus, parseDateTimeStamp, subjectDid, typesOf } from '@ekkasan/vcdm'
import { VcJoseCoseError } from '../errors.ts'
import type { MediaType } from '../types.ts'
import { openSecured, type Secured } from './secured.ts'

export interface ParsedCredential {
  readonly secured: Secured
  readonly issuer: string
  readonly types: readonly string[]
  readonly validity: Period
  /** Life of the signature: `nbf`, `exp`. */
  readonly signature: Period
  readonly status: StatusReference | 'unsupported' | undefined
  readonly holder: NamedHolder | undefined
}

/** @throws VcJoseCoseError, KeysError, SdJwtError, CoseError */
export function parseCredential(mediaType: MediaType, input: unknown): ParsedCredential {
  const secured = openSecured(mediaType, input)
  const { document, signed } = secured
  const { payload, header } = signed
  const issuer = identifierOf(document.issuer)
  if (issuer === undefined) throw new VcJoseCoseError('vc-jose-cose.structure.iss', 'no issuer')
  requireKeyHint(secured, issuer)
  for (const place of [payload, header]) {
    if (place.iss !== undefined && place.iss !== issuer) {
      throw new VcJoseCoseError('vc-jose-cose.structure.iss', 'iss differs from issuer')
    }
  }
  const { id, credentialSubject: subject } = document
  const subjectId = isJsonObject(subject) ? subject.id : undefined
  for (const [claim, member] of [
    [payload.jti, id],
    [payload.sub, subjectId],
  ]) {
    if (claim !== undefined && member !== undefined && claim !== member) {
      throw new VcJoseCoseError(
        'vc-jose-cose.structure.conflict',
        'jti or sub differ from what they stand for',
      )
    }
  }
  const did = subjectDid(document)
  return {
    secured,
    issuer,
    types: typesOf(document),
    validity: commonPeriod({
      from: parseDateTimeStamp(document.validFrom),
      until: parseDateTimeStamp(document.validUntil),
    }),
    signature: commonPeriod({
      from: parseNumericDate(payload, 'nbf'),
      until: parseNumericDate(payload, 'exp'),
    }),
    status: parseCredentialStatus(document, parseStatusClaim(payload)),
    holder: namedHolder(payload.cnf === undefined ? header : payload, did),
  }
}

// Sections 4.1.1 and 4.3: a key of a DID is named by a DID URL of that DID.
function requireKeyHint({ signed: { header, payload } }: Secured, issuer: string): void {
  const { kid } = header
  if (kid !== undefined && typeof kid !== 'string') {
    throw new VcJoseCoseError('vc-jose-cose.structure.kid', 'kid is not a string')
  }
  const url = kid === undefined ? undefined : keyUrlOf(kid)
  if (issuer.startsWith('did:') && !(url?.startsWith(`${issuer}#`) || url?.startsWith('#'))) {
    throw new VcJoseCoseError('vc-jose-cose.structure.kid', "kid is not a DID URL of the issuer's")
  }
  const hints = [header.x5c, kid, payload.iss, header.iss]
  if (hints.every((hint) => hint === undefined)) {
    throw new VcJoseCoseError('vc-jose-cose.structure.kid', 'nothing says which key signed')
  }
}
