import { render } from 'hono/jsx/dom'
import type { WalletConfig } from '../wallet-config.ts'
import { App } from './app.tsx'
import { openWallet } from './open-wallet.ts'
import { takeLinkOfPage } from './route.ts'

const root = document.getElementById('app')
if (!root) throw new Error('the page has no place for the wallet')
const config = JSON.parse(root.dataset.config ?? '') as WalletConfig
takeLinkOfPage()
render(<App wallet={openWallet(config)} />, root)
// Without it the browser may throw the documents away when space is short.
navigator.storage?.persist?.()
navigator.serviceWorker?.register(`/worker.js?version=${root.dataset.version}`).catch(() => undefined)
