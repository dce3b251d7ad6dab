import type { Algorithm, HashAlgorithm } from '@ekkasan/core'
import { algorithms } from '@ekkasan/keys'

export type CryptosuiteName =
  | 'eddsa-rdfc-2022'
  | 'eddsa-jcs-2022'
  | 'ecdsa-rdfc-2019'
  | 'ecdsa-jcs-2019'
  | 'ecdsa-sd-2023'
  | 'bbs-2023'

/** JWS algorithms that sign here, and the BBS scheme, which has no name among them. */
export type ProofAlgorithm = Algorithm | 'BBS'

/** One row a cryptosuite: everything that tells it from the others. */
export interface CryptosuiteRow {
  /** RFC 8785 over the JSON, or RDFC-1.0 over what the JSON-LD says. */
  readonly canonicalization: 'jcs' | 'rdfc'
  /** Told apart by the length of the signature. */
  readonly algorithms: readonly ('EdDSA' | 'ES256' | 'ES384' | 'BBS')[]
  /** The holder derives a proof over what he chooses to show. */
  readonly selective?: true
}

export const cryptosuites: Readonly<Record<CryptosuiteName, CryptosuiteRow>> = {
  'eddsa-rdfc-2022': { canonicalization: 'rdfc', algorithms: ['EdDSA'] },
  'eddsa-jcs-2022': { canonicalization: 'jcs', algorithms: ['EdDSA'] },
  'ecdsa-rdfc-2019': { canonicalization: 'rdfc', algorithms: ['ES256', 'ES384'] },
  'ecdsa-jcs-2019': { canonicalization: 'jcs', algorithms: ['ES256', 'ES384'] },
  'ecdsa-sd-2023': { canonicalization: 'rdfc', algorithms: ['ES256'], selective: true },
  'bbs-2023': { canonicalization: 'rdfc', algorithms: ['BBS'], selective: true },
}

/** Whether the name is a row of the table. */
export function isCryptosuite(name: unknown): name is CryptosuiteName {
  return typeof name === 'string' && Object.hasOwn(cryptosuites, name)
}

/** The cryptosuite for keys of an algorithm, one that signs documents whole if there is one. */
export function cryptosuiteFor(
  alg: ProofAlgorithm,
  canonicalization: CryptosuiteRow['canonicalization'],
): CryptosuiteName | undefined {
  if (alg === 'BBS') return canonicalization === 'rdfc' ? 'bbs-2023' : undefined
  return cryptosuitesOf(alg).find(
    (name) => cryptosuites[name].canonicalization === canonicalization && !cryptosuites[name].selective,
  )
}

/** All that sign with keys of an algorithm. */
export function cryptosuitesOf(alg: ProofAlgorithm): readonly CryptosuiteName[] {
  const names = Object.keys(cryptosuites) as CryptosuiteName[]
  return names.filter((name) => algorithmIn(name, alg) !== undefined)
}

/** The algorithm under its name in the table: `Ed25519` is another name of `EdDSA`. */
export function algorithmIn(name: CryptosuiteName, alg: ProofAlgorithm): ProofAlgorithm | undefined {
  return cryptosuites[name].algorithms.find((known) => known === (alg === 'Ed25519' ? 'EdDSA' : alg))
}

/** The hash before signing, and within RDFC-1.0 (vc-di-ecdsa section 3.1). */
export function hashOf(alg: ProofAlgorithm): HashAlgorithm {
  return alg !== 'BBS' && algorithms[alg].hash === 'sha384' ? 'sha-384' : 'sha-256'
}
