import type { Signer } from '@ekkasan/core'
import { utf8 } from '@ekkasan/core/bytes'
import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { type CborInput, decodeCoseSign1, signCoseSign1 } from '@ekkasan/cose'
import {
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  presentVpCose,
  presentVpJwt,
  presentVpSdJwt,
  verifyVcCose,
  verifyVcJwt,
  verifyVcSdJwt,
  verifyVpCose,
  verifyVpJwt,
  verifyVpSdJwt,
} from '@ekkasan/vc-jose-cose'
import { holderDid, issuerUrl, open, sign } from '../../../test/jwt-parties.ts'

// One set of rules, in each of the three securings.

export const body = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5',
  type: ['VerifiableCredential', 'ThaiNationalIDCredential'],
  issuer: { id: issuerUrl, name: 'DOPA' },
  validFrom: '2026-11-20T00:00:00Z',
  validUntil: '2027-11-20T00:00:00Z',
  credentialSubject: { id: holderDid, name_th: 'สมชาย' },
}

export type Change = Record<string, JsonValue | undefined>
type Made = string | Uint8Array

/** Changes what was made, and signs it again. */
export interface Remake {
  /** Of the credential or presentation. */
  readonly document?: Change
  /** Of the claims of the envelope, by their JWT names. */
  readonly claims?: Change
  /** `typ`, `kid` … by their JOSE names. */
  readonly header?: Change
}

export interface Securing {
  readonly name: 'jwt' | 'sd-jwt' | 'cose'
  readonly issue: (options: Parameters<typeof issueVcJwt>[0]) => Promise<Made>
  readonly verify: typeof verifyVcJwt
  readonly present: (options: Parameters<typeof presentVpJwt>[0]) => Promise<Made>
  readonly verifyPresentation: typeof verifyVpJwt
  readonly remake: (made: Made, signer: Signer, change: Remake) => Promise<Made>
  /** Flips a bit of the signature, of the payload, of the protected header. */
  readonly tampered: (made: Made) => readonly Made[]
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed[at] = (changed[at] as number) ^ 1
  return changed
}

async function remakeJwt(made: Made, signer: Signer, { document, claims, header }: Remake): Promise<string> {
  const [jwt = ''] = (made as string).split('~')
  const opened = open(jwt)
  const changed = { ...opened.payload, ...claims, ...document } as JsonObject
  return sign(signer, { ...opened.header, ...header } as JsonObject, changed)
}

function tamperedJwt(made: Made): readonly string[] {
  const [jwt = '', ...rest] = (made as string).split('~')
  const parts = jwt.split('.').map((part) => Buffer.from(part, 'base64url'))
  const last = flipped(parts[2] as Uint8Array, 10)
  const name = (parts[1] as Buffer).indexOf('สมชาย') + 2
  const changed = [
    [parts[0], parts[1], last],
    ...(name > 2 ? [[parts[0], flipped(parts[1] as Uint8Array, name), parts[2]]] : []),
  ]
  return changed.map((three) =>
    [three.map((part) => Buffer.from(part as Uint8Array).toString('base64url')).join('.'), ...rest].join('~'),
  )
}

const headerLabels: Record<string, number> = { alg: 1, cty: 3, kid: 4, typ: 16, x5c: 33 }
const claimLabels: Record<string, number> = {
  iss: 1,
  sub: 2,
  aud: 3,
  exp: 4,
  nbf: 5,
  iat: 6,
  cnf: 8,
  nonce: 10,
  status: 65_535,
}

function patched(map: ReadonlyMap<unknown, unknown>, labels: Record<string, number>, change: Change = {}) {
  const changed = new Map(map as ReadonlyMap<number, CborInput>)
  for (const [name, value] of Object.entries(change)) {
    const label = labels[name] as number
    if (value === undefined) changed.delete(label)
    else changed.set(label, name === 'kid' || name === 'nonce' ? utf8(value as string) : (value as CborInput))
  }
  return changed
}

async function remakeCose(
  made: Made,
  signer: Signer,
  { document, claims, header }: Remake,
): Promise<Uint8Array> {
  const message = decodeCoseSign1(made as Uint8Array)
  const said = JSON.parse(new TextDecoder().decode(message.payload ?? undefined)) as JsonObject
  const headers = patched(message.header, headerLabels, header)
  headers.set(15, patched(message.header.get(15) as ReadonlyMap<number, CborInput>, claimLabels, claims))
  headers.delete(1)
  const payload = utf8(JSON.stringify({ ...said, ...document }))
  return signCoseSign1({ signer, header: headers, payload })
}

export const securings: readonly Securing[] = [
  {
    name: 'jwt',
    issue: issueVcJwt,
    verify: verifyVcJwt,
    present: presentVpJwt,
    verifyPresentation: verifyVpJwt,
    remake: remakeJwt,
    tampered: tamperedJwt,
  },
  {
    name: 'sd-jwt',
    issue: issueVcSdJwt,
    verify: verifyVcSdJwt,
    present: presentVpSdJwt,
    verifyPresentation: verifyVpSdJwt,
    remake: async (...remaking) => `${await remakeJwt(...remaking)}~`,
    tampered: tamperedJwt,
  },
  {
    name: 'cose',
    issue: issueVcCose,
    verify: verifyVcCose,
    present: presentVpCose,
    verifyPresentation: verifyVpCose,
    remake: remakeCose,
    tampered: (made) => {
      const bytes = made as Uint8Array
      return [
        flipped(bytes, bytes.length - 5),
        flipped(bytes, Buffer.from(bytes).indexOf('credentials/v2') - 1),
      ]
    },
  },
]

/** An envelope as it stands in a presentation. */
export function enveloped(made: Made, mediaType: string): JsonObject {
  const data = typeof made === 'string' ? `,${made}` : `;base64,${Buffer.from(made).toString('base64')}`
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['EnvelopedVerifiableCredential'],
    id: `data:application/${mediaType}${data}`,
  }
}
