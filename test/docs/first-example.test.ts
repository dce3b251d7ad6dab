import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createMemoryStore, type Signer, trustOnly } from '@ekkasan/core'
import type { Offer } from '@ekkasan/issuer'
import { resolveJwtVcIssuer, resolveTypeMetadata, sdJwtVcHolder, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { verifyVpToken } from '@ekkasan/verifier'
import { createMemoryHolderKeys, createWallet, requireReceived } from '@ekkasan/wallet'
import { afterAll, expect, it } from 'vitest'

// The README's first example as it stands there, and what its readers do next: receive, present, verify.

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'test/docs/.blocks', `first-example-${process.pid}`)
const file = join(folder, 'first-example.ts')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Example {
  readonly default: { readonly fetch: (request: Request) => Promise<Response> }
  readonly offer: Offer
}

it('the first example issues a credential that our verifier accepts with type metadata [B4]', async () => {
  const [, code = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  expect(code).toContain('createIssuer')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${code}\nexport { offer }\n`)
  const { default: service, offer } = (await import(pathToFileURL(file).href)) as Example

  let issued = ''
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const response = await service.fetch(request)
    if (request.url.endsWith('/credential'))
      issued = (await response.clone().json()).credentials[0].credential
    return response
  }
  const isTrusted = trustOnly([{ role: 'credential-issuer', id: 'https://issuer.example' }])
  const resolveIssuerKey = resolveJwtVcIssuer({ fetch })
  const holding = sdJwtVcHolder({ resolveIssuerKey })
  const known = createMemoryHolderKeys()
  let holder: Signer | undefined
  const keys = {
    ...known,
    async create(alg: 'ES256' | 'EdDSA') {
      holder = await known.create(alg)
      return holder
    },
  }
  const wallet = createWallet({ formats: [holding], keys, store: createMemoryStore(), isTrusted, fetch })
  const received = await wallet.receive(await wallet.readOffer(offer.uriByReference), {
    txCode: offer.txCode as string,
  })
  const [kept] = requireReceived(received)
  const vct = kept?.view.types[0] as string
  expect(kept?.view.claims).toMatchObject({ name_th: expect.any(String), issuing_authority: 'กรมการปกครอง' })

  const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n-0S6_WzA2Mj' }
  const presentation = await holding.present(issued, {
    disclose: [['name_th']],
    binding,
    holder: holder as Signer,
  })
  const meta = { vct_values: [vct] }
  const { presentations } = await verifyVpToken(
    { id: [presentation] },
    {
      query: { credentials: [{ id: 'id', format: 'dc+sd-jwt', meta, claims: [{ path: ['name_th'] }] }] },
      formats: [sdJwtVcVerifier({ resolveIssuerKey, typeMetadata: resolveTypeMetadata({ fetch }) })],
      isTrusted,
      binding,
    },
  )
  const [verified] = presentations.id ?? []
  expect(verified?.claims.name_th).toEqual(kept?.view.claims.name_th)
  expect(verified?.checks.find(({ name }) => name === 'type-metadata')?.outcome).toBe('passed')
  expect(verified?.checks.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name)).toEqual([
    'status',
  ])
})
