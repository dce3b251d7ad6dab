import { createMemoryStore, type IsTrusted, trustOnly } from '@ekkasan/core'
import { sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { createMemoryHolderKeys, createWallet } from '@ekkasan/wallet'
import { describe, expect, it } from 'vitest'

const url = 'https://issuer.example'

function offerOf(issuer: string): string {
  const offer = {
    credential_issuer: issuer,
    credential_configuration_ids: ['a'],
    grants: {
      'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
        'pre-authorized_code': 'secret',
        tx_code: { length: 6, input_mode: 'numeric' },
      },
    },
  }
  return `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
}

/** What a wallet of this trust does with an offer: the code of the error, and every URL that it asked. */
async function read(isTrusted: IsTrusted, issuer = url) {
  const fetched: string[] = []
  const wallet = createWallet({
    formats: [sdJwtVcHolder({ resolveIssuerKey: async () => Promise.reject(new Error('not asked')) })],
    keys: createMemoryHolderKeys(),
    store: createMemoryStore(),
    isTrusted,
    async fetch(input) {
      fetched.push(String(input))
      return new Response('', { status: 503 })
    },
  })
  const code = await wallet.readOffer(offerOf(issuer)).then(
    () => undefined,
    (error: { code: string }) => error.code,
  )
  return { code, fetched }
}

const listed = (...ids: readonly string[]) =>
  trustOnly(ids.map((id) => ({ role: 'credential-issuer', id }) as const))
const asked = { code: 'wallet.fetch.unavailable', fetched: [`${url}/.well-known/openid-credential-issuer`] }
const refused = { code: 'wallet.offer.untrusted', fetched: [] }

describe('a wallet asks for trust before anything of an issuer is fetched or a code is typed [G3]', () => {
  it('asks nothing of an issuer that is not listed', async () => {
    expect(await read(listed('https://other.example'))).toEqual(refused)
    expect(await read(listed())).toEqual(refused)
    expect(await read(listed(url))).toEqual(asked)
  })

  it('asks nothing where trust could not be found out', async () => {
    const away: IsTrusted = async () => ({ trusted: 'unknown', code: 'x.away' })
    expect(await read(away)).toEqual({ code: 'wallet.offer.trust-unknown', fetched: [] })
  })

  it('goes on with one that is listed for some types: the credential will say its own', async () => {
    expect(await read(trustOnly([{ role: 'credential-issuer', id: url, types: ['a'] }]))).toEqual(asked)
  })

  it('goes on with one that may issue under a DID that is listed, and with no other beside a listed URL', async () => {
    expect(await read(listed('did:jwk:abc'))).toEqual(asked)
    expect(await read(listed('did:web:issuer.example:a', 'https://other.example'))).toEqual(asked)
    expect(await read(listed('did:web:other.example'))).toEqual(refused)
    expect(await read(listed('did:jwk:abc', 'https://other.example'))).toEqual(refused)
  })
})
