// Keeps the page and its files, so that documents can be looked at without a connection. Nothing else is kept.
const version = new URL(location.href).searchParams.get('version')

addEventListener('install', (event) => {
  skipWaiting()
  event.waitUntil(caches.open(version).then((cache) => cache.add('/')))
})

addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== version).map((name) => caches.delete(name))),
      )
      .then(() => clients.claim()),
  )
})

addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (pathname === '/') event.respondWith(fetch(request).catch(() => caches.match('/')))
  else if (/^\/(app|ui)\//.test(pathname)) event.respondWith(keptOrFetched(request))
})

async function keptOrFetched(request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await (await caches.open(version)).put(request, answer.clone())
  return answer
}
