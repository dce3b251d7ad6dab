import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

export interface CookieOptions {
  /** Program's name: cookies of two programs on one host name must not meet. */
  readonly program: string
  /** Whether people reach the program over https. */
  readonly https: boolean
  /** `Lax` where a person comes back from another site and must still be known. */
  readonly sameSite?: 'Strict' | 'Lax'
}

export interface Cookie {
  read(c: Context): string | undefined
  write(c: Context, value: string, seconds?: number): void
  clear(c: Context): void
}

/** A cookie that scripts cannot read: HttpOnly, SameSite, over https also Secure and `__Host-`. */
export function createCookie(name: string, { program, https, sameSite = 'Strict' }: CookieOptions): Cookie {
  const full = `${https ? '__Host-' : ''}${program}-${name}`
  const attributes = { path: '/', httpOnly: true, secure: https, sameSite }
  // What this answer sets is what the rest of the same request reads.
  const written = `cookie ${full}`
  return {
    read: (c) => {
      const value = c.get(written) as string | null | undefined
      return value === undefined ? getCookie(c, full) : (value ?? undefined)
    },
    write(c, value, seconds) {
      c.set(written, value)
      setCookie(c, full, value, { ...attributes, ...(seconds !== undefined && { maxAge: seconds }) })
    },
    clear(c) {
      c.set(written, null)
      deleteCookie(c, full, attributes)
    },
  }
}
