// The verifier's store is backed up and restored: nothing is served, until it was said that it was restored.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCommand, startIssuer, temporaryFolder } from '../../examples/issuer/test/running-issuer.ts'
import { startPostgres } from '../postgres.ts'
import { freePort, outcomeOf } from './issuer-drill.ts'

it.each(['SQLite', 'PostgreSQL'])(
  'a verifier over a restored %s answers 503 to everything until "store restored", which ends open requests [L1] [L10]',
  async (kind) => {
    const folder = temporaryFolder()
    const postgres = kind === 'PostgreSQL' ? await startPostgres() : undefined
    const url = `http://127.0.0.1:${await freePort()}`
    const settings = { PORT: new URL(url).port, ...(postgres && { STORE: postgres.url }) }
    const start = () => startIssuer(folder.path, settings, 'verifier')
    const store = (...words: string[]) => runCommand(folder.path, ['store', ...words], settings, 'verifier')
    let verifier = await start()
    try {
      const authorization = `Bearer ${readFileSync(join(folder.path, 'api-token'), 'utf8').trim()}`
      const api = async (method: string, path: string, body?: object) => {
        const headers = { authorization, 'content-type': 'application/json' }
        const answer = await fetch(`${url}/api${path}`, {
          method,
          headers,
          ...(body && { body: JSON.stringify(body) }),
        })
        const text = await answer.text()
        return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as { id?: string } }
      }
      const ask = () => api('POST', '/requests', { use_case: 'age20' })
      const open = await ask()
      expect(open.status).toBe(201)
      const path = `/requests/${open.body.id}`
      expect((await api('GET', path)).status).toBe(200)

      const file = join(folder.path, 'backup')
      expect(outcomeOf(await store('backup', file)).takenAt).toBeDefined()
      expect((await store('restore', file)).code).toBe(1)
      expect((await api('GET', path)).status).toBe(200)
      await verifier.stop()
      expect(outcomeOf(await store('restore', file)).next).toContain('store restored')

      verifier = await start()
      for (const one of ['/', `/api${path}`, '/openid4vp/x', '/.well-known/did.json', '/readyz']) {
        expect([one, (await fetch(url + one)).status]).toEqual([one, 503])
      }
      expect((await fetch(`${url}/livez`)).status).toBe(200)
      expect(outcomeOf(await store('restored'))).toMatchObject({ requestsEnded: expect.any(Number) })
      await expect.poll(async () => (await fetch(url)).status, { timeout: 30_000, interval: 100 }).toBe(200)
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      expect((await api('GET', path)).status).toBe(404)
      expect((await ask()).status).toBe(201)

      const { code, out } = await store('confirm', 'x')
      expect(code).toBe(1)
      expect(out).toContain('commands are: store backup FILE')
    } finally {
      await verifier.stop()
      await postgres?.stop()
      folder.remove()
    }
  },
)
