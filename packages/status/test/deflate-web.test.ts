import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import * as node from '../src/deflate.node.ts'
import * as web from '../src/deflate.web.ts'

const packers = { zlib: deflateSync, gzip: gzipSync }

describe.each(['zlib', 'gzip'] as const)('compression where there is no Node: %s', (compression) => {
  const pack = packers[compression]

  it('reads what Node wrote, and Node what it wrote', async () => {
    const bytes = new Uint8Array(100_000)
    for (let i = 0; i < 3000; i++) bytes[(i * 7919) % bytes.length] = i
    expect(
      Buffer.compare(await web.expand(compression, await node.compress(compression, bytes), 100_000), bytes),
    ).toBe(0)
    expect(
      Buffer.compare(await node.expand(compression, await web.compress(compression, bytes), 100_000), bytes),
    ).toBe(0)
  })

  it('stops at the bound', async () => {
    const bomb = pack(new Uint8Array(50_000_000))
    await expect(web.expand(compression, bomb, 10_000)).rejects.toMatchObject({
      code: 'status.list.too-large',
    })
  })

  it.each([
    ['truncated', pack(new Uint8Array(300)).subarray(0, 8)],
    ['followed by more', Buffer.concat([pack(new Uint8Array(3)), Buffer.from('more')])],
    ['raw', Buffer.from('63600000', 'hex')],
    ['empty', Buffer.alloc(0)],
    ['of the other kind', packers[compression === 'gzip' ? 'zlib' : 'gzip'](new Uint8Array(3))],
  ])('refuses data that is %s as malformed', async (_what, bytes) => {
    await expect(web.expand(compression, bytes, 1000)).rejects.toMatchObject({
      code: 'status.list.malformed',
    })
    await expect(node.expand(compression, bytes, 1000)).rejects.toMatchObject({
      code: 'status.list.malformed',
    })
  })
})
