import { createMemoryStore, trustAnyone } from '@ekkasan/core'
import { createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import { describe, expect, it } from 'vitest'
import { slipHolder } from '../../verifier/test/slip.ts'

const issuer = 'https://issuer.example'
const id = { name: 'บัตรประชาชน', locale: 'th', background_color: '#fff' }
const jwt = { jwt: { proof_signing_alg_values_supported: ['ES256'] } }

/** What a wallet with these formats, in this order, makes of an issuer's configurations. */
async function read(formats: readonly string[], configurations: Record<string, object>) {
  const offer = {
    credential_issuer: issuer,
    credential_configuration_ids: Object.keys(configurations),
    grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'c' } },
  }
  const metadata = {
    credential_issuer: issuer,
    credential_endpoint: `${issuer}/credential`,
    credential_configurations_supported: Object.fromEntries(
      Object.entries(configurations).map(([name, configuration]) => [
        name,
        {
          cryptographic_binding_methods_supported: ['jwk'],
          proof_types_supported: jwt,
          ...configuration,
        },
      ]),
    ),
  }
  const wallet = createWallet({
    formats: formats.map(slipHolder),
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted: trustAnyone('a test'),
    fetch: async () => Response.json(metadata),
  })
  const uri = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
  const { credentials, others } = await wallet.readOffer(uri)
  return {
    taken: credentials.map(({ configurationId }) => configurationId),
    others: others.map(({ configurationId, supported }) => [configurationId, supported] as const),
  }
}

const shown = (format: string, ...display: object[]) => ({ format, credential_metadata: { display } })

describe('of the configurations of an offer a wallet takes', () => {
  it('one of those that look the same, whose format stands first in the wallet', async () => {
    const configurations = { a: shown('ldp_vc', id), b: shown('mso_mdoc', id), c: shown('dc+sd-jwt', id) }
    expect(await read(['dc+sd-jwt', 'mso_mdoc', 'ldp_vc'], configurations)).toEqual({
      taken: ['c'],
      others: [
        ['a', true],
        ['b', true],
      ],
    })
    expect(await read(['mso_mdoc', 'ldp_vc'], configurations)).toEqual({
      taken: ['b'],
      others: [
        ['a', true],
        ['c', false],
      ],
    })
  })

  it('of two in one format the one that the issuer names first', async () => {
    const configurations = { plain: shown('dc+sd-jwt', id), vcdm: shown('dc+sd-jwt', id) }
    expect((await read(['dc+sd-jwt'], configurations)).taken).toEqual(['plain'])
  })

  it.each<[string, object]>([
    ['another name', { ...id, name: 'บัตรประชาชน (mdoc)' }],
    ['another colour', { ...id, background_color: '#000' }],
    ['another description', { ...id, description: 'x' }],
    ['another language', { ...id, locale: 'en' }],
  ])('all that an issuer tells apart by %s: nothing of his is lost', async (_what, other) => {
    const configurations = { a: shown('dc+sd-jwt', id), b: shown('mso_mdoc', other) }
    expect((await read(['dc+sd-jwt', 'mso_mdoc'], configurations)).taken).toEqual(['a', 'b'])
  })

  it('all that have no looks', async () => {
    const configurations = {
      a: { format: 'dc+sd-jwt' },
      b: shown('mso_mdoc'),
      c: { format: 'mso_mdoc', credential_metadata: {} },
    }
    expect((await read(['dc+sd-jwt', 'mso_mdoc'], configurations)).taken).toEqual(['a', 'b', 'c'])
  })

  it('none that it has no format or no key for', async () => {
    const configurations = {
      a: shown('x', id),
      b: { ...shown('mso_mdoc', id), cryptographic_binding_methods_supported: ['did:web'] },
      c: { ...shown('ldp_vc', id), proof_types_supported: { attestation: jwt.jwt } },
      d: shown('dc+sd-jwt', id),
    }
    expect(await read(['mso_mdoc', 'ldp_vc', 'dc+sd-jwt'], configurations)).toEqual({
      taken: ['d'],
      others: [
        ['a', false],
        ['b', false],
        ['c', false],
      ],
    })
  })
})
