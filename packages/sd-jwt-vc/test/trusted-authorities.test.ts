import type { ResolveIssuerKey } from '@ekkasan/core'
import { sdJwtVcHolder, verifySdJwtVc } from '@ekkasan/sd-jwt-vc'
import { expect, it } from 'vitest'
import { holderKey, iss, issue, issuer, present, verifying } from './setting.ts'

// What `trusted_authorities` of a query are held against (OpenID4VP section 6.1.1): the chain in the view.

const forged = ['MIIforged']
const validated = ['MIIvalidated']
const credential = await issue({ signer: { ...issuer, key: { ...issuer.key, x5c: forged } } })
const found =
  (method: 'x5c' | 'jwt-vc-issuer'): ResolveIssuerKey =>
  async () => ({
    jwk: issuer.key.publicJwk,
    identity: { id: iss, method, ...(method === 'x5c' && { x5c: validated }) },
  })

it('the view has the chain that was validated, and never what the header says alone', async () => {
  const options = verifying({ resolveIssuerKey: found('x5c') })
  const verified = await verifySdJwtVc(await present(credential), options)
  expect(verified.view.x5c).toEqual(validated)
  const held = await sdJwtVcHolder({ resolveIssuerKey: found('x5c') }).accept(credential, {
    ...options,
    holder: holderKey,
    issuer: iss,
  })
  expect(held.view.x5c).toEqual(validated)
})

it('a credential that carries x5c has its key by certificate, or none [F1]', async () => {
  const options = verifying({ resolveIssuerKey: found('jwt-vc-issuer') })
  await expect(verifySdJwtVc(await present(credential), options)).rejects.toMatchObject({
    checks: expect.arrayContaining([
      expect.objectContaining({ name: 'issuer-key', outcome: 'failed', code: 'core.resolve.invalid' }),
    ]),
  })
})
