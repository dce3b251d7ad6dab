import { createHash, randomBytes, randomInt, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import type { Store } from '@ekkasan/core'
import { readOrCreatePrivateFile, readPrivateJson } from '@ekkasan-examples/ui'

export type SignIn =
  /** `device` is for a cookie of this browser, to come back with its next sign-in. */
  | { readonly outcome: 'accepted'; readonly officer: string; readonly device: string }
  | { readonly outcome: 'refused' }
  /** Too many failures: not even a right password is looked at before `until`. */
  | { readonly outcome: 'locked'; readonly until: Date }

export interface OfficerAccount {
  signIn(username: string, password: string, device?: string): Promise<SignIn>
}

export interface OpenOfficerAccountOptions {
  readonly file: string
  readonly store: Store
  /** In place of the password in the file. */
  readonly password?: string | undefined
  /** Told the password of an account that was just made: the only time that it can be seen. */
  readonly onCreated: (username: string, password: string) => void
  readonly clock?: () => Date
}

interface Hashed {
  readonly salt: string
  readonly hash: string
}

interface Attempts {
  readonly failures: number
  readonly lockedUntil: number
}

const officer = 'officer'
const cost: ScryptOptions = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const freeFailures = 5
/** Milliseconds for which a browser is known after a sign-in. */
export const deviceLifetime = 90 * 24 * 3_600_000

/**
 * The one local account. Failures are counted in the store, so that all replicas share them: from the fifth on
 * each locks the account, 15 seconds first, twice as long each time, an hour at most. A browser in which the officer
 * signed in before is counted by itself, so that strangers who guess cannot lock him out of it.
 */
export async function openOfficerAccount(options: OpenOfficerAccountOptions): Promise<OfficerAccount> {
  const { store, clock = () => new Date() } = options
  const account =
    options.password === undefined ? await readAccount(options) : await hashPassword(options.password)
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
  const deviceKey = (device: string) => `sign-in-device/${hash(device)}`
  const isKnown = async (device: string) => (await store.get(deviceKey(device))) !== undefined

  // A guess is counted before it is looked at, so that guesses made at once count one by one.
  const countAttempt = async (key: string): Promise<Date | undefined> => {
    for (let round = 0; round < 50; round++) {
      const entry = await store.get(key)
      const before = (entry?.value as Attempts | undefined) ?? { failures: 0, lockedUntil: 0 }
      const now = clock().getTime()
      if (before.lockedUntil > now) return new Date(before.lockedUntil)
      const failures = before.failures + 1
      const seconds = failures < freeFailures ? 0 : Math.min(15 * 2 ** (failures - freeFailures), 3600)
      const after = { failures, lockedUntil: now + seconds * 1000 }
      const expiresAt = new Date(now + 24 * 3_600_000)
      if (await store.swap(key, entry?.version, after, { expiresAt })) return undefined
    }
    return new Date(clock().getTime() + 15_000)
  }

  return {
    async signIn(username, password, device) {
      const known = device !== undefined && (await isKnown(device)) ? device : undefined
      const key = `sign-in/${known === undefined ? officer : hash(known)}`
      const lockedUntil = await countAttempt(key)
      if (lockedUntil) return { outcome: 'locked', until: lockedUntil }
      const isRight = await isPassword(password.slice(0, 256), account)
      if (!isRight || username !== officer) return { outcome: 'refused' }
      await store.delete(key)
      const kept = known ?? randomBytes(32).toString('base64url')
      await store.put(deviceKey(kept), true, { expiresAt: new Date(clock().getTime() + deviceLifetime) })
      return { outcome: 'accepted', officer, device: kept }
    },
  }
}

async function readAccount({ file, onCreated }: OpenOfficerAccountOptions): Promise<Hashed> {
  const password = createPassword()
  const fresh = JSON.stringify({ username: officer, ...(await hashPassword(password)) })
  const { created } = readOrCreatePrivateFile(file, () => fresh)
  if (created) onCreated(officer, password)
  return readPrivateJson<Hashed>(file)
}

// Twenty characters that are not mistaken for one another: 99 bits.
function createPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}

async function hashPassword(password: string): Promise<Hashed> {
  const salt = randomBytes(16)
  return { salt: salt.toString('base64url'), hash: (await derive(password, salt)).toString('base64url') }
}

async function isPassword(password: string, { salt, hash }: Hashed): Promise<boolean> {
  return timingSafeEqual(
    await derive(password, Buffer.from(salt, 'base64url')),
    Buffer.from(hash, 'base64url'),
  )
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
