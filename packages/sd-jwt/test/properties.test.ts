import type { ClaimPath, JsonObject, JsonValue } from '@ekkasan/core'
import { EkkasanError } from '@ekkasan/core'
import { createDisclosureFrame, issueSdJwt, parseSdJwt, presentSdJwt, verifySdJwt } from '@ekkasan/sd-jwt'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cnf, holder, issuer, issuerKey } from './setting.ts'

const names = fc
  .string({ unit: 'grapheme', maxLength: 6 })
  .filter((name) => !['_sd', '...', '_sd_alg', '__proto__', 'nbf', 'exp', 'cnf'].includes(name))
const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null))
const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(names, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))
const claims = fc.dictionary(names, tree, { maxKeys: 5, noNullPrototype: true }) as fc.Arbitrary<JsonObject>

function pathsOf(value: JsonValue, at: ClaimPath = []): ClaimPath[] {
  if (typeof value !== 'object' || value === null) return []
  const parts: [string | number, JsonValue][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value)
  return parts.flatMap(([part, item]) => [[...at, part], ...pathsOf(item, [...at, part])])
}

const withFrame = claims.chain((payload) =>
  fc.record({ payload: fc.constant(payload), selective: fc.subarray(pathsOf(payload)) }),
)

describe('any claims, any frame', () => {
  it('round-trip', async () => {
    await fc.assert(
      fc.asyncProperty(withFrame, fc.nat(2), async ({ payload, selective }, decoys) => {
        const frame = createDisclosureFrame({ selective })
        const sdJwt = await issueSdJwt({ signer: issuer, payload, frame, decoys })
        expect(parseSdJwt(sdJwt).disclosures).toHaveLength(selective.length)
        expect((await verifySdJwt(sdJwt, { issuerKey })).claims).toEqual(payload)
      }),
      { numRuns: 150 },
    )
  })

  it('verify with any subset of disclosures that is closed upwards', async () => {
    const choice = withFrame.chain(({ payload, selective }) =>
      fc.record({
        payload: fc.constant(payload),
        selective: fc.constant(selective),
        disclose: fc.subarray(pathsOf(payload)),
      }),
    )
    await fc.assert(
      fc.asyncProperty(choice, async ({ payload, selective, disclose }) => {
        const frame = createDisclosureFrame({ selective })
        const issued = await issueSdJwt({ signer: issuer, payload: { ...payload, cnf }, frame })
        const binding = { audience: 'a', nonce: 'n' }
        const presented = await presentSdJwt(issued, { disclose, keyBinding: { holder, ...binding } })
        const shown = await verifySdJwt(presented, { issuerKey, keyBinding: binding })
        const wanted = selective.filter((path) =>
          disclose.some((one) => one.every((part, i) => i >= path.length || part === path[i])),
        )
        expect(shown.disclosures).toHaveLength(wanted.length)
      }),
      { numRuns: 100 },
    )
  })
})

describe('any change of a presentation', () => {
  it('is refused, whichever byte it touches', async () => {
    const frame = createDisclosureFrame({ selective: [['name'], ['list', null]], deep: [['address']] })
    const payload = { cnf, name: 'สมชาย', list: [1, 2], address: { a: 1 } }
    const issued = await issueSdJwt({ signer: issuer, payload, frame })
    const binding = { audience: 'a', nonce: 'n' }
    const presented = await presentSdJwt(issued, {
      disclose: [['name'], ['list', null], ['address']],
      keyBinding: { holder, ...binding },
    })
    await verifySdJwt(presented, { issuerKey, keyBinding: binding })
    const bytes = new TextEncoder().encode(presented)
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = (changed[at] as number) ^ (1 << (at % 7))
      const text = new TextDecoder().decode(changed)
      const outcome = await verifySdJwt(text, { issuerKey, keyBinding: binding }).then(
        () => 'accepted',
        (error: unknown) => (error instanceof EkkasanError ? 'refused' : error),
      )
      expect(outcome, `byte ${at}`).toBe('refused')
    }
  })

  it('never makes the parser throw anything but its own errors', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((all) => all.join('~')),
        ),
        (text) => {
          try {
            parseSdJwt(text)
          } catch (error) {
            expect(error).toBeInstanceOf(EkkasanError)
          }
        },
      ),
    )
    fc.assert(
      fc.property(fc.object(), (json) => {
        try {
          parseSdJwt(json as JsonObject)
        } catch (error) {
          expect(error).toBeInstanceOf(EkkasanError)
        }
      }),
    )
  })
})
