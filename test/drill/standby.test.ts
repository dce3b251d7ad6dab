// A standby that lags is promoted under a running issuer: it stops at once, and goes on only when the journals were brought in.

import { connect, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { runCommand, startIssuer, temporaryFolder } from '../../examples/issuer/test/running-issuer.ts'
import { startPostgres } from '../postgres.ts'
import {
  expectBlocked,
  freePort,
  issue,
  issueMany,
  nameOf,
  offer,
  outcomeOf,
  published,
  redeem,
  revoke,
  untilUsable,
} from './issuer-drill.ts'

/** One address for the primary of now, as a virtual IP or a proxy is. */
async function startAddress(first: number) {
  let target = first
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    switchTo(port: number) {
      target = port
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

it.each([
  ['that lacks what was issued and revoked last', true],
  ['that lacks only that a code was used', false],
])('no index, code or nonce is given twice after a standby %s was promoted [L1]', async (_what, isIssued) => {
  const folder = temporaryFolder()
  const primary = await startPostgres()
  const standby = await primary.startStandby()
  const address = await startAddress(primary.port)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const settings = {
    PORT: String(port),
    ISSUER_URL: url,
    STATUS_SECONDS: '1',
    STORE: primary.url.replace(`:${primary.port}/`, `:${address.port}/`),
  }
  const issuer = await startIssuer(folder.path, settings)
  try {
    const before = await issueMany(issuer, 2)
    const used = await offer(issuer)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await standby.cutOff()
    if (isIssued) {
      before.push(await issue(issuer, used), ...(await issueMany(issuer, 40)))
      await revoke(issuer, before[0]!)
    } else {
      expect(await redeem(url, used)).toBeUndefined()
    }
    await primary.stop()
    await standby.promote()
    address.switchTo(standby.port)

    await fetch(`${url}/readyz`)
    await fetch(`${url}/offers/x`)
    await expect.poll(async () => (await fetch(before[0]!.uri)).status, { timeout: 30_000 }).toBe(503)
    await expectBlocked(url, before[0]!)
    expect(issuer.log()).toContain('store-blocked')
    // Nor does it start anew.
    const outcome = outcomeOf(await runCommand(folder.path, ['store', 'restored'], settings))
    expect(outcome).toMatchObject({ statusesApplied: isIssued ? 1 : 0 })
    await untilUsable(url)
    expect(await redeem(url, used)).toBe('invalid_grant')
    if (isIssued) expect(await published(before[0]!)).toBe('revoked')
    const all = [...before, ...(await issueMany(issuer, 40))].map(nameOf)
    expect(new Set(all).size).toBe(all.length)
    expect(await published(before[1]!)).toBe('valid')
  } finally {
    await issuer.stop()
    address.stop()
    await standby.stop()
    await primary.stop()
    folder.remove()
  }
})
