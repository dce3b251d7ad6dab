import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const css = readFileSync(new URL('../src/browser/style.css', import.meta.url), 'utf8')
const [light, dark] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) =>
  Object.fromEntries(
    [...block!.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]),
  ),
)

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(a: string, b: string): number {
  const [less, more] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (more! + 0.05) / (less! + 0.05)
}

const grounds = ['ground', 'surface', 'surface-2', 'brand-soft']
const texts = [
  ...['ink', 'ink-2'].flatMap((ink) => grounds.map((ground) => [ink, ground])),
  ...['ok', 'warn', 'bad'].flatMap((tone) => [
    [tone, `${tone}-soft`],
    ['ink', `${tone}-soft`],
  ]),
  ['brand-ink', 'brand'],
  ['brand-ink', 'brand-hover'],
  ['bad-ink', 'bad'],
  ['bad-ink', 'bad-hover'],
  ['bad', 'surface'],
  ['link', 'ground'],
  ['link', 'surface'],
  ['link', 'brand-soft'],
] as [string, string][]
const shapes = ['line-strong', 'focus'].flatMap((shape) =>
  ['ground', 'surface'].map((ground) => [shape, ground]),
) as [string, string][]

it.each([
  ['light', { ...light }],
  ['dark', { ...light, ...dark }],
])('text has a contrast of 4.5, borders and focus one of 3 (WCAG 2.2 1.4.3, 1.4.11), %s', (_, tokens) => {
  const faint = (pairs: [string, string][], least: number) =>
    pairs.filter(([a, b]) => contrast(tokens[a]!, tokens[b]!) < least).map((pair) => pair.join(' on '))
  expect(faint(texts, 4.5)).toEqual([])
  expect(faint(shapes, 3)).toEqual([])
})
