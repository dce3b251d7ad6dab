import { distinctLanguages, textIn } from '@ekkasan/core'
import { describe, expect, it } from 'vitest'

describe('a text is chosen by its language without regard to case [F12]', () => {
  it.each<[string, Record<string, string>, string | undefined, string | undefined]>([
    ['upper case', { TH: 'บัตร', EN: 'Card' }, 'บัตร', 'Card'],
    ['mixed case, with a region', { 'tH-TH': 'บัตร', 'En-gB': 'Card' }, 'บัตร', 'Card'],
    ['the exact tag before a region', { 'en-GB': 'Colour', en: 'Color' }, undefined, 'Color'],
    ['the first of two equal but for case', { EN: 'first', en: 'second', TH: 'ก', th: 'ข' }, 'ก', 'first'],
    ['the first of two regions', { 'en-US': 'Color', 'en-GB': 'Colour' }, undefined, 'Color'],
    ['no tag that only begins alike', { enm: 'Middle English', thv: 'x' }, undefined, undefined],
    ['nothing', {}, undefined, undefined],
  ])('%s', (_what, texts, th, en) => {
    expect([textIn(texts, 'th'), textIn(texts, 'en')]).toEqual([th, en])
    expect([textIn(texts, 'TH'), textIn(texts, 'En')]).toEqual([th, en])
  })

  it('tags keep their case', () => {
    expect(distinctLanguages({ TH: 'ก', th: 'ข', 'en-GB': 'a', 'EN-gb': 'b' })).toEqual([
      ['TH', 'ก'],
      ['en-GB', 'a'],
    ])
  })
})
