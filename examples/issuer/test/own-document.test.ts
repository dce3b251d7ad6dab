import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCitizens } from '@ekkasan-examples/citizens'
import { documents } from '@ekkasan-examples/documents'
import { expect, it } from 'vitest'
import { CitizenPage } from '../src/screens/citizen.tsx'
import { startIssuer, temporaryFolder } from './running-issuer.ts'

it.fails('the preview of a document of one’s own shows what stands in its lists [J6]', () => {
  const [base] = documents
  const [person] = createCitizens(new Date('2026-11-30'))
  if (!base || !person) throw new Error('no document, no person')
  const names = { th: 'ทะเบียนเรือ', en: 'Registration of the vessel' }
  const licence = {
    ...base,
    type: {
      ...base.type,
      id: 'FishingLicence',
      claims: [{ path: ['vessels', null, 'reg_no'], names, disclosure: 'selective' as const }],
    },
  }
  const chosen = { document: licence, configurations: [] }
  const page = CitizenPage({
    csrf: 'x',
    officer: 'officer',
    flash: undefined,
    citizen: { handle: 'h', record: person.record },
    chosen,
    issuable: { claims: { vessels: [{ reg_no: 'TH-4711' }] }, validUntil: new Date('2027-11-30') },
    offerable: [chosen],
    issuances: [],
  })
  const html = String(page)
  if (!html.includes('<main')) throw new Error('the page was not rendered')
  expect(html).toContain('TH-4711')
})

it.fails('an issuer in earnest is not filled with invented citizens [J7]', async () => {
  const folder = temporaryFolder()
  const issuer = await startIssuer(folder.path, { ISSUER_URL: 'https://issuer.example' })
  try {
    const file = join(folder.path, 'registry.json')
    const records = existsSync(file) ? readFileSync(file, 'utf8') : ''
    expect(records).not.toContain('1999900000013')
  } finally {
    await issuer.stop()
    folder.remove()
  }
}, 60_000)
