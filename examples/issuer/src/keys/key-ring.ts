import type { PublicJwk, Signer } from '@ekkasan/core'

export interface KeyInfo {
  /** RFC 7638 thumbprint of the key. */
  readonly kid: string
  readonly createdAt: Date
  readonly retired: boolean
  /** Published, and not yet to sign with. */
  readonly waiting: boolean
}

export interface SigningKey {
  readonly kid: string
  readonly publicJwk: PublicJwk
  /** Signs with this key; `header` is the `kid` that the signature carries. */
  signer(header: string): Promise<Signer>
}

/** Where the issuer's keys live. The newest signs; all that are not retired are published and so verify. */
export interface KeyRing {
  /** Not retired, newest first, those that wait to sign last; never empty: the first start makes one. */
  keys(): Promise<readonly SigningKey[]>
  list(): Promise<readonly KeyInfo[]>
  /** Makes a new key. From the next start it signs, or, `waiting`, is published only, until `sign`. */
  rotate(options?: { readonly waiting?: true }): Promise<KeyInfo>
  /**
   * Lets a key that waits sign from the next start.
   * @throws Error where none of this kid waits, or the ring cannot keep keys waiting
   */
  sign(kid: string): Promise<void>
  /**
   * Publishes the key no more: what it signed is refused from then on.
   * @throws Error for a key that is unknown, or the last
   */
  retire(kid: string): Promise<void>
}
