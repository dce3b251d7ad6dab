import { type ClaimPath, claimsOfShown, type JsonObject, type JsonValue } from '@ekkasan/core'
import {
  createDisclosureFrame,
  discloseClaims,
  issueSdJwt,
  parseSdJwt,
  presentSdJwt,
  shownClaims,
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

function pathsOf(value: JsonValue, at: ClaimPath = []): ClaimPath[] {
  if (typeof value !== 'object' || value === null) return []
  const parts: [string | number, JsonValue][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value)
  return parts.flatMap(([part, item]) => [[...at, part], ...pathsOf(item, [...at, part])])
}

/** As a query may write it: some places in arrays stand for all. */
const asked = (paths: readonly ClaimPath[], nulls: readonly boolean[]): ClaimPath[] =>
  paths.map((path) =>
    path.map((part, at) => (typeof part === 'number' && nulls[at % nulls.length] ? null : part)),
  )

describe('what a presentation shows', () => {
  it('is also what stands in plain beside the way to a claim', async () => {
    const payload = { name: 'ก', address: { street: 'ข', country: 'TH', codes: [1, 2], owner: { id: 'ค' } } }
    const frame = createDisclosureFrame({ selective: [['name'], ['address'], ['address', 'owner']] })
    const issued = await issueSdJwt({ signer: issuer, payload: { ...payload, iss: 'i' }, frame })
    const shown = (...disclose: ClaimPath[]) =>
      shownClaims(issued, disclose).map(({ path, always }) => `${path.join('.')}${always ? ' always' : ''}`)
    expect(shown()).toEqual(['iss always'])
    expect(shown(['name'])).toEqual(['iss always', 'name'])
    const address = ['address.street', 'address.country', 'address.codes.0', 'address.codes.1']
    for (const path of [
      ['address', 'country'],
      ['address', 'codes', null],
      ['address', 'codes', 1],
    ]) {
      expect(shown(path)).toEqual(['iss always', ...address])
    }
    expect(shown(['address'])).toEqual(['iss always', ...address, 'address.owner.id'])
  })

  it('is a whole list where the list is one disclosure, whatever item is asked for [A1] [A2]', async () => {
    const payload = {
      nationalities: ['TH', 'LA', 'MM'],
      degrees: [
        { type: 'a', at: 1 },
        { type: 'b', at: 2 },
      ],
    }
    const frame = createDisclosureFrame({ selective: [['nationalities'], ['degrees']] })
    const issued = await issueSdJwt({ signer: issuer, payload, frame })
    const shown = (path: ClaimPath) => claimsOfShown(shownClaims(issued, [path]))
    expect(shown(['nationalities', 1])).toEqual({ nationalities: payload.nationalities })
    expect(shown(['degrees', null, 'type'])).toEqual({ degrees: payload.degrees })
  })

  it('says that a thing is there of which nothing else is shown', async () => {
    const payload = { a: { b: 1 }, list: [1], empty: [] }
    const frame = createDisclosureFrame({ selective: [['a', 'b'], ['list', 0], ['empty']] })
    const issued = await issueSdJwt({ signer: issuer, payload, frame })
    expect(shownClaims(issued, [['empty']])).toEqual([
      { path: ['a'], value: {}, always: true },
      { path: ['list'], value: [], always: true },
      { path: ['empty'], value: [], always: false },
    ])
  })

  it('is said of any claims, any frame and any choice: no less, and no more [A1] [A2] [A3]', async () => {
    const choice = claims.chain((payload) =>
      fc.record({
        payload: fc.constant(payload),
        selective: fc.subarray(pathsOf(payload)),
        disclose: fc.subarray(pathsOf(payload)).map((paths) => paths.slice(-3)),
        nulls: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
        decoys: fc.nat(2),
      }),
    )
    await fc.assert(
      fc.asyncProperty(choice, async ({ payload, selective, disclose, nulls, decoys }) => {
        const frame = createDisclosureFrame({ selective })
        const issued = await issueSdJwt({ signer: issuer, payload, frame, decoys })
        const paths = asked(disclose, nulls)
        const presented = await presentSdJwt(issued, { disclose: paths })
        const shown = shownClaims(issued, paths)
        expect(claimsOfShown(shown)).toEqual(discloseClaims(parseSdJwt(presented)).claims)
        // Where each stands, and what is shown whatever is chosen.
        for (const { path, value } of shown) {
          if (typeof value === 'number') expect(at(payload, path)).toBe(value)
        }
        const bare = parseSdJwt(issued.slice(0, issued.indexOf('~') + 1))
        const always = shown.filter((one) => one.always)
        const numbers = (all: JsonValue): readonly JsonValue[] =>
          typeof all === 'object' && all !== null ? Object.values(all).flatMap(numbers) : [all]
        expect(new Set(numbers(always.map(({ value }) => value)))).toEqual(
          new Set(numbers(discloseClaims(bare).claims)),
        )
      }),
      { numRuns: 400 },
    )
  })
})

const at = (value: JsonValue, path: ClaimPath): JsonValue =>
  path.reduce((inner, part) => (inner as never)[part as never] as JsonValue, value)
