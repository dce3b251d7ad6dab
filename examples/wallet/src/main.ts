import { createLog, readSettings, serve } from '@ekkasan-examples/ui'
import { createWalletApp } from './app.tsx'
import { bundleWallet } from './bundle.ts'
import { readConfig } from './config.ts'

const config = readSettings(readConfig)
const log = createLog('wallet')

await serve({
  name: 'wallet',
  host: config.host,
  port: config.port,
  log,
  async start(address) {
    const app = createWalletApp({
      url: config.url ?? address,
      wallet: config.wallet,
      bundle: await bundleWallet(),
      log,
    })
    return { fetch: app.fetch }
  },
})
