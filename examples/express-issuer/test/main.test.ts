import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createGuardedFetch, createMemoryStore, trustAnyone } from '@ekkasan/core'
import { resolveJwtVcIssuer, sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { createMemoryHolderKeys, createWallet, requireReceived } from '@ekkasan/wallet'
import { expect, it } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

it('is an Express application of under 100 lines that issues a credential to a wallet', async () => {
  expect(readFileSync(main, 'utf8').split('\n').length).toBeLessThan(100)
  const child = spawn(process.execPath, ['--conditions=@ekkasan/source', main], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  try {
    const address = await new Promise<string>((resolve, reject) => {
      ended.then((code) => reject(new Error(`ended with ${code}`)))
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line).address))
    })
    expect((await fetch(`${address}/members/nobody/card`, { method: 'POST' })).status).toBe(404)
    const made = await fetch(`${address}/members/m-1/card`, { method: 'POST' })
    expect(made.status).toBe(201)
    const offer = (await made.json()) as { uriByReference: string; txCode: string }

    const guarded = createGuardedFetch({ allowHosts: [new URL(address).host] })
    const wallet = createWallet({
      formats: [sdJwtVcHolder({ resolveIssuerKey: resolveJwtVcIssuer({ fetch: guarded, allowHttp: true }) })],
      keys: createMemoryHolderKeys(),
      store: createMemoryStore(),
      isTrusted: trustAnyone('a test'),
      fetch: guarded,
    })
    const received = await wallet.readOffer(offer.uriByReference)
    expect(received.issuer.names).toEqual({ th: 'ห้องสมุดประชาชน', en: 'Public library' })
    const [card] = requireReceived(await wallet.receive(received, { txCode: offer.txCode }))
    expect(card?.view.claims).toMatchObject({
      credentialSubject: { name: 'สมหญิง ตัวอย่าง', member_no: '0001' },
    })
  } finally {
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  }
}, 60_000)
