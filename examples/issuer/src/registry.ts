import { createHmac } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { parseThaiText, type RegistryRecord } from '@ekkasan/thai'
import { writePrivateFile } from '@ekkasan-examples/ui'

export interface Citizen {
  /** Names the citizen in URLs and logs in place of the number. */
  readonly handle: string
  readonly record: RegistryRecord
}

/** The register of citizens: put a connector to your own here. */
export interface Registry {
  find(citizenNumber: string): Promise<Citizen | undefined>
  findByHandle(handle: string): Promise<Citizen | undefined>
  /** By part of a Thai or Latin name, in the order of the Thai dictionary, at most `limit`. */
  search(name: string, limit: number): Promise<readonly Citizen[]>
}

/**
 * A register in a JSON file, an array of records; made from `seed` if there is none, read again when it changes.
 * `secret` turns citizen numbers into handles.
 */
export function createFileRegistry(options: {
  readonly file: string
  readonly seed: readonly RegistryRecord[]
  readonly secret: Uint8Array
}): Registry {
  const { file, seed, secret } = options
  if (!existsSync(file)) writePrivateFile(file, JSON.stringify(seed, null, 1))
  const collator = new Intl.Collator('th')
  let stamp = ''
  let byHandle = new Map<string, Citizen>()
  let sorted: readonly { readonly citizen: Citizen; readonly names: string }[] = []

  const load = () => {
    const { mtimeMs, size, ino } = statSync(file)
    const now = `${mtimeMs} ${size} ${ino}`
    if (now === stamp) return
    const records = JSON.parse(readFileSync(file, 'utf8')) as RegistryRecord[]
    const citizens = records.map((record) => ({ handle: citizenHandle(secret, record.person.pid), record }))
    byHandle = new Map(citizens.map((citizen) => [citizen.handle, citizen]))
    sorted = citizens
      .map((citizen) => ({ citizen, names: searchable(citizen.record), order: orderOf(citizen.record) }))
      .sort((a, b) => collator.compare(a.order, b.order))
    stamp = now
  }

  return {
    async find(citizenNumber) {
      load()
      return byHandle.get(citizenHandle(secret, citizenNumber))
    },
    async findByHandle(handle) {
      load()
      return byHandle.get(handle)
    },
    async search(name, limit) {
      load()
      const words = parseThaiText(name).toLowerCase().split(' ')
      const found = sorted.filter(({ names }) => words.every((word) => names.includes(word)))
      return found.slice(0, limit).map(({ citizen }) => citizen)
    },
  }
}

/** A name for a citizen that leads nowhere without the secret. */
function citizenHandle(secret: Uint8Array, citizenNumber: string): string {
  return createHmac('sha256', secret).update(`citizen\0${citizenNumber}`).digest('base64url').slice(0, 22)
}

function searchable({ person }: RegistryRecord): string {
  const parts = [
    person.firstName,
    person.middleName,
    person.lastName,
    person.englishFirstName,
    person.englishMiddleName,
    person.englishLastName,
  ]
  return parts
    .filter((part) => part !== undefined)
    .join(' ')
    .normalize('NFC')
    .toLowerCase()
}

function orderOf({ person }: RegistryRecord): string {
  return `${person.firstName} ${person.lastName ?? ''}`
}
