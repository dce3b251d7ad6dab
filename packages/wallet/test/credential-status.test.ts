import { type CheckStatus, createMemoryStore, ResolveError, type StatusReference } from '@ekkasan/core'
import { describe, expect, it } from 'vitest'
import { createMemoryHolderKeys, createWallet } from '../src/index.ts'
import { type KeptCredential, keepCredential } from '../src/kept-credential.ts'

const at = new Date('2026-11-30T09:00:00Z')

async function walletWith(status: StatusReference | undefined, checkStatus?: CheckStatus) {
  const store = createMemoryStore({ clock: () => at })
  const keys = createMemoryHolderKeys()
  const signer = await keys.create('ES256')
  const kept: KeptCredential = {
    id: 'one',
    format: 'dc+sd-jwt',
    credential: 'x',
    holder: { jwk: signer.key.publicJwk },
    issuer: { id: 'https://issuer.example', method: 'jwt-vc-issuer' },
    issuerNames: {},
    metadata: {},
    view: { format: 'dc+sd-jwt', types: [], claims: {}, holderBound: true },
    checks: [],
    ...(status && { status }),
    receivedAt: at.getTime(),
  }
  await keepCredential(store, kept)
  const format = {
    format: 'dc+sd-jwt',
    metadata: {},
    accept: () => Promise.reject(new Error('nothing is received here')),
    view: () => kept.view,
    shown: () => [],
    present: () => Promise.reject(new Error('nothing is presented here')),
  }
  const isTrusted = async () => ({ trusted: true as const })
  const wallet = createWallet({
    formats: [format],
    keys,
    store,
    isTrusted,
    clock: () => at,
    ...(checkStatus && { checkStatus }),
  })
  return { wallet, store }
}

const entry = { uri: 'https://issuer.example/status-lists/0', index: 7 }

describe('the status of a credential held', () => {
  it.each(['valid', 'suspended', 'revoked'] as const)(
    'is looked up when asked, and kept: %s [J2]',
    async (status) => {
      const asked: unknown[] = []
      const asOf = new Date('2026-11-30T08:59:00Z')
      const { wallet } = await walletWith(entry, async (reference, { issuer }) => {
        asked.push([reference, issuer.id])
        return { status, asOf }
      })
      const [before] = await wallet.credentials()
      expect(before).toMatchObject({ hasStatus: true })
      expect(before?.lastStatus).toBeUndefined()
      expect(asked).toEqual([])
      expect(await wallet.checkStatus('one')).toEqual({ status, asOf, checkedAt: at })
      expect(asked).toEqual([[entry, 'https://issuer.example']])
      expect((await wallet.credentials())[0]?.lastStatus).toEqual({ status, asOf, checkedAt: at })
      await wallet.checkStatus('one')
      // Nothing comes after a revocation.
      expect(asked).toHaveLength(status === 'revoked' ? 1 : 2)
    },
  )

  it('that cannot be found out is an error, and what was found before stays [J2]', async () => {
    let isUp = true
    const { wallet } = await walletWith(entry, async () => {
      if (!isUp) throw new ResolveError('core.resolve.unavailable', 'nobody answered')
      return { status: 'valid', asOf: at }
    })
    await wallet.checkStatus('one')
    isUp = false
    await expect(wallet.checkStatus('one')).rejects.toMatchObject({ code: 'core.resolve.unavailable' })
    expect((await wallet.credentials())[0]?.lastStatus?.status).toBe('valid')
  })

  it('is nothing for a credential without one, and for one that is not here an error [J2]', async () => {
    const { wallet } = await walletWith(undefined, async () => {
      throw new Error('must not be asked')
    })
    expect((await wallet.credentials())[0]).toMatchObject({ hasStatus: false })
    expect(await wallet.checkStatus('one')).toBeUndefined()
    await expect(wallet.checkStatus('two')).rejects.toMatchObject({ code: 'wallet.credential.unknown' })
    const { wallet: without } = await walletWith(entry)
    await expect(without.checkStatus('one')).rejects.toThrow(TypeError)
  })

  it('goes away with the credential [J2]', async () => {
    const { wallet, store } = await walletWith(entry, async () => ({ status: 'valid', asOf: at }))
    await wallet.checkStatus('one')
    await wallet.remove('one')
    expect((await store.list('')).entries).toEqual([])
  })
})
