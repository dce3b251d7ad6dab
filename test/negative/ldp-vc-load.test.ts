import {
  createWorkBudget,
  type JsonObject,
  statementsOfAnAnswer,
  trustAnyone,
  trustOnly,
  type WorkBudget,
} from '@ekkasan/core'
import {
  addProof,
  createContextRegistry,
  issueLdpVc,
  ldpVcVerifier,
  presentLdpVp,
  verifyLdpVc,
  verifyLdpVp,
} from '@ekkasan/data-integrity'
import { createDidResolver, didKeyUrlOf, resolveDidIssuer } from '@ekkasan/did'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { verifyVpToken } from '@ekkasan/verifier'
import { describe, expect, it } from 'vitest'

// What somebody can make a verifier do before any signature was found right.

const now = new Date('2026-11-21T10:00:00Z')
const clock = () => now
const signerOf = async (alg: 'ES256' | 'ES384') => {
  const jwk = await generateJwk(alg)
  return signerFromJwk(jwk, { kid: didKeyUrlOf(publicJwkOf(jwk)) })
}
const [issuer, other, holder] = await Promise.all([signerOf('ES256'), signerOf('ES384'), signerOf('ES256')])
const didOf = ({ key }: typeof issuer) => key.kid?.split('#')[0] as string
const url = 'https://issuer.example/contexts/x.json'
const term = (name: string) => `https://issuer.example/x#${name}`
const contexts = createContextRegistry([{ url, document: { '@context': { notes: term('notes') } } }])
const resolveDid = createDidResolver()
const binding = {
  clientId: 'x509_san_dns:verifier.example',
  nonce: 'n',
  responseUri: 'https://verifier.example/r',
}
const collaborators = { resolveIssuerKey: resolveDidIssuer(resolveDid), resolveDid, contexts, clock, binding }
const trusting = { ...collaborators, isTrusted: trustAnyone('a test') }

const credentialOf = (notes: number) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', url],
  type: ['VerifiableCredential'],
  issuer: didOf(issuer),
  validFrom: '2026-11-20T00:00:00Z',
  credentialSubject: { id: didOf(holder), notes: Array.from({ length: notes }, (_, at) => `n${at}`) },
})
const issue = (notes: number, more: { id?: string } = {}) =>
  issueLdpVc({ signer: issuer, credential: credentialOf(notes), contexts, clock, ...more })

/** A budget that tells what was taken of it, the large ones alone: proofs' options are small. */
function counted(least: number): WorkBudget & { readonly taken: number[] } {
  const budget = createWorkBudget(statementsOfAnAnswer)
  const taken: number[] = []
  return {
    taken,
    take(units) {
      if (units >= least) taken.push(units)
      return budget.take(units)
    },
  }
}

const codes = (verification: Promise<unknown>) =>
  verification.then(
    () => [],
    (error: { checks: { name: string; outcome: string; code?: string }[] }) =>
      error.checks
        .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
        .map(({ name, code }) => `${name} ${code}`),
  )

describe('one canonicalization for each pair of covered document and hash', () => {
  it('however many proofs a credential has [G1]', async () => {
    const credential = await issue(100)
    const eight = { ...credential, proof: Array.from({ length: 8 }, () => credential.proof as JsonObject) }
    const budget = counted(100)
    expect(await codes(verifyLdpVc(eight, { ...trusting, budget }))).toEqual([])
    expect(budget.taken).toHaveLength(1)
  })

  it('with another hash once more, and with a proof that a chain covers once more [G1]', async () => {
    const credential = await issue(100, { id: 'urn:p0' })
    const set = await addProof({ document: credential, signer: other, contexts, clock })
    const budget = counted(100)
    expect(await codes(verifyLdpVc(set, { ...trusting, budget }))).toEqual([])
    expect(budget.taken).toHaveLength(2)
    const chain = await addProof({ document: set, signer: issuer, contexts, clock, previousProof: 'urn:p0' })
    const chained = counted(100)
    expect(await codes(verifyLdpVc(chain, { ...trusting, budget: chained }))).toEqual([])
    expect(chained.taken).toHaveLength(3)
    expect(new Set(chained.taken).size).toBe(2)
    // The chain covers the proof before it.
    const [first, ...more] = chain.proof as unknown as JsonObject[]
    const changed = { ...chain, proof: [{ ...first, created: '2026-11-21T09:00:00Z' }, ...more] }
    expect(await codes(verifyLdpVc(changed, trusting))).toContain(
      'issuer-signature data-integrity.proof.signature',
    )
  })

  it('a presentation takes one for itself and one for its credential [G1]', async () => {
    const presented = await presentLdpVp({ credential: await issue(100), holder, binding, contexts, clock })
    const budget = counted(100)
    expect(await codes(verifyLdpVp(presented, { ...trusting, budget }))).toEqual([])
    expect(budget.taken).toHaveLength(2)
  })
})

describe('an issuer that is not listed', () => {
  it('is refused before any of it is canonicalized, alone and in a presentation [G1]', async () => {
    const isTrusted = trustOnly([{ role: 'credential-issuer', id: 'did:example:other' }])
    const credential = await issue(100)
    const presented = await presentLdpVp({ credential, holder, binding, contexts, clock })
    const budget = counted(0)
    for (const verification of [
      verifyLdpVc(credential, { ...collaborators, isTrusted, budget }),
      verifyLdpVp(presented, { ...collaborators, isTrusted, budget }),
      verifyLdpVc({ ...credential, undefinedTerm: 1 }, { ...collaborators, isTrusted, budget }),
    ]) {
      expect(await codes(verification)).toEqual(['issuer-trust core.trust.not-listed'])
    }
    expect(budget.taken).toEqual([])
  })
})

describe('one budget for a whole answer', () => {
  const query = {
    credentials: [
      {
        id: 'q',
        format: 'ldp_vc',
        multiple: true,
        meta: { type_values: [['VerifiableCredential']] },
        claims: [{ path: ['credentialSubject', 'notes'] }],
      },
    ],
  }
  const { resolveIssuerKey } = collaborators
  const formats = [ldpVcVerifier({ resolveIssuerKey, resolveDid, contexts })]
  const answer = (presentations: readonly JsonObject[]) =>
    verifyVpToken({ q: presentations }, { query, formats, isTrusted: trusting.isTrusted, binding, clock })

  it('takes ten credentials of an honest size [G1]', async () => {
    const presented = await presentLdpVp({ credential: await issue(50), holder, binding, contexts, clock })
    const { presentations } = await answer(Array.from({ length: 10 }, () => presented))
    expect(presentations.q).toHaveLength(10)
  })

  it('ends at several that are as large as one may be, in little more time than one takes [G1]', async () => {
    // Not signed for: what was taken of the budget before that is found counts.
    const credential = await issue(5)
    const notes = Array.from({ length: 18_500 }, (_, at) => `n${at}`)
    const large = { ...credential, credentialSubject: { id: didOf(holder), notes } }
    const presented = await presentLdpVp({ credential, holder, binding, contexts, clock })
    const forged = { ...presented, verifiableCredential: [large] }
    const start = process.cpuUsage()
    const error = await answer(Array.from({ length: 6 }, () => forged)).catch((failure: unknown) => failure)
    const seconds = process.cpuUsage(start).user / 1e6
    const { report } = error as { report: { checks: { outcome: string; code?: string }[] }[] }
    const failed = report
      .flatMap(({ checks }) => checks)
      .flatMap(({ code, outcome }) => (outcome === 'failed' ? [code] : []))
    expect(failed.filter((code) => code === 'data-integrity.rdf.too-complex').length).toBeGreaterThanOrEqual(
      4,
    )
    expect(seconds).toBeLessThan(5)
  })
})
