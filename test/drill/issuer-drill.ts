import { createServer } from 'node:net'
import { decodeStatusList, parseStatusListToken, readStatus } from '@ekkasan/status'
import { expect } from 'vitest'
import { callApi, type RunningIssuer } from '../../examples/issuer/test/running-issuer.ts'
import { claim } from '../../examples/issuer/test/scripted-wallet.ts'

// What the drills of the reference issuer do again and again, over raw HTTP.

export const person = '1999900000013'
const configuration = 'ThaiNationalID-sd-jwt-vc-plain'

export interface Issued {
  readonly uri: string
  readonly idx: number
  /** Of its record, by which it is revoked. */
  readonly issuance: string
}

export interface Offered {
  readonly id: string
  readonly uriByReference: string
  readonly uri: string
}

export async function offer(issuer: RunningIssuer): Promise<Offered> {
  const { status, body } = await callApi(issuer, 'POST', '/offers', {
    subject: person,
    credentials: [configuration],
    tx_code: false,
  })
  expect(status).toBe(201)
  return body as unknown as Offered
}

export async function issue(issuer: RunningIssuer, of?: Offered): Promise<Issued> {
  const made = of ?? (await offer(issuer))
  const credential = await claim(made.uriByReference, '')
  const payload = JSON.parse(Buffer.from(credential.split('.')[1] as string, 'base64url').toString('utf8'))
  const { body } = await callApi(issuer, 'GET', `/offers/${made.id}`)
  const { issuances } = body.state as { issuances: string[] }
  return { ...payload.status.status_list, issuance: issuances[0] }
}

export async function issueMany(issuer: RunningIssuer, count: number): Promise<Issued[]> {
  const all: Issued[] = []
  for (let i = 0; i < count; i++) all.push(await issue(issuer))
  return all
}

export async function revoke(issuer: RunningIssuer, { issuance }: Issued): Promise<void> {
  expect((await callApi(issuer, 'POST', `/issuances/${issuance}/revoke`)).status).toBe(204)
}

/** What the issuer's list says; or the status of the answer where it is not 200. */
export async function published({ uri, idx }: Issued): Promise<string | number> {
  const answer = await fetch(uri)
  if (answer.status !== 200) return answer.status
  const list = await decodeStatusList(parseStatusListToken(await answer.text()).statusList)
  return ['valid', 'revoked', 'suspended'][readStatus(list, idx)] as string
}

export function codeOf(made: Offered): string {
  const json = JSON.parse(new URL(made.uri).searchParams.get('credential_offer') as string)
  return json.grants['urn:ietf:params:oauth:grant-type:pre-authorized_code']['pre-authorized_code']
}

/** The error with which the token endpoint answers a code; undefined where it gives a token. */
export async function redeem(url: string, made: Offered): Promise<string | undefined> {
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': codeOf(made),
    }),
  })
  return ((await answer.json()) as { error?: string }).error
}

export async function takeNonce(url: string): Promise<string> {
  return ((await (await fetch(`${url}/nonce`, { method: 'POST' })).json()) as { c_nonce: string }).c_nonce
}

export const nameOf = ({ uri, idx }: Issued) => `${uri}#${idx}`

/** Every path answers 503, but that the process lives. */
export async function expectBlocked(url: string, issued: Issued): Promise<void> {
  for (const path of [
    '/.well-known/openid-credential-issuer',
    '/nonce',
    '/token',
    '/officer',
    '/api/offers/x',
  ]) {
    const answer = await fetch(`${url}${path}`)
    expect([path, answer.status]).toEqual([path, 503])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(await published(issued)).toBe(503)
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
}

export async function untilUsable(url: string, usable = true): Promise<void> {
  const metadata = `${url}/.well-known/openid-credential-issuer`
  await expect
    .poll(async () => (await fetch(metadata)).status === 200, { timeout: 60_000, interval: 100 })
    .toBe(usable)
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** The last line of JSON that a command printed. */
export function outcomeOf({ code, out }: { readonly code: number | null; readonly out: string }) {
  const line = out.trim().split('\n').at(-1) ?? ''
  expect(out).toContain('{')
  expect(code).toBe(0)
  return JSON.parse(line) as Record<string, unknown>
}
