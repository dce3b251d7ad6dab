import { createMemoryStore, trustAnyone } from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk, signJws } from '@ekkasan/keys'
import { createStatusChecker, createStatusLists } from '@ekkasan/status'
import { createHeaderAndPayload, getListFromStatusListJWT, StatusList } from '@sd-jwt/jwt-status-list'
import { expect, it } from 'vitest'

// The other side: @sd-jwt/jwt-status-list 0.19. It shares nothing with ours (its compression is pako).

const jwk = await generateJwk('ES256')
const signer = await signerFromJwk(jwk, { kid: 'k1' })
const identity = { id: 'https://issuer.example', method: 'jwt-vc-issuer' } as const

it('@sd-jwt/jwt-status-list reads the statuses that we publish', async () => {
  const url = 'https://issuer.example/status'
  const lists = createStatusLists({ url, signer, store: createMemoryStore(), size: 4096 })
  const entries = await Promise.all(Array.from({ length: 300 }, () => lists.allocate()))
  const wanted = (['valid', 'revoked', 'suspended'] as const).map((status, value) => ({ status, value }))
  await Promise.all(entries.map((entry, i) => lists.set(entry, wanted[i % 3]!.status)))
  const jwt = await (await lists.fetch(new Request(entries[0]!.uri)))!.text()
  const theirs = getListFromStatusListJWT(jwt)
  expect(theirs.getBitsPerStatus()).toBe(2)
  expect(theirs.statusList).toHaveLength(4096)
  for (const [i, { index }] of entries.entries()) expect(theirs.getStatus(index)).toBe(i % 3)
  expect(theirs.statusList.filter((value) => value !== 0)).toHaveLength(200)
})

it.each([1, 2, 4, 8] as const)(
  'we read the list of %i bits that @sd-jwt/jwt-status-list makes',
  async (bits) => {
    const uri = 'https://issuer.example/status/1'
    const values = Array.from({ length: 1024 }, (_, i) => (i * 7 + (i >> 3)) % Math.min(3, 2 ** bits))
    const now = Math.floor(Date.now() / 1000)
    const { header, payload } = createHeaderAndPayload(
      new StatusList(values, bits),
      { iss: identity.id, sub: uri, iat: now, exp: now + 600, ttl: 60 },
      { alg: 'ES256', typ: 'statuslist+jwt', kid: 'k1' },
    )
    const { alg: _alg, ...rest } = header
    const token = await signJws({ signer, header: rest as never, payload: payload as never })
    const check = createStatusChecker({
      fetch: async () => new Response(token),
      resolveIssuerKey: async () => ({ jwk: publicJwkOf(jwk), identity }),
      isTrusted: trustAnyone('a test of the encoding'),
    })
    for (let index = 0; index < values.length; index += 1) {
      const { status } = await check({ uri, index }, { issuer: identity })
      expect(status).toBe(['valid', 'revoked', 'suspended'][values[index] as number])
    }
  },
)
