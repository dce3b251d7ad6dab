import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMemoryStore, credentialConfiguration, type TokenStatusReference } from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { paper, paperDocument } from '../../packages/issuer/test/paper.ts'
import { toRequest } from '../serve.ts'

// The issuer as a program of its own, driven over HTTP by those who know nothing but the standard, and over the
// parent's channel by its back office.

const path = process.argv[2] ?? ''
const signer = await signerFromJwk(await generateJwk('ES256'))
let ahead = 0
let isBroken = false
const clock = () => new Date(Date.now() + ahead)
const statuses: ('valid' | 'revoked' | 'suspended')[] = []
let issuer: Issuer | undefined

const server = createServer(async (incoming, outgoing) => {
  const response =
    (await issuer?.fetch(toRequest(`http://${incoming.headers.host}`, incoming))) ??
    new Response(null, { status: 503 })
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(new Uint8Array(await response.arrayBuffer()))
})
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const plain = paper({ signer })
  issuer = createIssuer({
    url,
    names: { th: 'กรม', en: 'Department' },
    credentials: [
      credentialConfiguration(paperDocument, {
        ...plain,
        async issue(request) {
          if (isBroken) throw new Error('the HSM is down')
          return plain.issue(request)
        },
      }),
      credentialConfiguration(paperDocument, paper({ signer, name: 'other+jwt' })),
    ],
    keys: [signer.key.publicJwk],
    store: createMemoryStore({ clock }),
    status: {
      kind: 'token',
      async allocate() {
        return { uri: `${url}/statuses/1`, index: statuses.push('valid') - 1 }
      },
      async set({ index }: TokenStatusReference, status) {
        statuses[index] = status
      },
      get: async ({ index }: TokenStatusReference) => statuses[index] ?? 'valid',
      async fetch(request) {
        const isList = new URL(request.url).pathname === `${path}/statuses/1`
        return isList ? new Response('a list', { headers: { 'Content-Type': 'text/plain' } }) : undefined
      },
    },
    getClaims: async (subject) => (subject === 'nobody' ? undefined : { claims: { name: subject } }),
    batchSize: 3,
    clock,
  })
  process.send?.({ url })
})

const verbs: Record<string, (input: never) => unknown> = {
  createOffer: (input) => issuer?.createOffer(input),
  offer: (input) => issuer?.offer(input),
  replaceOffer: (input) => issuer?.replaceOffer(input),
  withdrawOffer: (input) => issuer?.withdrawOffer(input),
  issuances: (input) => issuer?.issuances(input),
  statuses: () => statuses,
  advance(seconds: number) {
    ahead += seconds * 1000
  },
  breakSigning(value: boolean) {
    isBroken = value
  },
}

process.on('message', async ({ id, verb, input }: { id: number; verb: string; input: never }) => {
  process.send?.({ id, result: (await verbs[verb]?.(input)) ?? null })
})
