import { createSocket, type Socket } from 'node:dgram'
import { createGuardedFetch, type IsTrusted, trustAnyone, trustOnly } from '@ekkasan/core'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { issueSdJwtVc, presentSdJwtVc, resolveJwtVcIssuer, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { verifyVpToken } from '@ekkasan/verifier'
import { afterAll, beforeAll, expect, it } from 'vitest'

// Twelve answers whose issuers' names a silent server answers for, and honest ones beside them.

const honest = 'https://issuer.example'
const vct = 'urn:card'
const jwk = await generateJwk('ES256')
const signer = await signerFromJwk(jwk, { kid: 'k' })
const holder = await signerFromJwk(await generateJwk('ES256'))
const binding = { clientId: 'x509_hash:a', nonce: 'n' }
const asked: string[] = []
let socket: Socket

beforeAll(async () => {
  socket = createSocket('udp4')
  // The names stand in the question, after its header.
  socket.on('message', (question) => asked.push(question.toString('latin1', 13)))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
})
afterAll(() => {
  socket.close()
})

async function presentation(issuer: string): Promise<string> {
  const credential = await issueSdJwtVc({
    signer,
    vct,
    issuer,
    claims: { name: 'x' },
    holderJwk: holder.key.publicJwk,
  })
  return presentSdJwtVc({ credential, disclose: [], binding, holder })
}

function createVerifier(isTrusted: IsTrusted) {
  const guarded = createGuardedFetch({ nameServers: [`127.0.0.1:${socket.address().port}`], timeout: 2000 })
  const resolveIssuerKey = resolveJwtVcIssuer({
    fetch: async (url, init) =>
      String(url).startsWith(honest)
        ? Response.json({ issuer: honest, jwks: { keys: [{ ...publicJwkOf(jwk), kid: 'k' }] } })
        : guarded(url, init),
  })
  const query = { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: [vct] } }] }
  return (shown: string) =>
    verifyVpToken(
      { a: [shown] },
      { query, formats: [sdJwtVcVerifier({ resolveIssuerKey })], isTrusted, binding },
    )
}

it.each([
  ['is refused before anybody is asked', trustOnly([{ role: 'credential-issuer', id: honest }]), 0],
  ['takes no thread where everybody is trusted', trustAnyone('a drill'), 12],
] as const)(
  'a forged answer of a silent name %s, and delays no honest one [L3]',
  async (_what, isTrusted, names) => {
    asked.length = 0
    const verify = createVerifier(isTrusted)
    const forged = await Promise.all(
      Array.from({ length: 12 }, (_, n) => presentation(`https://w${n}.slow.example`)),
    )
    const shown = await presentation(honest)
    const slow = Promise.allSettled(forged.map(verify))
    const began = Date.now()
    expect((await verify(shown)).presentations.a).toHaveLength(1)
    expect(Date.now() - began).toBeLessThan(1000)
    expect((await slow).map(({ status }) => status)).toEqual(Array(12).fill('rejected'))
    expect(new Set(asked.map((question) => /^w\d+/.exec(question)?.[0])).size).toBe(names)
    // A and AAAA, twice each, of each name.
    expect(asked.length).toBeLessThanOrEqual(names * 4)
  },
)
