import { ResolveError, trustAnyone } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import { createDidResolver, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { verifySignature } from '@ekkasan/keys'
import { P256KeyDidProvider, publicJwkOfKey, resolveDidByVeramo, signerFromVeramo } from '@ekkasan/veramo'
import { describe, expect, it } from 'vitest'
import { createTestAgent } from './agent.ts'

const code = (name: string) => expect.objectContaining({ name: 'VeramoError', code: name })
const agent = createTestAgent({ isTrusted: trustAnyone('a test') })

describe('a Signer on an agent', () => {
  it('signs with P-256, Ed25519 and secp256k1 keys so that the key in its DID document verifies', async () => {
    for (const [provider, keyType, alg] of [
      ['did:key:p256', undefined, 'ES256'],
      ['did:key', 'Ed25519', 'EdDSA'],
      ['did:key', 'Secp256k1', 'ES256K'],
    ] as const) {
      const { did } = await agent.didManagerCreate({ provider, ...(keyType && { options: { keyType } }) })
      const signer = await signerFromVeramo(agent, { did })
      expect([signer.alg, signer.key.kid]).toEqual([alg, didKeyUrlOf(signer.key.publicJwk)])
      const data = Uint8Array.of(0, 255, ...utf8('เอกสาร'))
      const signature = await signer.sign(data)
      const { jwk } = await resolveDidIssuer(createDidResolver())({
        iss: did,
        kid: signer.key.kid as string,
        alg,
      })
      expect(await verifySignature(alg, jwk, data, signature)).toBe(true)
      expect(await verifySignature(alg, jwk, utf8('other'), signature)).toBe(false)
    }
  })

  it('takes a key without an identifier, with the kid and certificates that it is told', async () => {
    const key = await agent.keyManagerCreate({ kms: 'local', type: 'Secp256r1' })
    const plain = await signerFromVeramo(agent, { keyRef: key.kid })
    expect(plain.key).toEqual({ publicJwk: publicJwkOfKey(key) })
    const named = await signerFromVeramo(agent, { keyRef: key.kid, kid: '1', x5c: ['AA'] })
    expect([named.key.kid, named.key.x5c]).toEqual(['1', ['AA']])
    const data = utf8('x')
    expect(await verifySignature('ES256', named.key.publicJwk, data, await named.sign(data))).toBe(true)
  })

  it('takes the key named among those of an identifier, and refuses a key of another', async () => {
    const [mine, other] = [await agent.didManagerCreate(), await agent.didManagerCreate()]
    const keyRef = mine.keys[0]!.kid
    expect((await signerFromVeramo(agent, { did: mine.did, keyRef })).key.kid).toBe(
      `${mine.did}#${mine.did.slice(8)}`,
    )
    await expect(signerFromVeramo(agent, { did: other.did, keyRef })).rejects.toEqual(
      code('veramo.key.not-found'),
    )
  })

  it('refuses identifiers and keys that the agent has not, and keys that do not sign', async () => {
    await expect(signerFromVeramo(agent, { did: 'did:web:a.example' })).rejects.toEqual(
      code('veramo.key.not-found'),
    )
    await expect(signerFromVeramo(agent, { keyRef: 'none' })).rejects.toEqual(code('veramo.key.not-found'))
    const { kid } = await agent.keyManagerCreate({ kms: 'local', type: 'X25519' })
    await expect(signerFromVeramo(agent, { keyRef: kid })).rejects.toEqual(code('veramo.key.unsupported'))
  })

  it('refuses a key that the DID document does not list for the use', async () => {
    const { did } = await agent.didManagerCreate()
    const resolveDid = async () => ({
      didDocument: { id: did, authentication: [] },
      didDocumentMetadata: {},
      didResolutionMetadata: {},
    })
    const retired = { ...agent, resolveDid } as unknown as typeof agent
    await expect(signerFromVeramo(retired, { did })).rejects.toEqual(code('veramo.key.not-in-document'))
  })
})

describe("an agent's resolver", () => {
  it('resolves as ours does', async () => {
    const { did } = await agent.didManagerCreate()
    expect(await resolveDidByVeramo(agent)(did)).toEqual(await createDidResolver()(did))
  })

  it('compares the document, and says which failures mean unknown', async () => {
    const answering = (answer: object) =>
      resolveDidByVeramo({
        resolveDid: async () => ({
          didDocument: null,
          didDocumentMetadata: {},
          didResolutionMetadata: {},
          ...answer,
        }),
      } as never)('did:web:a.example')
    const failure = (name: string) => expect.objectContaining({ code: name })
    await expect(answering({ didDocument: { id: 'did:web:b.example' } })).rejects.toEqual(
      failure('core.resolve.invalid'),
    )
    await expect(answering({ didResolutionMetadata: { error: 'notFound' } })).rejects.toEqual(
      failure('core.resolve.not-found'),
    )
    await expect(answering({ didResolutionMetadata: { error: 'timeout' } })).rejects.toEqual(
      failure('core.resolve.unavailable'),
    )
    await expect(answering({ didResolutionMetadata: { error: 'unsupportedDidMethod' } })).rejects.toEqual(
      failure('core.resolve.not-configured'),
    )
    await expect(resolveDidByVeramo(agent)('nonsense')).rejects.toThrow(ResolveError)
  })
})

describe('did:key on P-256', () => {
  it('is created, found again, and deleted with its key', async () => {
    const { did, keys, controllerKeyId } = await agent.didManagerCreate({ alias: 'issuer' })
    expect(did).toMatch(/^did:key:zDn/)
    expect([keys[0]?.type, controllerKeyId]).toEqual(['Secp256r1', keys[0]?.kid])
    expect((await agent.didManagerGetByAlias({ alias: 'issuer' })).did).toBe(did)
    await agent.didManagerDelete({ did })
    await expect(agent.keyManagerGet({ kid: keys[0]!.kid })).rejects.toThrow()
  })

  it('takes a key that the agent manages, and no other kind of key', async () => {
    const { kid } = await agent.keyManagerCreate({ kms: 'local', type: 'Secp256r1' })
    expect((await agent.didManagerCreate({ options: { keyRef: kid } })).keys[0]?.kid).toBe(kid)
    const other = await agent.keyManagerCreate({ kms: 'local', type: 'Ed25519' })
    await expect(agent.didManagerCreate({ options: { keyRef: other.kid } })).rejects.toEqual(
      code('veramo.key.unsupported'),
    )
  })

  it('refuses every other option in plain words, where Veramo silently makes another kind of key', async () => {
    for (const options of [{ keyType: 'Ed25519' }, { privateKeyHex: 'ab' }, { key: { type: 'Secp256r1' } }]) {
      await expect(agent.didManagerCreate({ options })).rejects.toEqual(code('veramo.did-key.unsupported'))
    }
  })

  it('refuses to change what cannot change', async () => {
    const { did, keys } = await agent.didManagerCreate()
    const key = await agent.keyManagerCreate({ kms: 'local', type: 'Secp256r1' })
    const service = { id: '#s', type: 'x', serviceEndpoint: 'https://a.example' }
    for (const change of [
      () => agent.didManagerAddKey({ did, key }),
      () => agent.didManagerRemoveKey({ did, kid: keys[0]!.kid }),
      () => agent.didManagerAddService({ did, service }),
      () => agent.didManagerRemoveService({ did, id: '#s' }),
      () => agent.didManagerUpdate({ did, document: {} }),
    ]) {
      await expect(change()).rejects.toEqual(code('veramo.did-key.unsupported'))
    }
  })

  it('claims the prefixes of P-256 keys only', () => {
    const provider = new P256KeyDidProvider({ defaultKms: 'local' })
    expect(
      ['did:key:zDnae', 'did:key:z6Mk', 'did:web'].map((prefix) => provider.matchPrefix(prefix)),
    ).toEqual([true, false, false])
  })
})
