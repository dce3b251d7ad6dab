import type { ReceivedRequest, StoredCredential, UnansweredQuery } from '@ekkasan/wallet'
import { documents as catalogue } from '@ekkasan-examples/documents'
import { type Bilingual, lastDayWords } from '@ekkasan-examples/ui/parts'
import { bilingual, claimLabel, namesOf } from './claims.ts'
import type { Problem } from './problems.ts'
import { isEnded, standingOf } from './standing.tsx'

type Asked = Pick<ReceivedRequest, 'options' | 'sets' | 'missing' | 'unanswered'>

const someDocument: Bilingual = { th: 'เอกสารที่ขอ', en: 'the document asked for' }

/**
 * Why a request cannot be answered here, in the words of the person: there is no such document; there is one, and it
 * says otherwise; it lacks what is asked; or it has ended. Undefined where it can be answered.
 */
export function whyNot(
  request: Asked,
  held: readonly StoredCredential[],
  verifier: Bilingual,
): Problem | undefined {
  if (request.missing.length > 0 || request.sets.length === 0) {
    return lacking(request.unanswered ?? [], held, verifier)
  }
  const candidates = request.options.flatMap((option) => option.candidates)
  const chosen = held.filter(({ id }) => candidates.some(({ credentialId }) => credentialId === id))
  const [first] = chosen
  return first && chosen.every(isEnded) ? ended(first, verifier) : undefined
}

function lacking(
  unanswered: readonly UnansweredQuery[],
  held: readonly StoredCredential[],
  verifier: Bilingual,
): Problem {
  const find = (why: UnansweredQuery['why']) => unanswered.find((query) => query.why === why)
  const closest = find('values') ?? find('claims')
  const document = held.find(({ id }) => id === closest?.credentialId)
  const issuer = document && bilingual(document.issuerNames)
  if (closest?.why === 'values' && document) {
    const conditions = (closest.conditions ?? []).map((path) => claimLabel(document, path))
    const said = {
      th: conditions.map(({ th }) => th).join(' '),
      en: conditions.map(({ th, en }) => en || th).join(', '),
    }
    return {
      th: 'เอกสารของท่านไม่ตรงกับเงื่อนไขที่ขอ',
      en: 'Your document does not meet the condition',
      advice: {
        th: `${verifier.th} ขอเอกสารที่แสดงว่า ${said.th} ไม่ได้ส่งข้อมูลใด ๆ และ ${verifier.th} ไม่ได้รับแจ้งเหตุผล หากเห็นว่าข้อมูลในเอกสารไม่ถูกต้อง กรุณาติดต่อ${issuer?.th || 'ผู้ออกเอกสาร'}`,
        en: `${verifier.en} asks for a document that says: ${said.en}. Nothing was sent, and ${verifier.en} is not told why. If the document is wrong, contact ${issuer?.en || 'its issuer'}.`,
      },
    }
  }
  if (closest && document) {
    const name = nameOf(document)
    return {
      th: 'เอกสารของท่านไม่มีข้อมูลที่ขอ',
      en: 'Your document does not hold what is asked for',
      advice: {
        th: `${verifier.th} ขอข้อมูลที่ไม่มีใน${name.th} ไม่ได้ส่งข้อมูลใด ๆ กรุณาแสดงบัตรตัวจริง หรือสอบถามเจ้าหน้าที่`,
        en: `${verifier.en} asks for items that ${name.en} does not hold. Nothing was sent. Show the physical card, or ask the staff.`,
      },
    }
  }
  const wanted = catalogueName(unanswered) ?? someDocument
  const plain = { th: wanted.th.replace(' (ดิจิทัล)', ''), en: wanted.en.replace(' (digital)', '') }
  return {
    th: 'ยังไม่มีเอกสารที่ขอ',
    en: 'You do not have this document yet',
    advice: {
      th: `${verifier.th} ขอดู ${wanted.th} แต่ในกระเป๋าเอกสารนี้ยังไม่มี ไม่ได้ส่งข้อมูลใด ๆ แสดง${plain.th}ตัวจริงแทนได้ หรือขอเอกสารดิจิทัลจากผู้ออกเอกสารก่อน แล้วสแกนใหม่`,
      en: `${verifier.en} asks for: ${wanted.en}. It is not in this wallet. Nothing was sent. Show the physical one instead, or get the digital one from its issuer and scan again.`,
    },
  }
}

function ended(document: StoredCredential, verifier: Bilingual): Problem {
  const name = nameOf(document)
  const { until } = document.validity
  const issuer = bilingual(document.issuerNames)
  const day = until && lastDayWords(until)
  if (standingOf(document) === 'revoked' || !day) {
    return {
      th: `${name.th}ในกระเป๋าเอกสารนี้ถูกเพิกถอนแล้ว`,
      en: `${name.en} in this wallet is revoked`,
      advice: {
        th: `ไม่ได้ส่งข้อมูลใด ๆ ให้ ${verifier.th} กรุณาขอเอกสารใหม่จาก${issuer.th || 'ผู้ออกเอกสาร'} ระหว่างนี้ใช้บัตรตัวจริงได้`,
        en: `Nothing was sent to ${verifier.en}. Ask ${issuer.en || 'its issuer'} for a new one; meanwhile use the physical card.`,
      },
    }
  }
  return {
    th: `${name.th}ในกระเป๋าเอกสารนี้หมดอายุแล้ว ใช้ได้ถึงวันที่ ${day.th}`,
    en: `${name.en} in this wallet has expired: it was valid through ${day.en}`,
    advice: {
      th: `ไม่ได้ส่งข้อมูลใด ๆ กรุณาขอเอกสารใหม่จาก${issuer.th || 'ผู้ออกเอกสาร'} ระหว่างนี้ใช้บัตรตัวจริงได้ (หากยังไม่หมดอายุ)`,
      en: `Nothing was sent. Ask ${issuer.en || 'its issuer'} for a new one; meanwhile use the physical card if it is still valid.`,
    },
  }
}

/** The request without documents that have ended, where others answer it too. */
export function withoutEnded<Request extends Asked>(
  request: Request,
  held: readonly StoredCredential[],
): Request {
  const over = new Set(held.filter(isEnded).map(({ id }) => id))
  const options = request.options
    .map((option) => ({
      ...option,
      candidates: option.candidates.filter(({ credentialId }) => !over.has(credentialId)),
    }))
    .filter(({ candidates }) => candidates.length > 0)
  const answerable = new Set(options.map(({ queryId }) => queryId))
  const sets = request.sets
    .map((set) => ({ ...set, options: set.options.filter((ids) => ids.every((id) => answerable.has(id))) }))
    .filter((set) => set.options.length > 0)
  const keepsAll = request.sets.filter(({ required }) => required).length
  // A set that is required and would be lost is left as it was: the verifier says what is wrong with the document.
  return sets.filter(({ required }) => required).length < keepsAll || sets.length === 0
    ? request
    : { ...request, options, sets }
}

const nameOf = (document: StoredCredential): Bilingual => {
  const { th, en } = namesOf(document)
  return { th, en: en || th }
}

/** The catalogue's name of the kind asked for; undefined for a document that the catalogue does not have. */
function catalogueName(unanswered: readonly UnansweredQuery[]): Bilingual | undefined {
  const asked = unanswered.flatMap(({ types }) => types)
  const found = catalogue.find(({ type, mdoc }) =>
    asked.some((name) => name === mdoc.docType || new RegExp(`(^|[/#])${type.type}($|/)`).test(name)),
  )
  return found && { th: found.type.names.th ?? '', en: found.type.names.en ?? '' }
}
