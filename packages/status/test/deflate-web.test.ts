import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import * as node from '../src/deflate.node.ts'
import * as web from '../src/deflate.web.ts'

describe('compression where there is no Node', () => {
  it('reads what Node wrote, and Node what it wrote', async () => {
    const bytes = new Uint8Array(100_000)
    for (let i = 0; i < 3000; i++) bytes[(i * 7919) % bytes.length] = i
    expect(Buffer.compare(await web.inflate(await node.deflate(bytes), 100_000), bytes)).toBe(0)
    expect(Buffer.compare(await node.inflate(await web.deflate(bytes), 100_000), bytes)).toBe(0)
  })

  it('stops at the bound', async () => {
    const bomb = deflateSync(new Uint8Array(50_000_000))
    await expect(web.inflate(bomb, 10_000)).rejects.toMatchObject({ code: 'status.list.too-large' })
  })

  it.each([
    ['truncated', deflateSync(new Uint8Array(300)).subarray(0, 8)],
    ['followed by more', Buffer.concat([deflateSync(new Uint8Array(3)), Buffer.from('more')])],
    ['raw', Buffer.from('63600000', 'hex')],
    ['empty', Buffer.alloc(0)],
  ])('refuses data that is %s as malformed', async (_what, bytes) => {
    await expect(web.inflate(bytes, 1000)).rejects.toMatchObject({ code: 'status.list.malformed' })
    await expect(node.inflate(bytes, 1000)).rejects.toMatchObject({ code: 'status.list.malformed' })
  })
})
