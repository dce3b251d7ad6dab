import type { KeyReference } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { type CborInput, coseLabel, x5chainHeader } from '@ekkasan/cose'
import { cwtClaims } from './cwt-claims.ts'

/** The protected header of a credential or presentation, beside `alg` (sections 3.3.1 to 3.3.3). */
export function coseHeader(
  kind: 'vc' | 'vp',
  { kid, x5c }: KeyReference,
  claims: JsonObject,
): ReadonlyMap<number, CborInput> {
  return new Map<number, CborInput>([
    [coseLabel.contentType, `application/${kind}`],
    ...(kid === undefined ? [] : [[coseLabel.kid, utf8(kid)] as const]),
    [coseLabel.cwtClaims, cwtClaims(claims)],
    [coseLabel.typ, `application/${kind}+cose`],
    ...((x5c ? x5chainHeader(x5c) : []) as ReadonlyMap<number, CborInput>),
  ])
}
