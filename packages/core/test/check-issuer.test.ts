import {
  cached,
  checkIssuer,
  createChecks,
  type IssuerKey,
  type IssuerKeyQuestion,
  type IsTrusted,
  issuerKeyQuestion,
  type ResolveIssuerKey,
  resolveIssuerKeyBy,
  type TrustAnswer,
  type TrustQuestion,
  trustOnly,
} from '@ekkasan/core'
import { describe, expect, it } from 'vitest'

const iss = 'https://issuer.example'
const jwk = { kty: 'OKP' } as const
const types = ['https://issuer.example/vct/1']

/** A resolver that counts how often anything would be fetched. */
function counting(identity: IssuerKey['identity'] = { id: iss, method: 'jwt-vc-issuer' }) {
  const asked: IssuerKeyQuestion[] = []
  const resolve: ResolveIssuerKey = async (question) => {
    asked.push(question)
    return { jwk, identity }
  }
  return { asked, resolve }
}

async function check(
  isTrusted: IsTrusted,
  {
    resolve,
    question = { iss, alg: 'ES256' },
    signature = true,
    isNamedByCertificate = false,
  }: {
    readonly resolve: ResolveIssuerKey
    readonly question?: IssuerKeyQuestion
    readonly signature?: boolean
    readonly isNamedByCertificate?: boolean
  },
) {
  const checks = createChecks()
  const key = await checkIssuer(checks, {
    question,
    types,
    resolveIssuerKey: resolve,
    isTrusted,
    isNamedByCertificate,
    noKey: 'x.no-key',
    async checkSignature() {
      if (signature) checks.pass('issuer-signature')
      else checks.fail('issuer-signature', 'x.signature')
    },
  })
  return { key, checks: checks.list, outcomes: checks.list.map(({ name, outcome }) => `${name} ${outcome}`) }
}

function answering(...answers: readonly TrustAnswer[]) {
  const asked: TrustQuestion[] = []
  const isTrusted: IsTrusted = async (question) => {
    asked.push(question)
    return answers[asked.length - 1] ?? (answers.at(-1) as TrustAnswer)
  }
  return { asked, isTrusted }
}

describe('trust comes before any fetch [G3]', () => {
  it('fetches nothing of an issuer that is not listed, and says why the signature was not checked', async () => {
    const { asked, resolve } = counting()
    const { key, checks } = await check(
      trustOnly([{ role: 'credential-issuer', id: 'https://other.example' }]),
      {
        resolve,
      },
    )
    expect(key).toBeUndefined()
    expect(asked).toEqual([])
    expect(checks).toEqual([
      {
        name: 'issuer-key',
        outcome: 'skipped',
        code: 'core.issuer.not-asked',
        detail: 'not trusted, signature not checked',
      },
      {
        name: 'issuer-signature',
        outcome: 'skipped',
        code: 'core.issuer.signature-not-checked',
        detail: 'not trusted, signature not checked',
      },
      expect.objectContaining({ name: 'issuer-trust', outcome: 'failed', code: 'core.trust.not-listed' }),
    ])
  })

  it('fetches nothing where trust is not known', async () => {
    const { asked, resolve } = counting()
    const { isTrusted } = answering({ trusted: 'unknown', code: 'x.list.unavailable' })
    const { outcomes } = await check(isTrusted, { resolve })
    expect(asked).toEqual([])
    expect(outcomes).toEqual(['issuer-key skipped', 'issuer-signature skipped', 'issuer-trust unknown'])
  })

  it('asks again, with the type, on the verified key, and only that answer counts', async () => {
    const { resolve } = counting()
    const no: TrustAnswer = { trusted: false, code: 'x.no' }
    const { asked, isTrusted } = answering({ trusted: true }, no)
    const { outcomes } = await check(isTrusted, { resolve })
    expect(outcomes).toEqual(['issuer-key passed', 'issuer-signature passed', 'issuer-trust failed'])
    expect(asked).toEqual([
      { role: 'credential-issuer', id: iss, issuer: { id: iss, method: 'jwt-vc-issuer' }, types },
      { role: 'credential-issuer', id: iss, issuer: { id: iss, method: 'jwt-vc-issuer' }, types },
    ])
  })

  it('looks at the signature of one that is listed for other types', async () => {
    const { asked, resolve } = counting()
    const { checks } = await check(trustOnly([{ role: 'credential-issuer', id: iss, types: ['other'] }]), {
      resolve,
    })
    expect(asked).toHaveLength(1)
    expect(checks.at(-1)).toMatchObject({ outcome: 'failed', code: 'core.trust.not-for-this-type' })
  })

  it.each<[string, IssuerKeyQuestion, string]>([
    ['iss', { iss, alg: 'ES256' }, iss],
    ['a DID', { iss: 'did:web:a.example', kid: 'did:web:a.example#1', alg: 'ES256' }, 'did:web:a.example'],
    ['the DID of a kid', { kid: 'did:web:b.example#1', alg: 'ES256' }, 'did:web:b.example'],
    ['a certificate, whatever iss says', { iss, x5c: ['MII'], alg: 'ES256' }, 'x509:anchor:CN=B'],
  ])('asks by the identity of the mechanism: %s', async (_name, question, id) => {
    const { asked: fetched, resolve } = counting()
    const x5c = Object.assign(async () => resolve(question), {
      identify: async () => ({ identity: { id: 'x509:anchor:CN=B', method: 'x5c' } as const }),
    })
    const { asked, isTrusted } = answering({ trusted: false, code: 'x.no' })
    await check(isTrusted, { resolve: resolveIssuerKeyBy({ x5c, did: resolve, https: resolve }), question })
    expect(asked.map((one) => one.id)).toEqual([id])
    expect(fetched).toEqual([])
  })

  it('keeps the identity through a cache', async () => {
    const { asked, resolve } = counting()
    const x5c = Object.assign(resolve, {
      identify: async () => ({ identity: { id: 'x509:anchor:CN=B', method: 'x5c' } as const }),
    })
    const question = { iss, x5c: ['MII'], alg: 'ES256' }
    const isTrusted = trustOnly([{ role: 'credential-issuer', id: iss }])
    const { outcomes } = await check(isTrusted, { resolve: cached(x5c, { lifetime: 1000 }), question })
    expect(asked).toEqual([])
    expect(outcomes.at(-1)).toBe('issuer-trust failed')
  })
})

describe('the key cache [G3]', () => {
  const found: ResolveIssuerKey = async ({ iss: id = '' }) => ({
    jwk: { ...jwk },
    identity: { id, method: 'did' },
  })
  const identify: NonNullable<ResolveIssuerKey['identify']> = async ({ iss: id = '' }) => ({
    identity: { id, method: 'did' },
  })

  it('keeps issuers that were trusted, however many others are asked for', async () => {
    const fetched: string[] = []
    const resolve = cached(
      Object.assign(
        (question: IssuerKeyQuestion) => {
          fetched.push(question.iss as string)
          return found(question)
        },
        { identify },
      ),
      { lifetime: 1000, maxEntries: 8, clock: () => new Date(0) },
    )
    const question = { iss: 'did:x:honest', alg: 'ES256' }
    await check(answering({ trusted: true }).isTrusted, { resolve, question })
    // The first question lets them be fetched, their signature is wrong: nobody trusts them.
    for (let n = 0; n < 50; n++) {
      const forged = { iss: `did:x:${n}`, alg: 'ES256' }
      await check(answering({ trusted: true }).isTrusted, { resolve, question: forged, signature: false })
    }
    await check(answering({ trusted: true }).isTrusted, { resolve, question })
    expect(fetched.filter((id) => id === 'did:x:honest')).toHaveLength(1)
    await check(answering({ trusted: true }).isTrusted, {
      resolve,
      question: { iss: 'did:x:0', alg: 'ES256' },
    })
    expect(fetched.filter((id) => id === 'did:x:0')).toHaveLength(2)
  })
})

describe('with x5c only the certificate names the issuer [F1]', () => {
  const question = { iss, x5c: ['MII'], alg: 'ES256' }
  const everyone = answering({ trusted: true }).isTrusted

  it('refuses a key that was found in another way', async () => {
    const { resolve } = counting()
    expect((await check(everyone, { resolve, question })).outcomes[0]).toBe('issuer-key failed')
  })

  it('accepts another name than iss only for a format that hands no iss on', async () => {
    const { resolve } = counting({ id: 'x509:anchor:CN=B', method: 'x5c' })
    expect((await check(everyone, { resolve, question })).outcomes[0]).toBe('issuer-key failed')
    const named = await check(everyone, { resolve, question, isNamedByCertificate: true })
    expect(named.key?.identity.id).toBe('x509:anchor:CN=B')
  })

  it.each([null, 'MII', [1], {}, []])('never passes over an x5c that is %j', (x5c) => {
    expect(issuerKeyQuestion({ alg: 'ES256', x5c }, iss)).toEqual({ alg: 'ES256', iss, x5c: [] })
  })
})
