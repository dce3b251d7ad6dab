import { createHash, randomBytes } from 'node:crypto'
import type { Store } from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import type { Context } from 'hono'
import { type CookieOptions, createCookie } from './cookie.ts'

export interface Sessions {
  /** Starts a session under a new identifier and sets its cookie; an old one of this browser ends. */
  start(c: Context, data: JsonObject): Promise<void>
  read(c: Context): Promise<JsonObject | undefined>
  end(c: Context): Promise<void>
  /** A stable name of this browser's session for logs and bindings; not the cookie's value. */
  id(c: Context): string | undefined
}

/** Sessions of a browser, kept in the store, so that every replica knows them. */
export function createSessions(
  options: CookieOptions & { readonly store: Store; readonly seconds: number },
): Sessions {
  const cookie = createCookie('session', options)
  const hash = (token: string) => createHash('sha256').update(token).digest('base64url')
  const keyOf = (token: string) => `session/${options.program}/${hash(token)}`
  const forget = async (c: Context) => {
    const token = cookie.read(c)
    if (token !== undefined) await options.store.delete(keyOf(token))
  }
  return {
    async end(c) {
      await forget(c)
      cookie.clear(c)
    },
    async start(c, data) {
      await forget(c)
      const token = randomBytes(32).toString('base64url')
      await options.store.put(keyOf(token), data, {
        expiresAt: new Date(Date.now() + options.seconds * 1000),
      })
      cookie.write(c, token)
    },
    async read(c) {
      const token = cookie.read(c)
      if (token === undefined || token.length > 64) return undefined
      return (await options.store.get(keyOf(token)))?.value as JsonObject | undefined
    },
    id(c) {
      const token = cookie.read(c)
      return token === undefined ? undefined : hash(token).slice(0, 16)
    },
  }
}
