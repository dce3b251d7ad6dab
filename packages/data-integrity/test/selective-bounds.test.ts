import { base64url, concatBytes, fromBase64url } from '@ekkasan/core/bytes'
import type { JsonObject } from '@ekkasan/core/json'
import { deriveProof, issueLdpVc, ldpVcHolder, verifyLdpVc } from '@ekkasan/data-integrity'
import { bbsSignerFromJwk, generateBbsJwk } from '@ekkasan/data-integrity/bbs'
import { didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { describe, expect, it } from 'vitest'
import { type Cbor, decodeCbor, encodeCbor } from '../src/internal/cbor.ts'
import { body, clock, collaborators, contexts, faults, holder, issuer } from './setting.ts'

const bbsJwk = generateBbsJwk()
const bbsIssuer = bbsSignerFromJwk(bbsJwk, { kid: didKeyUrlOf(publicJwkOf(bbsJwk)) })
const signers = { 'ecdsa-sd-2023': issuer, 'bbs-2023': bbsIssuer }
const accept = (credential: JsonObject) =>
  ldpVcHolder({ resolveIssuerKey: collaborators.resolveIssuerKey, contexts }).accept(credential, {
    holder: { jwk: holder.key.publicJwk, kid: holder.key.kid as string },
    issuer: 'https://issuer.example',
    isTrusted: collaborators.isTrusted,
    clock,
  })

interface Secured extends JsonObject {
  readonly proof: JsonObject & { readonly proofValue: string }
}

function changed(secured: Secured, change: (parts: Cbor[]) => Cbor): Secured {
  const { proof } = secured
  const bytes = fromBase64url(proof.proofValue.slice(1))
  const parts = change([...(decodeCbor(bytes.subarray(3)) as Cbor[])])
  const proofValue = `u${base64url(concatBytes(bytes.subarray(0, 3), encodeCbor(parts)))}`
  return { ...secured, proof: { ...proof, proofValue } }
}

describe.each(['ecdsa-sd-2023', 'bbs-2023'] as const)('%s', (cryptosuite) => {
  const signer = signers[cryptosuite]
  const make = async (more: JsonObject = {}) =>
    (await issueLdpVc({
      signer,
      cryptosuite,
      contexts,
      clock,
      mandatoryPointers: ['/issuer', '/validFrom'],
      credential: { ...body, issuer: signer.key.kid?.split('#')[0] as string, ...more },
    })) as Secured
  const derive = async () =>
    (await deriveProof({
      credential: await make(),
      pointers: ['/credentialSubject/givenName'],
      contexts,
    })) as Secured

  it('gives back no context that stands in its proof alone', async () => {
    const shown = await derive()
    const own = ['https://www.w3.org/ns/credentials/v2', { ThaiNationalID: 'https://evil.example/Passport' }]
    const secured = { ...shown, proof: { ...shown.proof, '@context': own } }
    expect(await faults(verifyLdpVc(secured, collaborators))).toEqual([
      'structure failed data-integrity.proof.context',
    ])
  })

  it('has one order of its mandatory indexes', async () => {
    const at = cryptosuite === 'bbs-2023' ? 2 : 4
    const turned = changed(await derive(), (parts) =>
      parts.map((part, index) => (index === at ? [...(part as Cbor[])].reverse() : part)),
    )
    expect(await faults(verifyLdpVc(turned, collaborators))).toEqual([
      'structure failed data-integrity.proof.value',
    ])
  })

  it('looks once at a pointer that is named 250,000 times', async () => {
    const raw = Array.from({ length: 5000 }, (_, index) => index)
    const base = await make({ credentialSubject: { ...body.credentialSubject, raw } })
    const { proof } = base
    const bytes = fromBase64url(proof.proofValue.slice(1))
    const parts = decodeCbor(bytes.subarray(3)) as Cbor[]
    // The last of five parts: a list of as many empty texts.
    const head = encodeCbor(parts.slice(0, 4))
    head[0] = 0x85
    const pointers = new Uint8Array(250_005).fill(0x60)
    pointers.set([0x9a, 0, 3, 0xd0, 0x90])
    const proofValue = `u${base64url(concatBytes(bytes.subarray(0, 3), head, pointers))}`
    await expect(accept({ ...base, proof: { ...proof, proofValue } })).rejects.toThrow('issuer-signature')
  })

  it.each(['/credentialSubject/names/length', '/type/00', '/type/-', '/type/1e0'])(
    'has no pointer %s',
    async (pointer) => {
      await expect(deriveProof({ credential: await make(), pointers: [pointer], contexts })).rejects.toThrow(
        expect.objectContaining({ code: 'data-integrity.pointer.not-found' }),
      )
    },
  )

  it('refuses a credential of 600 statements beside those that were signed', async () => {
    const address = Array.from({ length: 600 }, (_, index) => ({ province: `p${index}` }))
    const { givenName } = body.credentialSubject
    const base = { ...(await make()), credentialSubject: { givenName, address } }
    const isBounded = cryptosuite === 'bbs-2023'
    const fault = isBounded ? 'structure (data-integrity.structure.malformed' : 'issuer-signature'
    await expect(accept(base)).rejects.toThrow(fault)
  })
})

it('issues no ecdsa-sd-2023 proof that is too long to be read', async () => {
  const address = Array.from({ length: 3000 }, (_, index) => ({ province: `p${index}` }))
  const credential = { ...body, credentialSubject: { address } }
  await expect(
    issueLdpVc({ signer: issuer, cryptosuite: 'ecdsa-sd-2023', contexts, credential }),
  ).rejects.toThrow(expect.objectContaining({ code: 'data-integrity.proof.value' }))
})
