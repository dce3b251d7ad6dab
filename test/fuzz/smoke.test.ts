import { expect, it } from 'vitest'
import { readGuarded, type Seed } from './target.ts'
import { loadTarget, targetNames } from './targets.ts'

it('there is a target for each parser that reads from outside', () => {
  expect(targetNames).toHaveLength(23)
})

it.each(targetNames)('%s takes its seeds, and each of them cut off and with a bit flipped', async (name) => {
  const target = await loadTarget(name)
  const seeds = await target.seeds()
  expect(seeds.length).toBeGreaterThan(0)
  for (const seed of seeds) for (const input of variants(seed)) await readGuarded(target, input)
})

function* variants(seed: Seed): Generator<Uint8Array> {
  const bytes = typeof seed === 'string' ? Buffer.from(seed) : seed
  yield bytes
  for (let step = 1; step < 6; step++) {
    const at = Math.floor((bytes.length * step) / 6)
    yield bytes.subarray(0, at)
    const flipped = Uint8Array.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << step)
    yield flipped
  }
}
