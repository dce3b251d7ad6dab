import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

export interface Pair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly privateJwk: JsonWebKey & { readonly kty: string; readonly d: string }
  readonly publicJwk: JsonWebKey & { readonly kty: string }
}

export function createPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    privateKey,
    publicKey,
    privateJwk: privateKey.export({ format: 'jwk' }) as Pair['privateJwk'],
    publicJwk: publicKey.export({ format: 'jwk' }) as Pair['publicJwk'],
  }
}

export const rawSign = (key: KeyObject, data: Uint8Array): Buffer =>
  sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })
export const rawVerify = (key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean =>
  verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
export const importPublic = (jwk: object): KeyObject =>
  createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' } as never)
export const importPrivate = (jwk: object): KeyObject =>
  createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' } as never)

/** The body of a document of twelve claims, of which eight are selective where the format can. */
export function twelveClaims(seed: number): Record<string, string | number> {
  return {
    citizen_id: '0000000000000',
    title_th: 'นาย',
    given_name_th: `ตัวอย่าง${seed}`,
    family_name_th: 'ทดสอบระบบ',
    given_name: `Example${seed}`,
    family_name: 'Testing',
    birthdate: '1990-01-15',
    sex: 1,
    document_number: 'BP1-00000000000',
    date_of_issuance: '2025-01-01',
    issuing_authority: 'กรมการปกครอง',
    issuing_country: 'TH',
  }
}

export const selective = [
  'citizen_id',
  'title_th',
  'given_name_th',
  'family_name_th',
  'given_name',
  'family_name',
  'birthdate',
  'sex',
] as const

/** As many bytes as the signing input of such a credential has. */
export const rawMessage = (seed: number): Buffer => Buffer.from(`${seed}.${'e'.repeat(1400)}`)

export const now = (): number => Math.floor(Date.now() / 1000)
