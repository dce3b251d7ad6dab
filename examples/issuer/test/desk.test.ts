import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore } from '@ekkasan/core'
import { expect, it } from 'vitest'
import { createAudit } from '../src/audit.ts'
import { createDesk } from '../src/desk.ts'

const day = 86_400_000

function clockAt(text: string) {
  const time = { now: Date.parse(text) }
  return { time, clock: () => new Date(time.now) }
}

it('a link to claim by is gone with its offer, the offer within a day, a reason when its retention ends', async () => {
  const { time, clock } = clockAt('2026-11-21T10:00:00Z')
  const desk = createDesk(createMemoryStore({ clock }), clock)
  const about = { citizen: 'handle', officer: 'officer', document: 'x' }
  const offer = { id: 'o-1', uri: 'long', uriByReference: 'short', expiresAt: new Date(time.now + 300_000) }
  await desk.keepOffer(offer, about)
  const reason = { verb: 'revoke', code: 'other', note: '', officer: 'officer' } as const
  await desk.keepReason('i-1', reason, new Date(time.now + 90 * day))
  expect(await desk.link('o-1')).toBe('short')
  expect(await desk.recentOffers(10)).toHaveLength(1)
  time.now += 300_001
  expect(await desk.link('o-1')).toBeUndefined()
  expect(await desk.recentOffers(10)).toHaveLength(1)
  time.now += day
  expect(await desk.recentOffers(10)).toEqual([])
  expect(await desk.reasons('i-1')).toHaveLength(1)
  time.now += 90 * day
  expect(await desk.reasons('i-1')).toEqual([])
})

it('audit lines are kept for their days and no longer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekkasan-audit-'))
  const { time, clock } = clockAt('2026-01-01T10:00:00Z')
  const lines: string[] = []
  const audit = createAudit({ folder, days: 30, log: (event) => lines.push(event), clock })
  audit({ event: 'sign-in', officer: 'officer' })
  time.now += 30 * day
  audit({ event: 'revoked', officer: 'officer', reason: 'other' })
  expect(readdirSync(folder)).toEqual(['2026-01-01.jsonl', '2026-01-31.jsonl'])
  time.now += day
  audit({ event: 'sign-out', officer: 'officer' })
  expect(readdirSync(folder)).toEqual(['2026-01-31.jsonl', '2026-02-01.jsonl'])
  expect(JSON.parse(readFileSync(join(folder, '2026-01-31.jsonl'), 'utf8'))).toEqual({
    time: '2026-01-31T10:00:00.000Z',
    event: 'revoked',
    officer: 'officer',
    reason: 'other',
  })
  expect(lines).toEqual(['audit.sign-in', 'audit.revoked', 'audit.sign-out'])
  rmSync(folder, { recursive: true })
})
