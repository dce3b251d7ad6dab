import {
  booleanRule,
  checkOptions,
  describeValue,
  functionRule,
  integerRule,
  languageMapRule,
  listRule,
  nearestName,
  numberRule,
  type OptionRules,
  oneOfRule,
  optional,
  optionsRule,
  signerRule,
  storeRule,
  textRule,
} from '@ekkasan/core/options'
import { describe, expect, it } from 'vitest'

interface Options {
  readonly url: string
  readonly lifetimes?: { readonly offer?: number }
  readonly keys?: readonly string[]
  readonly isTrusted?: () => boolean
}

const rules: OptionRules<Options> = {
  url: textRule,
  lifetimes: optional(optionsRule({ offer: optional(numberRule(1, 600, 'seconds')) })),
  keys: optional(listRule(textRule, { least: 1 })),
  isTrusted: optional(functionRule),
}
const check = (options: unknown) => () => checkOptions(options as Options, 'createThing', rules)

describe('options of what is built [C3]', () => {
  it('takes what is right; an optional one may be undefined', () => {
    expect(check({ url: 'a', lifetimes: { offer: 1 }, keys: ['a'], isTrusted: () => true })).not.toThrow()
    expect(check({ url: 'a', keys: undefined })).not.toThrow()
  })

  it.each([
    [undefined, 'createThing: expected an object of options; got undefined'],
    [{}, 'createThing: url: expected a text; got undefined'],
    [{ url: null }, 'createThing: url: expected a text; got null'],
    [{ url: 'a', keys: null }, 'createThing: keys: expected a list with at least one entry; got null'],
    [{ url: 'a', keys: [] }, 'createThing: keys: expected a list with at least one entry; got an empty list'],
    [{ url: 'a', keys: ['a', 3] }, 'createThing: keys[1]: expected a text; got the number 3'],
    [{ url: 'a', isTrusted: true }, 'createThing: isTrusted: expected a function; got the boolean true'],
    [
      { url: 'a', lifetimes: { offer: 0 } },
      'createThing: lifetimes: offer: expected a number of 1 to 600 seconds; got the number 0',
    ],
    [
      { url: 'a', lifetimes: { ofer: 1 } },
      'createThing: lifetimes: unknown member "ofer"; did you mean offer?',
    ],
    [{ url: 'a', isTrustd: 1 }, 'createThing: unknown member "isTrustd"; did you mean isTrusted?'],
    [
      { url: 'a', colour: 1 },
      'createThing: unknown member "colour"; expected one of url, lifetimes, keys, isTrusted',
    ],
  ])('%j: says where, what was expected and what came', (options, message) => {
    expect(check(options)).toThrow(new TypeError(message))
  })

  it('knows a Signer from a JWK, a Promise of one, and a bare function', () => {
    const signer = { alg: 'ES256', key: { publicJwk: { kty: 'EC' } }, sign: async () => new Uint8Array() }
    expect(() => signerRule(signer, 'signer')).not.toThrow()
    expect(() => signerRule({ kty: 'EC', crv: 'P-256', d: 'secret' }, 'signer')).toThrow(
      'signer: expected a Signer: { alg, key: { publicJwk, kid?, x5c? }, sign }; got an object with kty, crv, d; await signerFromJwk(jwk)',
    )
    expect(() => signerRule(Promise.resolve(signer), 'signer')).toThrow(/got a Promise; await it/)
    expect(() => signerRule(signer.sign, 'signer')).toThrow(/got a function/)
  })

  it('holds ports, languages, choices and switches to their shape', () => {
    expect(() => storeRule(new Map(), 'store')).toThrow(
      /a Store: createMemoryStore\(\).*got an object of Map/,
    )
    for (const names of [{}, { th: '' }, { th: 1 }, 'Agency', ['Agency'], null]) {
      expect(() => languageMapRule(names, 'names')).toThrow(TypeError)
    }
    expect(() => oneOfRule(['a', 'b'])('c', 'mode')).toThrow('mode: expected one of a, b; got a text')
    expect(() => booleanRule('false', 'strict')).toThrow('strict: expected true or false; got a text')
  })

  it('names the end of a range where a number is beyond it, which is no contradiction then', () => {
    expect(() => integerRule(0)(1e21, 'size')).toThrow(
      'size: expected a whole number of 0 to 9007199254740991; got the number 1e+21',
    )
    expect(() => numberRule(1, undefined, 'seconds')(1e21, 'ttl')).toThrow(
      'ttl: expected a number of 1 to 9007199254740991 seconds; got the number 1e+21',
    )
    expect(() => integerRule(1)(0, 'size')).toThrow(
      'size: expected a whole number of 1 or more; got the number 0',
    )
    expect(() => integerRule(1)(1.5, 'size')).toThrow('a whole number of 1 or more; got the number 1.5')
    expect(() => integerRule(1, 5)(6, 'size')).toThrow('a whole number of 1 to 5; got the number 6')
  })

  it('never shows a value that was handed in, but for numbers and booleans', () => {
    for (const value of [
      'secret',
      ['secret'],
      { name: 'secret' },
      new Map([['secret', 1]]),
      () => 'secret',
    ]) {
      expect(describeValue(value)).not.toContain('secret')
    }
  })

  it('finds the name that was meant', () => {
    const known = ['getClaims', 'resolveDid', 'status']
    expect(
      ['getclaims', 'get_claims', 'getClaim', 'resolveDID', 'statuses'].map((n) => nearestName(n, known)),
    ).toEqual(['getClaims', 'getClaims', 'getClaims', 'resolveDid', 'status'])
    expect(nearestName('colour', known)).toBeUndefined()
  })
})
