import { deflateSync } from 'node:zlib'
import { createMemoryStore, type StatusReference, trustAnyone } from '@ekkasan/core'
import { generateJwk, parseJws, signerFromJwk } from '@ekkasan/keys'
import { createBitstringStatusLists, createStatusChecker, createStatusLists } from '@ekkasan/status'
import { issueVcJwt } from '@ekkasan/vc-jose-cose'
import { StatusList } from '@sd-jwt/jwt-status-list'
import type { Contender } from './contest.ts'

// Lists of 2^20 entries, one in a hundred of them revoked, scattered as revocations are.

const size = 2 ** 20
const revoked = Array.from({ length: Math.floor(size / 100) }, (_, at) => scatter(at + 1) % size)

/** The finish of MurmurHash3: numbers as if by chance, the same in every run. */
function scatter(at: number): number {
  let mixed = Math.imul(at ^ (at >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
const issuer = { id: 'https://issuer.example', method: 'jwt-vc-issuer' } as const
const kinds = { 'Token Status List': 'token', 'Bitstring Status List': 'bitstring' } as const
export type ListName = keyof typeof kinds

async function createLists(name: ListName) {
  const jwk = await generateJwk('ES256')
  const signer = await signerFromJwk(jwk, { kid: 'key-1' })
  const store = createMemoryStore()
  const url = 'https://issuer.example/status'
  const lists =
    kinds[name] === 'token'
      ? createStatusLists({ url, signer, issuer: issuer.id, store, size })
      : createBitstringStatusLists({
          url,
          issuer: issuer.id,
          store,
          size,
          issueCredential: async (credential) => ({
            contentType: 'application/vc+jwt',
            body: await issueVcJwt({ signer, credential }),
          }),
        })
  const entries: StatusReference[] = []
  for (let at = 0; at < revoked.length; at++) entries.push(await lists.allocate())
  for (const entry of entries) await lists.set(entry as never, 'revoked')
  return { lists, signer }
}

/** Milliseconds of zlib alone, on as many bytes with as many bits set, at the level that we use. */
export function rawDeflate(bits: number): Contender<Uint8Array> {
  const bytes = new Uint8Array((size * bits) / 8)
  for (const at of revoked) {
    const bit = at * bits
    bytes[bit >> 3] = (bytes[bit >> 3] as number) | (1 << (bit & 7))
  }
  return {
    name: `raw: zlib, ${bytes.length / 1024} KiB`,
    count: 8,
    prepare: (count) => Array.from({ length: count }, () => bytes),
    run: (list) => deflateSync(list, { level: 6 }),
  }
}

/** One entry changes, and the list is signed again and served. */
export async function publish(name: ListName): Promise<Contender<StatusReference>> {
  const { lists } = await createLists(name)
  return {
    name: `ours: ${name}`,
    count: 8,
    prepare: async (count) => {
      const entries: StatusReference[] = []
      for (let at = 0; at < count; at++) entries.push(await lists.allocate())
      return entries
    },
    async run(entry) {
      await lists.set(entry as never, 'revoked')
      const uri = 'uri' in entry ? entry.uri : (entry.credentialStatus[0]?.statusListCredential as string)
      const response = await lists.fetch(new Request(uri))
      if (response?.status !== 200) throw new Error('not served')
    },
  }
}

export function sdJwtPublish(): Contender<number> {
  const values = new Uint8Array(size)
  for (const at of revoked) values[at] = 1
  const list = new StatusList(Array.from(values), 2)
  return {
    name: '@sd-jwt/jwt-status-list 0.19, not signed',
    count: 1,
    prepare: (count) => Array.from({ length: count }, (_, at) => at),
    run(at) {
      list.setStatus(at, 1)
      list.compressStatusList()
    },
  }
}

export function rawRead(): Contender<number> {
  const bytes = new Uint8Array(size / 4)
  return {
    name: 'raw: a promise of two bits of a byte array',
    count: 20_000,
    prepare: (count) => Array.from({ length: count }, (_, at) => (at * 7919) % size),
    run: async (at) => ((bytes[at >> 2] as number) >> ((at & 3) * 2)) & 3,
  }
}

/** Of a list that was fetched and verified before, trust asked for each time. */
export async function check(name: ListName): Promise<Contender<StatusReference>> {
  const { lists, signer } = await createLists(name)
  const identity = { jwk: signer.key.publicJwk, identity: issuer }
  const checkStatus = createStatusChecker({
    fetch: async (url) => (await lists.fetch(new Request(url))) as Response,
    resolveIssuerKey: async () => identity,
    verifyListCredential: async (body) => ({
      credential: parseJws(new TextDecoder().decode(body)).payload,
      issuer,
    }),
    isTrusted: trustAnyone('a bench'),
  })
  return {
    name: `ours: ${name}`,
    count: 20_000,
    prepare: async (count) => {
      const entries: StatusReference[] = []
      for (let at = 0; at < 1000; at++) entries.push(await lists.allocate())
      await checkStatus(entries[0] as StatusReference, { issuer })
      return Array.from({ length: count }, (_, at) => entries[at % 1000] as StatusReference)
    },
    run: (entry) => checkStatus(entry, { issuer }),
  }
}
