import type { Algorithm } from '@ekkasan/core'
import { CoseError } from './errors.ts'

interface CoseAlgorithmRow {
  /** RFC 9053; what is written. */
  readonly id: number
  /** Fully specified, RFC 9864: the same with the curve settled. */
  readonly full: number
  readonly crv: string
}

/** Signatures of COSE that this package makes and reads, by their JOSE names. */
export const coseAlgorithms = {
  ES256: { id: -7, full: -9, crv: 'P-256' },
  ES384: { id: -35, full: -51, crv: 'P-384' },
  ES512: { id: -36, full: -52, crv: 'P-521' },
  EdDSA: { id: -8, full: -19, crv: 'Ed25519' },
} as const satisfies Partial<Record<Algorithm, CoseAlgorithmRow>>

export type CoseAlgorithm = keyof typeof coseAlgorithms

const byId = new Map<unknown, CoseAlgorithm>(
  (Object.keys(coseAlgorithms) as CoseAlgorithm[]).flatMap((alg) => [
    [coseAlgorithms[alg].id, alg],
    [coseAlgorithms[alg].full, alg],
  ]),
)

/** @throws CoseError `cose.algorithm` */
export function algorithmOf(id: unknown): CoseAlgorithm {
  const alg = byId.get(id)
  if (!alg) throw new CoseError('cose.algorithm', 'not a COSE algorithm that is supported here')
  return alg
}

/** The COSE form of a JOSE name. */
export function coseAlgorithmOf(alg: Algorithm): number {
  const name = alg === 'Ed25519' ? 'EdDSA' : alg
  if (!Object.hasOwn(coseAlgorithms, name)) throw new TypeError(`COSE has no algorithm here for ${alg}`)
  return coseAlgorithms[name as CoseAlgorithm].id
}

/** Both names of each, for metadata (OpenID4VP Appendix B.2.2). */
export function metadataAlgorithms(algorithms: readonly CoseAlgorithm[]): readonly number[] {
  return algorithms.flatMap((alg) => [coseAlgorithms[alg].id, coseAlgorithms[alg].full])
}
