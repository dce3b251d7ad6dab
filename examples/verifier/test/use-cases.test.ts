import { mkdtempSync, rmSync, statSync } from 'node:fs'
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
