import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ResolveError } from '@ekkasan/core'
import { createDidResolver, didKeyOf, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { generateJwk, publicJwkOf } from '@ekkasan/keys'
import { afterAll, expect, it } from 'vitest'
import { resolveListedIssuer } from '../src/issuers.ts'

const folder = mkdtempSync(join(tmpdir(), 'ekkasan-issuers-'))
const file = join(folder, 'issuers.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const listed = publicJwkOf(await generateJwk('ES256'))
const other = publicJwkOf(await generateJwk('ES256'))
const means = {
  did: resolveDidIssuer(createDidResolver()),
  others: async () => {
    throw new ResolveError('core.resolve.not-configured', 'asked elsewhere')
  },
}

it('finds the keys that are listed for an issuer, and for him no other', async () => {
  const iss = 'https://issuer.example/1'
  writeFileSync(file, JSON.stringify({ [iss]: [didKeyOf(listed)] }))
  const resolve = resolveListedIssuer(file, means)
  const found = await resolve({ iss, kid: didKeyUrlOf(listed), alg: 'ES256' })
  expect(found.identity).toEqual({ id: iss, method: 'did' })
  expect(found.jwk.x).toBe(listed.x)
  await expect(resolve({ iss, kid: didKeyUrlOf(other), alg: 'ES256' })).rejects.toMatchObject({
    code: 'core.resolve.not-found',
  })
  for (const unlisted of ['https://issuer.example/2', 'constructor', undefined]) {
    const question = {
      ...(unlisted !== undefined && { iss: unlisted }),
      kid: didKeyUrlOf(listed),
      alg: 'ES256',
    }
    await expect(resolve(question)).rejects.toMatchObject({ code: 'core.resolve.not-configured' })
  }
})

it('says what the file must hold', () => {
  writeFileSync(file, JSON.stringify({ 'https://issuer.example/1': 'did:key:z1' }))
  expect(() => resolveListedIssuer(file, means)).toThrow('must hold lists of DIDs')
})
