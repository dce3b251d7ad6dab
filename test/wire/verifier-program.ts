import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMemoryStore, ignoreStatus, type PublicJwk, type Signer, trustOnly } from '@ekkasan/core'
import { ldpVcVerifier } from '@ekkasan/data-integrity'
import { createDidResolver, resolveDidIssuer } from '@ekkasan/did'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { isoMdocVerifier, mdocVerifier } from '@ekkasan/mdoc'
import { sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { createVerifier, type Verifier } from '@ekkasan/verifier'
import { createCertificateAuthority } from '@ekkasan/x509'
import { toRequest } from '../serve.ts'

// The verifier as a program of its own, driven over HTTP by those who know nothing but the standard, and over the
// parent's channel by its back office.

const path = process.argv[2] ?? ''
const issuerJwk = JSON.parse(process.argv[3] ?? '{}') as PublicJwk
const issuer = 'https://issuer.example'
let ahead = 0
const clock = () => new Date(Date.now() + ahead)
const resolveDid = createDidResolver()
let verifier: Verifier | undefined

async function certified(): Promise<{ readonly signer: Signer; readonly root: string }> {
  const authority = await createCertificateAuthority({
    signer: await signerFromJwk(await generateJwk('ES256')),
    subject: { commonName: 'Test Root' },
  })
  const jwk = await generateJwk('ES256')
  const x5c = await authority.issue({
    subject: { commonName: 'Verifier', organization: 'กรมทดสอบ' },
    publicJwk: publicJwkOf(jwk),
    dnsNames: ['localhost'],
  })
  return { signer: await signerFromJwk(jwk, { x5c }), root: authority.certificate }
}

const { signer, root } = await certified()
const server = createServer(async (incoming, outgoing) => {
  const response =
    (await verifier?.fetch(toRequest(`http://${incoming.headers.host}`, incoming))) ??
    new Response(null, { status: 503 })
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(new Uint8Array(await response.arrayBuffer()))
})
server.listen(0, '127.0.0.1', () => {
  const url = `http://localhost:${(server.address() as AddressInfo).port}${path}`
  const prefix = process.argv[4] ?? 'x509_hash'
  verifier = createVerifier({
    url,
    names: { th: 'กรม', en: 'Department' },
    identity:
      prefix === 'x509_hash'
        ? { prefix: 'x509_hash', signer }
        : { prefix: 'x509_san_dns', dnsName: 'localhost', signer },
    formats: [
      sdJwtVcVerifier({
        resolveIssuerKey: async () => ({ jwk: issuerJwk, identity: { id: issuer, method: 'jwt-vc-issuer' } }),
      }),
      ldpVcVerifier({ resolveIssuerKey: resolveDidIssuer(resolveDid), resolveDid }),
      mdocVerifier({ resolveIssuerKey: resolveDidIssuer(resolveDid) }),
    ],
    store: createMemoryStore({ clock }),
    isTrusted: trustOnly([{ role: 'credential-issuer', id: issuer }]),
    checkStatus: ignoreStatus('a test of the protocol'),
    dcApiProtocols: [isoMdocVerifier()],
    clock,
  })
  process.send?.({ url, root })
})

const verbs: Record<string, (input: never) => unknown> = {
  start: (input) => verifier?.start(input),
  startDcApi: (input) => verifier?.startDcApi(input),
  result: ({ id, proof }: { id: string; proof?: never }) => verifier?.result(id, proof),
  advance(seconds: number) {
    ahead += seconds * 1000
  },
}

process.on('message', async ({ id, verb, input }: { id: number; verb: string; input: never }) => {
  process.send?.({ id, result: (await verbs[verb]?.(input)) ?? null })
})
