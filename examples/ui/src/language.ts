import { AsyncLocalStorage } from 'node:async_hooks'
import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { isScreenLanguage, type ScreenLanguage, setLanguageSource } from './screen-language.ts'

const current = new AsyncLocalStorage<ScreenLanguage>()
setLanguageSource(() => current.getStore())

/** Read by the pages' own script too, so that a choice takes effect without loading the page again. */
const cookie = 'language'
const year = 31_536_000

/**
 * The language of the screens: the person's choice, which `?language=th|en|both` of any page sets and a cookie keeps;
 * else Thai for a browser that prefers it, and both for every other.
 */
export function languageOfScreens(): MiddlewareHandler {
  return async (c, next) => {
    const wanted = c.req.query('language')
    if (c.req.method === 'GET' && isScreenLanguage(wanted)) {
      setCookie(c, cookie, wanted, { path: '/', sameSite: 'Lax', maxAge: year })
      const { pathname, searchParams } = new URL(c.req.url)
      searchParams.delete('language')
      const query = searchParams.size === 0 ? '' : `?${searchParams}`
      // Without a host: behind a proxy the request has another than the person sees.
      return c.redirect(`/${pathname.replace(/^\/+/, '')}${query}`, 303)
    }
    const chosen = getCookie(c, cookie)
    const language = isScreenLanguage(chosen) ? chosen : preferred(c.req.header('accept-language'))
    await current.run(language, next)
    c.res.headers.append('vary', 'Accept-Language, Cookie')
  }
}

/** By `Accept-Language` (RFC 9110 section 12.5.4): whether Thai comes before English. */
function preferred(header = ''): ScreenLanguage {
  const weightOf = (language: string) =>
    Math.max(
      0,
      ...header.split(',').map((range) => {
        const [tag = '', ...parameters] = range
          .trim()
          .toLowerCase()
          .split(/\s*;\s*/)
        if (tag !== language && !tag.startsWith(`${language}-`)) return 0
        const weight = parameters.find((parameter) => parameter.startsWith('q='))
        return weight === undefined ? 1 : Number(weight.slice(2)) || 0
      }),
    )
  const [thai, english] = [weightOf('th'), weightOf('en')]
  if (thai === 0 || english > thai) return 'both'
  if (thai > english) return 'th'
  return header.toLowerCase().indexOf('th') < header.toLowerCase().indexOf('en') ? 'th' : 'both'
}
