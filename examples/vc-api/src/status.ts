import { createHash } from 'node:crypto'
import type { BitstringStatusListEntry, BitstringStatusReference, Store } from '@ekkasan/core'
import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { type BitstringStatusLists, createBitstringStatusLists, StatusError } from '@ekkasan/status'
import type { Instance } from './instances.ts'
import { malformed, Problem } from './problem.ts'

/** The lists of an instance, and which entries each of its credentials has. */
export interface StatusRegister {
  readonly lists: BitstringStatusLists
  remember(credentialId: string, entries: BitstringStatusReference): Promise<void>
  /** @throws Problem when there is no such credential, or its status cannot be changed so */
  update(credentialId: string, entry: JsonObject, status: boolean): Promise<void>
}

export function createStatusRegister({
  url,
  store,
  ttl,
  instance,
}: {
  readonly url: string
  readonly store: Store
  /** Seconds. */
  readonly ttl: number
  /** Secures the lists. */
  readonly instance: Instance
}): StatusRegister {
  const lists = createBitstringStatusLists({
    url: `${url}/status-lists`,
    issuer: instance.did,
    store,
    ttl,
    issueCredential: async (credential) => ({
      // As every body of this API (VCALM, Content Serialization).
      contentType: 'application/json',
      body: JSON.stringify(await instance.issue(credential, {})),
    }),
  })
  // Ids are as long as issuers like; keys of the store are not.
  const keyOf = (credentialId: string) =>
    `credential/${createHash('sha256').update(credentialId).digest('base64url')}`
  return {
    lists,
    async remember(credentialId, { credentialStatus }) {
      const isNew = await store.swap(keyOf(credentialId), undefined, credentialStatus as unknown as JsonValue)
      if (!isNew) throw malformed('there is a credential of this id already')
    },
    async update(credentialId, wanted, status) {
      const found = await store.get(keyOf(credentialId))
      const notFound = new Problem(404, [{ type: 'about:blank', title: 'no such credential' }])
      if (!found) throw notFound
      const credentialStatus = found.value as unknown as readonly BitstringStatusListEntry[]
      const [entry, ...others] = credentialStatus.filter((known) =>
        Object.entries(wanted).every(
          ([name, value]) => known[name as keyof BitstringStatusListEntry] === value,
        ),
      )
      if (!entry) throw notFound
      if (others.length > 0) throw malformed('credentialStatus fits several statuses of the credential')
      const value = status ? (entry.statusPurpose === 'revocation' ? 'revoked' : 'suspended') : 'valid'
      try {
        await lists.set({ credentialStatus }, value)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        throw malformed(error.message)
      }
    },
  }
}
