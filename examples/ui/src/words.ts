import type { IssuerIdentity } from '@ekkasan/core'
import type { Bilingual } from './text.tsx'

const formats: Readonly<Record<string, Bilingual>> = {
  'dc+sd-jwt': { th: 'SD-JWT VC: เลือกแสดงบางข้อได้', en: 'SD-JWT VC: shows only what is asked for' },
  mso_mdoc: { th: 'ISO mdoc: เลือกแสดงบางข้อได้', en: 'ISO mdoc: shows only what is asked for' },
  ldp_vc: { th: 'W3C Data Integrity: แสดงทั้งฉบับ', en: 'W3C Data Integrity: always shown whole' },
  jwt_vc_json: { th: 'W3C JWT: แสดงทั้งฉบับ', en: 'W3C JWT: always shown whole' },
}

/** What a credential format means for the one who shows or sees a document in it. */
export function formatWords(format: string): Bilingual {
  return formats[format] ?? { th: format, en: '' }
}

/** Who issued, as people call him: of a certificate the common name, else the address or identifier. */
export function issuerWords({ id, method }: IssuerIdentity): string {
  return method === 'x5c' ? commonNameOf(id) : id
}

/** The common name in a certificate's subject (RFC 4514); the whole of it where it has none. */
export function commonNameOf(subject: string): string {
  const value = /(?:^|[,+])CN=((?:\\.|[^\\,+])+)/.exec(subject)?.[1]
  return value?.replaceAll(/\\([^0])/g, '$1') ?? subject
}

const [inThai, inEnglish] = ['th', 'en'].map(
  (language) => new Intl.DisplayNames(language, { type: 'region' }),
)

/** A country by its code (ISO 3166-1); undefined for what is none. */
export function countryWords(code: unknown): Bilingual | undefined {
  if (typeof code !== 'string' || !/^[A-Z]{2}$/.test(code)) return undefined
  return { th: inThai?.of(code) ?? code, en: inEnglish?.of(code) ?? code }
}
