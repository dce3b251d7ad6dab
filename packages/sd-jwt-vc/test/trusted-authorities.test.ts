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

it.each([
  ['x5c', validated],
  ['jwt-vc-issuer', undefined],
] as const)(
  'the view has the chain that was validated (key by %s), and never what the header says alone',
  async (method, x5c) => {
    const options = verifying({ resolveIssuerKey: found(method) })
    const verified = await verifySdJwtVc(await present(credential), options)
    expect(verified.view.x5c).toEqual(x5c)
    const held = await sdJwtVcHolder(options).accept(credential, {
      ...options,
      holder: holderKey,
      issuer: iss,
    })
    expect(held.view.x5c).toEqual(x5c)
  },
)
