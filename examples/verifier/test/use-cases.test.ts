import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseUseCases, readUseCases } from '../src/use-cases.ts'

const useCase = {
  id: 'library',
  names: { th: 'สมัครห้องสมุด', en: 'Join the library' },
  replaces: { th: 'สำเนาบัตร', en: 'A photocopy' },
  purpose_th: 'สมัครสมาชิก',
  purpose_en: 'To join',
  legal_basis_th: 'สัญญา',
  legal_basis_en: 'Contract',
  contact: 'dpo@library.example',
  claims: [{ id: 'name_th', path: ['name_th'] }],
}

it('writes the use cases of the catalogue at the first start, for their owner only, and reads them again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-use-cases-'))
  try {
    const file = join(folder, 'use-cases.json')
    const first = readUseCases(file)
    expect(first.map(({ id }) => id)).toContain('age20')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readUseCases(file)).toEqual(first)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('accepts an agency’s own', () => {
  expect(parseUseCases(JSON.stringify([useCase]))).toEqual([useCase])
})

it.each([
  [{ purpose_th: '' }, 'purpose_th is missing'],
  [{ legal_basis_en: undefined }, 'legal_basis_en is missing'],
  [{ contact: undefined }, 'contact is missing'],
  [{ names: { th: 'ไทย' } }, 'names must be said in th and en'],
  [{ id: 'a b' }, 'id must be'],
  [{ claims: [] }, 'claims must name at least one'],
  [{ claims: [{ id: 'x', path: ['blood_type'] }] }, 'has no claim ["blood_type"]'],
  [{ document: 'ThaiDrivingLicence', claims: [{ id: 'x', path: ['address'] }] }, 'has no claim ["address"]'],
  [{ document: 'Passport' }, 'document must be one of ThaiNationalID, ThaiDrivingLicence'],
])('refuses at start a use case without what the law wants said: %j', (change, message) => {
  expect(() => parseUseCases(JSON.stringify([{ ...useCase, ...change }]))).toThrow(message)
})

it('refuses an empty list and an id that stands twice', () => {
  expect(() => parseUseCases('[]')).toThrow('at least one')
  expect(() => parseUseCases(JSON.stringify([useCase, useCase]))).toThrow('stands twice')
})

const age = { id: 'age', path: ['age_equal_or_over', '20'], values: [true] }

it.each<[object, string]>([
  [{ purpose: 'a' }, 'use case library: unknown member "purpose"'],
  [{ claim: [age] }, 'use case library: unknown member "claim"; did you mean claims?'],
  [{ claim_sets: [['age']] }, 'use case library: unknown member "claim_sets"; did you mean claimSets?'],
  [{ Document: 'ThaiNationalID' }, 'use case library: unknown member "Document"; did you mean document?'],
  [{ names: { th: 'ก', en: 'a', eng: 'b' } }, 'use case library: names: unknown member "eng"'],
  [
    { claims: [{ id: 'age', path: age.path, value: [true] }] },
    'use case library: claims[0]: unknown member "value"; did you mean values?',
  ],
  [
    { claims: [{ ...age, intent_to_retain: true }] },
    'use case library: claims[0]: unknown member "intent_to_retain"',
  ],
  [
    { claims: [{ ...age, values: true }] },
    'claims[0]: values: expected a list of texts, integers or booleans',
  ],
  [{ claims: [{ ...age, values: [] }] }, 'claims[0]: values: expected a list'],
  [
    { claims: [{ path: age.path }] },
    'claims[0]: id: expected A-Z, a-z, 0-9, _ or -, no id twice; got undefined',
  ],
  [{ claims: [age, age] }, 'claims[1]: id: expected A-Z, a-z, 0-9, _ or -, no id twice'],
  [{ claims: [age], claimSets: [['agee']] }, 'claimSets[0]: no claim has the id "agee"; expected of age'],
  [{ claims: [age], claimSets: ['age'] }, 'claimSets[0]: expected a list of ids of claims; got a text'],
  [{ claims: [age], claimSets: [] }, 'claimSets: expected lists of ids of claims; got an empty list'],
  [{ claims: ['age'] }, 'claims[0]: expected an object; got a text'],
])('refuses at start what nobody would read: %j [C1]', (change, message) => {
  expect(() => parseUseCases(JSON.stringify([{ ...useCase, ...change }]))).toThrow(message)
})

it('names the file, and refuses what is no use case at all [C1]', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-use-cases-'))
  try {
    const file = join(folder, 'use-cases.json')
    for (const [text, message] of [
      [
        JSON.stringify([{ ...useCase, claim: [] }]),
        'use-cases.json: use case library: unknown member "claim"',
      ],
      ['["age20"]', 'use-cases.json: use case number 1: expected an object; got a text'],
      ['[', 'use-cases.json: not JSON'],
    ] as const) {
      writeFileSync(file, text)
      expect(() => readUseCases(file)).toThrow(message)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
