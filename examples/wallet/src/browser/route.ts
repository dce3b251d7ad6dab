import { linkOfPage } from './link.ts'

/** Which screen is shown; it stands in the fragment, so that the browser's own Back works. */
export type Route =
  | { readonly at: 'cards' }
  | { readonly at: 'card'; readonly id: string; readonly fresh: boolean }
  | { readonly at: 'receive' }
  | { readonly at: 'present' }
  | { readonly at: 'open'; readonly link: string }

// The link is a secret of a few minutes: in this tab only, in no history and in no log.
const linkKey = 'wallet-link'

export function readRoute(): Route {
  const [, screen, id, mark] = location.hash.split('/')
  if (screen === 'card' && id) return { at: 'card', id: decodeURIComponent(id), fresh: mark === 'new' }
  if (screen === 'receive' || screen === 'present') return { at: screen }
  if (screen === 'open') {
    const link = sessionStorage.getItem(linkKey)
    if (link !== null) return { at: 'open', link }
  }
  return { at: 'cards' }
}

export function goTo(path: '' | 'receive' | 'present' | `card/${string}`, how: 'push' | 'replace' = 'push') {
  sessionStorage.removeItem(linkKey)
  show(path, how)
}

/** Shows what a scanned or pasted link holds. */
export function openLink(link: string, how: 'push' | 'replace' = 'push') {
  sessionStorage.setItem(linkKey, link)
  show('open', how)
}

/** After it was answered: loading the page again does not open it again. */
export function forgetLink() {
  sessionStorage.removeItem(linkKey)
}

/** Takes the link out of the page's address, where it came with one. */
export function takeLinkOfPage() {
  const link = linkOfPage(location)
  if (link !== undefined) {
    sessionStorage.setItem(linkKey, link)
    history.replaceState(null, '', '/#/open')
  } else if (location.search !== '') history.replaceState(null, '', '/')
}

function show(path: string, how: 'push' | 'replace') {
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', `/#/${path}`)
  dispatchEvent(new Event('hashchange'))
}
