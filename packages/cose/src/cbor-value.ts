/** A data item with a tag, RFC 8949 section 3.4. */
export class CborTag {
  readonly tag: number
  readonly value: CborInput

  constructor(tag: number, value: CborInput) {
    this.tag = tag
    this.value = value
  }
}

/** Tag 24, encoded CBOR in a byte string (RFC 8949 section 3.4.5.1); digests and signatures are over its bytes. */
export class EmbeddedCbor {
  /** With the tag and the length, as it stood. */
  readonly encoded: Uint8Array
  /** The data item inside, encoded. */
  readonly content: Uint8Array

  constructor(encoded: Uint8Array, content: Uint8Array) {
    this.encoded = encoded
    this.content = content
  }
}

export type CborMap = ReadonlyMap<string | number, CborValue>

/** What decoding gives. */
export type CborValue =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | CborMap
  | (CborTag & { readonly value: CborValue })
  | EmbeddedCbor

/** What can be encoded: also objects, as maps with text keys. */
export type CborInput =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborInput[]
  | ReadonlyMap<string | number, CborInput>
  | CborTag
  | EmbeddedCbor
  | { readonly [key: string]: CborInput }
