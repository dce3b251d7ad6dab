import type { IssuerIdentity } from '@ekkasan/core'
import type { Bilingual } from './text.tsx'

const formats: Readonly<Record<string, { readonly name: string; readonly isShownWhole: boolean }>> = {
  'dc+sd-jwt': { name: 'SD-JWT VC', isShownWhole: false },
  mso_mdoc: { name: 'ISO mdoc', isShownWhole: false },
  ldp_vc: { name: 'W3C Data Integrity', isShownWhole: true },
  jwt_vc_json: { name: 'W3C JWT', isShownWhole: true },
}

/** What a credential format is called. */
export function formatName(format: string): string {
  return formats[format]?.name ?? format
}

/** What a format means for the one who shows or sees a document; `isShownWhole` where the document itself says. */
export function formatWords(format: string, isShownWhole = formats[format]?.isShownWhole): Bilingual {
  const name = formatName(format)
  if (isShownWhole === undefined) return { th: name, en: '' }
  return isShownWhole
    ? { th: `เปิดเผยได้ทั้งฉบับเท่านั้น (${name})`, en: `Can only be shown whole (${name})` }
    : { th: `เลือกเปิดเผยเฉพาะบางรายการได้ (${name})`, en: `Can be shown in part (${name})` }
}

/** Who issued, as people call him: of a certificate the common name, else the address or identifier. */
export function issuerWords({ id, method }: IssuerIdentity): string {
  // Before the subject stands the anchor under which it was certified.
  return method === 'x5c' ? commonNameOf(id.replace(/^x509:[\w-]+:/, '')) : id
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
