// A backup taken under load is restored over a store that went on: no index, code or nonce is given twice, no revoked credential is valid.

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCommand, startIssuer, temporaryFolder } from '../../examples/issuer/test/running-issuer.ts'
import { startPostgres } from '../postgres.ts'
import {
  expectBlocked,
  freePort,
  issue,
  issueMany,
  nameOf,
  offer,
  outcomeOf,
  published,
  redeem,
  revoke,
  takeNonce,
  untilUsable,
} from './issuer-drill.ts'

it.each(['SQLite', 'PostgreSQL'])(
  'a restored %s serves nothing until it was reconciled, and then harms nobody [L1] [L10]',
  async (kind) => {
    const folder = temporaryFolder()
    const postgres = kind === 'PostgreSQL' ? await startPostgres() : undefined
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const settings = {
      PORT: String(port),
      ISSUER_URL: url,
      STATUS_SECONDS: '1',
      ...(postgres && { STORE: postgres.url }),
    }
    const store = (...words: string[]) => runCommand(folder.path, ['store', ...words], settings)
    let issuer = await startIssuer(folder.path, settings)
    try {
      const before = await issueMany(issuer, 3)
      const open = await offer(issuer)
      const used = await offer(issuer)
      const nonce = await takeNonce(url)

      const file = join(folder.path, 'backup')
      const backing = store('backup', file)
      const during = await issueMany(issuer, 2)
      expect(outcomeOf(await backing).takenAt).toBeDefined()

      const after = [await issue(issuer, used), ...(await issueMany(issuer, 4))]
      await revoke(issuer, before[0]!)
      await revoke(issuer, after[0]!)
      expect((await store('restore', file)).code).toBe(1)
      await issuer.stop()

      expect(outcomeOf(await store('restore', file)).next).toContain('store restored')
      issuer = await startIssuer(folder.path, settings)
      await expectBlocked(url, before[0]!)
      const outcome = outcomeOf(await store('restored'))
      expect(outcome).toMatchObject({ statusesApplied: 2, listsRebuilt: [] })
      expect(outcome.listsClosed).toBeUndefined()
      await untilUsable(url)

      expect(await published(before[0]!)).toBe('revoked')
      expect(await published(before[1]!)).toBe('valid')
      expect(await published(after[0]!)).toBe('revoked')
      expect(await redeem(url, used)).toBe('invalid_grant')
      expect(await redeem(url, open)).toBe('invalid_grant')
      const renewed = await takeNonce(url)
      expect(renewed).not.toBe(nonce)
      const later = await issueMany(issuer, 8)
      const all = [...before, ...during, ...after, ...later].map(nameOf)
      expect(new Set(all).size).toBe(all.length)
      await revoke(issuer, later[0]!)
      expect(await published(after[1]!)).toBe('valid')
    } finally {
      await issuer.stop()
      await postgres?.stop()
      folder.remove()
    }
  },
)
