import { type ClaimPath, claimsOfShown, type ShownClaim } from '@ekkasan/core'
import type { PresentationOption, StoredCredential } from '@ekkasan/wallet'
import type { Bilingual } from '@ekkasan-examples/ui/parts'
import { isOfEnvelope, isShownWhole, type Leaf, leavesIn, leavesOf } from './claims.ts'

/** What a person is told before he consents: all that will be sent, and what will not. */
export interface Consented {
  /** What the verifier asked for, and what is not to be parted from it. */
  readonly seen: readonly Leaf[]
  /** Further claims that every presentation of the document shows. */
  readonly always: readonly Leaf[]
  /** What the envelope tells, by what it is about. */
  readonly envelope: readonly {
    readonly about: Bilingual
    readonly values: readonly string[]
    /** The same at every showing: by it verifiers could find out together that it is one document. */
    readonly isAlike: boolean
  }[]
  readonly hidden: readonly Leaf[]
}

/** Taken from what the wallet says that it will send, and from nothing else. */
export function consentedOf(
  document: StoredCredential,
  { shown, disclose }: Pick<PresentationOption['candidates'][number], 'shown' | 'disclose'>,
): Consented {
  const envelope = shown.filter(({ path, always }) => isOfEnvelope(document, path, always))
  const claims = shown.filter((one) => !envelope.includes(one))
  const optional = claims.filter(({ always }) => !always)
  const isWhole = isShownWhole(document)
  const leaves = leavesIn(document, claimsOfShown(claims))
  const isSeen = ({ path }: Leaf) =>
    isWhole ||
    optional.some((one) => isOneWay(path, one.path)) ||
    disclose.some((asked) => isOneWay(asked, path))
  return {
    seen: leaves.filter(isSeen),
    always: leaves.filter((leaf) => !isSeen(leaf)),
    envelope: groupsOf(envelope),
    hidden: leavesOf(document).filter((leaf) => !leaves.some((other) => isSame(leaf, other))),
  }
}

/** One path begins the other. */
function isOneWay(a: ClaimPath, b: ClaimPath): boolean {
  return a.every(
    (part, at) => at >= b.length || part === b[at] || (part === null && typeof b[at] === 'number'),
  )
}

const isSame = (a: Leaf, b: Leaf) => JSON.stringify([a.path, a.value]) === JSON.stringify([b.path, b.value])

const abouts: readonly (Bilingual & { readonly names: readonly string[]; readonly isAlike?: true })[] = [
  { th: 'ผู้ออกเอกสาร', en: 'The issuer', names: ['iss', 'issuer'] },
  {
    th: 'ชนิดเอกสาร',
    en: 'The kind of document',
    names: ['vct', 'vct#integrity', 'aka_vcts', '@context', 'type', 'docType', 'credentialSchema'],
  },
  {
    th: 'วันที่ออก วันเริ่มใช้ และวันหมดอายุ',
    en: 'When it was issued, and when it is valid',
    names: ['iat', 'nbf', 'exp', 'validFrom', 'validUntil', 'issuanceDate', 'expirationDate', 'validityInfo'],
  },
  {
    th: 'หมายเลขในรายการสถานะ ใช้ตรวจว่าเอกสารถูกระงับหรือเพิกถอนหรือไม่',
    en: 'Its number in the status list, to look up whether it is suspended or revoked',
    names: ['status', 'credentialStatus'],
    isAlike: true,
  },
  {
    th: 'กุญแจสำหรับพิสูจน์ว่าส่งจากกระเป๋าเอกสารของท่าน',
    en: 'The key that proves that it was sent from your wallet',
    names: ['cnf', 'sub', 'credentialSubject', 'deviceKeyInfo'],
    isAlike: true,
  },
  { th: 'หมายเลขของเอกสารฉบับนี้', en: 'The number of this document', names: ['id', 'jti'] },
]

function groupsOf(envelope: readonly ShownClaim[]): Consented['envelope'] {
  const others: (typeof abouts)[number] = {
    th: 'ข้อมูลอื่นของเอกสาร',
    en: 'Other facts of the document',
    names: [],
  }
  const named = abouts.flatMap(({ names }) => names)
  return [...abouts, others].flatMap(({ th, en, names, isAlike = false }) => {
    const values = envelope
      .filter(({ path: [first] }) =>
        names.length > 0 ? names.includes(String(first)) : !named.includes(String(first)),
      )
      .map(({ path, value }) => `${path.join('.')}: ${JSON.stringify(value)}`)
    return values.length > 0 ? [{ about: { th, en }, values, isAlike }] : []
  })
}
