import { fork } from 'node:child_process'
import { createDecipheriv, createHash, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PublicJwk } from '@ekkasan/core'
import { encryptJwe, type PrivateJwk, signerFromJwk } from '@ekkasan/keys'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import { issueSdJwtVc, presentSdJwtVc } from '@ekkasan/sd-jwt-vc'
import { median } from './contest.ts'
import { type Client, createClient } from './flow-client.ts'
import {
  createPair,
  importPublic,
  now,
  type Pair,
  rawMessage,
  rawSign,
  rawVerify,
  selective,
  twelveClaims,
} from './material.ts'

/** One flow, all that can be made beforehand made: keys, credentials. */
interface Flow<Item> {
  readonly title: string
  prepare(count: number): Promise<readonly Item[]>
  run(client: Client, item: Item): Promise<void>
  /** Its cryptography alone, on the server's side. */
  raw(): () => void
}

const configurationId = 'Card-sd-jwt-vc'
const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const vct = 'https://issuer.example/vct/Card/v1'
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

const issuance: Flow<Pair> = {
  title: 'flow of an issuance: offer, token, nonce, credential, notification',
  prepare: async (count) => Array.from({ length: count }, createPair),
  async run(client, pair) {
    const offer = await json(client.send('POST', '/desk/offer', configurationId), 200)
    const { credential_issuer: issuer, grants } = JSON.parse(
      new URL(offer.uri).searchParams.get('credential_offer') ?? '',
    )
    const code = grants[grant]['pre-authorized_code']
    const body = `grant_type=${encodeURIComponent(grant)}&pre-authorized_code=${code}`
    const token = await json(client.send('POST', '/issuer/token', body, form), 200)
    const nonce = await json(client.send('POST', '/issuer/nonce'), 200)
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token.access_token}` }
    const header = encode({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: pair.publicJwk })
    const signed = `${header}.${encode({ aud: issuer, iat: now(), nonce: nonce.c_nonce })}`
    const proof = `${signed}.${rawSign(pair.privateKey, Buffer.from(signed)).toString('base64url')}`
    const asked = { credential_configuration_id: configurationId, proofs: { jwt: [proof] } }
    const given = await json(client.send('POST', '/issuer/credential', JSON.stringify(asked), headers), 200)
    const told = { notification_id: given.notification_id, event: 'credential_accepted' }
    await json(client.send('POST', '/issuer/notification', JSON.stringify(told), headers), 204)
  },
  raw() {
    const [issuer, holder, message] = [createPair(), createPair(), rawMessage(0)]
    const signature = rawSign(holder.privateKey, message)
    return () => {
      rawSign(issuer.privateKey, message)
      if (!rawVerify(importPublic(holder.publicJwk), message, signature)) throw new Error('invalid')
    }
  },
}

const issuerPair = createPair()
const query = {
  credentials: [
    {
      id: 'card',
      format: 'dc+sd-jwt',
      meta: { vct_values: [vct] },
      claims: selective.map((name) => ({ path: [name] })),
    },
  ],
}

const signerOf = (pair: Pair) => signerFromJwk({ ...pair.privateJwk, alg: 'ES256' } as unknown as PrivateJwk)

const presentation: Flow<{ readonly holder: Pair; readonly credential: string }> = {
  title: 'flow of a presentation: start, request object, encrypted response, result',
  async prepare(count) {
    const signer = await signerOf(issuerPair)
    const frame = createDisclosureFrame({ selective: selective.map((name) => [name]) })
    const items = []
    for (let seed = 0; seed < count; seed++) {
      const holder = createPair()
      const credential = await issueSdJwtVc({
        signer,
        vct,
        issuer: 'https://issuer.example',
        claims: twelveClaims(seed),
        frame,
        holderJwk: holder.publicJwk as unknown as PublicJwk,
      })
      items.push({ holder, credential })
    }
    return items
  },
  async run(client, { holder, credential }) {
    const started = await json(client.send('POST', '/desk/start', JSON.stringify(query)), 200)
    const requestUri = new URL(started.requestUri).searchParams.get('request_uri') ?? ''
    const { text } = await client.send('GET', requestUri)
    const request = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString())
    const presented = await presentSdJwtVc({
      credential,
      disclose: selective.map((name) => [name]),
      binding: { clientId: request.client_id, nonce: request.nonce },
      holder: await signerOf(holder),
    })
    const answer = new TextEncoder().encode(
      JSON.stringify({ vp_token: { card: [presented] }, state: request.state }),
    )
    const [recipient] = request.client_metadata.jwks.keys as [PublicJwk]
    const jwe = await encryptJwe(answer, { recipient, enc: 'A128GCM' })
    await json(client.send('POST', request.response_uri, `response=${jwe}`, form), 200)
    const result = await json(client.send('POST', '/desk/result', started.id), 200)
    if (result.state !== 'verified') throw new Error(`the result is ${result.state}`)
  },
  raw() {
    const [verifier, issuer, holder, message] = [createPair(), createPair(), createPair(), rawMessage(0)]
    const signatures = [issuer, holder].map(({ privateKey }) => rawSign(privateKey, message)) as [
      Buffer,
      Buffer,
    ]
    const { publicKey: ephemeral } = createPair()
    const epk = ephemeral.export({ format: 'jwk' })
    const sealed = Buffer.alloc(4000)
    return () => {
      rawSign(verifier.privateKey, message)
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      decryptRaw(own.privateKey, epk, sealed)
      if (!rawVerify(issuer.publicKey, message, signatures[0])) throw new Error('invalid')
      if (!rawVerify(importPublic(holder.publicJwk), message, signatures[1])) throw new Error('invalid')
    }
  },
}

/** ECDH-ES with A128GCM, as far as time is concerned: the tag is not compared. */
function decryptRaw(privateKey: KeyObject, epk: object, sealed: Buffer): void {
  const shared = diffieHellman({ privateKey, publicKey: importPublic(epk) })
  const key = createHash('sha256').update(shared).digest().subarray(0, 16)
  createDecipheriv('aes-128-gcm', key, Buffer.alloc(12)).update(sealed)
}

interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** Microseconds of the server's CPU time per flow, user and system. */
  readonly cpu: number
}

/** Runs the flows whose title says `only` against a server process of its own and prints what they took. */
export async function holdFlows(only: string, rounds: number, share: number): Promise<void> {
  const chosen = [issuance, presentation].filter(({ title }) => title.includes(only))
  if (chosen.length === 0) return
  const folder = await mkdtemp(join(tmpdir(), 'ekkasan-bench-'))
  const child = fork(
    join(import.meta.dirname, 'flow-server.ts'),
    [JSON.stringify({ file: join(folder, 'store.sqlite'), issuerJwk: issuerPair.publicJwk })],
    {
      execArgv: [
        ...(process.env.BENCH_SERVER_OPTIONS?.split(' ') ?? []),
        '--conditions=@ekkasan/source',
        '--no-warnings',
      ],
    },
  )
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  const hear = <T>() =>
    Promise.race([ended, new Promise<T>((resolve) => child.once('message', (told) => resolve(told as T)))])
  const cpu = async () => {
    const answer = hear<NodeJS.CpuUsage>()
    child.send('cpu')
    const { user, system } = await answer
    return user + system
  }
  try {
    const { url } = await hear<{ url: string }>()
    const client = createClient(url)
    if (chosen.includes(issuance)) await holdFlow(issuance, client, cpu, rounds, share)
    if (chosen.includes(presentation)) await holdFlow(presentation, client, cpu, rounds, share)
    client.close()
  } finally {
    if (child.connected) child.disconnect()
    await ended.catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}

async function holdFlow<Item>(
  flow: Flow<Item>,
  client: Client,
  cpu: () => Promise<number>,
  rounds: number,
  share: number,
): Promise<void> {
  const count = (items: number) => Math.max(2, Math.ceil(items * share))
  const lanes = [1, 16].map((inFlight) => ({ inFlight, measured: [] as Measured[], ratios: [] as number[] }))
  const raws: number[] = []
  await measure(flow, client, cpu, await flow.prepare(count(1200)), 16)
  for (let round = 0; round < rounds; round++) {
    const raw = measureRaw(flow.raw(), count(200))
    raws.push(raw)
    for (const { inFlight, measured, ratios } of lanes) {
      const taken = await measure(flow, client, cpu, await flow.prepare(count(400)), inFlight)
      measured.push(taken)
      ratios.push(taken.cpu / raw)
    }
  }
  console.log(`\n${flow.title}`)
  console.log(`its cryptography alone: ${median(raws).toFixed(0)} µs`)
  const heads = ['in flight', 'flows/s', 'p50 ms', 'p99 ms', 'CPU µs', '× crypto']
  console.log(heads.map((head) => head.padStart(11)).join(''))
  for (const { inFlight, measured, ratios } of lanes) {
    const of = (pick: (taken: Measured) => number, digits: number) =>
      median(measured.map(pick)).toFixed(digits)
    const cells = [
      String(inFlight),
      of(({ perSecond }) => perSecond, 0),
      of(({ p50 }) => p50, 1),
      of(({ p99 }) => p99, 1),
      of(({ cpu: used }) => used, 0),
      median(ratios).toFixed(2),
    ]
    console.log(cells.map((cell) => cell.padStart(11)).join(''))
  }
}

async function measure<Item>(
  flow: Flow<Item>,
  client: Client,
  cpu: () => Promise<number>,
  items: readonly Item[],
  inFlight: number,
): Promise<Measured> {
  const times: number[] = []
  let next = 0
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      const started = performance.now()
      await flow.run(client, item)
      times.push(performance.now() - started)
    }
  }
  const [before, started] = [await cpu(), performance.now()]
  await Promise.all(Array.from({ length: inFlight }, worker))
  const elapsed = performance.now() - started
  const used = (await cpu()) - before
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] as number
  return {
    perSecond: (items.length / elapsed) * 1000,
    p50: at(0.5),
    p99: at(0.99),
    cpu: used / items.length,
  }
}

function measureRaw(run: () => void, count: number): number {
  for (let i = 0; i < count / 4; i++) run()
  const before = process.cpuUsage()
  for (let i = 0; i < count; i++) run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

async function json(answer: ReturnType<Client['send']>, status: number) {
  const { status: got, text } = await answer
  if (got !== status) throw new Error(`answered with ${got}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
