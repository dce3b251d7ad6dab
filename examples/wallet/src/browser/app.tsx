import { useEffect, useState } from 'hono/jsx/dom'
import { CardScreen } from './card-screen.tsx'
import { CardsScreen } from './cards-screen.tsx'
import { kindOfLink } from './link.ts'
import { LinkScreen } from './link-screen.tsx'
import { OfferScreen } from './offer-screen.tsx'
import type { OpenedWallet } from './open-wallet.ts'
import { linkProblem } from './problems.ts'
import { RequestScreen } from './request-screen.tsx'
import { type Route, readRoute, takeLinkOfPage } from './route.ts'
import { Failure } from './screen.tsx'

/** The screen that the address names. */
export function App({ wallet }: { readonly wallet: OpenedWallet }) {
  const [route, setRoute] = useState<Route>(readRoute())
  useEffect(() => {
    const follow = () => {
      takeLinkOfPage()
      setRoute(readRoute())
    }
    addEventListener('hashchange', follow)
    addEventListener('popstate', follow)
    return () => {
      removeEventListener('hashchange', follow)
      removeEventListener('popstate', follow)
    }
  }, [])
  useEffect(() => markNavigation(route), [route])
  return <div class="stack screen">{screenOf(wallet, route)}</div>
}

function screenOf(wallet: OpenedWallet, route: Route) {
  switch (route.at) {
    case 'cards':
      return <CardsScreen key="cards" wallet={wallet} />
    case 'card':
      return <CardScreen key={route.id} wallet={wallet} id={route.id} fresh={route.fresh} />
    case 'receive':
    case 'present':
      return <LinkScreen key={route.at} purpose={route.at} />
    case 'open': {
      const kind = kindOfLink(route.link)
      if (kind === 'offer') return <OfferScreen key={route.link} wallet={wallet} link={route.link} />
      if (kind === 'request') return <RequestScreen key={route.link} wallet={wallet} link={route.link} />
      return <Failure problem={linkProblem} />
    }
  }
}

function markNavigation(route: Route) {
  const current = route.at === 'card' ? 'cards' : route.at
  const hrefs: Record<string, string> = { cards: '/#/', receive: '/#/receive', present: '/#/present' }
  for (const link of document.querySelectorAll('.bar nav.menu a')) {
    if (link.getAttribute('href') === hrefs[current]) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}
