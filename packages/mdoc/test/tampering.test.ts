import { type Claims, RejectedError, UnavailableError } from '@ekkasan/core'
import { base64url, fromBase64url } from '@ekkasan/core/bytes'
import { CoseError } from '@ekkasan/cose'
import { acceptMdoc, MdocError, presentMdoc, verifyMdoc, viewMdoc } from '@ekkasan/mdoc'
import { resolveX5c } from '@ekkasan/x509'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  anchors,
  binding,
  clock,
  device,
  everything,
  faultsOf,
  issue,
  isTrusted,
  present,
  verifying,
} from './setting.ts'

const presentation = fromBase64url(await present())
const credential = fromBase64url(await issue())
const refused = async (bytes: Uint8Array) =>
  (await faultsOf(base64url(bytes))).some((fault) => fault.includes(' failed '))

/** The device signs no version of the response, and nobody which elements are shown: less can be made of it, never other. */
const refusedOrLess = async (bytes: Uint8Array) => {
  try {
    const { claims } = await verifyMdoc(base64url(bytes), verifying())
    return Object.entries(claims).every(([name, members]) =>
      Object.entries(members as Claims).every(
        ([element, value]) => JSON.stringify(value) === JSON.stringify((original[name] as Claims)[element]),
      ),
    )
  } catch (error) {
    return error instanceof RejectedError
  }
}
const { claims: original } = await verifyMdoc(base64url(presentation), verifying())

it('refuses a presentation of which any one bit was flipped', async () => {
  let accepted = 0
  for (let at = 0; at < presentation.length; at++) {
    const bytes = Uint8Array.from(presentation)
    bytes[at] = (bytes[at] as number) ^ (1 << (at % 8))
    expect(await refusedOrLess(bytes)).toBe(true)
    if (!(await refused(bytes))) accepted++
  }
  // The name of the map of elements, without which there are none; the second digit of the version.
  expect(accepted).toBeLessThanOrEqual('nameSpaces'.length + 1)
})

it('refuses a presentation cut anywhere, or with bytes added', async () => {
  for (let length = 0; length < presentation.length; length += 7) {
    expect(await refused(presentation.subarray(0, length))).toBe(true)
  }
  const longer = new Uint8Array(presentation.length + 1)
  longer.set(presentation)
  expect(await refused(longer)).toBe(true)
})

it('answers any bytes with a refusal, in bounded time', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), refused), { numRuns: 500 })
})

it('takes bytes put in anywhere for nothing other than the original', async () => {
  const splice = fc.tuple(
    fc.nat(presentation.length),
    fc.nat(20),
    fc.uint8Array({ minLength: 1, maxLength: 20 }),
  )
  await fc.assert(
    fc.asyncProperty(splice, async ([at, drop, insert]) => {
      const bytes = Uint8Array.of(
        ...presentation.subarray(0, at),
        ...insert,
        ...presentation.subarray(at + drop),
      )
      return refusedOrLess(bytes)
    }),
    { numRuns: 500 },
  )
})

it('throws nothing but its own errors at a wallet that is given any bytes', async () => {
  const resolveIssuerKey = resolveX5c({ anchors, clock })
  const accepting = {
    holder: { jwk: device.key.publicJwk },
    issuer: 'https://issuer.example',
    isTrusted,
    clock,
  }
  const mutated = fc.tuple(fc.nat(credential.length - 1), fc.nat(255)).map(([at, byte]) => {
    const bytes = Uint8Array.from(credential)
    bytes[at] = byte
    return bytes
  })
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), async (bytes) => {
      const text = base64url(bytes)
      await acceptMdoc(text, { ...accepting, resolveIssuerKey }).catch((error) => {
        if (error.checks === undefined) throw error
      })
      for (const use of [
        async () => viewMdoc(text),
        () => presentMdoc({ credential: text, disclose: everything, binding, holder: device }),
      ]) {
        await use().catch((error) => {
          if (!(error instanceof MdocError || error instanceof CoseError)) throw error
        })
      }
    }),
    { numRuns: 500 },
  )
})

it('fetches no status for what it refuses', async () => {
  let asked = 0
  const checkStatus = async () => {
    asked++
    return Promise.reject(new UnavailableError([]))
  }
  const bytes = Uint8Array.from(presentation)
  bytes.set([0], presentation.length - 20)
  await verifyMdoc(base64url(bytes), verifying({ checkStatus })).catch(() => undefined)
  expect(asked).toBe(0)
})
