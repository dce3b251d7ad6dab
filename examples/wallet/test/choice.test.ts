import { describe, expect, it } from 'vitest'
import { answerOf, documentsFor, firstChoice, isTaken, take, waysOf } from '../src/browser/choice.ts'

const option = (queryId: string, ...ids: string[]) => ({
  queryId,
  candidates: ids.map((credentialId) => ({ credentialId, disclose: [['name']] })),
})
const set = (required: boolean, ...options: string[][]) => ({ required, options })
const options = [option('card', 'a', 'b'), option('house', 'c', 'd'), option('pass', 'e')]
const request = (...sets: ReturnType<typeof set>[]) => ({ options, sets })

describe('what of a request’s alternatives is shown', () => {
  it('first the option that the verifier likes best, and nothing that is not required', () => {
    const asked = request(set(true, ['pass'], ['card']), set(false, ['house']))
    expect(answerOf(asked, firstChoice(asked))).toEqual({ pass: ['e'] })
  })

  it('of what is not required the first, where nothing is', () => {
    const asked = request(set(false, ['card']), set(false, ['house']))
    expect(answerOf(asked, firstChoice(asked))).toEqual({ card: ['a'] })
    expect(answerOf(asked, take(firstChoice(asked), 0, undefined))).toEqual({})
    expect(answerOf(asked, firstChoice(request()))).toEqual({})
  })

  it('each document that would do is a way by itself; an option of several documents is one', () => {
    const asked = request(set(true, ['card'], ['pass', 'house']))
    const [single, other, both] = waysOf(asked, asked.sets[0] as never)
    const [first, second, third] = [0, 0, 1].map((at) => ({ option: at }))
    expect([single, other, both]).toMatchObject([
      { ...first, documents: { card: 'a' } },
      { ...second, documents: { card: 'b' } },
      { ...third, documents: { pass: 'e', house: 'c' } },
    ])
    const choice = firstChoice(asked)
    expect([single, other, both].map((way) => isTaken(choice, 0, way as never))).toEqual([true, false, false])
    const changed = take(choice, 0, both)
    expect(answerOf(asked, changed)).toEqual({ pass: ['e'], house: ['c'] })
    const [, house] = documentsFor(asked, 1, 'house')
    const again = take(changed, 0, house)
    expect(answerOf(asked, again)).toEqual({ pass: ['e'], house: ['d'] })
    expect(isTaken(again, 0, both as never)).toBe(true)
    expect(isTaken(again, 0, house as never)).toBe(true)
  })
})
