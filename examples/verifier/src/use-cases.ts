import { existsSync, readFileSync } from 'node:fs'
import { drivingLicencePresets, nationalIdPresets, type QueryPreset, thaiNationalId } from '@ekkasan/thai'
import { documents } from '@ekkasan-examples/documents'
import { type Bilingual, writePrivateFile } from '@ekkasan-examples/ui'

/**
 * One purpose for which people's data is asked. Thai law wants purpose, legal basis, minimum data and retention
 * said beforehand; a use case without them is refused at start.
 */
export interface UseCase extends QueryPreset {
  readonly legal_basis_th: string
  readonly legal_basis_en: string
  /** Data protection officer, for people's questions. */
  readonly contact: string
}

export const purposeOf = (useCase: QueryPreset): Bilingual => ({
  th: useCase.purpose_th,
  en: useCase.purpose_en,
})

/** Reads the use cases, or writes those of the catalogue there at the first start. */
export function readUseCases(file: string): readonly UseCase[] {
  if (!existsSync(file)) {
    const first = [...Object.values(nationalIdPresets), ...Object.values(drivingLicencePresets)].map(
      (preset) => ({
        ...preset,
        legal_basis_th: 'ภารกิจเพื่อประโยชน์สาธารณะ พ.ร.บ.คุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 มาตรา 24(4)',
        legal_basis_en: 'Public task, Personal Data Protection Act s. 24(4)',
        contact: 'dpo@agency.example',
      }),
    )
    writePrivateFile(file, `${JSON.stringify(first, null, 2)}\n`)
  }
  return parseUseCases(readFileSync(file, 'utf8'))
}

/** @throws Error that names the use case and what it lacks */
export function parseUseCases(json: string): readonly UseCase[] {
  const list = JSON.parse(json) as unknown
  if (!Array.isArray(list) || list.length === 0)
    throw new Error('use cases: a list with at least one is needed')
  const ids = new Set<string>()
  return list.map((item: Partial<UseCase>, at) => {
    const lacks = (what: string) => new Error(`use case ${item.id ?? `number ${at + 1}`}: ${what}`)
    if (typeof item.id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(item.id))
      throw lacks('id must be A-Z, a-z, 0-9, _ or -')
    if (ids.has(item.id)) throw lacks('its id stands twice')
    ids.add(item.id)
    for (const member of ['names', 'replaces'] as const) {
      if (!item[member]?.th || !item[member]?.en) throw lacks(`${member} must be said in th and en`)
    }
    for (const member of [
      'purpose_th',
      'purpose_en',
      'legal_basis_th',
      'legal_basis_en',
      'contact',
    ] as const) {
      if (!item[member]) throw lacks(`${member} is missing`)
    }
    if (!Array.isArray(item.claims) || item.claims.length === 0)
      throw lacks('claims must name at least one claim')
    const name = item.document ?? thaiNationalId.id
    const document = documents.find(({ type }) => type.id === name)
    if (!document) throw lacks(`document must be one of ${documents.map(({ type }) => type.id).join(', ')}`)
    for (const { path } of item.claims) {
      const at = JSON.stringify(path)
      if (!document.type.claims.some((claim) => JSON.stringify(claim.path) === at))
        throw lacks(`${name} has no claim ${at}`)
    }
    return item as UseCase
  })
}
