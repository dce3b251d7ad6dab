import { createGuardedFetch, createMemoryStore, trustOnly } from '@ekkasan/core'
import { didWebDocument, didWebOf } from '@ekkasan/did'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { resolveJwtVcIssuer, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

// A counter that asks for library cards, in a Hono application that was there before.

// The issuer whose cards are accepted; on this machine it is asked by http.
const issuer = process.env.ISSUER ?? 'https://library.example'
const allowHosts = issuer.startsWith('http:') ? [new URL(issuer).host] : []
const fetch = createGuardedFetch({ allowHosts })

// In earnest: a key out of a file, a KMS or an HSM, and a store that survives a restart.
const jwk = await generateJwk('ES256')

async function openVerifier(url: string): Promise<Verifier> {
  const did = didWebOf(url)
  const keys = [{ id: 'key-1', jwk: publicJwkOf(jwk) }]
  return createVerifier({
    url,
    names: { th: 'เคาน์เตอร์ห้องสมุด', en: 'Library counter' },
    identity: {
      prefix: 'decentralized_identifier',
      did,
      signer: await signerFromJwk(jwk, { kid: `${did}#key-1` }),
      document: didWebDocument({ did, keys }),
    },
    formats: [
      sdJwtVcVerifier({
        resolveIssuerKey: resolveJwtVcIssuer({ fetch, allowHttp: allowHosts.length > 0 }),
      }),
    ],
    store: createMemoryStore(),
    isTrusted: trustOnly([{ role: 'credential-issuer', id: issuer }]),
  })
}

const query = {
  credentials: [
    {
      id: 'card',
      format: 'dc+sd-jwt',
      meta: { vct_values: [`${issuer}/vct/LibraryCardCredential/v1`] },
      claims: [{ path: ['credentialSubject', 'member_no'] }],
    },
  ],
}

const app = new Hono()
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT ?? 0) }, open)

async function open({ port }: { readonly port: number }): Promise<void> {
  const address = process.env.VERIFIER_URL ?? `http://localhost:${port}`
  const verifier = await openVerifier(address)

  // The application's own routes; whoever may come here has signed in.
  app.post('/counter', async (c) => {
    const { id, requestUri } = await verifier.start({ query, requestUriMethod: 'post' })
    return c.json({ id, requestUri }, 201)
  })
  app.get('/counter/:id', async (c) => {
    const state = await verifier.result(c.req.param('id'))
    if (state.state !== 'verified') return c.json(state)
    const [card] = state.presentations.card ?? []
    return c.json({ state: state.state, member: card?.claims, checks: card?.checks })
  })
  // Every other path is the protocol's.
  app.all('*', (c) => verifier.fetch(c.req.raw))
  process.stdout.write(`${JSON.stringify({ ready: 'hono-verifier', address })}\n`)
}
process.once('SIGTERM', () => server.close())
