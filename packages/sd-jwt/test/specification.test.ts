import type { ClaimPath, JsonObject, JsonValue } from '@ekkasan/core'
import { parseJws } from '@ekkasan/keys'
import {
  createDisclosureFrame,
  flattenedSdJwt,
  generalSdJwt,
  issueSdJwt,
  parseSdJwt,
  presentSdJwt,
  verifySdJwt,
} from '@ekkasan/sd-jwt'
import { describe, expect, it } from 'vitest'
import { isMap, isSeq, type Node, parseDocument } from 'yaml'
import { listVectors, readVector } from '../../../test/vectors.ts'
import { cnf, digest, holder, holderKey, issuer, issuerKey } from './setting.ts'

const suites = ['sd-jwt/examples', 'sd-jwt-vc/examples', 'openid4vp/1.0/examples/sd_jwt_vcld']
const examples = suites.flatMap((suite) =>
  listVectors(suite).filter((path) => path.endsWith('/specification.yml') || path.endsWith('/')),
)

interface Specification {
  readonly user_claims: JsonObject
  readonly holder_disclosed_claims?: JsonValue
  readonly add_decoy_claims?: boolean
  readonly key_binding?: boolean
}

/** The paths that the file marks with `!sd`, on a name or on an array element. */
function selectivePaths(node: unknown, at: ClaimPath = []): ClaimPath[] {
  if (isMap(node)) {
    return node.items.flatMap(({ key, value }) => {
      const path = [...at, String((key as { value: unknown }).value)]
      return [...((key as Node).tag === '!sd' ? [path] : []), ...selectivePaths(value, path)]
    })
  }
  if (!isSeq(node)) return []
  return node.items.flatMap((item, index) => {
    const path = [...at, index]
    return [...((item as Node).tag === '!sd' ? [path] : []), ...selectivePaths(item, path)]
  })
}

/** The paths that the file says the holder discloses. */
function disclosedPaths(value: JsonValue | undefined, at: ClaimPath = []): ClaimPath[] {
  if (value === true) return [at]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => disclosedPaths(item, [...at, index]))
  return Object.entries(value).flatMap(([name, item]) => disclosedPaths(item, [...at, name]))
}

describe('the examples of RFC 9901 and of SD-JWT VC', () => {
  it('are all found', () => {
    for (const path of examples) readVector(path)
    expect(examples.length).toBeGreaterThanOrEqual(19)
  })

  it.each(examples.map((path) => [path.split('/').slice(-4, -1).join('/'), path] as const))(
    'issues, presents and verifies %s',
    async (_name, path) => {
      const document = parseDocument(readVector(path), { logLevel: 'silent' })
      const specification = document.toJS() as Specification
      const selective = selectivePaths(document.get('user_claims', true))
      expect(selective.length).toBeGreaterThan(0)
      const payload = { ...specification.user_claims, ...(specification.key_binding && { cnf }) }
      const issued = await issueSdJwt({
        signer: issuer,
        payload,
        frame: createDisclosureFrame({ selective }),
        ...(specification.add_decoy_claims && { decoys: 3 }),
      })
      expect(parseSdJwt(issued).disclosures).toHaveLength(selective.length)
      const clock = () => new Date(1_700_000_000_000)
      expect((await verifySdJwt(issued, { issuerKey, clock })).claims).toEqual(payload)

      // One example lets the holder disclose a claim that it does not have.
      const disclose = disclosedPaths(specification.holder_disclosed_claims).filter((path) =>
        holds(payload, path),
      )
      const binding = { audience: 'https://verifier.example.org', nonce: '1234567890' }
      const presented = await presentSdJwt(issued, {
        disclose,
        ...(specification.key_binding && { keyBinding: { holder, clock, ...binding } }),
      })
      for (const form of [presented, flattenedSdJwt(presented), generalSdJwt(presented)]) {
        const { claims } = await verifySdJwt(form, {
          issuerKey,
          clock,
          ...(specification.key_binding && { keyBinding: binding }),
        })
        expect(payload).toMatchObject(withoutArrays(claims) as object)
        for (const path of disclose) expect(holds(claims, path), path.join('/')).toBe(true)
        const concealed = selective.filter(
          (path) => !disclose.some((shown) => begins(shown, path) || begins(path, shown)),
        )
        for (const path of concealed.filter((one) => !one.some((part) => typeof part === 'number'))) {
          expect(holds(claims, path), path.join('/')).toBe(false)
        }
      }
    },
  )
})

function begins(path: ClaimPath, start: ClaimPath): boolean {
  return start.every((part, index) => part === path[index])
}

function holds(value: unknown, path: ClaimPath): boolean {
  const [first, ...rest] = path
  if (first === undefined) return true
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, String(first))) return false
  return holds((value as Record<string, unknown>)[String(first)], rest)
}

// Undisclosed elements shift the others: arrays are compared by what was asked for, not as a whole.
function withoutArrays(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) return undefined
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .map(([name, item]) => [name, withoutArrays(item)] as const)
    .filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries) as JsonObject
}

describe('serialised examples, made by the reference implementation with the keys of RFC 9901 A.5', () => {
  const text = (name: string) => readVector(`openid4vp/1.0/examples/sd_jwt_vcld/01/${name}`)
  const read = (name: string) => text(name).replaceAll(/\s/g, '')
  const clock = () => new Date(1_700_000_000_000)

  it('verifies what was issued, byte by byte', async () => {
    const issued = read('sd_jwt_issuance.txt')
    const { claims, disclosures } = await verifySdJwt(issued, { issuerKey, clock })
    expect(disclosures.length).toBeGreaterThan(0)
    expect(claims.vct).toBe('https://credentials.example.com/example_credential')
    const payload = JSON.parse(text('sd_jwt_payload.json'))
    expect(parseSdJwt(issued).jws.payload).toEqual(payload)
  })

  it('verifies what was presented, with its key binding', async () => {
    const kb = JSON.parse(text('kb_jwt_payload.json'))
    const { claims } = await verifySdJwt(read('sd_jwt_presentation.txt'), {
      issuerKey,
      clock: () => new Date(kb.iat * 1000),
      keyBinding: { audience: kb.aud, nonce: kb.nonce },
    })
    expect(claims).toEqual(JSON.parse(text('verified_contents.json')))
  })
  it('has the parts and the hashes that the files name', () => {
    const { jws, disclosures, keyBinding } = parseSdJwt(read('sd_jwt_presentation.txt'))
    expect(read('sd_jwt_presentation.txt')).toBe(
      `${read('sd_jwt_jws_part.txt')}~${disclosures.join('~')}~${read('kb_jwt_serialized.txt')}`,
    )
    expect(jws.header.typ).toBe('dc+sd-jwt')
    expect(parseJws(keyBinding ?? '').header).toEqual(JSON.parse(read('kb_jwt_header.json')))
    const listed = text('disclosures.md').split('__Claim').slice(1)
    const issued = parseSdJwt(read('sd_jwt_issuance.txt')).disclosures
    expect(listed).toHaveLength(issued.length)
    for (const [i, entry] of listed.entries()) {
      expect(entry.replaceAll(/[\s`\\]/g, '')).toContain(`Disclosure:${issued[i]}*`)
      expect(entry).toContain(`SHA-256 Hash: \`${digest(issued[i] ?? '')}\``)
    }
  })

  it('with all disclosed is what was issued for', async () => {
    const { claims } = await verifySdJwt(read('sd_jwt_issuance.txt'), { issuerKey, clock })
    const wanted = JSON.parse(text('user_claims.json'))
    expect(claims).toMatchObject(wanted)
  })

  it.each(suites)('is made with the keys of the settings of %s', (suite) => {
    const { key_settings: keys } = parseDocument(readVector(`${suite}/settings.yml`)).toJS()
    const { d: _issuer, ...ofIssuer } = keys.issuer_keys?.[0] ?? keys.issuer_key
    const { d: _holder, ...ofHolder } = keys.holder_key
    expect([ofIssuer, ofHolder]).toEqual([issuerKey, holderKey])
  })
})
