import { openProgram } from '@ekkasan-examples/ui'
import { createWalletApp } from './app.tsx'
import { bundleWallet } from './bundle.ts'
import { readConfig } from './config.ts'

const { config, log, serve } = openProgram('wallet', readConfig)

await serve(async (address) => {
  const app = createWalletApp({
    url: config.url ?? address,
    wallet: config.wallet,
    bundle: await bundleWallet(),
    log,
  })
  return { fetch: app.fetch }
})
