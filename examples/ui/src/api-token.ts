import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { readOrCreatePrivateFile } from './private-file.ts'

/** Shorter ones can be guessed. */
const leastLength = 32

/**
 * Reads the token of the back-office API, or makes it: a file that only its owner can read.
 * @throws Error that names the file
 */
export function readApiToken(file: string): string {
  const fresh = () => `${randomBytes(32).toString('base64url')}\n`
  const token = readOrCreatePrivateFile(file, fresh).text.trim()
  if (token.length < leastLength || /\s/.test(token)) {
    throw new Error(`${file} must hold a token of at least ${leastLength} characters, without blanks`)
  }
  return token
}

/** Before the routes of a back-office API: `Authorization: Bearer <token>`, or 401. No answer is kept on the way. */
export function requireApiToken(token: string): MiddlewareHandler {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  const wanted = hash(`Bearer ${token}`)
  return async (c, next) => {
    c.header('cache-control', 'no-store')
    if (!timingSafeEqual(hash(c.req.header('authorization') ?? ''), wanted)) {
      return c.json({ error: 'unauthorized', message: 'Send the token of the API as a Bearer token.' }, 401, {
        'www-authenticate': 'Bearer',
      })
    }
    return next()
  }
}
