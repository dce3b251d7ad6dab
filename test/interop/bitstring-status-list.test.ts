import {
  BitstreamStatusList,
  checkStatus as checkStatusOf4Sure,
  createStatusListCredential,
} from '@4sure-tech/vc-bitstring-status-lists'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import * as theirs from '@digitalbazaar/vc-bitstring-status-list'
import {
  type BitstringStatusReference,
  createMemoryStore,
  type IssuerIdentity,
  type JsonObject,
  trustAnyone,
  trustOnly,
} from '@ekkasan/core'
import { issueLdpVc, verifyLdpVc } from '@ekkasan/data-integrity'
import { issueJwtVc, verifyJwtVc } from '@ekkasan/jwt-vc'
import {
  type CreateBitstringStatusListsOptions,
  createBitstringStatusLists,
  createStatusChecker,
} from '@ekkasan/status'
import {
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  verifyVcCose,
  verifyVcJwt,
  verifyVcSdJwt,
} from '@ekkasan/vc-jose-cose'
import { describe, expect, it } from 'vitest'
import {
  atOurs,
  contexts,
  createParty,
  credentialOf,
  documentLoader,
  theirSigner,
} from './digitalbazaar-parties.ts'

// Two others: @digitalbazaar/vc-bitstring-status-list knows one bit an entry and one purpose a list, and verifies the
// list's Data Integrity proof; @4sure-tech/vc-bitstring-status-lists knows entries of several bits and no proofs.

const issuer = await createParty('EdDSA')
const holder = await createParty('EdDSA')
const identity: IssuerIdentity = { id: issuer.did, method: 'did' }
const asLists = { ...atOurs, isTrusted: trustAnyone('asked as an issuer of statuses') }
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const securedBy = {
  ldp: {
    issue: async (credential: JsonObject) => ({
      contentType: 'application/vc',
      body: JSON.stringify(await issueLdpVc({ signer: issuer.signer, credential, contexts })),
    }),
    verify: (body: Uint8Array) => verifyLdpVc(JSON.parse(text(body)), asLists),
  },
  'vc+jwt': {
    issue: async (credential: JsonObject) => ({
      contentType: 'application/vc+jwt',
      body: await issueVcJwt({ signer: issuer.signer, credential }),
    }),
    verify: (body: Uint8Array) => verifyVcJwt(text(body), asLists),
  },
  'vc+cose': {
    issue: async (credential: JsonObject) => ({
      contentType: 'application/vc+cose',
      body: await issueVcCose({ signer: issuer.signer, credential }),
    }),
    verify: (body: Uint8Array) => verifyVcCose(body, asLists),
  },
  'vc+sd-jwt': {
    issue: async (credential: JsonObject) => ({
      contentType: 'application/vc+sd-jwt',
      body: await issueVcSdJwt({ signer: issuer.signer, credential }),
    }),
    verify: (body: Uint8Array) => verifyVcSdJwt(text(body), asLists),
  },
  jwt_vc: {
    issue: async (credential: JsonObject) => ({
      contentType: 'application/jwt',
      body: await issueJwtVc({ signer: issuer.signer, credential }),
    }),
    verify: (body: Uint8Array) => verifyJwtVc(text(body), asLists),
  },
}
type Securing = keyof typeof securedBy

const listsIn = (securing: Securing, more: Partial<CreateBitstringStatusListsOptions> = {}) =>
  createBitstringStatusLists({
    url: 'https://issuer.example/status',
    issuer: issuer.did,
    store: createMemoryStore(),
    issueCredential: securedBy[securing].issue,
    ...(securing === 'jwt_vc' && { dataModel: '1.1' }),
    ...more,
  })

const checkerOf = (securing: Securing, fetch: (url: string) => Promise<Response>) => {
  const check = createStatusChecker({
    fetch: (url) => fetch(String(url)),
    verifyListCredential: securedBy[securing].verify,
    isTrusted: trustOnly([]),
  })
  return (reference: BitstringStatusReference) => check(reference, { issuer: identity })
}

describe.each(Object.keys(securedBy) as Securing[])('a list secured as %s', (securing) => {
  it.each([false, true])(
    'is checked as it was published (one for several purposes: %s)',
    async (multiPurpose) => {
      const lists = listsIn(securing, {
        multiPurpose,
        purposes: ['revocation', 'suspension', 'message'],
        messages: ['a', 'b', 'c', 'd'],
      })
      const published = async (url: string) => (await lists.fetch(new Request(url))) as Response
      const wanted = ['valid', 'suspended', 'revoked'] as const
      const entries = []
      for (const [i, status] of wanted.entries()) {
        const entry = await lists.allocate()
        await lists.set(entry, status)
        await lists.setMessage(entry, i + 1)
        entries.push(entry)
      }
      const check = checkerOf(securing, published)
      for (const [i, entry] of entries.entries()) {
        expect(await check(entry)).toMatchObject({
          status: wanted[i],
          detail: `message 0x${i + 1}: ${'bcd'[i]}`,
        })
      }
    },
  )

  it('is refused when anything of it was changed', async () => {
    const lists = listsIn(securing)
    const entry = await lists.allocate()
    const forged = checkerOf(securing, async (url) => {
      const body = new Uint8Array(await ((await lists.fetch(new Request(url))) as Response).arrayBuffer())
      // Within what is signed or signs, and not in what makes it JSON or a JWT.
      const at = new TextDecoder().decode(body).search(/[\w-]{50}/) + 25
      body[at] = body[at] === 0x41 ? 0x42 : 0x41
      return new Response(body)
    })
    await expect(forged(entry)).rejects.toMatchObject({ code: 'core.resolve.invalid' })
  })

  it('says nothing where its publisher’s clock is fast, and is no refusal [L5]', async () => {
    let ahead = 2 * 86_400_000
    const lists = listsIn(securing, { clock: () => new Date(Date.now() + ahead) })
    const entry = await lists.allocate()
    const check = checkerOf(securing, async (url) => (await lists.fetch(new Request(url))) as Response)
    const cause = { code: 'status.credential.not-yet' }
    await expect(check(entry)).rejects.toMatchObject({ code: 'core.resolve.unavailable', cause })
    // Set right, it is published anew at once.
    ahead = 0
    expect((await check(entry)).status).toBe('valid')
  })
})

describe('@digitalbazaar/vc-bitstring-status-list', () => {
  const suite = () => new DataIntegrityProof({ cryptosuite: eddsaRdfc })
  const credentialWith = ({ credentialStatus }: BitstringStatusReference) => ({
    ...credentialOf(issuer, holder),
    credentialStatus,
  })

  it('reads the lists that we publish, and verifies their proofs', async () => {
    const lists = listsIn('ldp', { size: 200_000 })
    const entries = await Promise.all(Array.from({ length: 40 }, () => lists.allocate()))
    await Promise.all(
      entries.map((entry, i) =>
        lists.set(entry, (['valid', 'revoked', 'suspended'] as const)[i % 3] as 'valid'),
      ),
    )
    const loader = async (url: string) => {
      const response = await lists.fetch(new Request(url))
      return response
        ? { contextUrl: null, documentUrl: url, document: await response.json() }
        : documentLoader(url)
    }
    for (const [i, entry] of entries.entries()) {
      const { verified, error, results } = await theirs.checkStatus({
        credential: credentialWith(entry),
        suite: suite(),
        documentLoader: loader,
      })
      expect(error).toBeUndefined()
      expect(results.map(({ verified }: { verified: boolean }) => verified)).toEqual([true, true])
      expect(verified).toBe(true)
      expect(results.map(({ status }: { status: boolean }) => status)).toEqual([i % 3 === 1, i % 3 === 2])
    }
  })

  it('makes lists that we read, in their proofs', async () => {
    const uri = 'https://issuer.example/theirs/1'
    const list = await theirs.createList({ length: 131_072 })
    const revoked = [0, 1, 7, 8, 94_567, 131_071]
    for (const index of revoked) list.setStatus(index, true)
    const made = await theirs.createCredential({ id: uri, list, statusPurpose: 'revocation' })
    const credential = await vc.issue({
      credential: { ...made, issuer: issuer.did, validFrom: '2026-01-01T00:00:00Z' },
      suite: new DataIntegrityProof({ signer: await theirSigner(issuer), cryptosuite: eddsaRdfc }),
      documentLoader,
    })
    const check = checkerOf('ldp', async () => Response.json(credential))
    for (const index of [0, 1, 2, 6, 7, 8, 9, 94_566, 94_567, 94_568, 131_070, 131_071]) {
      const { status } = await check({
        credentialStatus: [
          {
            type: 'BitstringStatusListEntry',
            statusPurpose: 'revocation',
            statusListIndex: String(index),
            statusListCredential: uri,
          },
        ],
      })
      expect(status).toBe(revoked.includes(index) ? 'revoked' : 'valid')
    }
  })
})

describe('@4sure-tech/vc-bitstring-status-lists', () => {
  const statusMessage = Array.from({ length: 8 }, (_, value) => ({
    status: `0x${value.toString(16)}`,
    message: `message ${value}`,
  }))

  it('reads messages of three bits and revocations that we publish', async () => {
    const lists = listsIn('ldp', {
      purposes: ['revocation', 'message'],
      messages: statusMessage.map(({ message }) => message),
    })
    for (let value = 0; value < 8; value++) {
      const entry = await lists.allocate()
      await lists.setMessage(entry, value)
      if (value % 2 === 1) await lists.set(entry, 'revoked')
      const [revocation, message] = entry.credentialStatus
      const fetched = async (url: string) => (await lists.fetch(new Request(url)))?.json()
      const result = await checkStatusOf4Sure({
        credential: { ...credentialOf(issuer, holder), credentialStatus: message } as never,
        getStatusListCredential: fetched as never,
      })
      expect([result.error, result.status]).toEqual([undefined, value])
      // Its check asks for a statusSize of 1 in the list, which the standard does not and its context does not define.
      const { credentialSubject } = await fetched(revocation?.statusListCredential as string)
      const list = await BitstreamStatusList.decode(credentialSubject)
      expect(list.getStatus(Number(revocation?.statusListIndex))).toBe(value % 2)
    }
  })

  it.each([1, 2, 3, 5])('makes lists of %i bits that we read', async (size) => {
    const uri = 'https://issuer.example/theirs/2'
    const statusList = new BitstreamStatusList({ statusSize: size, initialSize: (131_072 * size) / 8 })
    const valueAt = (index: number) => (index * 7) % 2 ** size
    const last = 131_071
    for (const index of [...Array(50).keys(), last]) statusList.setStatus(index, valueAt(index))
    const made = await createStatusListCredential({
      id: uri,
      issuer: issuer.did,
      statusPurpose: 'message',
      statusList,
      validFrom: new Date('2026-01-01T00:00:00Z'),
    } as never)
    const { body } = await securedBy['vc+jwt'].issue(made as never)
    const check = checkerOf('vc+jwt', async () => new Response(body))
    const messages = Array.from({ length: 2 ** size }, (_, value) => ({
      status: `0x${value.toString(16)}`,
      message: String(value),
    }))
    for (const index of [0, 1, 2, 3, 10, 31, 49, last]) {
      const value = valueAt(index)
      const answer = await check({
        credentialStatus: [
          {
            type: 'BitstringStatusListEntry',
            statusPurpose: 'message',
            statusListIndex: String(index),
            statusListCredential: uri,
            statusSize: size,
            statusMessage: messages,
          },
        ],
      })
      expect(answer).toMatchObject({ status: 'valid', detail: `message 0x${value.toString(16)}: ${value}` })
    }
  })
})
