import pg from 'pg'
import { type PostgresIdentity, readIdentity } from './identity.ts'

/** "EKKA" in ASCII; with the hash of the schema's name it is the advisory lock of those who use a store. */
export const presenceLock = 0x454b4b41

export interface Presence {
  /** Connects anew where the connection was lost. @throws what pg throws, PostgresStoreError */
  ensure(): Promise<PostgresIdentity>
  end(): Promise<void>
}

/**
 * One connection for as long as the store is open. It holds a shared lock, by which `restorePostgresStore` knows that
 * the store is in use, and its loss tells that the database may not be the one it was.
 */
export function createPresence(options: {
  readonly config: pg.ClientConfig
  readonly schema: string
  readonly onLost: () => void
}): Presence {
  const { config, schema, onLost } = options
  let current: { readonly client: pg.Client; readonly identity: PostgresIdentity } | undefined
  let connecting: Promise<PostgresIdentity> | undefined
  let isEnded = false

  const connect = async (): Promise<PostgresIdentity> => {
    const client = new pg.Client(config)
    const lost = () => {
      if (current?.client !== client) return
      current = undefined
      if (!isEnded) onLost()
    }
    client.on('error', lost)
    client.on('end', lost)
    try {
      await client.connect()
      const identity = await readIdentity(client)
      await client.query('SELECT pg_advisory_lock_shared($1, hashtext($2))', [presenceLock, schema])
      current = { client, identity }
      return identity
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
  }

  return {
    async ensure() {
      if (current) return current.identity
      connecting ??= connect().finally(() => {
        connecting = undefined
      })
      return connecting
    },
    async end() {
      isEnded = true
      await connecting?.catch(() => {})
      await current?.client.end().catch(() => {})
    },
  }
}
