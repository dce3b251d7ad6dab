import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  credentialConfiguration,
  type DocumentType,
  ignoreStatus,
  type PublicJwk,
  type Signer,
  trustOnly,
} from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { sdJwtVc, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createStatusLists } from '@ekkasan/status'
import { createSqliteStore } from '@ekkasan/store-sqlite'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import { createCertificateAuthority } from '@ekkasan/x509'
import { getRequestListener } from '@hono/node-server'
import { selective, twelveClaims } from './material.ts'

// One process with an issuer and a verifier on the embedded store, its public endpoints and a desk for the back office
// over HTTP; tells over the parent's channel what CPU time it has used.

const { file, issuerJwk } = JSON.parse(process.argv[2] ?? '') as { file: string; issuerJwk: PublicJwk }
const store = createSqliteStore({ file })
const claims = twelveClaims(1)
const card: DocumentType = {
  id: 'Card',
  type: 'CardCredential',
  version: '1',
  names: { th: 'บัตร', en: 'Card' },
  description: { en: 'A card of twelve claims' },
  claims: Object.keys(claims).map((name) => ({
    path: [name],
    names: { en: name },
    disclosure: selective.some((one) => one === name) ? ('selective' as const) : ('always' as const),
  })),
  schema: {},
  display: { backgroundColor: '#ffffff', textColor: '#000000' },
}

let issuer: Issuer | undefined
let verifier: Verifier | undefined

async function open(url: string): Promise<void> {
  const jwk = { ...(await generateJwk('ES256')), kid: 'key-1' }
  const signer = await signerFromJwk(jwk)
  issuer = createIssuer({
    url: `${url}/issuer`,
    names: { en: 'Department' },
    credentials: [credentialConfiguration(card, sdJwtVc({ signer, vcdm: true }))],
    store,
    keys: [publicJwkOf(jwk)],
    status: createStatusLists({ url: `${url}/issuer/status`, signer, store }),
    getClaims: async () => ({ claims, validUntil: new Date(Date.now() + 86_400_000) }),
    onError: console.error,
  })
  const key = { jwk: issuerJwk, identity: { id: 'https://issuer.example', method: 'jwt-vc-issuer' as const } }
  verifier = createVerifier({
    url: `${url}/verifier`,
    names: { en: 'Department' },
    identity: { prefix: 'x509_hash', signer: await certified() },
    formats: [sdJwtVcVerifier({ resolveIssuerKey: async () => key })],
    store,
    isTrusted: trustOnly([{ role: 'credential-issuer', id: key.identity.id }]),
    checkStatus: ignoreStatus('its cached check is some nanoseconds'),
    onError: console.error,
  })
}

async function certified(): Promise<Signer> {
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Root' },
  })
  const jwk = await generateJwk('ES256')
  const x5c = await authority.issue({
    subject: { commonName: 'Verifier' },
    publicJwk: publicJwkOf(jwk),
    dnsNames: ['localhost'],
  })
  return signerFromJwk(jwk, { x5c })
}

const server = createServer(
  getRequestListener(async (request) => {
    const path = new URL(request.url).pathname
    if (path.startsWith('/desk/')) return desk(path.slice('/desk/'.length), await request.text())
    const role = path.startsWith('/verifier') ? verifier : issuer
    if (!role) throw new TypeError('asked before it was open')
    return role.fetch(request)
  }),
)

/** What an agency's own program calls as methods. */
async function desk(verb: string, input: string): Promise<Response> {
  if (verb === 'offer') {
    return Response.json(await issuer?.createOffer({ credentials: [String(input)], subject: 'a person' }))
  }
  if (verb === 'start') return Response.json(await verifier?.start({ query: JSON.parse(input) }))
  return Response.json(await verifier?.result(input))
}

process.on('message', (message) => {
  if (message === 'cpu') process.send?.(process.cpuUsage())
})
process.once('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', async () => {
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  await open(url)
  process.send?.({ url })
})
