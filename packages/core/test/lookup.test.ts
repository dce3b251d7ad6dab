import { createSocket, type Socket } from 'node:dgram'
import { lookup as systemLookup } from 'node:dns'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGuardedFetch } from '@ekkasan/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLookup, createSystemLookup } from '../src/lookup.node.ts'

// Name servers of our own over UDP: one that never answers, and one that does.

const sockets: Socket[] = []
const folder = mkdtempSync(join(tmpdir(), 'hosts-'))
let silent = { at: '', asked: 0 }
let answering = { at: '' }

async function nameServer(answer: (question: Buffer) => Buffer | undefined): Promise<string> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  socket.on('message', (question, from) => {
    const reply = answer(question)
    if (reply) socket.send(reply, from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return `127.0.0.1:${socket.address().port}`
}

/** An answer of one A record; none to questions of another kind. */
function withAddress(question: Buffer, address: readonly number[]): Buffer {
  const end = question.indexOf(0, 12) + 5
  const isA = question.readUInt16BE(end - 4) === 1
  const header = Buffer.from(question.subarray(0, 12))
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(isA ? 1 : 0, 6)
  header.writeUInt16BE(0, 10)
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address])
  return Buffer.concat([header, question.subarray(12, end), ...(isA ? [record] : [])])
}

beforeAll(async () => {
  const counted = { at: '', asked: 0 }
  counted.at = await nameServer(() => {
    counted.asked += 1
    return undefined
  })
  silent = counted
  answering = { at: await nameServer((question) => withAddress(question, [10, 1, 2, 3])) }
})

afterAll(() => {
  for (const socket of sockets) socket.close()
  rmSync(folder, { recursive: true })
})

const ask = (lookup: LookupFunction, name: string) =>
  new Promise<unknown>((resolve, reject) => {
    lookup(name, { all: true }, (error, found) => (error ? reject(error) : resolve(found)))
  })

describe('a name is looked up [L3]', () => {
  it('at the name servers, whose silence takes no thread of the process', async () => {
    const lookup = createLookup({ nameServers: [silent.at], timeout: 50 })
    const slow = Array.from({ length: 40 }, (_, n) =>
      ask(lookup, `w${n}.slow.example`).catch(() => 'gave up'),
    )
    // What needs a thread goes on: the system's own lookup does.
    const began = Date.now()
    await new Promise((resolve) => systemLookup('127.0.0.1', resolve))
    await new Promise((resolve) => systemLookup('localhost', resolve))
    expect(Date.now() - began).toBeLessThan(1000)
    expect(await Promise.all(slow)).toEqual(Array(40).fill('gave up'))
    expect(silent.asked).toBeGreaterThan(0)
  })

  it('once for all who ask at a time, with two tries', async () => {
    const before = silent.asked
    const lookup = createLookup({ nameServers: [silent.at], timeout: 20 })
    await Promise.allSettled(Array.from({ length: 12 }, () => ask(lookup, 'shared.slow.example')))
    // A and AAAA, twice each.
    expect(silent.asked - before).toBeLessThanOrEqual(4)
  })

  it('and found', async () => {
    const lookup = createLookup({ nameServers: [answering.at], hostsFile: '/nowhere' })
    expect(await ask(lookup, 'issuer.example')).toEqual([{ address: '10.1.2.3', family: 4 }])
  })

  it('in the file of hosts first, read again when it has changed; localhost is this machine', async () => {
    const hostsFile = join(folder, 'hosts')
    writeFileSync(hostsFile, '203.150.1.1 Issuer.example alias # comment\n2400::1 issuer.example\nx y\n')
    const lookup = createLookup({ nameServers: [silent.at], timeout: 20, hostsFile })
    expect(await ask(lookup, 'issuer.example')).toEqual([
      { address: '203.150.1.1', family: 4 },
      { address: '2400::1', family: 6 },
    ])
    expect(await ask(lookup, 'ALIAS')).toEqual([{ address: '203.150.1.1', family: 4 }])
    expect(await ask(lookup, 'localhost')).toEqual([
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ])
    writeFileSync(hostsFile, '203.150.1.22 issuer.example\n')
    expect(await ask(lookup, 'issuer.example.')).toEqual([{ address: '203.150.1.22', family: 4 }])
  })

  it('and its address checked when connecting, whoever gave it', async () => {
    const fetch = createGuardedFetch({ nameServers: [answering.at] })
    await expect(fetch('https://issuer.example/')).rejects.toMatchObject({
      code: 'core.fetch.address-refused',
      message: expect.stringContaining("allowHosts: ['issuer.example:443']"),
    })
  })

  it('by the system where a setting names the host', async () => {
    expect(await ask(createSystemLookup(), 'localhost')).toContainEqual({ address: '127.0.0.1', family: 4 })
    const server = createServer((_request, response) => response.end('here'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `localhost:${(server.address() as AddressInfo).port}`
    const fetch = createGuardedFetch({ allowHosts: [host], nameServers: [silent.at] })
    expect(await (await fetch(`http://${host}/`)).text()).toBe('here')
    server.close()
  })

  it('within the time of the exchange', async () => {
    const fetch = createGuardedFetch({ nameServers: [silent.at], timeout: 100 })
    await expect(fetch('https://w1.slow.example/')).rejects.toMatchObject({ code: 'core.fetch.timeout' })
  })
})
