// Synchronous SHA-2 for platforms without node:crypto (FIPS 180-4).
export function sha256(_data: Uint8Array): Uint8Array<ArrayBuffer> {
  throw new TypeError('not written yet')
}
export const sha384 = sha256
export const sha512 = sha256
