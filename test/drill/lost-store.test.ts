// The store is lost, or another one is named, while keys and journal are there: the issuer refuses to start, and says what to do.

import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import { runCommand, startIssuer, temporaryFolder } from '../../examples/issuer/test/running-issuer.ts'
import { startPostgres } from '../postgres.ts'
import { freePort, issueMany, nameOf, outcomeOf, published, revoke } from './issuer-drill.ts'

async function setting() {
  const folder = temporaryFolder()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const settings: Record<string, string> = { PORT: String(port), ISSUER_URL: url, STATUS_SECONDS: '1' }
  const store = (...words: string[]) => runCommand(folder.path, ['store', ...words], settings)
  return { folder, url, settings, store }
}

it('a lost SQLite file is refused; its status lists are rebuilt from the journal [L2]', async () => {
  const { folder, settings, store } = await setting()
  try {
    let issuer = await startIssuer(folder.path, settings)
    const before = await issueMany(issuer, 4)
    await revoke(issuer, before[0]!)
    await issuer.stop()
    rmSync(join(folder.path, 'issuer.sqlite'))
    await expect(startIssuer(folder.path, settings)).rejects.toThrow(/is new.*store restore/s)
    // Nor later, though the refused start has made the file.
    await expect(startIssuer(folder.path, settings)).rejects.toThrow(/is new/)
    const outcome = outcomeOf(await store('restored'))
    expect(outcome.listsRebuilt).toEqual([before[0]!.uri])
    issuer = await startIssuer(folder.path, settings)
    expect(await published(before[0]!)).toBe('revoked')
    expect(await published(before[1]!)).toBe('valid')
    const later = await issueMany(issuer, 4)
    const all = [...before, ...later].map(nameOf)
    expect(new Set(all).size).toBe(all.length)
    await issuer.stop()
  } finally {
    folder.remove()
  }
})

it('an older copy of the file laid in its place by hand is refused until it was reconciled [L1]', async () => {
  const { folder, settings, store } = await setting()
  try {
    let issuer = await startIssuer(folder.path, settings)
    const before = await issueMany(issuer, 2)
    await issuer.stop()
    const file = join(folder.path, 'issuer.sqlite')
    copyFileSync(file, `${file}.old`)
    issuer = await startIssuer(folder.path, settings)
    before.push(...(await issueMany(issuer, 2)))
    await revoke(issuer, before[0]!)
    await issuer.stop()
    copyFileSync(`${file}.old`, file)
    await expect(startIssuer(folder.path, settings)).rejects.toThrow(
      /older than the journals.*store restored/s,
    )
    expect(outcomeOf(await store('restored'))).toMatchObject({ statusesApplied: 1 })
    issuer = await startIssuer(folder.path, settings)
    expect(await published(before[0]!)).toBe('revoked')
    const all = [...before, ...(await issueMany(issuer, 4))].map(nameOf)
    expect(new Set(all).size).toBe(all.length)
    await issuer.stop()
  } finally {
    folder.remove()
  }
})

it('a database whose name is one letter off is refused: a new one, and that of another installation [L2]', async () => {
  const postgres = await startPostgres()
  const mine = await setting()
  const theirs = await setting()
  const named = (name: string) => postgres.url.replace(/postgres$/, name)
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  try {
    for (const name of ['issuer', 'isuer', 'issuer2']) await admin.query(`CREATE DATABASE ${name}`)
    const start = (of: typeof mine, name: string) =>
      startIssuer(of.folder.path, { ...of.settings, STORE: named(name) })
    const issuer = await start(mine, 'issuer')
    const [issued] = await issueMany(issuer, 1)
    await issuer.stop()
    await (await start(theirs, 'issuer2')).stop()
    await expect(start(mine, 'isuer')).rejects.toThrow(/isuer is new.*Correct STORE/s)
    await expect(start(mine, 'issuer2')).rejects.toThrow(/another installation/)
    const wrong = { ...mine.settings, STORE: named('issuer2') }
    expect((await runCommand(mine.folder.path, ['store', 'restored'], wrong)).out).toMatch(
      /another installation/,
    )
    const again = await start(mine, 'issuer')
    expect(await published(issued!)).toBe('valid')
    await again.stop()
    // Told that it is new, it begins anew; the journal is put aside.
    const fresh = { ...mine.settings, STORE: named('isuer') }
    expect((await runCommand(mine.folder.path, ['store', 'new'], fresh)).code).toBe(0)
    const renewed = await start(mine, 'isuer')
    expect(await published(issued!)).toBe(404)
    const [next] = await issueMany(renewed, 1)
    expect(next!.uri).not.toBe(issued!.uri)
    await renewed.stop()
  } finally {
    await admin.end()
    await postgres.stop()
    mine.folder.remove()
    theirs.folder.remove()
  }
})

it('where the journal of a replica is missing, its lists are closed until they were confirmed or revoked [L1]', async () => {
  const postgres = await startPostgres()
  const { folder, url, settings, store } = await setting()
  const other = temporaryFolder()
  const port = await freePort()
  settings.STORE = postgres.url
  try {
    const one = await startIssuer(folder.path, settings)
    // Another replica has a folder of its own, with the same keys and secrets.
    mkdirSync(join(other.path, 'keys'))
    for (const name of ['keys/first.json', 'citizen.key', 'installation.json']) {
      copyFileSync(join(folder.path, name), join(other.path, name))
    }
    const two = await startIssuer(other.path, { ...settings, PORT: String(port) })
    const before = await issueMany(one, 2)
    const file = join(folder.path, 'backup')
    outcomeOf(await store('backup', file))
    await revoke(two, before[0]!)
    await Promise.all([one.stop(), two.stop()])
    outcomeOf(await store('restore', file))

    const outcome = outcomeOf(await store('restored'))
    expect(outcome.journalsMissing).toHaveLength(1)
    expect(outcome.listsClosed).toContain(before[0]!.uri)
    expect(outcome.window).toMatchObject({ from: expect.any(String), to: expect.any(String) })
    let issuer = await startIssuer(folder.path, settings)
    expect(await published(before[0]!)).toBe(503)
    const [next] = await issueMany(issuer, 1)
    expect(await published(next!)).toBe('valid')
    await issuer.stop()
    // The other folder is found after all.
    expect(
      outcomeOf(await store('restored', '--journal', join(other.path, 'journal'))).listsClosed,
    ).toBeUndefined()
    issuer = await startIssuer(folder.path, settings)
    expect(await published(before[0]!)).toBe('revoked')
    expect(await published(before[1]!)).toBe('valid')
    await issuer.stop()
    expect(url).toBe(settings.ISSUER_URL)
  } finally {
    await postgres.stop()
    folder.remove()
    other.remove()
  }
})
