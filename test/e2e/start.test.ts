import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

it('npm start keeps issuer, verifier and wallet running, prints their addresses, and Ctrl+C ends all of them', async () => {
  const data = mkdtempSync(join(tmpdir(), 'ekkasan-start-'))
  const child = spawn(process.execPath, ['scripts/run.mjs', 'start'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: data, ISSUER_PORT: '0', VERIFIER_PORT: '0', WALLET_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, to be interrupted as a terminal does it.
    detached: true,
  })
  try {
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (line.includes('Ctrl+C')) break
    }
    const addresses = lines.flatMap((line) => /http:\/\/\S+$/.exec(line)?.[0] ?? [])
    expect(addresses).toHaveLength(3)
    expect(lines.join('\n')).toMatch(/Officer, shown this once: officer \/ \S{20,}/)
    for (const address of addresses) {
      expect((await fetch(`${address}/healthz`)).status).toBe(200)
      const page = await fetch(address)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain('<html lang="th"')
    }
    const ended = new Promise((done) => child.once('exit', done))
    process.kill(-(child.pid as number), 'SIGINT')
    await ended
    for (const address of addresses) await expect(fetch(address)).rejects.toThrow()
  } finally {
    if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGKILL')
    rmSync(data, { recursive: true, force: true })
  }
}, 60_000)

it('a program that cannot start ends those that have', async () => {
  const data = mkdtempSync(join(tmpdir(), 'ekkasan-start-'))
  const blocker = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => blocker.once('listening', done))
  const { port } = blocker.address() as AddressInfo
  const child = spawn(process.execPath, ['scripts/run.mjs', 'start'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: data, ISSUER_PORT: '0', VERIFIER_PORT: String(port), WALLET_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString()
  })
  // The pipe closes only when no program holds it any more.
  const code = await new Promise((done) => child.once('close', done))
  blocker.close()
  rmSync(data, { recursive: true, force: true })
  expect(code).toBe(1)
  expect(said).toContain('the verifier ended')
}, 60_000)
