import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createGuardedFetch,
  createMemoryStore,
  credentialConfiguration,
  type DocumentType,
  trustAnyone,
} from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { resolveJwtVcIssuer, sdJwtVc, sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { createMemoryHolderKeys, createWallet, requireReceived } from '@ekkasan/wallet'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { afterEach, expect, it } from 'vitest'

// The rows of the table "Mounting" in the README of @ekkasan/issuer that stand on Node's http and on Express.

const pass: DocumentType = {
  id: 'Pass',
  type: 'PassCredential',
  version: '1',
  names: { en: 'Pass' },
  description: { en: 'A pass to test with' },
  claims: [{ path: ['name'], names: { en: 'Name' }, disclosure: 'selective', mandatory: true }],
  schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  display: { backgroundColor: '#ffffff', textColor: '#000000' },
}
const signer = await signerFromJwk(await generateJwk('ES256'), { kid: 'k1' })

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Listens first, for the issuer has to know where; then mounts, and takes a credential to a wallet. */
async function issueOver(path: string, mount: (issuer: Issuer) => RequestListener): Promise<unknown> {
  let listener: RequestListener | undefined
  server = createServer((request, response) => listener?.(request, response))
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const errors: unknown[] = []
  const issuer = createIssuer({
    url: `http://${host}${path}`,
    names: { en: 'Issuer' },
    credentials: [credentialConfiguration(pass, sdJwtVc({ signer }))],
    store: createMemoryStore(),
    keys: [{ ...signer.key.publicJwk, kid: 'k1' }],
    getClaims: async () => ({ claims: { name: 'สมหญิง' } }),
    onError: (error) => errors.push(error),
  })
  listener = mount(issuer)
  const fetch = createGuardedFetch({ allowHosts: [host] })
  const wallet = createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey: resolveJwtVcIssuer({ fetch, allowHttp: true }) })],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    fetch,
  })
  const credentials = ['Pass-sd-jwt-vc-plain']
  const { uriByReference, txCode } = await issuer.createOffer({ credentials, subject: 'p', txCode: true })
  const offer = await wallet.readOffer(uriByReference)
  const received = requireReceived(await wallet.receive(offer, { ...(txCode && { txCode }) }))
  expect(errors).toEqual([])
  return received[0]?.view.claims
}

const listenerOf = (issuer: Issuer) => getRequestListener(issuer.fetch, { overrideGlobalObjects: false })

it.each<[string, string, (issuer: Issuer) => RequestListener]>([
  ["Node's http", '', listenerOf],
  ["Node's http, with a path in its URL", '/issuer', listenerOf],
  ['Express', '', (issuer) => express().use(listenerOf(issuer))],
  [
    'Express behind body parsers',
    '',
    (issuer) =>
      express()
        .use(express.json(), express.urlencoded({ extended: false }))
        .use(listenerOf(issuer)),
  ],
  [
    'Express behind body parsers that keep the bytes',
    '',
    (issuer) =>
      express()
        .use(express.raw({ type: '*/*' }))
        .use(listenerOf(issuer)),
  ],
  [
    'Express below a path, behind body parsers',
    '/issuer',
    (issuer) =>
      express()
        .use(express.json(), express.urlencoded({ extended: true }))
        .use('/issuer', listenerOf(issuer))
        .use('/.well-known', listenerOf(issuer)),
  ],
])('a wallet takes a credential from an issuer mounted in %s [J8]', async (_how, path, mount) => {
  expect(await issueOver(path, mount)).toMatchObject({ name: 'สมหญิง' })
})

it('a body that a stranger of a middleware has read is told to the developer, not to the wallet [J8]', async () => {
  const errors: unknown[] = []
  const issuer = createIssuer({
    url: 'https://issuer.example',
    names: { en: 'Issuer' },
    credentials: [credentialConfiguration(pass, sdJwtVc({ signer }))],
    store: createMemoryStore(),
    keys: [{ ...signer.key.publicJwk, kid: 'k1' }],
    getClaims: async () => undefined,
    onError: (error) => errors.push(error),
  })
  const app = express()
  app.use((request, _response, next) => {
    request.resume().on('end', () => next())
  })
  app.use(listenerOf(issuer))
  server = app.listen(0, '127.0.0.1')
  await new Promise<void>((resolve) => server?.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const body = new URLSearchParams({ grant_type: 'x' })
  const answer = await fetch(`http://127.0.0.1:${port}/token`, { method: 'POST', body })
  expect([answer.status, await answer.json()]).toEqual([500, { error: 'server_error' }])
  expect(String(errors[0])).toContain('mount this before body parsers such as express.json()')
})
