import { describe, expect, it } from 'vitest'
import { patternCost, patternWork } from '../src/pattern-cost.ts'

describe('what a pattern can cost', () => {
  it.each([
    ['^[0-9]{13}$', 0],
    ['^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$', 0],
    ['^data:image/(jpeg|png|svg\\+xml);base64,[A-Za-z0-9+/]+=*$', 0],
    ['^([a-z]+-)*[a-z]+$', 1],
    ['^did:[a-z0-9]+:.+$', 0],
    ['[a-z]+', 1],
    ['^[^@]+@[^@]+\\.[^@]+$', 1],
    ['^\\p{L}+$', 0],
    ['^(?=.*\\d)(?=.*[a-z]).{8,}$', 2],
    ['^(?!000|666)[0-9]{3}$', 0],
    // A lookahead looks again from each place where what stands before it may end.
    ['^[^a]+(?=b*c)$', 1],
    ['^b*(?![a-c]*)$', 1],
    ['^.*x.*y$', 2],
    ['^(ab|cd)*$', 0],
  ])('%s grows with the power %i of the length', (source, degree) => {
    expect(patternCost(source)?.degree).toBe(degree)
  })

  it.each([
    '(a+)+$',
    '^(a|a)*$',
    '^(a|ab|b)*c$',
    '^([a-z]+)*$',
    '^(.*a){20,}$',
    '^(a*)*$',
    '^(\\d+|[0-9a-f]+)*$',
    '^(a)\\1$',
    '(?<=a)b',
    '^(?:a(?=a*$))*$',
    '^(?:(?=a*$)a){2}$',
    // Beyond ASCII, as it is written or escaped.
    '^([\u9000-\u9010]+)+$',
    '^([\\u9000-\\u9010]+)+$',
    '^([\\u{20000}-\\u{20010}]+)+$',
    '^([\\ud840\\udc00-\\ud840\\udc10]+)+$',
    '^(?:[\\xd0-\\xd8]+)+$',
    '^(\\p{Script=Mongolian}+)+$',
    '(',
    'a'.repeat(1001),
  ])('%s is not run', (source) => {
    expect(patternCost(source)).toBeUndefined()
  })

  it('is a number, whatever numbers stand in the pattern', () => {
    const many = '9'.repeat(400)
    for (const source of [
      `^(?:a){${many}}`,
      `(?:a?){${many}}`,
      `^(?:a*b){${many},${many}}`,
      `a{0,${many}}`,
    ]) {
      const cost = patternCost(source)
      expect(cost && patternWork(cost, 10)).not.toBeNaN()
    }
  })

  it.each(['^(a|a)(a|a)(a|a)(a|a)(a|a)$', '^a?a?a?a?a?aaaaa$', '^(.*a){5}$'])(
    'counts the ways in which %s can be read',
    (source) => {
      const cost = patternCost(source)
      expect((cost?.factor ?? 0) * 100 ** (cost?.degree ?? 0)).toBeGreaterThanOrEqual(32)
    },
  )
})
