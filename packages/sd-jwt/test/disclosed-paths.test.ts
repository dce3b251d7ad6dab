import type { ClaimPath, JsonObject, JsonValue } from '@ekkasan/core'
import {
  createDisclosureFrame,
  discloseClaims,
  disclosedPaths,
  issueSdJwt,
  parseSdJwt,
  presentSdJwt,
} from '@ekkasan/sd-jwt'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { issuer } from './setting.ts'

const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant(0),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree'), { minKeys: 1, noNullPrototype: true }),
  ),
}))

/** Each leaf another number, so that it is known where it is met. */
function numbered(value: JsonValue, next = { number: 0 }): JsonValue {
  if (typeof value !== 'object' || value === null) return next.number++
  if (Array.isArray(value)) return value.map((item) => numbered(item, next))
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, numbered(inner, next)]))
}

const claims = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tree, { noNullPrototype: true })
  .map((all) => numbered(all as JsonObject) as JsonObject)

const leavesOf = (value: JsonValue): readonly JsonValue[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value]

function pathsOf(value: JsonValue, at: ClaimPath = []): ClaimPath[] {
  if (typeof value !== 'object' || value === null) return []
  const parts: [string | number, JsonValue][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value)
  return parts.flatMap(([part, item]) => [[...at, part], ...pathsOf(item, [...at, part])])
}

const at = (value: JsonValue, path: ClaimPath): JsonValue =>
  path.reduce((inner, part) => (inner as never)[part as never] as JsonValue, value)

describe('what a presentation shows', () => {
  it('is also what stands in plain beside the way to a claim', async () => {
    const payload = { name: 'ก', address: { street: 'ข', country: 'TH', codes: [1, 2], owner: { id: 'ค' } } }
    const frame = createDisclosureFrame({ selective: [['name'], ['address'], ['address', 'owner']] })
    const issued = await issueSdJwt({ signer: issuer, payload, frame })
    expect(disclosedPaths(issued, [['name']])).toEqual([['name']])
    expect(disclosedPaths(issued, [['address', 'country']])).toEqual([
      ['address', 'country'],
      ['address', 'street'],
      ['address', 'codes', 0],
      ['address', 'codes', 1],
    ])
    expect(disclosedPaths(issued, [['address', 'codes', null]])).toEqual([
      ['address', 'codes', null],
      ['address', 'street'],
      ['address', 'country'],
    ])
    expect(disclosedPaths(issued, [['address']])).toEqual([['address']])
    expect(disclosedPaths(issued, [])).toEqual([])
  })

  it('is said of any claims, any frame and any choice: no less, and no more', async () => {
    const choice = claims.chain((payload) =>
      fc.record({
        payload: fc.constant(payload),
        selective: fc.subarray(pathsOf(payload)),
        disclose: fc.subarray(pathsOf(payload)).map((paths) => paths.slice(-2)),
      }),
    )
    await fc.assert(
      fc.asyncProperty(choice, async ({ payload, selective, disclose }) => {
        const frame = createDisclosureFrame({ selective })
        const issued = await issueSdJwt({ signer: issuer, payload, frame })
        const presented = await presentSdJwt(issued, { disclose })
        const paths = disclosedPaths(issued, disclose)
        const bare = parseSdJwt(issued.slice(0, issued.indexOf('~') + 1))
        const said = [
          ...leavesOf(discloseClaims(bare).claims),
          ...paths.flatMap((path) => leavesOf(at(payload, path))),
        ]
        const shown = leavesOf(discloseClaims(parseSdJwt(presented)).claims)
        expect(new Set(shown)).toEqual(new Set(said))
        expect(await presentSdJwt(issued, { disclose: paths })).toBe(presented)
      }),
      { numRuns: 300 },
    )
  })
})
