import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createGuardedFetch, createMemoryStore, trustAnyone } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import { resolveJwtVcIssuer, sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { createMemoryHolderKeys, createWallet, requireReceived } from '@ekkasan/wallet'
import { afterEach, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const library = fileURLToPath(new URL('../../express-issuer/src/main.ts', import.meta.url))
const running: ChildProcess[] = []

afterEach(async () => {
  for (const child of running.splice(0)) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  }
})

function start(file: string, environment: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=@ekkasan/source', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  running.push(child)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line).address))
  })
}

it('is a Hono application of under 100 lines that verifies a presentation', async () => {
  expect(readFileSync(main, 'utf8').split('\n').length).toBeLessThan(100)
  const issuer = await start(library)
  const counter = await start(main, { ISSUER: issuer })

  const hosts = [issuer, counter].map((address) => new URL(address).host)
  const guarded = createGuardedFetch({ allowHosts: hosts })
  const wallet = createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey: resolveJwtVcIssuer({ fetch: guarded, allowHttp: true }) })],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    resolveDid: createDidResolver({ fetch: guarded, allowHttp: hosts }),
    fetch: guarded,
  })
  const made = await fetch(`${issuer}/members/m-1/card`, { method: 'POST' })
  const offer = (await made.json()) as { uriByReference: string; txCode: string }
  requireReceived(
    await wallet.receive(await wallet.readOffer(offer.uriByReference), { txCode: offer.txCode }),
  )

  const asked = await fetch(`${counter}/counter`, { method: 'POST' })
  expect(asked.status).toBe(201)
  const { id, requestUri } = (await asked.json()) as { id: string; requestUri: string }
  const request = await wallet.readRequest(requestUri)
  expect(request.verifier.clientId).toBe(`decentralized_identifier:did:web:${hosts[1]?.replace(':', '%3A')}`)
  const candidate = request.options[0]?.candidates[0]
  expect(candidate?.disclose).toEqual([['credentialSubject', 'member_no']])
  expect(await (await fetch(`${counter}/counter/${id}`)).json()).toEqual({ state: 'request-fetched' })
  await wallet.present(request, { card: [candidate?.credentialId ?? ''] })

  const result = (await (await fetch(`${counter}/counter/${id}`)).json()) as {
    state: string
    member: object
    checks: { name: string; outcome: string }[]
  }
  expect(result).toMatchObject({ state: 'verified', member: { member_no: '0001' } })
  expect(result.member).not.toHaveProperty('name')
  expect(result.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([
    { name: 'credential-schema', outcome: 'skipped', code: 'vcdm.schema.not-configured' },
    { name: 'status', outcome: 'skipped', code: 'core.status.none' },
  ])
}, 60_000)

it('asks only for the cards of the issuer it trusts', async () => {
  const issuer = await start(library)
  const counter = await start(main, { ISSUER: 'https://other.example' })
  const asked = (await (await fetch(`${counter}/counter`, { method: 'POST' })).json()) as {
    requestUri: string
  }
  const guarded = createGuardedFetch({
    allowHosts: [issuer, counter].map((address) => new URL(address).host),
  })
  const wallet = createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey: resolveJwtVcIssuer({ fetch: guarded, allowHttp: true }) })],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    resolveDid: createDidResolver({ fetch: guarded, allowHttp: [new URL(counter).host] }),
    fetch: guarded,
  })
  const made = await fetch(`${issuer}/members/m-1/card`, { method: 'POST' })
  const offer = (await made.json()) as { uriByReference: string; txCode: string }
  requireReceived(
    await wallet.receive(await wallet.readOffer(offer.uriByReference), { txCode: offer.txCode }),
  )
  expect((await wallet.readRequest(asked.requestUri)).missing).toEqual(['card'])
}, 60_000)
