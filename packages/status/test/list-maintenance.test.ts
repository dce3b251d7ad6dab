import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BitstringStatusReference,
  createMemoryStore,
  type StatusJournalLine,
  type StatusReference,
  type Store,
  type TokenStatusReference,
} from '@ekkasan/core'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import {
  createBitstringStatusLists,
  createFileJournal,
  createStatusLists,
  type FileJournal,
  readFileJournals,
  StatusError,
  type StatusListMaintenance,
} from '@ekkasan/status'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

// What lists do when the store goes back in time, in both kinds of lists. A journal here is a real one, in files.

const signer = await signerFromJwk(await generateJwk('ES256'), { kid: 'k1' })
const url = 'https://issuer.example/status'
const size = 131_072
let time: number
const clock = () => new Date(time)
let folder: string
const journals: FileJournal[] = []

/** A store that can be copied and put back, as a backup and a restore do. */
interface Backed {
  readonly store: Store
  copy(): Promise<Backed>
}

async function backed(store = createMemoryStore({ clock })): Promise<Backed> {
  const counters = new Map<string, number>()
  return {
    store: {
      ...store,
      async next(counter) {
        const number = await store.next(counter)
        counters.set(counter, number + 1)
        return number
      },
    },
    async copy() {
      const other = createMemoryStore({ clock })
      let after: string | undefined
      do {
        const page = await store.list('', { limit: 1000, ...(after !== undefined && { after }) })
        for (const { key, value } of page.entries) await other.put(key, value)
        after = page.cursor
      } while (after !== undefined)
      for (const [counter, next] of counters) for (let i = 0; i < next; i++) await other.next(counter)
      return backed(other)
    },
  }
}

interface Lists {
  allocate(): Promise<StatusReference>
  set(entry: never, status: 'valid' | 'revoked' | 'suspended'): Promise<void>
  get(entry: never): Promise<string>
  fetch(request: Request): Promise<Response | undefined>
  readonly maintenance: StatusListMaintenance
}

const kinds: [string, (store: Store, journal?: FileJournal) => Lists][] = [
  [
    'token lists',
    (store, journal) => createStatusLists({ url, signer, store, size, clock, ...(journal && { journal }) }),
  ],
  [
    'bitstring lists',
    (store, journal) =>
      createBitstringStatusLists({
        url,
        issuer: 'https://issuer.example',
        store,
        size,
        clock,
        ...(journal && { journal }),
        issueCredential: async (credential) => ({
          contentType: 'application/vc',
          body: JSON.stringify(credential),
        }),
      }),
  ],
]

const openJournal = async () => {
  const journal = await createFileJournal({ folder, clock })
  journals.push(journal)
  return journal
}
const nameOf = (entry: StatusReference) => JSON.stringify(entry)
const listOf = (entry: StatusReference): string =>
  'credentialStatus' in entry
    ? (entry as BitstringStatusReference).credentialStatus[0]!.statusListCredential
    : (entry as TokenStatusReference).uri
const bodyOf = async (lists: Lists, entry: StatusReference) =>
  (await lists.fetch(new Request(listOf(entry))))?.text()
const lines = async (journal: FileJournal) => {
  const all: StatusJournalLine[] = []
  for await (const line of journal.read()) all.push(line)
  return all
}
const many = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make))

beforeEach(() => {
  time = Date.parse('2026-06-01T00:00:00Z')
  folder = mkdtempSync(join(tmpdir(), 'ekkasan-journal-'))
})
afterEach(async () => {
  for (const journal of journals.splice(0)) await journal.close()
  rmSync(folder, { recursive: true })
})

describe.each(kinds)('%s whose store goes back', (_kind, open) => {
  const statusOf = (lists: Lists, entry: StatusReference) => lists.get(entry as never)
  const set = (lists: Lists, entry: StatusReference, status: 'valid' | 'revoked' | 'suspended') =>
    lists.set(entry as never, status)
  const fetched = async (lists: Lists, entry: StatusReference) =>
    (await lists.fetch(new Request(listOf(entry))))?.status

  it('gives each list a URI with a random part, of which no store begins another [L1]', async () => {
    const first = await open(createMemoryStore()).allocate()
    const second = await open(createMemoryStore()).allocate()
    expect(listOf(first)).toMatch(/\/[A-Za-z0-9_-]{16}$/)
    expect(listOf(first)).not.toBe(listOf(second))
  })

  it('gives nothing and publishes nothing from an older store, until it was reconciled; then no index twice [L1]', async () => {
    const now = await backed()
    const journal = await openJournal()
    const lists = open(now.store, journal)
    const given = await many(10, () => lists.allocate())
    const backup = await now.copy()
    given.push(...(await many(100, () => lists.allocate())))
    await set(lists, given[0]!, 'revoked')
    await set(lists, given[60]!, 'revoked')

    const restored = open(backup.store, journal)
    const behind = { code: 'status.store.behind' }
    await expect(restored.allocate()).rejects.toMatchObject(behind)
    await expect(statusOf(restored, given[0]!)).rejects.toMatchObject(behind)
    await expect(set(restored, given[0]!, 'suspended')).rejects.toMatchObject(behind)
    await expect(restored.maintenance.check()).rejects.toMatchObject(behind)
    expect(await fetched(restored, given[0]!)).toBe(503)

    const { applied, missing, closed } = await open(backup.store).maintenance.reconcile(
      await readFileJournals(folder),
      { since: new Date(time) },
    )
    expect([applied, missing, closed]).toEqual([2, [], []])
    const after = open(backup.store, journal)
    expect(await statusOf(after, given[0]!)).toBe('revoked')
    expect(await statusOf(after, given[60]!)).toBe('revoked')
    expect(await statusOf(after, given[1]!)).toBe('valid')
    expect(await fetched(after, given[0]!)).toBe(200)
    given.push(...(await many(100, () => after.allocate())))
    expect(new Set(given.map(nameOf)).size).toBe(given.length)
    expect(listOf(given.at(-1)!)).not.toBe(listOf(given[0]!))
  })

  it('finds that a list of the journal is not in the store: lost, or another database [L2]', async () => {
    const journal = await openJournal()
    const entry = await open(createMemoryStore(), journal).allocate()
    const other = open(createMemoryStore(), journal)
    await expect(other.maintenance.check()).rejects.toMatchObject({
      code: 'status.store.behind',
      message: expect.stringContaining(listOf(entry)),
    })
    await expect(other.allocate()).rejects.toBeInstanceOf(StatusError)
  })

  it('rebuilds lists that only the journals know, with all that was revoked in them [L2]', async () => {
    const journal = await openJournal()
    const lists = open(createMemoryStore({ clock }), journal)
    const given = await many(40, () => lists.allocate())
    await set(lists, given[3]!, 'revoked')
    await set(lists, given[4]!, 'suspended')
    const store = createMemoryStore({ clock })
    const outcome = await open(store).maintenance.reconcile([journal])
    expect(outcome).toMatchObject({ applied: 2, rebuilt: [listOf(given[0]!)], missing: [], closed: [] })
    const after = open(store, journal)
    expect(await fetched(after, given[0]!)).toBe(200)
    expect(await statusOf(after, given[3]!)).toBe('revoked')
    expect(await statusOf(after, given[4]!)).toBe('suspended')
    const next = await after.allocate()
    expect(listOf(next)).not.toBe(listOf(given[0]!))
  })

  it('applies a status that stands in the journal only, without alarm, and only once [L1]', async () => {
    const now = await backed()
    const journal = await openJournal()
    const lists = open(now.store, journal)
    const [one, two] = [await lists.allocate(), await lists.allocate()]
    const backup = await now.copy()
    await set(lists, one, 'revoked')
    await set(lists, two, 'suspended')

    const after = open(backup.store, journal)
    await after.maintenance.check()
    expect(await statusOf(after, one)).toBe('revoked')
    expect(await statusOf(after, two)).toBe('suspended')
    // Another replica lifts it: what the first journal says of it is older, and is not applied again.
    await set(open(backup.store, await openJournal()), two, 'valid')
    const again = open(backup.store, journal)
    await again.maintenance.check()
    expect(await statusOf(again, two)).toBe('valid')
  })

  it('keeps the order of what one replica did, whatever its clock did meanwhile, and applies it once [L1]', async () => {
    const now = await backed()
    const journal = await openJournal()
    const lists = open(now.store, journal)
    const entry = await lists.allocate()
    const backup = await now.copy()
    await set(lists, entry, 'suspended')
    time += 366 * 86_400_000
    await set(lists, entry, 'valid')
    time -= 366 * 86_400_000
    await set(lists, entry, 'suspended')

    expect((await open(backup.store).maintenance.reconcile([journal])).applied).toBe(3)
    expect(await statusOf(open(backup.store), entry)).toBe('suspended')
    expect((await open(backup.store).maintenance.reconcile([journal])).applied).toBe(0)
    expect(await statusOf(open(backup.store), entry)).toBe('suspended')
  })

  it('puts what another replica did after the clock was set back behind what was done under the fast one [L1]', async () => {
    const now = await backed()
    const [mine, theirs] = [await openJournal(), await openJournal()]
    const [fast, other] = [open(now.store, mine), open(now.store, theirs)]
    const [entry, more] = [await fast.allocate(), await fast.allocate()]
    const backup = await now.copy()
    time += 366 * 86_400_000
    await set(fast, entry, 'suspended')
    await set(fast, entry, 'valid')
    time -= 366 * 86_400_000
    await set(fast, more, 'suspended')
    time += 60_000
    await set(other, entry, 'suspended')

    await open(backup.store).maintenance.reconcile([mine, theirs])
    expect(await statusOf(open(backup.store, mine), entry)).toBe('suspended')
  })

  it('tells other replicas of a change that was made before its process ended or failed, once it is asked for again [L6]', async () => {
    const store = createMemoryStore({ clock })
    let fails = false
    const failing: Store = {
      ...store,
      put: async (key, ...rest) => {
        if (fails && key.includes('/mark/')) throw new Error('the connection was lost')
        return store.put(key, ...rest)
      },
    }
    const [lists, other] = [open(failing), open(store)]
    const entry = await lists.allocate()
    const before = await bodyOf(other, entry)
    fails = true
    await expect(set(lists, entry, 'revoked')).rejects.toMatchObject({ code: 'core.store.failed' })
    await set(open(store), entry, 'revoked')
    // Long enough for the other to ask whether the list was changed, and not for its own to be too old.
    time += 2000
    expect(await bodyOf(other, entry)).not.toBe(before)
  })

  it('brings a status that the store did not take into it with the next one [L1]', async () => {
    const store = createMemoryStore({ clock })
    let fails = false
    const failing: Store = {
      ...store,
      swap: async (key, ...rest) => {
        if (fails && key.includes('/bytes/')) throw new Error('the disk is full')
        return store.swap(key, ...rest)
      },
    }
    const lists = open(failing, await openJournal())
    const one = await lists.allocate()
    fails = true
    await expect(set(lists, one, 'revoked')).rejects.toMatchObject({
      code: 'core.store.failed',
    })
    fails = false
    await set(lists, one, 'revoked')
    expect(await statusOf(lists, one)).toBe('revoked')
  })

  it('closes every list where a journal is missing, and tells which; confirmed or revoked they are published again [L1]', async () => {
    const now = await backed()
    const [mine, theirs] = [await openJournal(), await openJournal()]
    const [one, two] = [open(now.store, mine), open(now.store, theirs)]
    const entry = await one.allocate()
    await two.allocate()
    const backup = await now.copy()
    await set(two, entry, 'revoked')

    const office = open(backup.store).maintenance
    const outcome = await office.reconcile([mine])
    const list = listOf(entry)
    expect(outcome).toMatchObject({ missing: [theirs.replica], closed: [list] })
    const after = open(backup.store, mine)
    expect(await fetched(after, entry)).toBe(503)
    const unknown = list.replace(/[^/]{16}$/, 'AAAAAAAAAAAAAAAA')
    expect((await after.fetch(new Request(unknown)))?.status).toBe(503)
    const next = await after.allocate()
    expect(await fetched(after, next)).toBe(200)
    expect(await office.lists()).toContainEqual({ list, size, taken: 64, closed: 'journal-missing' })

    await office.confirm(list)
    time += 1100
    expect(await fetched(after, entry)).toBe(200)
    await expect(office.confirm(unknown)).rejects.toMatchObject({ code: 'status.entry.unknown' })
    await office.revokeAll(list)
    time += 1100
    expect(await statusOf(after, entry)).toBe('revoked')
    expect(await fetched(after, entry)).toBe(200)
  })

  it('keeps a list revoked whose credentials were all revoked after the backup [L1]', async () => {
    const now = await backed()
    const journal = await openJournal()
    const lists = open(now.store, journal)
    const entry = await lists.allocate()
    const backup = await now.copy()
    await lists.maintenance.revokeAll(listOf(entry))
    expect(await statusOf(lists, entry)).toBe('revoked')
    expect(await lines(journal)).toContainEqual(expect.objectContaining({ event: 'revoked-all' }))

    const office = open(backup.store).maintenance
    expect((await office.reconcile(await readFileJournals(folder))).closed).toEqual([])
    const after = open(backup.store, journal)
    expect(await fetched(after, entry)).toBe(200)
    expect(await statusOf(after, entry)).toBe('revoked')
    // Said once more, it changes nothing more.
    expect((await office.reconcile(await readFileJournals(folder))).applied).toBe(0)
  })

  it('takes of two copies of one journal what the longer one says [L1]', async () => {
    const now = await backed()
    const journal = await openJournal()
    const lists = open(now.store, journal)
    const entry = await lists.allocate()
    const backup = await now.copy()
    const older = await lines(journal)
    await set(lists, entry, 'revoked')
    const copy = {
      replica: journal.replica,
      async *read() {
        yield* older
      },
    }
    expect((await open(backup.store).maintenance.reconcile([journal, copy])).applied).toBe(1)
    const after = open(backup.store, journal)
    await after.maintenance.check()
    expect(await statusOf(after, entry)).toBe('revoked')
  })

  it('opens the lists again when the missing journal is brought, with what it says [L1]', async () => {
    const now = await backed()
    const [mine, theirs] = [await openJournal(), await openJournal()]
    const [one, two] = [open(now.store, mine), open(now.store, theirs)]
    const entry = await one.allocate()
    await two.allocate()
    const backup = await now.copy()
    await set(two, entry, 'revoked')
    const office = open(backup.store).maintenance
    await office.reconcile([mine])
    expect(await office.reconcile([mine, theirs])).toMatchObject({ applied: 1, missing: [], closed: [] })
    const after = open(backup.store, mine)
    expect(await fetched(after, entry)).toBe(200)
    expect(await statusOf(after, entry)).toBe('revoked')
  })

  it('misses the journal of a replica that joined after the backup, and none of one that ended before it [L1]', async () => {
    const now = await backed()
    const [mine, gone, joined] = [await openJournal(), await openJournal(), await openJournal()]
    const [one, old] = [open(now.store, mine), open(now.store, gone)]
    await one.allocate()
    await old.allocate()
    await old.maintenance.leave()
    const backup = await now.copy()
    time += 3_600_000
    await open(now.store, joined).allocate()
    await many(64, () => one.allocate())
    const since = new Date(time - 3_600_000)
    const office = open(backup.store).maintenance
    expect((await office.reconcile([mine], { since })).missing).toEqual([joined.replica])
    const again = open((await now.copy()).store).maintenance
    expect((await again.reconcile([mine], { without: [joined.replica] })).missing).toEqual([])
  })

  it('serves, changes and replays lists of earlier versions, which had numbers, and gives none of them again [L1]', async () => {
    const store = createMemoryStore({ clock })
    const lists = open(store)
    const entry = await lists.allocate()
    const id = listOf(entry).slice(-16)
    // As an earlier version wrote it: the same record and counter under a number.
    const { entries } = await store.list('status-list/')
    for (const { key, value } of entries) {
      if (key.endsWith('/current')) await store.put(key, 0)
      else if (key.endsWith(id)) await store.put(key.replace(id, '0'), value)
    }
    const old = JSON.parse(JSON.stringify(entry).replaceAll(id, '0')) as StatusReference
    const journal = await openJournal()
    const upgraded = open(store, journal)
    expect(await fetched(upgraded, old)).toBe(200)
    await set(upgraded, old, 'revoked')
    expect(await statusOf(upgraded, old)).toBe('revoked')
    const next = await upgraded.allocate()
    expect(listOf(next)).toMatch(/\/[A-Za-z0-9_-]{16}$/)
    await upgraded.maintenance.check()
  })
})
