/**
 * Under which URLs a request may be meant: as it came, and with what a framework took away that mounts below a path
 * (`app.use('/issuer', …)`, `app.mount('/.well-known', …)`). `base` is the path of the service's URL, without the slash
 * at its end.
 */
export function* mountedUrls(url: URL, base: string): Generator<URL, undefined> {
  yield url
  for (const prefix of [base, '/.well-known']) {
    if (prefix === '' || url.pathname.startsWith(`${prefix}/`)) continue
    const mounted = new URL(url)
    mounted.pathname = `${prefix}${url.pathname}`
    yield mounted
  }
}
