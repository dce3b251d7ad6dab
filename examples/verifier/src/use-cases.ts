import { existsSync, readFileSync } from 'node:fs'
import { isJsonObject } from '@ekkasan/core/json'
import { describeValue, unknownMember } from '@ekkasan/core/options'
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

/**
 * Reads the use cases, or writes those of the catalogue there at the first start.
 * @throws Error that names the file, the use case, the place in it, what was expected and what came
 */
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
  try {
    return parseUseCases(readFileSync(file, 'utf8'))
  } catch (cause) {
    const what = cause instanceof SyntaxError ? `not JSON: ${cause.message}` : (cause as Error).message
    throw new Error(`${file}: ${what}`, { cause })
  }
}

const members = [
  'id',
  'document',
  'names',
  'replaces',
  'purpose_th',
  'purpose_en',
  'legal_basis_th',
  'legal_basis_en',
  'contact',
  'claims',
  'claimSets',
]

/** @throws Error that names the use case, the place in it, what was expected and what came */
export function parseUseCases(json: string): readonly UseCase[] {
  const list = JSON.parse(json) as unknown
  if (!Array.isArray(list) || list.length === 0)
    throw new Error('use cases: a list with at least one is needed')
  const ids = new Set<string>()
  return list.map((entry: unknown, at) => {
    if (!isJsonObject(entry)) {
      throw new Error(`use case number ${at + 1}: expected an object; got ${describeValue(entry)}`)
    }
    const item = entry as Partial<UseCase>
    const lacks = (what: string) => new Error(`use case ${item.id ?? `number ${at + 1}`}: ${what}`)
    requireKnown(entry, members, '', lacks)
    if (typeof item.id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(item.id))
      throw lacks('id must be A-Z, a-z, 0-9, _ or -')
    if (ids.has(item.id)) throw lacks('its id stands twice')
    ids.add(item.id)
    for (const member of ['names', 'replaces'] as const) {
      if (!isSaid(item[member]?.th) || !isSaid(item[member]?.en))
        throw lacks(`${member} must be said in th and en`)
      requireKnown(item[member], ['th', 'en'], `${member}: `, lacks)
    }
    for (const member of [
      'purpose_th',
      'purpose_en',
      'legal_basis_th',
      'legal_basis_en',
      'contact',
    ] as const) {
      if (!isSaid(item[member])) throw lacks(`${member} is missing`)
    }
    checkClaims(item, lacks)
    return item as UseCase
  })
}

type Lacks = (what: string) => Error

const isSaid = (text: unknown) => typeof text === 'string' && text.trim() !== ''

// What nobody reads would weaken the question in silence: `value` for `values` asks for an age of any value.
function requireKnown(
  value: object | undefined,
  known: readonly string[],
  where: string,
  lacks: Lacks,
): void {
  const unknown = unknownMember(value ?? {}, known)
  if (unknown !== undefined) throw lacks(`${where}${unknown}`)
}

function checkClaims(
  { claims, claimSets, document: name = thaiNationalId.id }: Partial<UseCase>,
  lacks: Lacks,
) {
  if (!Array.isArray(claims) || claims.length === 0) throw lacks('claims must name at least one claim')
  const document = documents.find(({ type }) => type.id === name)
  if (!document) throw lacks(`document must be one of ${documents.map(({ type }) => type.id).join(', ')}`)
  const ids = new Set<unknown>()
  for (const [at, claim] of claims.entries()) {
    const where = `claims[${at}]: `
    if (!isJsonObject(claim)) throw lacks(`${where}expected an object; got ${describeValue(claim)}`)
    requireKnown(claim, ['id', 'path', 'values'], where, lacks)
    const { id, path, values } = claim
    if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,128}$/.test(id) || ids.has(id)) {
      throw lacks(`${where}id: expected A-Z, a-z, 0-9, _ or -, no id twice; got ${describeValue(id)}`)
    }
    ids.add(id)
    const asked = JSON.stringify(path)
    if (!document.type.claims.some((one) => JSON.stringify(one.path) === asked))
      throw lacks(`${where}${name} has no claim ${asked}`)
    if (values !== undefined && !isValues(values)) {
      const expected = 'expected a list of texts, integers or booleans'
      throw lacks(`${where}values: ${expected}; got ${describeValue(values)}`)
    }
  }
  if (claimSets === undefined) return
  if (!Array.isArray(claimSets) || claimSets.length === 0) {
    throw lacks(`claimSets: expected lists of ids of claims; got ${describeValue(claimSets)}`)
  }
  for (const [at, set] of claimSets.entries()) {
    if (!Array.isArray(set) || set.length === 0)
      throw lacks(`claimSets[${at}]: expected a list of ids of claims; got ${describeValue(set)}`)
    const unknown = set.find((id) => !ids.has(id))
    if (unknown !== undefined) {
      throw lacks(
        `claimSets[${at}]: no claim has the id ${JSON.stringify(unknown)}; expected of ${[...ids].join(', ')}`,
      )
    }
  }
}

function isValues(values: unknown): boolean {
  const isValue = (value: unknown) =>
    typeof value === 'string' || typeof value === 'boolean' || Number.isInteger(value)
  return Array.isArray(values) && values.length > 0 && values.every(isValue)
}
